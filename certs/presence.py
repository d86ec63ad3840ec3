"""Seconds a person was present in a session, from the joins an export lists.

An export has one row for each join; a second device or a promotion to panelist makes rows overlap. So seconds are the
length of the *union* of the half-open intervals [join, leave), clipped to the session's window. Gaps are never bridged.

Pure: aware datetimes in, whole seconds out.
"""

from collections.abc import Iterable, Mapping

from certs.model import Interval, Join, PersonKey, Session, SessionId, Tally


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """Return the disjoint intervals that cover what *intervals* cover, in order; touching ones are one.

    Raises:
        ValueError: an interval ends before it begins.
    """
    raise NotImplementedError


def seconds_present(joins: Iterable[Interval], window: Interval) -> int:
    """Return whole seconds of *window* that *joins* cover; overlaps count once.

    Raises:
        ValueError: a join ends before it begins.
    """
    raise NotImplementedError


def tallies(joins: Iterable[Join], sessions: Iterable[Session]) -> Mapping[PersonKey, Mapping[SessionId, Tally]]:
    """Return each person's presence in each session she joined.

    Raises:
        ValueError: a join ends before it begins, or names a session that is not given.
    """
    raise NotImplementedError
