"""`certs import`: exports into the register."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from certs import importing
from certs.attendance import Reading
from certs.cli.context import act_of, acting, as_json, open_app, write_json
from certs.cli.event import read_bytes
from certs.errors import InputError
from certs.model import SessionId


@click.command(name="import")
@click.argument("slug")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--session", "sessions", multiple=True, metavar="ID=NAME", help="NAME (a base name) is of session ID.")
@acting
@as_json
def import_(slug: str, files: tuple[Path, ...], sessions: tuple[str, ...], actor: str | None, wants_json: bool) -> None:
    """Import attendance and registration exports into event SLUG, all of them or none.

    \b
    Example:
      certs import cgmp-2026 exports/*.csv
      certs import cgmp-2026 report.csv --session 3=report.csv
    """
    uploads = [importing.Upload(file.name, read_bytes(file)) for file in files]
    app = open_app()
    readings = importing.add_files(app.store, slug, uploads, _sessions(sessions), act_of(app, actor))
    if wants_json:
        write_json({"event": slug, "files": [_as_json(reading) for reading in readings]})
    else:
        _print(readings)


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
        what = (
            f"session {reading.session}" if reading.session else "registration" if reading.registrations else "sessions"
        )
        counts = f"{len(reading.joins)} joins, {len(reading.registrations)} registered people"
        click.echo(f"{reading.name}: {what}, {counts} ({reading.format})")
        for note in reading.notes:
            click.echo(f"  {note}")
        for row in reading.unusable:
            click.echo(f"  {row.file}:{row.line}: not credited to anybody: {row.reason} {row.name}".rstrip())
    reasons = Counter(row.reason for reading in readings for row in reading.unusable)
    if reasons:
        listed = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
        click.echo(f"{sum(reasons.values())} rows could not be credited to anybody: {listed}.")


def _as_json(reading: Reading) -> dict[str, object]:
    return {
        "name": reading.name,
        "sha256": reading.sha256,
        "format": reading.format,
        "session": reading.session,
        "joins": len(reading.joins),
        "registrations": len(reading.registrations),
        "notes": list(reading.notes),
        "unusable_rows": [
            {"file": row.file, "line": row.line, "reason": row.reason, "name": row.name, "seconds": row.seconds}
            for row in reading.unusable
        ],
    }
