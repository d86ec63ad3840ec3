"""Whether the joins of a file lie where its sessions were held, and if not, which shift would put them there.

A report says no zone, and its account may live in another: then every join lies hours beside the window, and nobody
would earn anything. So a few hundred joins, taken from all over the file, are held against the windows of their
sessions, and against them shifted by every quarter of an hour up to a day.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from certs.attendance.times.calendar import Timed, sittings
from certs.model import Session, SessionId
from certs.wording import hint, joined, listing, mark, say, say_marked, say_n

_STEP_SECONDS = 15 * 60
_FURTHEST_STEPS = 26 * 4
"""The least and the greatest offset from UTC are 26 hours apart."""
_FEW = 3
"""So few joins tell nothing about a zone."""
_BETTER = 0.7
"""Joins that fill less than this share of what they would fill when shifted are asked about."""
_FITS = 0.75
"""The share of their time that shifted joins must spend inside the windows to be believed."""
_AS_GOOD = 0.98
"""Shifts whose joins fill this share of what the best would fill fit as well: then it counts when people came."""
_ODDNESS_SECONDS = (0, 600, 300, 600)
"""By how much better a shift by a quarter, a half or three quarters of an hour must fit than one by whole hours."""
_ZONES = (
    "UTC", "Europe/London", "Europe/Zurich", "Europe/Athens", "Europe/Moscow", "Africa/Lagos",
    "Africa/Johannesburg", "Africa/Nairobi", "Asia/Dubai", "Asia/Tehran", "Asia/Kabul", "Asia/Karachi",
    "Asia/Kolkata", "Asia/Kathmandu", "Asia/Dhaka", "Asia/Yangon", "Asia/Bangkok", "Asia/Shanghai",
    "Asia/Tokyo", "Australia/Adelaide", "Australia/Sydney", "Pacific/Auckland", "Atlantic/Azores",
    "America/Sao_Paulo", "America/St_Johns", "America/Halifax", "America/New_York", "America/Chicago",
    "America/Denver", "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu",
)  # fmt: skip
"""One zone for each offset, the best known first."""


@dataclass(frozen=True, slots=True)
class Shift:
    """That *joins* of a session were looked at, *inside* of them touch its window, and all would *minutes* later."""

    session: Session
    minutes: int
    inside: int
    joins: int

    @property
    def zones(self) -> list[str]:
        """The zones that would explain it: well-known ones with that offset on that day."""
        at = self.session.window.start
        here = at.astimezone(ZoneInfo(self.session.zone)).utcoffset() or timedelta()
        wanted = here - timedelta(minutes=self.minutes)
        return [zone for zone in _ZONES if _offset(at, zone) == wanted]


def shifts(timed: Iterable[Timed], sessions: Sequence[Session]) -> list[Shift]:
    """Return the sessions whose joins lie beside its window, each with the shift that would put them in."""
    held = sittings(sessions)
    starts = [int(sitting.window.start.timestamp()) for sitting in held]
    by_session: dict[SessionId | None, list[int]] = defaultdict(list)
    for index, sitting in enumerate(held):
        by_session[sitting.id].append(index)
    everything = range(len(held))
    by_sitting: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for one in timed:
        if one.end > one.start and held:
            near = by_session.get(one.session) or everything
            nearest = near[0] if len(near) == 1 else min(near, key=lambda at, start=one.start: abs(starts[at] - start))
            by_sitting[nearest].append((one.start, one.end))
    found = (_shift(held[index], spans) for index, spans in by_sitting.items())
    return [shift for shift in found if shift is not None]


def _shift(session: Session, spans: Sequence[tuple[int, int]]) -> Shift | None:
    """Return the shift that would put *spans* into the window, None where they lie well or none would."""
    if len(spans) < _FEW:
        return None
    since, until = int(session.window.start.timestamp()), int(session.window.end.timestamp())
    possible = sum(min(end - start, until - since) for start, end in spans)
    if _covered(spans, since, until, 0) >= _BETTER * possible:
        return None  # no shift fills more than is possible: nearly every file ends here, and the rest costs much
    covered = {step: _covered(spans, since, until, step * _STEP_SECONDS) for step in _steps()}
    middle = median(start for start, _ in spans)
    most = max(covered.values())
    fitting = [step for step, seconds in covered.items() if seconds >= _AS_GOOD * most]
    best = min(fitting, key=lambda step: abs(middle + step * _STEP_SECONDS - since) + _ODDNESS_SECONDS[step % 4])
    if covered[0] >= _BETTER * covered[best] or covered[best] < _FITS * possible:
        return None
    inside = sum(min(end, until) > max(start, since) for start, end in spans)
    return Shift(session, best * _STEP_SECONDS // 60, inside, len(spans))


def _steps() -> range:
    return range(-_FURTHEST_STEPS, _FURTHEST_STEPS + 1)


def _covered(spans: Sequence[tuple[int, int]], since: int, until: int, later: int) -> int:
    """Return the seconds of the window that *spans*, that much *later*, cover."""
    since, until = since - later, until - later
    return sum(max(0, min(end, until) - max(start, since)) for start, end in spans)


def _offset(at: datetime, zone: str) -> timedelta | None:
    return at.astimezone(ZoneInfo(zone)).utcoffset()


def text(found: Sequence[Shift], zones: Mapping[str, None]) -> str:
    """Say what does not fit, what would, and how to answer; *zones* are those in which the times were read."""
    first = found[0]
    parts = [_found(first, zones), _likewise(len(found) - 1)]
    if first.zones:
        parts.append(say("Are they times of {zones}?", zones=listing(first.zones[:2], either=True)))
    answer = say(
        "Answer with {zone}; or, if the session was held at another time than the event file says, mend that, or say"
        " {keep} to keep the times.",
        zone=hint("zone_is", zone=first.zones[0]) if first.zones else hint("zone"),
        keep=hint("zone_is", zone=next(iter(zones), "UTC")),
    )
    return joined([*filter(None, parts), answer])


def _found(first: Shift, zones: Iterable[str]) -> str:
    """Say how many joins lie in the window, and when more would."""
    facts = {
        "inside": first.inside,
        "joins": first.joins,
        "session": first.session.id,
        "zones": listing(zones) or "UTC",
        "length": _length(abs(first.minutes)),
    }
    return say_marked(_PLACED[bool(first.inside), first.minutes > 0], **facts)


def _likewise(others: int) -> str:
    if not others:
        return ""
    return say_n("It is likewise in {n:,} more session.", "It is likewise in {n:,} more sessions.", others)


_PLACED = {
    (False, False): mark(
        "Not one of {joins:,} joins of session {session} lies in its window, when the times are read as those of"
        " {zones}; {length} earlier they would."
    ),
    (False, True): mark(
        "Not one of {joins:,} joins of session {session} lies in its window, when the times are read as those of"
        " {zones}; {length} later they would."
    ),
    (True, False): mark(
        "{inside:,} of {joins:,} joins of session {session} lie in its window, when the times are read as those of"
        " {zones}; {length} earlier they would."
    ),
    (True, True): mark(
        "{inside:,} of {joins:,} joins of session {session} lie in its window, when the times are read as those of"
        " {zones}; {length} later they would."
    ),
}
"""What is found, by whether any join lies in the window, and whether later ones would."""


def _length(minutes: int) -> str:
    """Return a shift in words."""
    hours, rest = divmod(minutes, 60)
    parts = [say_n("{n} hour", "{n} hours", hours)] * (hours > 0)
    return listing([*parts, *[say_n("{n} minute", "{n} minutes", rest)] * (rest > 0)])
