"""The world and its sealed files, made once for all judges."""

from collections.abc import Mapping

import pytest

from tests.interop.people import PEOPLE
from tests.interop.sealed import Sealed, seal_all
from tests.world import World


@pytest.fixture(scope="session")
def world() -> World:
    return World()


@pytest.fixture(scope="session")
def everybody(world: World) -> Mapping[str, Sealed]:
    return seal_all(world)


@pytest.fixture(params=[person.label for person in PEOPLE])
def sealed(request: pytest.FixtureRequest, everybody: Mapping[str, Sealed]) -> Sealed:
    """One certificate after the other, in every script."""
    label: str = request.param
    return everybody[label]
