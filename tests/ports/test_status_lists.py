"""The register knows what a status list must say, and keeps the newest edition."""

from collections.abc import Collection

import pytest
from sqlalchemy import event

from certs.db.store import Store
from certs.errors import SigningError
from certs.model import Revocation, RevocationReason
from tests.register import LATER, NOW, act, draft, finished, issued, ordered

ALL = range(1000)
REVOCATION = Revocation(NOW, RevocationReason.ERROR, "wrong course")


def says(store: Store, indexes: range = ALL, terms: str = "") -> str | None:
    """Return what a new edition of list 1 says, None where the old one will do."""
    renewed = store.status_lists.renew(1, indexes, terms, lambda withdrawn: repr(list(withdrawn)).encode())
    return (store.status_list(1) or b"").decode() if renewed else None


def test_indexes_are_counted(store: Store) -> None:
    assert store.status_lists.last_index() == 0
    ordered(store, [draft("ana@example.org"), draft("ben@example.org")])
    assert store.status_lists.last_index() == 2


def test_a_list_is_made_once_and_again_when_something_changes(store: Store) -> None:
    ana, ben = issued(store, ["ana@example.org", "ben@example.org"])
    assert store.status_list(1) is None
    assert (says(store), says(store)) == ("[]", None)
    store.revocations.add([ben], REVOCATION, act())
    assert (says(store), says(store)) == ("[2]", None)
    store.revocations.add([ana], REVOCATION, act())
    assert says(store) == "[1, 2]"
    store.revocations.undo([ben], NOW, act())
    assert says(store) == "[1]"


@pytest.mark.parametrize("number", [0, 2**31, 2**63])
def test_a_number_that_no_list_can_have_is_of_none(store: Store, number: int) -> None:
    """However large it is, the database is not asked for what it cannot hold."""
    assert store.status_list(number) is None


def test_another_key_or_address_needs_a_new_edition(store: Store) -> None:
    assert (says(store, terms="a"), says(store, terms="a"), says(store, terms="b")) == ("[]", None, "[]")


def test_a_list_speaks_of_its_own_indexes_only(store: Store) -> None:
    store.revocations.add(issued(store, ["ana@example.org", "ben@example.org"]), REVOCATION, act())
    assert says(store, range(2, 9)) == "[2]"


def test_a_certificate_is_replaced_when_its_successor_is_issued(store: Store) -> None:
    """Not when that is ordered: until then the old one holds."""
    (ana,) = issued(store, ["ana@example.org"])
    batch = ordered(store, [draft("ana@example.org", supersedes=ana)])
    assert says(store) == "[]"
    sheet = store.sheets.claim(batch, "t2", NOW, LATER)
    assert sheet is not None
    store.sheets.store(sheet, finished(sheet), act())
    assert says(store) == "[1]"


def test_where_nobody_can_sign_the_old_list_stays(store: Store) -> None:
    says(store)
    store.revocations.add(issued(store, ["ana@example.org"]), REVOCATION, act())
    with pytest.raises(SigningError, match="no key"):
        store.status_lists.renew(1, ALL, "", _refuse)
    assert store.status_list(1) == b"[]"
    assert says(store) == "[1]"


def test_an_unknown_list_is_none(store: Store) -> None:
    with pytest.raises(SigningError):
        store.status_lists.renew(2, ALL, "", _refuse)
    assert store.status_list(2) is None


def _refuse(_: Collection[int]) -> bytes:
    raise SigningError("no key")


def test_a_list_asks_for_its_own_certificates_alone(store: Store) -> None:
    """However long the register is: no table is read from end to end, and what is up to date is not written."""
    if store.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL plans by the size of what is there, and here that is little")
    store.revocations.add(issued(store, ["ana@example.org", "ben@example.org"]), REVOCATION, act())
    says(store)
    asked: list[tuple[str, object]] = []
    event.listen(store.engine, "before_cursor_execute", lambda _, __, sql, given, *___: asked.append((sql, given)))
    assert says(store) is None
    assert len(asked) == 2
    for sql, given in list(asked):
        with store.engine.connect() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given).all()  # type: ignore[arg-type]
        steps = [str(step.detail) for step in plan]
        assert not [step for step in steps if step.startswith("SCAN") and "SUBQUERY" not in step], steps


def test_only_lists_that_say_something_else_now_are_outdated(store: Store) -> None:
    """Of three with two certificates each; one by one they are asked about by nobody."""
    numbers = issued(store, [f"person{one}@example.org" for one in range(5)])  # at the places 1 to 5

    def renewed() -> list[int]:
        found = list(store.status_lists.outdated(2, "terms"))
        for one in found:
            assert store.status_lists.renew(one, range(2 * one - 2, 2 * one), "terms", lambda ids: repr(ids).encode())
        return found

    assert (renewed(), renewed()) == ([1, 2, 3], [])
    store.revocations.add([numbers[3]], REVOCATION, act())
    assert (renewed(), store.status_list(3), renewed()) == ([3], b"[4]", [])
    store.revocations.add([numbers[0], numbers[1]], REVOCATION, act())
    store.revocations.undo([numbers[3]], NOW, act())
    assert (renewed(), renewed()) == ([1, 2, 3], [])
    batch = ordered(store, [draft("person4@example.org", supersedes=numbers[4])])
    assert renewed() == [4], "the place that was given is on a new one"
    sheet = store.sheets.claim(batch, "t2", NOW, LATER)
    assert sheet is not None
    store.sheets.store(sheet, finished(sheet), act())
    assert (renewed(), store.status_list(3)) == ([3], b"[5]")
    assert store.status_lists.outdated(2, "other terms") == [1, 2, 3, 4]


def test_an_empty_register_has_no_lists(store: Store) -> None:
    assert store.status_lists.outdated(2, "") == []
