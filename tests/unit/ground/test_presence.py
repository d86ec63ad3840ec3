"""Presence: union of joins, clipped to the window, and what is stated instead of times."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certs.ground.presence import Ledger, tallies
from certs.model import Basis, ExtraEvidence, Interval, Join, Mark, PersonKey, Session, SessionId, Tally

START = datetime(2026, 10, 6, 11, tzinfo=UTC)
WINDOW = Interval(START, START + timedelta(hours=2))
SESSION = Session(SessionId("1"), "First", "Europe/Zurich", WINDOW)
ANA = PersonKey("ana@example.org")


def minutes(start: int, end: int) -> Interval:
    """Return an interval in minutes after the window's start."""
    return Interval(START + timedelta(minutes=start), START + timedelta(minutes=end))


def join(interval: Interval | None, stated: int = 0, basis: Basis = Basis.TIMES) -> Join:
    """Return a join of Ana."""
    return Join(SESSION.id, ANA, interval, 1, "Ana", stated_seconds=stated, basis=basis)


def tally(joins: Sequence[Join]) -> Tally:
    """Return Ana's tally."""
    return tallies(joins, [SESSION])[ANA][SESSION.id]


def test_two_devices_at_once_count_once() -> None:
    """A phone joined during the laptop's join adds nothing."""
    assert tally([join(minutes(0, 60)), join(minutes(10, 20))]) == Tally(60 * 60, 60 * 60, 2, 1)


def test_gaps_are_never_bridged() -> None:
    """A second between leave and join is a second of absence."""
    first = minutes(0, 10)
    second = Interval(first.end + timedelta(seconds=1), START + timedelta(minutes=20))
    seconds = 20 * 60 - 1
    assert tally([join(first), join(second)]) == Tally(seconds, seconds, 2, 2)


def test_touching_joins_are_one_stretch() -> None:
    """Leave and join at one moment make one stretch."""
    assert tally([join(minutes(0, 10)), join(minutes(10, 20))]) == Tally(1200, 1200, 2, 1)


def test_before_and_after_the_window() -> None:
    """Seconds outside the window count as presence, not as presence in the window."""
    assert tally([join(minutes(-10, 5))]) == Tally(900, 300, 1, 1)
    assert tally([join(minutes(130, 140))]).seconds_in_window == 0


def test_join_that_ends_before_it_begins() -> None:
    """Such a join is a defect of the caller."""
    with pytest.raises(ValueError, match="ends before it begins"):
        tally([join(minutes(10, 5))])


def test_unknown_session() -> None:
    """A join of a session that is not given is a defect of the caller."""
    with pytest.raises(ValueError, match="no session"):
        tallies([join(minutes(0, 1))], [])


def test_stated_minutes_are_the_largest_not_the_sum() -> None:
    """A row that is there twice adds nothing, and nobody was there longer than the window."""
    stated = [join(None, 600, Basis.STATED), join(None, 1200, Basis.STATED), join(None, 1200, Basis.STATED)]
    assert tally(stated) == Tally(1200, 1200, 3, 0, Basis.STATED)
    assert tally([join(None, 10_000, Basis.STATED)]).seconds_in_window == 7200


def test_evidence_counts_where_it_says_more() -> None:
    """A signed list that vouches for the whole session outweighs a short join, and is marked as evidence."""
    assert tally([join(minutes(0, 10)), join(None, 7200, Basis.EVIDENCE)]).basis is Basis.EVIDENCE
    assert tally([join(minutes(0, 100)), join(None, 60, Basis.EVIDENCE)]).basis is Basis.TIMES


def test_marks() -> None:
    """Present stands for the window, late and absent for nothing."""
    ledger = Ledger([SESSION])
    for letter in ("L", "A", ""):
        ledger.mark(Mark(SESSION.id, ANA, letter, 1), {SESSION.id: 7200})
    assert ledger.tallies() == {}
    ledger.mark(Mark(SESSION.id, ANA, "P", 1), {SESSION.id: 7200})
    assert ledger.tallies()[ANA][SESSION.id].seconds_in_window == 7200


def test_together() -> None:
    """Two people who met at one moment were together; one after the other is not."""
    ledger = Ledger([SESSION])
    bob = PersonKey("bob@example.org")
    ledger.add(join(minutes(0, 10)))
    ledger.add(Join(SESSION.id, bob, minutes(10, 20), 2, "Bob"))
    assert not ledger.together(ANA, bob)
    ledger.add(Join(SESSION.id, bob, minutes(9, 11), 3, "Bob"))
    assert ledger.together(ANA, bob)


spans = st.lists(st.tuples(st.integers(-60, 180), st.integers(0, 120)), min_size=1, max_size=8)


@given(spans)
def test_order_and_repetition_change_nothing(pairs: list[tuple[int, int]]) -> None:
    """Seconds equal the minutes that any join covers, in whatever order and however often rows come."""
    joins = [join(minutes(start, start + length)) for start, length in pairs]
    covered = {minute for start, length in pairs for minute in range(start, start + length)}
    found = tally([*reversed(joins), *joins])
    assert found.seconds == 60 * len(covered)
    assert found.seconds_in_window == 60 * len(covered & set(range(120)))


def vouched(*lengths: int) -> Tally:
    """Return Ana's tally for an hour by times and evidence of so many minutes each."""
    ledger = Ledger([SESSION])
    ledger.add(join(minutes(0, 60)))
    for length in lengths:
        ledger.vouch(ExtraEvidence(SESSION.id, ANA, 60 * length, "signed sheet", "folder 1", "ben", START))
    return ledger.tallies()[ANA][SESSION.id]


def test_evidence_counts_where_the_export_says_less() -> None:
    """It is all of her presence, not more beside the times; the largest counts, and no row is added."""
    assert vouched(90, 80) == Tally(5400, 5400, 1, 1, Basis.EVIDENCE)
    assert vouched(60) == vouched(30) == vouched() == Tally(3600, 3600, 1, 1)
