"""`certs import`: exports into the register."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from certs.attendance import UNITS, Answers, DateOrder, Reading
from certs.cli import changes, check, questions
from certs.cli.context import open_app, write_json, zone_of
from certs.cli.event import read_bytes
from certs.cli.hints import VOICE
from certs.cli.how import AS, JSON, REASON, YES, How, echo, shared
from certs.eligibility.words import count
from certs.errors import InputError
from certs.model import Act, Imported, SessionId
from certs.views import imports as views
from certs.work import imports
from certs.work import questions as asking

if TYPE_CHECKING:
    from certs.build import App
    from certs.work.amend import Foresight

_LONG_BYTES = 4 << 20
"""Files beyond this are read where they lie, with a progress bar."""
_NAMED = 5
"""Hosts and panelists named in a line."""
_LOOKED_THROUGH = 100_000
"""Joins beyond this are left to `certs check`, which takes its time."""
_LISTED = 20
"""Unusable rows shown of each file; --json has them all."""
_ASKED_ABOUT = 3
"""Of these, rows without an address: `certs questions` asks whose they are."""


class _Options(TypedDict):
    sessions: tuple[str, ...]
    zone: str
    date_order: str | None
    accept_complete_rows: bool
    unit: str | None
    registered: tuple[str, ...]


@click.command(name="import")
@click.argument("slug")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--replace", "replaced", multiple=True, metavar="OLD", help="Put FILE... in place of the import OLD.")
@click.option("--beside", is_flag=True, help="Let a changed file count beside the import of its name.")
@click.option("--preview", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--session", "sessions", multiple=True, metavar="ID=NAME", help="NAME (a base name) is of session ID.")
@click.option("--zone", default="", help="IANA time zone of the files' times, where they are not the session's.")
@click.option(
    "--date-order",
    type=click.Choice([order.value for order in DateOrder]),
    help="How 03/04/2026 is meant, where a file leaves it open.",
)
@click.option("--accept-complete-rows", is_flag=True, help="Take what is whole of a file that is cut short.")
@click.option("--unit", type=click.Choice(UNITS), help="What lengths of time are in that have no unit.")
@click.option("--registered", multiple=True, metavar="NAME", help="NAME (a base name) lists who registered.")
@shared(REASON, YES, AS, JSON)
def import_(
    slug: str,
    files: tuple[Path, ...],
    replaced: tuple[str, ...],
    beside: bool,
    preview: bool,
    how: How,
    **answers: Unpack[_Options],
) -> None:
    """Import attendance and registration exports into event SLUG, all of them or none.

    A file that is in the register already, byte for byte, changes nothing; of one with the same name and other contents
    you are asked whether it corrects the other. OLD is the name of an imported file, or the beginning of its SHA-256.
    Where certificates were ordered already, and with --replace, what would change is shown first, and you are asked.

    \b
    Example:
      certs import cgmp-2026 exports/*.csv
      certs import cgmp-2026 report.csv --session 3=report.csv --date-order dmy
      certs import cgmp-2026 corrected.csv --replace report.csv --preview
    """
    app = open_app()
    said, undone = _answers(answers), _chosen(app, slug, replaced)
    sifted = imports.sift(app.store, slug, [_upload(file) for file in files], said.sessions, undone)
    job = _Job(app, slug, sifted, undone, preview)
    readings, foresight = job.read(sifted.answers(said), beside=beside)
    if not preview and sifted.new:
        if foresight is not None:
            changes.agree(foresight, "Import all the same?", yes=how.yes, to_stderr=how.wants_json)
        job.store(readings, foresight, replace(how, reason=how.reason or job.why).act(app))
    if how.wants_json:
        write_json(job.as_json(readings, foresight))
    else:
        job.say(readings, foresight)


class _Job:
    """One call of the command: files that go into the register in place of those *undone*, or would."""

    def __init__(
        self,
        app: "App",
        slug: str,
        sifted: imports.Sifted,
        undone: Sequence[Imported],
        preview: bool,
    ) -> None:
        self._app, self._slug, self._undone, self._preview = app, slug, undone, preview
        self._uploads, self._again = sifted.new, sifted.again
        self._progress = _Progress(self._uploads)

    @property
    def why(self) -> str:
        """The reason that a replacement has where nobody gave one."""
        new, old = (", ".join(one.name for one in some) for some in (self._uploads, self._undone))
        return f"{new} in place of {old}" if self._undone else ""

    def read(self, answers: Answers, *, beside: bool) -> "tuple[Sequence[Reading], Foresight | None]":
        """Read the files, and say what would change where that matters."""
        store, is_foreseen = self._app.store, self._preview or bool(self._undone)
        is_foreseen = bool(self._uploads) and (is_foreseen or bool(store.batches.of_event(self._slug)))
        with self._progress.stage("Reading", 3 if is_foreseen else 1):
            readings = imports.read_files(
                store, self._slug, self._uploads, answers, self._undone, self._progress.advance, beside=beside
            )
            if not is_foreseen:
                return readings, None
            from certs.work import amend  # noqa: PLC0415 -- fonts, which most imports do not need

            return readings, amend.foresee(store, self._slug, self._undone, readings)

    def store(self, readings: Sequence[Reading], foresight: "Foresight | None", act: Act) -> None:
        """Store what was read, and do what was foreseen."""
        amendment = None if foresight is None else foresight.amendment
        with self._progress.stage("Importing"):
            imports.store_files(self._app.store, self._slug, self._uploads, readings, act, amendment)

    def as_json(self, readings: Sequence[Reading], foresight: "Foresight | None") -> views.ImportedView:
        """Return what was done, or would be."""
        beside = self._beside(readings)
        staff = imports.counted_staff(self._app.store, self._slug)
        view: views.ImportedView = {
            "event": self._slug,
            "stored": bool(readings) and not self._preview,
            "files": [views.read(reading, beside.get(reading.name, ())) for reading in readings],
            "already_here": [{"name": one.name, "same_as": one.held or one.beside} for one in self._again],
            "counted_staff": [{"email": key, "name": name} for key, name in staff.people] if staff else [],
            "assumed": imports.assumed(readings),
            "questions_open": len(asking.unanswered(self._app.store, self._slug)),
        }
        return view if foresight is None else {**view, **views.foresight(foresight)}

    def say(self, readings: Sequence[Reading], foresight: "Foresight | None") -> None:
        """Print what was done, or would be."""
        for one in self._again:
            what = f"is in the register already, as {one.held}" if one.held else f"is the same file as {one.beside}"
            click.echo(f"{one.name}: {what}; nothing changes.")
        _print(readings)
        for name, others in self._beside(readings).items():
            click.echo(f"{name}: of the same session is {', '.join(others)}; both count. If it corrects that one, say:")
            click.echo(f"  certs unimport {self._slug} {others[0]} --reason corrected")
        echo(*(f"{gone.name}: {'would count' if self._preview else 'counts'} no longer." for gone in self._undone))
        if self._preview and foresight is not None:
            changes.show(foresight)
        if staff := imports.counted_staff(self._app.store, self._slug):
            echo(*_asked(staff))
        echo(*map(VOICE.say, imports.assumed(readings)))
        if not self._preview:
            if left := questions.still_open(self._slug, asking.unanswered(self._app.store, self._slug)):
                click.echo(left)
            if sum(reading.counts["joins"] for reading in readings) <= _LOOKED_THROUGH:
                echo(*check.odd(self._app, self._slug))
            click.echo(f"Next: certs check {self._slug}")

    def _beside(self, readings: Sequence[Reading]) -> dict[str, list[str]]:
        """Return by name of a new file which earlier imports are of its session and count as well."""
        gone = {reading.sha256 for reading in readings} | {one.sha256 for one in self._undone}
        listed = [one for one in self._app.store.imports.listed(self._slug) if one.counts and one.session]
        others = [one for one in listed if one.sha256 not in gone]
        found = {one.name: [other.name for other in others if other.session == one.session] for one in readings}
        return {name: names for name, names in found.items() if names}


def _asked(staff: imports.Staff) -> Iterator[str]:
    """Ask whether hosts and panelists shall count, where the event file does not say it."""
    who = count(len(staff.people), "host or panelist is", "hosts and panelists are")
    names = [name or key for key, name in staff.people[:_NAMED]]
    more = f" and {len(staff.people) - _NAMED:,} more (--json lists them)" if len(staff.people) > _NAMED else ""
    yield f"{who} counted like everybody else: {', '.join(names)}{more}."
    yield f"Say in the event file, under {' and '.join(staff.tables)}, whose presence counts, and add it again:"
    yield '  roles = ["attendee"]                       leaves them out'
    yield '  roles = ["attendee", "panelist", "host"]   counts them, and asks no more'


def _upload(file: Path) -> imports.Upload:
    """Return *file* as it is read: a long one where it lies.

    Raises:
        InputError: it cannot be read.
    """
    is_long = file.is_file() and file.stat().st_size > _LONG_BYTES
    return imports.Upload(file.name, file if is_long else read_bytes(file))


class _Progress:
    """A bar on standard error for each stage of the work, if there are long files."""

    def __init__(self, uploads: Sequence[imports.Upload]) -> None:
        sizes = [one.data.stat().st_size if isinstance(one.data, Path) else len(one.data) for one in uploads]
        self._bytes, self._hidden = sum(sizes), max(sizes, default=0) <= _LONG_BYTES
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
    from certs.work import amend  # noqa: PLC0415 -- fonts, which most imports do not need

    return amend.chosen(app.store, slug, words)


def _answers(options: _Options) -> Answers:
    order = options["date_order"]
    return Answers(
        zone=zone_of(options["zone"]),
        date_order=DateOrder(order) if order else None,
        accept_complete_rows=options["accept_complete_rows"],
        unit=options["unit"] or "",
        registered=frozenset(options["registered"]),
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
        counts = f"{count(joins, 'join')}, {count(registered, 'row', 'rows')} of registered people"
        click.echo(f"{reading.name}: {what}, {counts} ({reading.format})")
        echo(*(f"  {note}" for note in (*reading.notes, *reading.records.notes())))
        unusable = reading.unusable if reading.counts["unusable"] else []
        nameless = [row for row in unusable if row.reason == "no_email"]
        others = [row for row in unusable if row.reason != "no_email"]
        shown = [*nameless[:_ASKED_ABOUT], *others[: _LISTED - _ASKED_ABOUT]]
        for row in shown:
            click.echo(f"  {row.file}:{row.line}: not credited to anybody: {row.reason} {row.name}".rstrip())
        if len(unusable) > len(shown):
            click.echo(f"  … and {len(unusable) - len(shown)} more; --json lists them all.")
    reasons = Counter(row.reason for reading in readings if reading.counts["unusable"] for row in reading.unusable)
    if reasons:
        listed = ", ".join(f"{n:,} {reason}" for reason, n in sorted(reasons.items()))
        click.echo(f"{count(sum(reasons.values()), 'row')} could not be credited to anybody: {listed}.")
