"""What two statements say, fact by fact, for a person to look at before one certificate replaces the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from certs.model import EventFacts, Statement

_QUARTERS_AN_HOUR = 4


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact as it is and as it would be; both are alike where only the fact itself is of interest."""

    what: str
    old: str
    new: str

    @property
    def changes(self) -> bool:
        """Whether the fact changes."""
        return self.old != self.new

    def __str__(self) -> str:
        return f"{self.what}: {self.old or 'nothing'} → {self.new or 'nothing'}"


def facts(old: Statement, new: Statement) -> list[Difference]:
    """Return name, kind, sessions, hours and days of both, and what else changes."""
    pairs = zip(_always(old), _always(new), strict=True)
    shown = [Difference(what, one, other) for (what, one), (_, other) in pairs]
    rest = zip(_otherwise(old), _otherwise(new), strict=True)
    return [*shown, *(Difference(what, one, other) for (what, one), (_, other) in rest if one != other)]


def changed(old: Statement, new: Statement) -> list[Difference]:
    """Return only what changes."""
    return [one for one in facts(old, new) if one.changes]


def hours(quarter_hours: int) -> str:
    """Return hours as certificates are compared by them: `10.75`."""
    return f"{quarter_hours / _QUARTERS_AN_HOUR:.2f}"


def _always(said: Statement) -> Iterator[tuple[str, str]]:
    event = said.event
    yield "name", said.name
    yield "kind", f"{said.kind} ({event.heading})" if event.heading else said.kind
    listed = ", ".join(_in_order(said))
    yield "sessions", f"{said.sessions_attended} of {said.sessions_in_all}{f' ({listed})' if listed else ''}"
    yield "hours", hours(said.quarter_hours)
    yield "days", f"{event.first_day.isoformat()} to {event.last_day.isoformat()}"


def _in_order(said: Statement) -> Sequence[str]:
    """Return the sessions attended in the event's order, any others after them."""
    known = [line.id for line in said.event.sessions]
    return [id_ for id_ in known if id_ in said.attended] + sorted(said.attended.difference(known))


def _otherwise(said: Statement) -> Iterator[tuple[str, str]]:
    event = said.event
    yield "language of the name", said.language
    yield "event", event.title
    yield "issuer", event.issuer
    yield "place", event.place
    yield "language", event.language
    yield "rule", event.criteria
    yield "titles and days of sessions", "; ".join(f"{line.title} {line.day.isoformat()}" for line in event.sessions)
    yield "signed by", "; ".join(f"{one.name}, {one.role}".strip(", ") for one in event.signatories)
    yield "valid until", event.valid_until.isoformat() if event.valid_until else ""
    yield "look", _look(event)


def _look(event: EventFacts) -> str:
    kept = event.design_file
    design = f"{event.design} ({kept.sha256[:8]})" if kept else event.design
    return ", ".join(filter(None, (design, event.logo, event.attended)))
