"""Damaged exports are read or refused, whatever the damage; `make fuzz` tries fifty times as many."""

from contextlib import suppress

import pytest

from certs.errors import InputError
from tests.fuzz import whole
from tests.fuzz.corpus import corpus
from tests.fuzz.mutate import mutant

CORPUS = corpus()
INPUTS, SHARES = 2_000, 20


@pytest.mark.parametrize("share", range(SHARES))
def test_damaged_exports_are_read_or_refused(share: int) -> None:
    """Nothing but `InputError` comes out; the number of a bad input is in the report."""
    for number in range(share, INPUTS, SHARES):
        with suppress(InputError):
            whole.read(f"fuzz-{number}.csv", mutant(CORPUS, number))
