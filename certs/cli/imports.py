"""`certs import`: exports into the register."""

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict, Unpack

import click

from certs import importing
from certs.attendance import Answers, DateOrder, Reading
from certs.cli.context import act_of, acting, as_json, open_app, write_json
from certs.cli.event import read_bytes
from certs.errors import InputError
from certs.model import SessionId

_LONG_BYTES = 4 << 20
"""Files beyond this are read where they lie, with a progress bar."""
_LISTED = 20
"""Unusable rows shown of each file; --json has them all."""


class _Options(TypedDict):
    sessions: tuple[str, ...]
    zone: str
    date_order: str | None
    accept_complete_rows: bool


@click.command(name="import")
@click.argument("slug")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--session", "sessions", multiple=True, metavar="ID=NAME", help="NAME (a base name) is of session ID.")
@click.option("--zone", default="", help="IANA time zone of the files' times, where they are not the session's.")
@click.option(
    "--date-order",
    type=click.Choice([order.value for order in DateOrder]),
    help="How 03/04/2026 is meant, where a file leaves it open.",
)
@click.option("--accept-complete-rows", is_flag=True, help="Take what is whole of a file that is cut short.")
@acting
@as_json
def import_(
    slug: str, files: tuple[Path, ...], actor: str | None, wants_json: bool, **answers: Unpack[_Options]
) -> None:
    """Import attendance and registration exports into event SLUG, all of them or none.

    \b
    Example:
      certs import cgmp-2026 exports/*.csv
      certs import cgmp-2026 report.csv --session 3=report.csv --date-order dmy
    """
    sizes = [file.stat().st_size if file.is_file() else 0 for file in files]
    uploads = [
        importing.Upload(file.name, file if size > _LONG_BYTES else read_bytes(file))
        for file, size in zip(files, sizes, strict=True)
    ]
    app = open_app()
    # Every byte is gone through twice: to see what the file is, and to take its rows.
    with click.progressbar(
        length=2 * sum(sizes), label="Importing", file=sys.stderr, hidden=max(sizes) <= _LONG_BYTES
    ) as bar:
        act = act_of(app, actor)
        readings = importing.add_files(app.store, slug, uploads, _answers(answers), act, bar.update)
    if wants_json:
        write_json({"event": slug, "files": [_as_json(reading) for reading in readings]})
    else:
        _print(readings)


def _answers(options: _Options) -> Answers:
    order = options["date_order"]
    return Answers(
        zone=options["zone"],
        date_order=DateOrder(order) if order else None,
        accept_complete_rows=options["accept_complete_rows"],
        sessions=_sessions(options["sessions"]),
    )


def _sessions(pairs: Sequence[str]) -> dict[str, SessionId]:
    """Read `ID=NAME` pairs.

    Raises:
        InputError: one has no `=`.
    """
    sessions: dict[str, SessionId] = {}
    for pair in pairs:
        id_, equals, name = pair.partition("=")
        if not equals or not id_ or not name:
            raise InputError(f"--session wants ID=NAME, like 3=report.csv, not {pair!r}.")
        sessions[name] = SessionId(id_)
    return sessions


def _print(readings: Sequence[Reading]) -> None:
    for reading in readings:
        joins, registered = reading.counts["joins"], reading.counts["registrations"]
        what = f"session {reading.session}" if reading.session else "registration" if registered else "sessions"
        counts = f"{joins} joins, {registered} registered people"
        click.echo(f"{reading.name}: {what}, {counts} ({reading.format})")
        for note in reading.notes:
            click.echo(f"  {note}")
        unusable = reading.unusable if reading.counts["unusable"] else []
        for row in unusable[:_LISTED]:
            click.echo(f"  {row.file}:{row.line}: not credited to anybody: {row.reason} {row.name}".rstrip())
        if len(unusable) > _LISTED:
            click.echo(f"  … and {len(unusable) - _LISTED} more; --json lists them all.")
    reasons = Counter(row.reason for reading in readings if reading.counts["unusable"] for row in reading.unusable)
    if reasons:
        listed = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
        click.echo(f"{sum(reasons.values())} rows could not be credited to anybody: {listed}.")


def _as_json(reading: Reading) -> dict[str, object]:
    return {
        "name": reading.name,
        "sha256": reading.sha256,
        "format": reading.format,
        "session": reading.session,
        "joins": reading.counts["joins"],
        "registrations": reading.counts["registrations"],
        "notes": list(reading.notes),
        "unusable_rows": [
            {"file": row.file, "line": row.line, "reason": row.reason, "name": row.name, "seconds": row.seconds}
            for row in (reading.unusable if reading.counts["unusable"] else ())
        ],
    }
