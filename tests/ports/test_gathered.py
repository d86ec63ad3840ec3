"""One contract for corrections that wait to be ordered together, on SQLite and PostgreSQL."""

import pytest

from certs.db.store import Store
from certs.errors import NotFoundError
from certs.model import Gathered, Number
from tests.register import EVENT, LATER, NOW, act

SLUG, ONE, TWO = EVENT.slug, Number("7K3M9QXZ2P4C"), Number("00W3K67GDRTJ")


@pytest.fixture
def gathered(store: Store) -> Store:
    store.events.add(EVENT, "x", act())
    return store


def test_corrections_wait_in_the_order_in_which_they_came(gathered: Store) -> None:
    gathered.gatherings.put(SLUG, TWO, "{}", act("ana", "b", LATER))
    gathered.gatherings.put(SLUG, ONE, "{}", act("luis", "a"))
    listed = gathered.gatherings.listed(SLUG)
    assert listed == [Gathered(ONE, "{}", "a", "luis", NOW), Gathered(TWO, "{}", "b", "ana", LATER)]
    assert gathered.gatherings.listed("other") == []


def test_of_one_certificate_the_last_correction_waits(gathered: Store) -> None:
    gathered.gatherings.put(SLUG, ONE, "old", act())
    gathered.gatherings.put(SLUG, ONE, "new", act())
    assert [one.changes for one in gathered.gatherings.listed(SLUG)] == ["new"]


def test_what_somebody_changed_meanwhile_stays(gathered: Store) -> None:
    """Who takes out what she saw does not take out what she did not see."""
    gathered.gatherings.put(SLUG, ONE, "old", act("ana"))
    gathered.gatherings.put(SLUG, TWO, "old", act("ana"))
    seen = gathered.gatherings.listed(SLUG)
    gathered.gatherings.put(SLUG, ONE, "new", act("luis", at=LATER))
    gathered.gatherings.take(SLUG, seen)
    assert [one.changes for one in gathered.gatherings.listed(SLUG)] == ["new"]


def test_an_event_that_is_not_there_takes_none(gathered: Store) -> None:
    with pytest.raises(NotFoundError, match="other"):
        gathered.gatherings.put("other", ONE, "{}", act())
