"""`certs attendance`: what exports say, without a register."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from certs import eventfile
from certs.attendance import UNITS, Answers, DateOrder
from certs.cli.context import zone_of
from certs.cli.how import JSON, How, echo, shared
from certs.eligibility.words import count
from certs.errors import InputError, Problem
from certs.model import Event, SessionId
from certs.views import attendance as views
from certs.work import account

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
@shared(JSON)
def attendance(
    event_file: Path,
    files: Sequence[Path],
    zone: str,
    date_order: str | None,
    accept_complete_rows: bool,
    unit: str | None,
    registered: Sequence[str],
    given: Sequence[str],
    how: How,
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
    found = account.of_files(event, _by_name(files), answers)
    if how.wants_json:
        _write(views.attendance(found))
    else:
        _print(found)
    echo(*(f"certs: {problem}" for problem in found.refused), err=True)
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


def _print(found: account.FilesAccount) -> None:
    """Print files, people and what is open, for a person to read."""
    for reading in found.readings:
        session = f"session {reading.session}" if reading.session else "no single session"
        click.echo(f"{reading.name}: {reading.format}, {session}")
        echo(*(f"  {note}" for note in reading.notes))
        echo(*(f"  ? {question.text}" for question in reading.questions))
    primary = found.of_kind(found.event.kinds[0].name)
    for one in primary:
        mark = "yes" if one.eligible else "near" if one.near_miss else "no"
        click.echo(f"{mark:4}  {one.name}  <{one.person}>  {one.reason}")
    echo(*(f"{row.file}:{row.line}: {row.reason} {row.name}".rstrip() for row in found.unusable), err=True)
    echo(*(f"? {question.text}" for question in found.review), err=True)
    click.echo(
        f"{count(len(primary), 'person', 'people')} attended, {len(found.never):,} registered and never came, "
        f"{count(len(found.unusable), 'row')} cannot be credited, {count(len(found.review), 'thing')} to look at.",
        err=True,
    )
