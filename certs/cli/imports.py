"""`certs import` and `unimport`: exports into the register, and out of what counts."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from certs import importing
from certs.attendance import Answers, DateOrder, Reading
from certs.cli import changes
from certs.cli.context import act_of, acting, as_json, confirm, open_app, write_json
from certs.cli.event import read_bytes
from certs.errors import InputError
from certs.model import Imported, SessionId

if TYPE_CHECKING:
    from certs.amend import Foresight
    from certs.build import App

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
@click.option("--replace", "replaced", multiple=True, metavar="OLD", help="Put FILE... in place of the import OLD.")
@click.option("--preview", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--session", "sessions", multiple=True, metavar="ID=NAME", help="NAME (a base name) is of session ID.")
@click.option("--zone", default="", help="IANA time zone of the files' times, where they are not the session's.")
@click.option(
    "--date-order",
    type=click.Choice([order.value for order in DateOrder]),
    help="How 03/04/2026 is meant, where a file leaves it open.",
)
@click.option("--accept-complete-rows", is_flag=True, help="Take what is whole of a file that is cut short.")
@click.option("--reason", default="", help="Why, for the audit trail.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@acting
@as_json
def import_(
    slug: str,
    files: tuple[Path, ...],
    replaced: tuple[str, ...],
    preview: bool,
    reason: str,
    yes: bool,
    actor: str | None,
    wants_json: bool,
    **answers: Unpack[_Options],
) -> None:
    """Import attendance and registration exports into event SLUG, all of them or none.

    OLD is the name of an imported file, or the beginning of its SHA-256. Where certificates were ordered already, and
    with --replace, what would change is shown first, and you are asked.

    \b
    Example:
      certs import cgmp-2026 exports/*.csv
      certs import cgmp-2026 report.csv --session 3=report.csv --date-order dmy
      certs import cgmp-2026 corrected.csv --replace report.csv --preview
    """
    uploads = [_upload(file) for file in files]
    app = open_app()
    progress = _Progress(uploads)
    undone = _chosen(app, slug, replaced)
    is_foreseen = bool(undone or preview or app.store.batches.of_event(slug))
    with progress.stage("Reading", 3 if is_foreseen else 1):
        readings = importing.read_files(app.store, slug, uploads, _answers(answers), undone, progress.advance)
        foresight = _foresee(app, slug, undone, readings) if is_foreseen else None
    amendment = None if foresight is None else foresight.amendment
    if not preview:
        if foresight is not None:
            changes.agree(foresight, "Import all the same?", yes=yes, to_stderr=wants_json)
        act = act_of(app, actor, reason or _why(readings, undone))
        with progress.stage("Importing"):
            importing.store_files(app.store, slug, uploads, readings, act, amendment)
    if wants_json:
        stored = {"event": slug, "stored": not preview, "files": [_as_json(reading) for reading in readings]}
        write_json(stored if foresight is None else {**stored, **changes.as_json(foresight)})
        return
    _print(readings)
    for one in undone:
        click.echo(f"{one.name}: {'would count' if preview else 'counts'} no longer.")
    if preview and foresight is not None:
        changes.show(foresight)


@click.command()
@click.argument("slug")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--reason", required=True, metavar="TEXT", help="Why, for the audit trail.")
@click.option("--preview", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@acting
@as_json
def unimport(
    slug: str, files: tuple[str, ...], reason: str, preview: bool, yes: bool, actor: str | None, wants_json: bool
) -> None:
    """Let imports of event SLUG count no longer: all of FILE... or none, unless certificates were issued from them.

    FILE is the name of an imported file, or the beginning of its SHA-256. It stays in the register as it was received,
    and may be imported again.

    \b
    Example:
      certs unimport cgmp-2026 report.csv --reason "of another webinar" --preview
    """
    from certs import amend  # noqa: PLC0415 -- fonts, which help does not need

    app = open_app()
    undone = amend.chosen(app.store, slug, files)
    act = act_of(app, actor, reason)
    amend.demand_undoable(app.store, slug, undone, act)
    foresight = amend.foresee(app.store, slug, undone)
    names = ", ".join(one.name for one in undone)
    if not preview:
        changes.show(foresight, to_stderr=wants_json)
        confirm(f"Let {len(undone)} imports count no longer ({names})?", yes=yes)
        amend.undo(app.store, slug, foresight.amendment, act)
    if wants_json:
        write_json(
            {"event": slug, "undone": [] if preview else [one.sha256 for one in undone], **changes.as_json(foresight)}
        )
    elif preview:
        changes.show(foresight)
    else:
        click.echo(f"{len(undone)} imports count no longer: {names}. They stay in the register as received.")


def _upload(file: Path) -> importing.Upload:
    """Return *file* as it is read: a long one where it lies.

    Raises:
        InputError: it cannot be read.
    """
    is_long = file.is_file() and file.stat().st_size > _LONG_BYTES
    return importing.Upload(file.name, file if is_long else read_bytes(file))


class _Progress:
    """A bar on standard error for each stage of the work, if there are long files."""

    def __init__(self, uploads: Sequence[importing.Upload]) -> None:
        sizes = [one.data.stat().st_size if isinstance(one.data, Path) else len(one.data) for one in uploads]
        self._bytes, self._hidden = sum(sizes), max(sizes) <= _LONG_BYTES
        self._update: Callable[[int], None] | None = None

    @contextmanager
    def stage(self, label: str, passes: int = 1) -> Iterator[None]:
        """Show a bar while the files are gone through so many times."""
        with click.progressbar(length=passes * self._bytes, label=label, file=sys.stderr, hidden=self._hidden) as bar:
            self._update = bar.update
            yield
        self._update = None

    def advance(self, count: int) -> None:
        """Note that so many more bytes were gone through."""
        if self._update is not None:
            self._update(count)


def _chosen(app: "App", slug: str, words: Sequence[str]) -> list[Imported]:
    """Return the imports that are replaced.

    Raises:
        InputError: one of them is not there.
    """
    if not words:
        return []
    from certs import amend  # noqa: PLC0415 -- fonts, which most imports do not need

    return amend.chosen(app.store, slug, words)


def _foresee(app: "App", slug: str, undone: Sequence[Imported], readings: Sequence[Reading]) -> "Foresight":
    from certs import amend  # noqa: PLC0415

    return amend.foresee(app.store, slug, undone, readings)


def _why(readings: Sequence[Reading], undone: Sequence[Imported]) -> str:
    """Return the reason that a replacement has where nobody gave one."""
    return f"replaced by {', '.join(reading.name for reading in readings)}" if undone else ""


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
