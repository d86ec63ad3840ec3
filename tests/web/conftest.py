"""What tests of pages begin with: a world of its own."""

import pytest

from tests.world import World


@pytest.fixture
def world() -> World:
    """A register, keys and a clock in memory; whoever visits it sees what is put there."""
    return World()
