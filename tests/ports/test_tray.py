"""One contract for files that arrived and do not count yet, on SQLite and PostgreSQL."""

import pytest

from certs.db.store import Store
from certs.errors import NotFoundError
from certs.model import FileQuestion
from tests.register import EVENT, act

SLUG = EVENT.slug
ASKED = FileQuestion("date_order", "Is 3/4 in March?", ("dmy", "mdy"))


@pytest.fixture
def tray(store: Store) -> Store:
    store.events.add(EVENT, "x", act())
    return store


def test_a_file_waits_with_its_bytes_and_what_was_found(tray: Store) -> None:
    file = tray.tray.put(SLUG, "a.csv", b"\0\xff", act("ana"), "ab" * 32)
    tray.tray.note(file, ["No table."], [ASKED], {"zone": "UTC"})
    (one,) = tray.tray.listed(SLUG)
    assert (one.id, one.name, one.given_by, one.replaces) == (file, "a.csv", "ana", "ab" * 32)
    assert (one.said, one.asked, one.given) == (("No table.",), (ASKED,), (("zone", "UTC"),))
    assert tray.tray.content(SLUG, file) == b"\0\xff"


def test_the_same_bytes_wait_once(tray: Store) -> None:
    """As when a form is sent twice: the later one stands, and is unread again."""
    first = tray.tray.put(SLUG, "a.csv", b"a", act())
    tray.tray.note(first, ["No table."], [], {})
    tray.tray.put(SLUG, "b.csv", b"a", act())
    (one,) = tray.tray.listed(SLUG)
    assert (one.name, one.is_unread) == ("b.csv", True)


def test_what_was_taken_is_not_there_any_more(tray: Store) -> None:
    file = tray.tray.put(SLUG, "a.csv", b"a", act())
    tray.tray.take(SLUG, [file, 4711])
    assert tray.tray.listed(SLUG) == []
    with pytest.raises(NotFoundError):
        tray.tray.content(SLUG, file)


def test_another_event_has_none_of_it(tray: Store) -> None:
    file = tray.tray.put(SLUG, "a.csv", b"a", act())
    assert tray.tray.listed("other") == []
    with pytest.raises(NotFoundError):
        tray.tray.content("other", file)
    with pytest.raises(NotFoundError, match="other"):
        tray.tray.put("other", "a.csv", b"a", act())
