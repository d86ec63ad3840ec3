"""An event file as a form shows it: fields by name with what stands in them.

    form = read(text)
    form.fields                          {"title": "cGMP Training Marathon", "sessions.0.day": "2026-10-06", …}

Times of a session are those of its zone's clocks. What was typed is written by `certs.eventfile.writing` and judged by
`certs.eventfile.parse`, whose lines `fields_of` turns back into fields.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from certs.errors import Problem
from certs.eventfile.rules import ATTENDANCE
from certs.eventfile.table import Document, Path, positions
from certs.model import NearMiss

TEXTS = ("slug", "title", "short_title", "issuer", "place", "zone", "language", "approval", "design")
FLAGS = {"signed_in": False, "list_sessions": True}
"""What is said by a tick, and what holds where the file says nothing."""
YES, NO = "yes", "no"
ROWS = ("sessions", "signatories")
A_DAY = timedelta(days=1)
_SIMPLE = frozenset({"sessions", "share", "roles", "title", "attended"})
"""A rule with nothing else in it is said by two numbers."""
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session in the form; *timed* where its hours are fields, *further* how often it was held again."""

    timed: bool
    further: int
    zone: str
    """Its own zone, empty where it is the event's."""


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind in the form; its fields begin with *prefix*, and *simple* says that two of them are its rule."""

    name: str
    prefix: str
    simple: bool


@dataclass(frozen=True, slots=True)
class Form:
    """What a form shows of an event file; rows stand in the order of the file."""

    fields: Mapping[str, str]
    sessions: Sequence[SessionRow]
    kinds: Sequence[KindRow]
    signatories: int


def read(text: str) -> Form:
    """Return the form of *text*, which may be an event file with faults.

    Raises:
        InputError: it is no TOML.
    """
    values = loaded(text)
    fields = {key: text_of(values.get(key)) for key in TEXTS}
    fields |= {key: YES if values.get(key, default) is True else NO for key, default in FLAGS.items()}
    fields["valid_until"] = text_of(values.get("valid_until"))
    fields |= _near(values)
    sessions, kinds = tables(values, "sessions"), list(_kinds(values))
    for at, session in enumerate(sessions):
        fields |= {f"sessions.{at}.{key}": shown for key, shown in _session(session, values).items()}
    for row, kind, rule in kinds:
        fields |= {f"{row.prefix}.{key}": shown for key, shown in _kind(row, kind, rule).items()}
    signatories = tables(values, "signatories")
    for at, signatory in enumerate(signatories):
        fields |= {f"signatories.{at}.{key}": text_of(signatory.get(key)) for key in ("name", "role")}
    rows = [_row(session, values) for session in sessions]
    return Form(fields, rows, [row for row, _, _ in kinds], len(signatories))


def fields_of(text: str, problems: Sequence[Problem]) -> tuple[Mapping[str, str], Sequence[Problem]]:
    """Return the sentences of *problems* by the field that each is about, and those that are about none."""
    lines: dict[int, str] = {}
    shown = read(text).fields
    for path, line in positions(text).items():
        if (name := _field(path)) in shown:
            lines.setdefault(line, name)
    at_fields: dict[str, str] = {}
    for one in problems:
        if one.line in lines:
            at_fields.setdefault(lines[one.line], one.message)
    return at_fields, [one for one in problems if one.line not in lines]


def _field(path: Path) -> str:
    """Return the name of the field in which what stands at *path* is shown."""
    spelled = [{"start": "from", "end": "to", "share": "percent"}.get(str(part), str(part)) for part in path]
    if spelled[0] in ROWS and len(spelled) == 2:
        spelled.append("title" if spelled[0] == "sessions" else "name")
    elif spelled[0] == "kinds":
        spelled = [part for part in spelled if part != "rule"]
        spelled += ["title"] if len(spelled) == 2 else []
    elif spelled == ["rule"]:
        spelled.append("sessions")
    return ".".join(spelled)


def loaded(text: str) -> Values:
    """Return the values in *text*, which may be an event file with faults.

    Raises:
        InputError: it is no TOML.
    """
    Document(text, "")
    return tomllib.loads(text.removeprefix("\ufeff"), parse_float=Decimal)


def tables(values: Values, key: str) -> list[Any]:
    """Return the list of tables *key*, empty where it is none."""
    found = values.get(key, [])
    return found if isinstance(found, list) and all(isinstance(one, dict) for one in found) else []


def text_of(value: object) -> str:
    """Return what stands in a field."""
    return "" if value is None else str(value)


def _percent(share: object) -> str:
    return f"{Decimal(share) * 100:f}".rstrip("0").rstrip(".") or "0" if isinstance(share, int | Decimal) else ""


def _near(values: Values) -> dict[str, str]:
    table, usual = values.get("near_miss", {}), NearMiss()
    if not isinstance(table, dict):
        return {}
    sessions, percent = table.get("sessions", usual.sessions), table.get("percent", int(usual.share * 100))
    return {"near_miss.sessions": text_of(sessions), "near_miss.percent": text_of(percent)}


def _kinds(values: Values) -> Iterator[tuple[KindRow, Values, Values]]:
    """Yield each kind as a row, with its table and that of its rule."""
    main, others = values.get("rule"), values.get("kinds")
    if isinstance(main, dict):
        yield KindRow(ATTENDANCE, "rule", "sessions" in main and main.keys() <= _SIMPLE), main, main
    for name, kind in others.items() if isinstance(others, dict) else ():
        if isinstance(kind, dict):
            said = kind.get("rule")
            rule = said if isinstance(said, dict) else {}
            yield KindRow(name, f"kinds.{name}", "sessions" in rule and rule.keys() <= _SIMPLE), kind, rule


def _kind(row: KindRow, kind: Values, rule: Values) -> dict[str, str]:
    keys = ("title", "attended", *(() if row.prefix == "rule" else ("instead_of",)))
    shown = {key: text_of(kind.get(key)) for key in keys}
    if row.simple:
        shown |= {"sessions": text_of(rule.get("sessions")), "percent": _percent(rule.get("share", 0))}
    return shown


def _row(session: Values, values: Values) -> SessionRow:
    return SessionRow(_is_timed(window(session, values)), len(tables(session, "again")), text_of(session.get("zone")))


def _is_timed(hours: tuple[datetime, datetime] | None) -> bool:
    """Say whether a day and two times of whole minutes say *hours*."""
    if hours is None:
        return True
    start, end = hours
    return not (start.second or end.second) and timedelta(0) <= end - start < A_DAY


def _session(session: Values, values: Values) -> dict[str, str]:
    shown = {key: text_of(session.get(key)) for key in ("id", "title")}
    hours = window(session, values)
    if _is_timed(hours):
        start, end = hours or ("", "")
        shown |= {"day": f"{start:%Y-%m-%d}" if start else ""}
        shown |= {"from": f"{start:%H:%M}" if start else "", "to": f"{end:%H:%M}" if end else ""}
    return shown


def window(session: Values, values: Values) -> tuple[datetime, datetime] | None:
    """Return when a session begins and ends by the clocks of its zone, without a zone; None where it does not say."""
    start, end = session.get("start"), session.get("end")
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return None
    name = session.get("zone", values.get("zone"))
    return _local(start, name), _local(end, name)


def _local(moment: datetime, zone: object) -> datetime:
    if moment.tzinfo is None:
        return moment
    try:
        return moment.astimezone(ZoneInfo(str(zone)) if zone else UTC).replace(tzinfo=None)
    except (KeyError, ValueError, OSError):
        return moment.replace(tzinfo=None)
