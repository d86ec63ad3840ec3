"""`certs import` and `unimport`: exports into the register, and out of what counts."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from certs.attendance import UNITS, Answers, DateOrder, Reading
from certs.cli import use
from certs.cli.check import odd
from certs.cli.declare import SLUG, Paths, Words, argument, option, read_bytes, together
from certs.cli.declare import zone as zone_
from certs.cli.hints import VOICE
from certs.cli.how import AS, BECAUSE, JSON, REASON, YES, How, command
from certs.cli.questions import still_open
from certs.cli.tables import aligned
from certs.eligibility.words import count
from certs.errors import InputError
from certs.ground.number import printed
from certs.model import AskedQuestion, SessionId
from certs.views import imports as views

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
_CHANGES = 50
"""People shown of each kind of change; --json has them all."""


@together
def reading(
    sessions: Words = option("--session", "NAME (a base name) is of session ID.", metavar="ID=NAME"),
    zone: str = option("--zone", "IANA time zone of the files' times, where they are not the session's.", type=zone_),
    date_order: DateOrder | None = option("--date-order", "How 03/04/2026 is meant, where a file leaves it open."),
    accept_complete_rows: bool = option("--accept-complete-rows", "Take what is whole of a file that is cut short."),
    unit: str | None = option("--unit", "What lengths of time are in that have no unit.", type=click.Choice(UNITS)),
    registered: Words = option("--registered", "NAME (a base name) lists who registered.", metavar="NAME"),
) -> Answers:
    """Return what is said about files beforehand.

    Raises:
        InputError: a session is not said as ID=NAME.
    """
    for pair in sessions:
        id_, equals, name = pair.partition("=")
        if not (id_ and equals and name):
            raise InputError(f"--session wants ID=NAME, like 3=report.csv, not {pair!r}.")
    return Answers(
        zone=zone,
        date_order=date_order,
        accept_complete_rows=accept_complete_rows,
        unit=unit or "",
        registered=frozenset(registered),
        sessions={name: SessionId(id_) for id_, _, name in (pair.partition("=") for pair in sessions)},
    )


@command(REASON, YES, AS, JSON, name="import")
def import_(
    how: How,
    slug: str = SLUG,
    files: Paths = argument("FILE...", required=True),
    replaced: Words = option("--replace", "Put FILE... in place of the import OLD.", metavar="OLD"),
    beside: bool = option("--beside", "Let a changed file count beside the import of its name."),
    preview: bool = option("--preview", "Show what would change, and change nothing."),
    answers: Answers = reading,
) -> None:
    """Import attendance and registration exports into event SLUG, all of them or none.

    A file that is in the register already, byte for byte, changes nothing; of one with the same name and other contents
    you are asked whether it corrects the other. OLD is the name of an imported file, or the beginning of its SHA-256.
    Where certificates were ordered already, and with --replace, what would change is shown first, and you are asked.

    Example:
      certs import cgmp-2026 exports/*.csv
      certs import cgmp-2026 report.csv --session 3=report.csv --date-order dmy
      certs import cgmp-2026 corrected.csv --replace report.csv --preview
    """
    store = how.store
    undone = use.amend.chosen(store, slug, replaced) if replaced else []
    sifted = use.imports.sift(store, slug, [_upload(file) for file in files], answers.sessions, undone)
    new, progress = sifted.new, _Progress(sifted.new)
    is_foreseen = bool(new) and (preview or bool(undone) or bool(store.batches.of_event(slug)))
    with progress.stage("Reading", 3 if is_foreseen else 1):
        readings = use.imports.read_files(
            store, slug, new, sifted.answers(answers), undone, progress.advance, beside=beside
        )
        foresight = use.amend.foresee(store, slug, undone, readings) if is_foreseen else None
    if new and not preview:
        if foresight is not None and foresight.changes:
            _agree(how, foresight, "Import all the same?")
        names, old = (", ".join(one.name for one in some) for some in (new, undone))
        act = how.act(f"{names} in place of {old}" if undone else "")
        with progress.stage("Importing"):
            use.imports.store_files(store, slug, new, readings, act, foresight.amendment if foresight else None)
    others = use.imports.beside(store, slug, readings, undone)
    staff, assumed = use.imports.counted_staff(store, slug), use.imports.assumed(readings)
    left = use.questions.unanswered(store, slug)
    about = views.About(slug, others, staff.people if staff else (), assumed, len(left), preview=preview)
    how.tell(
        views.done(about, readings, sifted.again, foresight),
        _again(sifted),
        _read(readings),
        _beside(slug, others),
        (f"{gone.name}: {'would count' if preview else 'counts'} no longer." for gone in undone),
        _foreseen(foresight) if preview and foresight is not None else (),
        _asked(staff) if staff else (),
        assumed,
        () if preview else _next(how, slug, left, sum(reading.counts["joins"] for reading in readings)),
    )


def _agree(how: How, foresight: "use.amend.Foresight", question: str) -> None:
    """Show what would change, and ask."""
    (how.note if how.wants_json else how.show)(_foreseen(foresight))
    how.confirm(question)


def _next(how: How, slug: str, left: Sequence[AskedQuestion], joins: int) -> Iterator[str]:
    yield from still_open(slug, left)
    if joins <= _LOOKED_THROUGH:
        yield from odd(how, slug)
    yield f"Next: certs check {slug}"


def _again(sifted: "use.imports.Sifted") -> Iterator[str]:
    for one in sifted.again:
        what = f"is in the register already, as {one.held}" if one.held else f"is the same file as {one.beside}"
        yield f"{one.name}: {what}; nothing changes."


def _read(readings: Sequence[Reading]) -> Iterator[str]:
    """Yield what each file is, and which of its rows count for nobody."""
    reasons: Counter[str] = Counter()
    for reading in readings:
        joins, registered = reading.counts["joins"], reading.counts["registrations"]
        what = f"session {reading.session}" if reading.session else "registration" if registered else "sessions"
        counts = f"{count(joins, 'join')}, {count(registered, 'row', 'rows')} of registered people"
        yield f"{reading.name}: {what}, {counts} ({reading.format})"
        yield from (f"  {VOICE.say(note)}" for note in (*reading.notes, *reading.records.notes()))
        unusable = reading.unusable if reading.counts["unusable"] else []
        reasons.update(row.reason for row in unusable)
        nameless = [row for row in unusable if row.reason == "no_email"]
        others = [row for row in unusable if row.reason != "no_email"]
        shown = [*nameless[:_ASKED_ABOUT], *others[: _LISTED - _ASKED_ABOUT]]
        for row in shown:
            yield f"  {row.file}:{row.line}: not credited to anybody: {row.reason} {row.name}".rstrip()
        if len(unusable) > len(shown):
            yield f"  … and {len(unusable) - len(shown)} more; --json lists them all."
    if reasons:
        listed = ", ".join(f"{n:,} {reason}" for reason, n in sorted(reasons.items()))
        yield f"{count(reasons.total(), 'row')} could not be credited to anybody: {listed}."


def _beside(slug: str, others: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for name, beside in others.items():
        yield f"{name}: of the same session is {', '.join(beside)}; both count. If it corrects that one, say:"
        yield f"  certs unimport {slug} {beside[0]} --reason corrected"


def _asked(staff: "use.imports.Staff") -> Iterator[str]:
    """Ask whether hosts and panelists shall count, where the event file does not say it."""
    who = count(len(staff.people), "host or panelist is", "hosts and panelists are")
    names = [name or key for key, name in staff.people[:_NAMED]]
    more = f" and {len(staff.people) - _NAMED:,} more (--json lists them)" if len(staff.people) > _NAMED else ""
    yield f"{who} counted like everybody else: {', '.join(names)}{more}."
    yield f"Say in the event file, under {' and '.join(staff.tables)}, whose presence counts, and add it again:"
    yield '  roles = ["attendee"]                       leaves them out'
    yield '  roles = ["attendee", "panelist", "host"]   counts them, and asks no more'


def _upload(file: Path) -> "use.imports.Upload":
    """Return *file* as it is read: a long one where it lies.

    Raises:
        InputError: it cannot be read.
    """
    is_long = file.is_file() and file.stat().st_size > _LONG_BYTES
    return use.imports.Upload(file.name, file if is_long else read_bytes(file))


class _Progress:
    """A bar on standard error for each stage of the work, if there are long files."""

    def __init__(self, uploads: "Sequence[use.imports.Upload]") -> None:
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


@command(BECAUSE, YES, AS, JSON)
def unimport(
    how: How,
    slug: str = SLUG,
    files: Words = argument("FILE...", required=True),
    preview: bool = option("--preview", "Show what would change, and change nothing."),
) -> None:
    """Let imports of event SLUG count no longer: all of FILE... or none, unless certificates were issued from them.

    FILE is the name of an imported file, or the beginning of its SHA-256. It stays in the register as it was received,
    and may be imported again.

    Example:
      certs unimport cgmp-2026 report.csv --reason "of another webinar" --preview
    """
    undone, act = use.amend.chosen(how.store, slug, files), how.act()
    use.amend.demand_undoable(how.store, slug, undone, act)
    foresight = use.amend.foresee(how.store, slug, undone)
    names = ", ".join(one.name for one in undone)
    done = f"{count(len(undone), 'import counts', 'imports count')} no longer: {names}."
    if preview:
        how.tell(views.undone(slug, [], foresight), _foreseen(foresight))
        return
    _agree(how, foresight, f"Let {count(len(undone), 'import')} count no longer ({names})?")
    use.amend.undo(how.store, slug, foresight.amendment, act)
    how.tell(views.undone(slug, undone, foresight), f"{done} What was received stays in the register.")


def _foreseen(foresight: "use.amend.Foresight") -> Iterator[str]:
    """Yield who becomes eligible, who no longer is, and which certificates need a person."""
    changes = foresight.changes
    outdated = [(one.placed, one.change) for one in foresight.outdated]
    if not changes:
        yield "No decision changes."
        return
    gained, lost = (
        [(one.name, one.person, one.kind, one.reason) for one in some]
        for some in (changes.newly_eligible, changes.no_longer_eligible)
    )
    certified = [(printed(one.number), one.name, one.person, change) for one, change in outdated]
    yield from _changed("Newly eligible", gained)
    yield from _changed("No longer eligible", lost)
    yield from _changed("Certified; nothing happens to these by itself", certified)
    if foresight.certified:
        yield "  To have them say what is counted then: certs correct NUMBER... --as-counted --reason TEXT"
        yield "  To withdraw those not earned any more: certs revoke NUMBER..."
    if given_up := len(foresight.amendment.given_up):
        said = count(given_up, "certificate is", "certificates are")
        yield f"Ordered, not issued, and out of date: {said} given up. Order again: certs order."


def _changed(title: str, rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if rows:
        yield f"{title}: {len(rows)}"
        yield from (f"  {line}" for line in aligned(rows[:_CHANGES]))
        if len(rows) > _CHANGES:
            yield f"  … and {len(rows) - _CHANGES} more; --json lists them all."
