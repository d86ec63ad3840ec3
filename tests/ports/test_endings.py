"""Batches rejected and cancelled: what is given up, what stays, and who is refused."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import count

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from certs.db.store import Store
from certs.errors import CertsError, ConflictError, DeniedError, InputError, NotFoundError
from certs.model import Act, Approval, CertificateState, Draft, End, Ending, Number, Order
from certs.queue import Queue
from certs.work import ending, issue, orders
from tests.ports.conftest import opened
from tests.register import EVENT, LATER, NOW, act, draft, finished, issued, ordered
from tests.world import EVENT as FACTS

pytestmark = pytest.mark.usefixtures("database_clock")

BEN = act("ben", "two names are wrong", LATER)
CANCELLED, HELD, ISSUED = CertificateState.CANCELLED, CertificateState.HELD, CertificateState.ISSUED
_serial = count()


def alive(token: str) -> bool:
    """Say of every holder that it lives."""
    return False


def store_some(store: Store, batch: int, most: int, held: tuple[Number, ...] = ()) -> None:
    """Issue at most so many of *batch*, holding back those *held*."""
    sheet = store.sheets.claim(batch, f"t{next(_serial)}", NOW, LATER, most)
    assert sheet is not None
    assert store.sheets.store(sheet, finished(sheet, held), act())


def correction(store: Store, of: Number) -> tuple[int, Draft]:
    """Order the correction of an issued certificate."""
    new = draft("ana", supersedes=of)
    return store.batches.order(Order("attendance", FACTS, Approval.TWO, date(2026, 11, 22), [new]), act()), new


def test_a_rejected_batch_ends_and_its_people_can_be_ordered_for_again(store: Store) -> None:
    """At once; the numbers stay spent, and the trail says who, why and which."""
    drafts = [draft("ana"), draft("ben")]
    batch = ordered(store, drafts, Approval.TWO)
    assert set(ending.reject(store, batch, BEN, alive)) == {one.number for one in drafts}
    found = store.batches.get(batch)
    assert found.ending == Ending(End.REJECTED, LATER, "ben", "two names are wrong")
    assert found.counts == {CANCELLED: 2}
    assert store.batches.certified(EVENT.slug, "attendance") == set()
    assert store.batches.spent([one.number for one in drafts]) == {one.number for one in drafts}
    assert ordered(store, [draft("ana"), draft("ben")]) != batch
    (entry,) = [one for one in store.audit(EVENT.slug) if one.act == "batch.reject"]
    assert (entry.actor, entry.reason, entry.subject) == ("ben", "two names are wrong", "batch gmp-2026/1")
    assert all(one.number in entry.new for one in drafts)


@pytest.mark.parametrize("how", [ending.reject, ending.cancel])
def test_an_ended_batch_is_neither_approved_nor_issued_nor_ended_again(store: Store, how: type) -> None:
    """Each answer says who ended it, and why."""
    batch = ordered(store, [draft("ana")], Approval.TWO)
    how(store, batch, BEN, alive)
    refused = "ed by ben on 2026-11-22: two names are wrong. Order again: order for gmp-2026"
    for again in (
        lambda: orders.approve(store, batch, act("cy")),
        lambda: ending.reject(store, batch, act("cy", "why"), alive),
        lambda: ending.cancel(store, batch, act("cy"), alive),
    ):
        with pytest.raises(ConflictError, match=refused):
            again()
    with pytest.raises(ConflictError, match="ed already, by ben"):
        store.batches.approve(batch, act("cy"))
    assert store.batches.get(batch).approved_at is None
    assert store.sheets.claim(batch, "t", NOW, LATER) is None


def test_a_cancelled_batch_that_was_approved_is_not_issued(store: Store) -> None:
    """`issue` says so instead of doing nothing in silence; it asks before it looks at any key."""
    batch = ordered(store, [draft("ana")])
    orders.approve(store, batch, act("ben"))
    ending.cancel(store, batch, act("ana", "a session was missing"), alive)
    office = issue.Office(store, Queue(1), lambda: NOW)
    with pytest.raises(ConflictError, match="cancelled by ana"):
        issue.issue(office, None, batch, act())  # type: ignore[arg-type]


def test_the_orderer_cannot_reject_where_two_people_are_demanded(store: Store) -> None:
    """However she spells her name; she cancels."""
    batch = ordered(store, [draft("ana")], Approval.TWO)
    with pytest.raises(DeniedError, match="the cancelling of gmp-2026/1"):
        ending.reject(store, batch, act("ANA", "second thoughts"), alive)
    assert ending.cancel(store, batch, act("ana"), alive)


def test_what_is_approved_is_rejected_no_more(store: Store) -> None:
    """But can be cancelled."""
    batch = ordered(store, [draft("ana")])
    orders.approve(store, batch, act("cy"))
    with pytest.raises(ConflictError, match=r"approved already, by cy.*the cancelling of gmp-2026/1"):
        ending.reject(store, batch, BEN, alive)
    with pytest.raises(ConflictError, match="meanwhile"):
        store.batches.end(batch, End.REJECTED, BEN)
    assert store.batches.get(batch).remaining == 1


@pytest.mark.parametrize("reason", ["", "  "])
def test_who_rejects_says_why(store: Store, reason: str) -> None:
    """Whoever ordered it will ask."""
    batch = ordered(store, [draft("ana")])
    with pytest.raises(InputError, match="a reason"):
        ending.reject(store, batch, act("ben", reason), alive)


def test_of_a_batch_partly_issued_only_the_rest_is_given_up(store: Store) -> None:
    """Held ones, too; what is issued stays public."""
    drafts = [draft(name) for name in ("ana", "ben", "cy", "dot")]
    batch = ordered(store, drafts)
    store_some(store, batch, 1)
    store_some(store, batch, 1, (drafts[1].number,))
    assert store.batches.get(batch).counts[HELD] == 1
    given_up = ending.cancel(store, batch, act(), alive)
    assert set(given_up) == {one.number for one in drafts[1:]}
    assert store.batches.get(batch).counts == {ISSUED: 1, CANCELLED: 3}
    assert store.certificate(drafts[0].number) is not None
    assert store.batches.certified(EVENT.slug, "attendance") == {"ana"}


def test_what_is_issued_is_not_cancelled(store: Store) -> None:
    """The way is `revoke`, and the answer says so."""
    batch = ordered(store, [draft("ana")])
    store_some(store, batch, 1)
    with pytest.raises(ConflictError, match=r"Nothing of batch .* revoke it by its number"):
        ending.cancel(store, batch, act(), alive)
    assert store.batches.get(batch).ending is None


def test_a_batch_at_work_is_left_alone(store: Store) -> None:
    """All of it, not only the certificates in hand: afterwards the same command gives up what is left."""
    batch = ordered(store, [draft("ana"), draft("ben")])
    sheet = store.sheets.claim(batch, "t", NOW, LATER, 1)
    assert sheet is not None
    with pytest.raises(ConflictError, match="being issued at this moment"):
        ending.cancel(store, batch, act(), alive)
    assert store.batches.get(batch).counts == {CertificateState.ORDERED: 2}
    assert store.batches.get(batch).ending is None
    assert store.sheets.store(sheet, finished(sheet), act())
    assert len(ending.cancel(store, batch, act(), alive)) == 1


def test_what_a_dead_process_held_is_given_up(store: Store) -> None:
    """Its lease counts no longer, nor does one that has run out."""
    batch = ordered(store, [draft("ana"), draft("ben")])
    assert store.sheets.claim(batch, "dead", NOW, LATER, 1)
    assert store.sheets.claim(batch, "elsewhere", NOW - timedelta(hours=1), NOW - timedelta(minutes=1), 1)
    assert len(ending.cancel(store, batch, act(), lambda token: token == "dead")) == 2


def test_a_late_holder_stores_nothing_of_a_cancelled_batch(store: Store) -> None:
    """Its lease ran out, the batch ended, and then it comes with what it made."""
    batch = ordered(store, [draft("ana")])
    sheet = store.sheets.claim(batch, "slow", NOW - timedelta(hours=1), NOW - timedelta(minutes=1))
    assert sheet is not None
    ending.cancel(store, batch, act(), alive)
    assert not store.sheets.store(sheet, finished(sheet), act())
    assert store.batches.get(batch).counts == {CANCELLED: 1}


def test_a_rejected_correction_leaves_the_original_in_force(store: Store) -> None:
    """And another correction can be ordered of it at once."""
    (original,) = issued(store, ["ana"])
    batch, new = correction(store, original)
    ending.reject(store, batch, BEN, alive)
    found = store.certificate(original)
    assert found is not None
    assert found.superseded_by is None
    assert store.certificate(new.number) is None
    again, newer = correction(store, original)
    store_some(store, again, 1)
    assert store.certificate(original).superseded_by == newer.number  # type: ignore[union-attr]


def test_a_batch_that_is_not_there_is_not_ended(store: Store) -> None:
    """Nor is it taken for another."""
    with pytest.raises(NotFoundError):
        ending.cancel(store, 77, act(), alive)


def test_one_of_two_at_once_ends_it(database_url: str, store: Store) -> None:
    """Approver and orderer at the same moment: one is told."""
    batch = ordered(store, [draft(f"p{n}") for n in range(40)], Approval.TWO)
    stores = [Store(opened(database_url)) for _ in range(4)]

    def ends(pair: tuple[Store, int]) -> str:
        one, turn = pair
        by: Act = act(f"user{turn}", "why")
        try:
            (ending.reject if turn % 2 else ending.cancel)(one, batch, by, alive)
        except CertsError as error:
            return error.code
        return "ended"

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(ends, zip(stores, range(4), strict=True)))
    for one in stores:
        one.engine.dispose()
    assert sorted(told) == ["conflict", "conflict", "conflict", "ended"]
    assert store.batches.get(batch).counts == {CANCELLED: 40}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE batch SET ended = NULL",
        "UPDATE batch SET ended_reason = 'another'",
        "UPDATE batch SET approved_by = 'me'",
        "UPDATE certificate SET state = 'issued'",
        "UPDATE certificate SET state = 'ordered'",
    ],
)
def test_the_database_itself_lets_no_ended_batch_come_back(store: Store, change: str) -> None:
    """Whoever asks it."""
    batch = ordered(store, [draft("ana")])
    ending.cancel(store, batch, act(), alive)
    with pytest.raises(DBAPIError, match="never forgets"), store.engine.begin() as connection:
        connection.execute(text(change))


def test_members_come_with_what_they_replace(store: Store) -> None:
    """In their order, a page at a time; a correction beside what stands now."""
    (original,) = issued(store, ["ana"])
    batch, new = correction(store, original)
    (member,) = store.batches.members(batch)
    assert (member.statement.number, member.person) == (new.number, "ana")
    assert member.replaced is not None
    assert member.replaced.number == original
    many = ordered(store, [draft(f"p{n}") for n in range(7)])
    assert [one.person for one in store.batches.members(many, 2, 3)] == ["p2", "p3", "p4"]
    assert len(list(store.batches.members(many))) == 7
    assert all(one.replaced is None for one in store.batches.members(many))
