"""Imports: files in the register, files just read, and what counting them or not would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NotRequired, TypedDict

from certs.attendance import Reading
from certs.ground.number import printed
from certs.model import Decision, Imported, PersonKey, UnusableRow
from certs.views.times import iso

if TYPE_CHECKING:
    from certs.work.amend import Foresight
    from certs.work.imports import Again


class UnusableView(TypedDict):
    """A row that could be credited to nobody."""

    file: str
    line: int
    reason: str
    section: str
    name: str
    seconds: int | None


class ImportView(TypedDict):
    """A file in the register."""

    name: str
    sha256: str
    reading: int
    session: str | None
    received_at: str
    undone_at: str | None
    undone_by: str
    undone_reason: str


class ReadView(TypedDict):
    """A file as it was read just now."""

    name: str
    sha256: str
    format: str
    session: str | None
    joins: int
    registrations: int
    notes: list[str]
    unusable_rows: list[UnusableView]
    same_session: list[str]


class ChangedView(TypedDict):
    """Somebody whom an import makes eligible, or no longer."""

    email: str
    name: str
    kind: str
    reason: str


class OutdatedView(TypedDict):
    """A certificate that would say something else by now."""

    number: str
    email: str
    name: str
    kind: str
    eligible: bool
    change: str


class ForesightView(TypedDict):
    """What an import or its undoing would change."""

    newly_eligible: list[ChangedView]
    no_longer_eligible: list[ChangedView]
    certified: list[OutdatedView]
    given_up: list[str]


class SameFileView(TypedDict):
    """A file that is in the register already, or given twice."""

    name: str
    same_as: str


class CalledView(TypedDict):
    """A person and her name."""

    email: str
    name: str


class ImportedView(TypedDict):
    """What an import did, or would do."""

    event: str
    stored: bool
    files: list[ReadView]
    already_here: list[SameFileView]
    counted_staff: list[CalledView]
    assumed: list[str]
    questions_open: int
    newly_eligible: NotRequired[list[ChangedView]]
    no_longer_eligible: NotRequired[list[ChangedView]]
    certified: NotRequired[list[OutdatedView]]
    given_up: NotRequired[list[str]]


class UndoneView(ForesightView):
    """What taking imports out of what counts did, or would do."""

    event: str
    undone: list[str]


def unusable(row: UnusableRow) -> UnusableView:
    """Return a row that could be credited to nobody."""
    return {
        "file": row.file,
        "line": row.line,
        "reason": row.reason,
        "section": row.section,
        "name": row.name,
        "seconds": row.seconds,
    }


def imported(one: Imported) -> ImportView:
    """Return a file in the register."""
    return {
        "name": one.name,
        "sha256": one.sha256,
        "reading": one.number,
        "session": one.session,
        "received_at": iso(one.received_at),
        "undone_at": iso(one.undone_at),
        "undone_by": one.undone_by,
        "undone_reason": one.undone_reason,
    }


def read(reading: Reading, same_session: Sequence[str] = ()) -> ReadView:
    """Return a file as it was read, beside which those of *same_session* count."""
    return {
        "name": reading.name,
        "sha256": reading.sha256,
        "format": reading.format,
        "session": reading.session,
        "joins": reading.counts["joins"],
        "registrations": reading.counts["registrations"],
        "notes": [*reading.notes, *reading.records.notes()],
        "unusable_rows": [unusable(row) for row in (reading.unusable if reading.counts["unusable"] else ())],
        "same_session": list(same_session),
    }


def foresight(of: "Foresight") -> ForesightView:
    """Return what would change, with everybody."""
    return {
        "newly_eligible": [_changed(one) for one in of.changes.newly_eligible],
        "no_longer_eligible": [_changed(one) for one in of.changes.no_longer_eligible],
        "certified": [
            {
                "number": printed(one.placed.number),
                "email": one.placed.person,
                "name": one.placed.name,
                "kind": one.placed.kind,
                "eligible": one.eligible,
                "change": one.change,
            }
            for one in of.outdated
        ],
        "given_up": [printed(one) for one in of.amendment.given_up],
    }


@dataclass(frozen=True, slots=True)
class About:
    """What is told of an import beside its files."""

    slug: str
    beside: Mapping[str, Sequence[str]]
    """By the name of a file, which others of its session count as well."""
    staff: Sequence[tuple[PersonKey, str]]
    """Hosts and panelists who count because nobody said whose presence does."""
    assumed: Sequence[str]
    questions_open: int
    preview: bool = False


def done(
    about: About, readings: Sequence[Reading], again: "Sequence[Again]", changes: "Foresight | None"
) -> ImportedView:
    """Return what an import did, or would do."""
    view: ImportedView = {
        "event": about.slug,
        "stored": bool(readings) and not about.preview,
        "files": [read(reading, about.beside.get(reading.name, ())) for reading in readings],
        "already_here": [{"name": one.name, "same_as": one.held or one.beside} for one in again],
        "counted_staff": [{"email": key, "name": name} for key, name in about.staff],
        "assumed": list(about.assumed),
        "questions_open": about.questions_open,
    }
    return view if changes is None else {**view, **foresight(changes)}


def undone(slug: str, files: Sequence[Imported], of: "Foresight") -> UndoneView:
    """Return which *files* of an event count no longer, and what that changes."""
    return {"event": slug, "undone": [one.sha256 for one in files], **foresight(of)}


def _changed(one: Decision) -> ChangedView:
    return {"email": one.person, "name": one.name, "kind": one.kind, "reason": one.reason}
