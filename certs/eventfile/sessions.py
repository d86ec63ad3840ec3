"""The sessions of an event file: ids, titles, zones and windows."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from certs.eventfile import keys
from certs.eventfile.table import Table
from certs.model import Interval, Session, SessionId

_MAX_TEXT = 300
_AGAIN = "again = [{ start = 2026-10-06T02:00:00, end = 2026-10-06T04:00:00 }]"
_MAX_SESSIONS = 500


def read_sessions(top: Table, *, needed: bool) -> list[Session]:
    """Return the sessions in the order of their start; problems are reported to the table."""
    event_zone = _zone(top, "zone")
    found = [_session(table, event_zone) for table in top.tables("sessions")]
    if needed and not found:
        top.report("The event has no sessions: add [[sessions]] with id, title, start and end.", "sessions")
    if len(found) > _MAX_SESSIONS:
        top.report(f"An event has at most {_MAX_SESSIONS} sessions.", "sessions")
    return sorted((s for s in found if s is not None), key=lambda s: (s.window, s.id))


def _session(table: Table, event_zone: ZoneInfo | None) -> Session | None:
    """Read one session; None where it has no usable window."""
    table.only(*keys.SESSION)
    name = table.identifier("id")
    _unique(table, name)
    title = table.text("title", _MAX_TEXT, needed=True)
    zone = _zone(table, "zone") if "zone" in table else event_zone
    start, end = _moment(table, "start", zone), _moment(table, "end", zone)
    if start is None or end is None:
        return None
    if end <= start:
        table.report(f'Session "{name}" ends before it begins or is empty: check start and end.', "end")
        return None
    window = Interval(start, end)
    return Session(SessionId(name), title, str(zone or "UTC"), window, _again(table, name, zone, window))


def _again(table: Table, name: str, zone: ZoneInfo | None, window: Interval) -> tuple[Interval, ...]:
    """Read the further windows of a session that was held again, in the order of their start."""
    found: list[Interval] = []
    for again in table.tables("again", _AGAIN):
        again.only(*keys.AGAIN)
        start, end = _moment(again, "start", zone), _moment(again, "end", zone)
        if start is None or end is None:
            continue
        if end - start != window.end - window.start:
            again.report(f'Session "{name}" was held again for another length of time: both must be as long.', "end")
        if any(start < one.end and one.start < end for one in (window, *found)):
            again.report(f'Session "{name}" was held again while it was held: its windows overlap.', "start")
        found.append(Interval(start, end))
    if found and min(found) < window:
        table.report(
            f'Session "{name}" was held before its start: write the earliest window as start and end.', "again"
        )
    return tuple(sorted(found))


def _unique(table: Table, name: str) -> None:
    """Report an id that another session has, whatever its case."""
    seen = table.document.seen_ids
    if name.casefold() in seen:
        table.report(f'The id "{name}" is given twice: every session needs its own.', "id")
    if ":" in name or "=" in name:
        table.report(f'The id "{name}" must not contain ":" or "=".', "id")
    seen.add(name.casefold())


def _zone(table: Table, key: str) -> ZoneInfo | None:
    """Read an IANA zone."""
    name = table.text(key, 60)
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        table.report(f'"{name}" is no IANA time zone: write one like "Europe/Zurich" or "UTC".', key)
        return None


def _misnames_zone(table: Table) -> bool:
    """Say whether the session or the event names a zone that does not exist."""
    return any(table.document.problems_at((*path, "zone")) for path in (table.path, ()))


def _moment(table: Table, key: str, zone: ZoneInfo | None) -> datetime | None:
    """Read a time: naive ones are local to *zone*, an offset must be the zone's own on that day."""
    value = table.moment(key)
    if value is None:
        return None
    if zone is None and _misnames_zone(table):
        return value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)  # reported once, where the zone stands
    if value.tzinfo is None:
        if zone is None:
            table.report(f'"{key}" has no offset and there is no zone: add zone = "Europe/Zurich" or the like.', key)
            return None
        if table.document.strict:
            _demand_once(table, key, value, zone)
        return value.replace(tzinfo=zone).astimezone(UTC)
    if zone is None and value.utcoffset():
        table.report(f'"{key}" has an offset but no zone is given: add zone = "Europe/Zurich" or the like.', key)
    if zone is not None and value.astimezone(zone).utcoffset() != value.utcoffset() and value.utcoffset():
        local = value.astimezone(zone)
        table.report(f'"{key}" contradicts the zone {zone}: there it is {local.isoformat()} at that moment.', key)
    return value.astimezone(UTC)


def _demand_once(table: Table, key: str, value: datetime, zone: ZoneInfo) -> None:
    """Report a local time that the clocks of *zone* leave out, or show twice."""
    first, second = (value.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    if first == second:
        return
    back = value.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    said = "comes twice" if back == value else "does not exist"
    table.report(
        f'"{key}" is a time that {said} in {zone}, for the clocks change then: write it with an offset, like +02:00.',
        key,
    )
