"""What of an event's exports is here: session by session, with what each file holds, and what is missing.

    found = exports(store, imports.event_of(store, "cgmp-2026"))
    for line in found.lines: ...

Files of registrations, and files that cover several sessions, are of no single session.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from certs.errors import NotFoundError
from certs.model import Event, Figures, Imported, Join, Session, TrayFile
from certs.ports import Store
from certs.wording import say


@dataclass(frozen=True, slots=True)
class Export:
    """A file that counts, and what it holds."""

    imported: Imported
    figures: Figures


@dataclass(frozen=True, slots=True)
class Line:
    """A session and its exports, all of which count."""

    session: Session
    exports: Sequence[Export]


@dataclass(frozen=True, slots=True)
class Exports:
    """Everything that counts for an event."""

    lines: Sequence[Line]
    """Every session, in the order of their start."""
    registrations: Sequence[Export]
    others: Sequence[Export]
    """Files that cover several sessions."""
    waiting: Sequence[TrayFile]
    """Files that arrived and do not count yet."""

    @property
    def all(self) -> Sequence[Export]:
        """Every file that counts."""
        of_sessions = [one for line in self.lines for one in line.exports]
        return [*of_sessions, *self.registrations, *self.others]

    @property
    def missing(self) -> Sequence[Session]:
        """The sessions without an export of their own."""
        return [one.session for one in self.lines if not one.exports]

    @property
    def nobodys(self) -> int:
        """How many rows count for nobody."""
        return sum(one.figures.nobodys for one in self.all)

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return sum(f.joins + f.registrations + f.nobodys for f in (one.figures for one in self.all))


def exports(store: Store, event: Event) -> Exports:
    """Return what counts for *event*.

    Raises:
        StorageError: the database fails.
    """
    figures = store.imports.figures(event.slug)
    found = [Export(one, figures.get(one.file, Figures())) for one in store.imports.listed(event.slug) if one.counts]
    lines = [Line(one, [file for file in found if file.imported.session == one.id]) for one in event.sessions]
    alone = [one for one in found if one.imported.session is None]
    registrations = [one for one in alone if one.figures.registrations and not one.figures.joins]
    others = [one for one in alone if one not in registrations]
    return Exports(lines, registrations, others, store.tray.listed(event.slug))


@dataclass(frozen=True, slots=True)
class Lost:
    """A row that counts for nobody, and why: a stable word."""

    line: int
    name: str
    reason: str
    seconds: int | None


def export(store: Store, slug: str, sha256: str) -> Export:
    """Return the file that counts under this digest.

    Raises:
        NotFoundError: none does.
        StorageError: the database fails.
    """
    found = next((one for one in store.imports.listed(slug) if one.counts and one.sha256 == sha256), None)
    if found is None:
        raise NotFoundError(say("This file does not count for the event: it was taken out, or never came."))
    return Export(found, store.imports.figures(slug).get(found.file, Figures()))


def lost(store: Store, slug: str, one: Imported) -> Sequence[Lost]:
    """Return the rows of a file that count for nobody as long as nobody says whose they are.

    Raises:
        StorageError: the database fails.
    """
    joins = [row for _, row in store.imports.records_of(slug, [one]) if isinstance(row, Join) and not row.person]
    spoilt = [row for row in store.imports.unusable(slug) if row.file == one.name]
    nameless = [Lost(row.line, row.name, "no_email", _seconds(row)) for row in joins]
    unusable = [Lost(row.line, row.name, row.reason, row.seconds) for row in spoilt]
    found = {(row.line, row.name): row for row in (*nameless, *unusable)}
    return sorted(found.values(), key=lambda row: row.line)


def _seconds(row: Join) -> int:
    return row.stated_seconds if row.interval is None else int((row.interval.end - row.interval.start).total_seconds())
