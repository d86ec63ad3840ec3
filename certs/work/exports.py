"""What of an event's exports is here: session by session, with what each file holds, and what is missing.

    found = exports(store, imports.event_of(store, "cgmp-2026"))
    for line in found.lines: ...

Files of registrations, and files that cover several sessions, are of no single session.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from certs.model import Event, Figures, Imported, Session
from certs.ports import Store


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
    return Exports(lines, registrations, [one for one in alone if one not in registrations])
