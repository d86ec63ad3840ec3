"""Every fact printed on a certificate, in the words of the page, ready to be compared with the paper."""

from dataclasses import dataclass
from datetime import date

from certs import number as numbers
from certs.model import Statement


@dataclass(frozen=True, slots=True)
class Facts:
    """What the template shows; all strings, ready to read."""

    number: str
    name: str
    language: str
    """BCP 47 tag of the name, or empty."""
    rows: tuple[tuple[str, str], ...]
    sessions: tuple[tuple[str, str, bool], ...]
    """Title, day, attended."""
    demo: bool


def facts(statement: Statement) -> Facts:
    """Return what the paper says.

    Raises:
        Nothing.
    """
    event = statement.event
    rows = [
        ("Event", event.title),
        ("Held", period(event.first_day, event.last_day) + (f", {event.place}" if event.place else "")),
        ("Attended", f"{statement.sessions_attended} of {statement.sessions_in_all} sessions"),
        ("Time present", hours(statement.quarter_hours)),
        ("Requirement", event.criteria),
        ("Issued by", event.issuer),
        *(("Signed by", f"{who.name}, {who.role}" if who.role else who.name) for who in event.signatories),
        ("Issued on", day(statement.issued_on)),
        ("Number", numbers.printed(statement.number)),
    ]
    if event.valid_until:
        rows.insert(-1, ("Valid until", day(event.valid_until)))
    sessions = tuple((s.title, day(s.day), s.id in statement.attended) for s in event.sessions)
    return Facts(
        number=numbers.printed(statement.number),
        name=statement.name,
        language=statement.language,
        rows=tuple((label, text) for label, text in rows if text),
        sessions=sessions,
        demo=event.demo,
    )


def day(of: date) -> str:
    """Return `6 October 2026`.

    Raises:
        Nothing.
    """
    return f"{of.day} {of:%B} {of.year}"


def period(first: date, last: date) -> str:
    """Return the days from *first* to *last*, what they share said once: `6–29 October 2026`.

    Raises:
        Nothing.
    """
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last)}"
    if first.year == last.year:
        return f"{first.day} {first:%B} – {day(last)}"
    return f"{day(first)} – {day(last)}"


def hours(quarter_hours: int) -> str:
    """Return `13.5 hours`.

    Raises:
        Nothing.
    """
    return f"{quarter_hours / 4:g} hour{'' if quarter_hours == 4 else 's'}"
