"""`certs attendance`: what exports say, without a register."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import click

from certs import eventfile
from certs.attendance import UNITS, Answers, DateOrder, Question, QuestionKind
from certs.cli.context import as_json, zone_of
from certs.eligibility.words import count
from certs.errors import InputError, Problem
from certs.model import Basis, Decision, Event, Role, SessionId, Tally, UnusableRow
from certs.work.explain import Explanation, explain

_HALF = Fraction(1, 2)
_ROLES = (Role.HOST, Role.PANELIST, Role.ATTENDEE)
_NOTHING_READ = 2


@click.command()
@click.argument("event_file", metavar="EVENT.toml", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--zone", metavar="ZONE", default="", help="Time zone of the files' times, like Europe/Zurich.")
@click.option("--date-order", type=click.Choice(["dmy", "mdy"]), help="How 03/04/2026 is read.")
@click.option("--accept-complete-rows", is_flag=True, help="Take what is whole of a file that was cut short.")
@click.option("--unit", type=click.Choice(UNITS), help="What lengths of time are in that have no unit.")
@click.option("--registered", multiple=True, metavar="NAME", help="NAME (a base name) lists who registered.")
@click.option(
    "--session",
    "given",
    metavar="ID=NAME[:SHEET]",
    multiple=True,
    help="Session of a file, by its base name; may be repeated.",
)
@as_json
def attendance(
    event_file: Path,
    files: Sequence[Path],
    zone: str,
    date_order: str | None,
    accept_complete_rows: bool,
    unit: str | None,
    registered: Sequence[str],
    given: Sequence[str],
    wants_json: bool,
) -> int:
    """Read exports FILE... against the event file EVENT.toml and say who was there, how long, and what must be asked.

    Nothing is stored. A question that can be answered with an option names it. The exit code is 2 if no file can be
    read.

    \b
    Example:
      certs attendance marathon.toml attendee_*.csv registration.csv
      certs attendance marathon.toml "Attendance report.csv" --zone Europe/Paris --date-order dmy --json
    """
    event = eventfile.parse(_text(event_file), event_file.name, for_reading=True)
    answers = Answers(
        zone=zone_of(zone),
        date_order=DateOrder(date_order) if date_order else None,
        accept_complete_rows=accept_complete_rows,
        unit=unit or "",
        registered=frozenset(registered),
        sessions=dict(_given(event, one) for one in given),
    )
    found = explain(event, _by_name(files), answers)
    if wants_json:
        _write(_as_json(found))
    else:
        _print(found)
    for problem in found.refused:
        click.echo(f"certs: {problem}", err=True)
    for question in found.questions if not found.usable else ():
        click.echo(f"certs: {question.subject}: {question.text}", err=True)
    return 0 if found.usable else _NOTHING_READ


def _text(path: Path) -> str:
    """Return the event file's text.

    Raises:
        InputError: it is not UTF-8, or cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError):
        raise InputError(Problem("This event file cannot be read: save it as UTF-8 text.", path.name)) from None


def _given(event: Event, text: str) -> tuple[str, SessionId]:
    """Read one `ID=NAME`.

    Raises:
        InputError: it is not of that form, or the event has no such session.
    """
    id_, mark, name = text.partition("=")
    known = [session.id for session in event.sessions]
    if not mark or not name or id_ not in known:
        raise InputError(f'--session: "{text}" must be ID=NAME with a session of the event: {", ".join(known)}.')
    return name, SessionId(id_)


def _by_name(files: Sequence[Path]) -> Mapping[str, Path]:
    """Return the files by base name, those of one name told apart by their folder."""
    found: dict[str, Path] = {}
    for path in files:
        if not path.is_file():
            raise InputError(Problem("This is a folder: name the files in it.", str(path)))
        found[path.name if path.name not in found else str(path)] = path
    return found


def _as_json(found: Explanation) -> dict[str, object]:
    """Return everything the files tell, with the keys of the samples."""
    primary = [d for d in found.decisions if d.kind == found.event.kinds[0].name]
    return {
        "event": found.event.slug,
        "files": [
            {
                "name": r.name,
                "format": r.format,
                "session": r.session,
                "sha256": r.sha256,
                "notes": list(r.notes),
            }
            for r in found.readings
        ],
        "refused": [{"file": p.file, "line": p.line, "reason": p.message} for p in found.refused],
        "needs_answer": list(dict.fromkeys(str(question.kind) for question in found.questions)),
        "questions": [_question(question) for question in found.questions],
        "people": (_person(found, decision) for decision in primary if decision.tallies),
        "by_name": {name: _by_name_entry(found, sessions) for name, sessions in found.names_only.items()},
        "stated_presence": found.stated_presence,
        "registered_never_attended": found.never,
        "unusable_rows": (_row(row) for row in found.unusable),
        "review": [_review(question) for question in found.review if question.kind is not QuestionKind.NO_EMAIL],
        "unclaimed": [_review(question) for question in found.review if question.kind is QuestionKind.NO_EMAIL],
    }


def _write(value: Mapping[str, object]) -> None:
    """Print *value* as JSON; what it generates is written item by item, since a report may name a million people."""
    out = sys.stdout.buffer
    for number, (key, item) in enumerate(value.items()):
        out.write(f"{',' if number else '{'}\n  {json.dumps(key)}: ".encode())
        if isinstance(item, Iterator):
            out.write(b"[")
            for count, one in enumerate(item):
                out.write(f"{',' if count else ''}\n    {json.dumps(one, ensure_ascii=False)}".encode())
            out.write(b"]")
        else:
            out.write(json.dumps(item, ensure_ascii=False).encode())
    out.write(b"\n}\n")
    out.flush()


def _person(found: Explanation, one: Decision) -> dict[str, object]:
    """Return one person with seconds and decision."""
    event = found.event
    entry: dict[str, object] = {"email": one.person, "name": one.name}
    if not one.name_certain or one.person in found.doubted:
        entry["name_certain"] = False
    if found.speakers.get(one.person):
        entry["roles"] = [role.value for role in _ROLES if role in one.roles]
    entry["sessions"] = {id_: _tally(found, one, id_, tally) for id_, tally in one.tallies.items()}
    entry["sessions_attended_any"] = sum(tally.seconds > 0 for tally in one.tallies.values())
    entry["sessions_attended_50pct"] = sum(
        session.id in one.tallies and one.tallies[session.id].seconds_in_window >= session.window_seconds * _HALF
        for session in event.sessions
    )
    in_windows = sum(tally.seconds_in_window for tally in one.tallies.values())
    entry["pct"] = round(100 * in_windows / event.window_seconds, 3) if event.window_seconds else 0.0
    kinds = [d for d in found.of_person(one.person) if d.kind != eventfile.NO_RULE]
    if kinds:
        entry |= {"eligible": kinds[0].eligible, "near_miss": kinds[0].near_miss, "reason": kinds[0].reason}
    if len(kinds) > 1:
        entry["kinds"] = {d.kind: {"eligible": d.eligible, "reason": d.reason} for d in kinds}
    return entry


def _tally(found: Explanation, one: Decision, session: SessionId, tally: Tally) -> dict[str, object]:
    """Return the presence in one session; where only minutes are stated, those."""
    if tally.basis is not Basis.TIMES:
        return {"seconds": tally.seconds, "seconds_in_window": None, "basis": tally.basis.value}
    entry: dict[str, object] = {
        "seconds": tally.seconds,
        "seconds_in_window": tally.seconds_in_window,
        "rows": tally.rows,
        "merged": tally.merged,
    }
    alternatives = found.alternatives(one.person, session, tally.seconds)
    return entry | {"alternatives": alternatives} if alternatives else entry


def _by_name_entry(found: Explanation, sessions: Mapping[SessionId, Tally]) -> dict[str, object]:
    """Return the seconds of a name, in all sessions together."""
    entry: dict[str, object] = {"seconds": sum(tally.seconds for tally in sessions.values())}
    if all(tally.basis is Basis.TIMES for tally in sessions.values()):
        entry["seconds_in_window"] = sum(tally.seconds_in_window for tally in sessions.values())
    return entry


def _row(row: UnusableRow) -> dict[str, object]:
    """Return an unusable row with what is known of it."""
    entry: dict[str, object] = {"file": row.file, "line": row.line, "reason": row.reason}
    known = {"section": row.section, "name": row.name, "seconds": row.seconds}
    return entry | {key: value for key, value in known.items() if value not in ("", None)}


def _question(question: Question) -> dict[str, object]:
    """Return a question about a file."""
    return {
        "id": question.id,
        "kind": question.kind.value,
        "file": question.subject,
        "text": question.text,
        "candidates": list(question.candidates),
        "assumed": question.assumed or None,
    }


def _review(question: Question) -> dict[str, object]:
    """Return a doubt about people with its evidence."""
    entry: dict[str, object] = {"id": question.id, "kind": question.kind.value, "text": question.text}
    if question.session is not None:
        entry["session"] = question.session
    match question.kind:
        case QuestionKind.SAME_PERSON:
            entry |= {"emails": list(question.candidates), "name": question.evidence[0].name}
        case QuestionKind.NO_EMAIL:
            entry |= {"name": question.subject, "candidates": list(question.candidates)}
        case QuestionKind.SHARED_EMAIL:
            entry |= {"email": question.subject, "names": list(question.candidates)}
        case _:
            entry |= {"email": question.subject, "name": question.evidence[0].name}
    evidence = [{"file": e.file, "line": e.line, "name": e.name, "seconds": e.seconds} for e in question.evidence]
    return entry | {"evidence": evidence, "file": question.evidence[0].file, "line": question.evidence[0].line}


def _print(found: Explanation) -> None:
    """Print files, people and what is open, for a person to read."""
    for reading in found.readings:
        session = f"session {reading.session}" if reading.session else "no single session"
        click.echo(f"{reading.name}: {reading.format}, {session}")
        for note in reading.notes:
            click.echo(f"  {note}")
        for question in reading.questions:
            click.echo(f"  ? {question.text}")
    primary = [d for d in found.decisions if d.kind == found.event.kinds[0].name and d.tallies]
    for one in primary:
        mark = "yes" if one.eligible else "near" if one.near_miss else "no"
        click.echo(f"{mark:4}  {one.name}  <{one.person}>  {one.reason}")
    for row in found.unusable:
        click.echo(f"{row.file}:{row.line}: {row.reason} {row.name}".rstrip(), err=True)
    for question in found.review:
        click.echo(f"? {question.text}", err=True)
    click.echo(
        f"{count(len(primary), 'person', 'people')} attended, {len(found.never):,} registered and never came, "
        f"{count(len(found.unusable), 'row')} cannot be credited, {count(len(found.review), 'thing')} to look at.",
        err=True,
    )
