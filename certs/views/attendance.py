"""What exports say without a register: files, people with seconds and decision, and what must be asked.

A report may name a million people, so people and rows are generated one by one.
"""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

from certs import eventfile
from certs.attendance import Question, QuestionKind
from certs.model import Basis, Decision, SessionId, Tally, UnusableRow
from certs.views.decisions import Streamed, attended_any, attended_half, percent, roles
from certs.work.account import FilesAccount


class FileView(TypedDict):
    """A file and what it was taken for."""

    name: str
    format: str
    session: str | None
    sha256: str
    notes: list[str]


class RefusedView(TypedDict):
    """A file that cannot be read, and where."""

    file: str
    line: int
    reason: str


class FileQuestionView(TypedDict):
    """What a file leaves open."""

    id: str
    kind: str
    file: str
    text: str
    candidates: list[str]
    assumed: str | None


class PresenceView(TypedDict):
    """Seconds in a session; where only minutes are stated, *basis* says so and none are known of the window."""

    seconds: int
    seconds_in_window: int | None
    basis: NotRequired[str]
    rows: NotRequired[int]
    merged: NotRequired[int]
    alternatives: NotRequired[list[int]]


class KindDecisionView(TypedDict):
    """The decision on one of several kinds."""

    eligible: bool
    reason: str


class PersonView(TypedDict):
    """Somebody who attended, with seconds and decision."""

    email: str
    name: str
    name_certain: NotRequired[bool]
    roles: NotRequired[list[str]]
    sessions: dict[str, PresenceView]
    sessions_attended_any: int
    sessions_attended_50pct: int
    pct: float
    eligible: NotRequired[bool]
    near_miss: NotRequired[bool]
    reason: NotRequired[str]
    kinds: NotRequired[dict[str, KindDecisionView]]


class ByNameView(TypedDict):
    """Seconds of a name, where a format has no addresses."""

    seconds: int
    seconds_in_window: NotRequired[int]


class RowLeftView(TypedDict):
    """A row that could be credited to nobody, with what is known of it."""

    file: str
    line: int
    reason: str
    section: NotRequired[str]
    name: NotRequired[str]
    seconds: NotRequired[int]


class PlaceView(TypedDict):
    """Where a question arises."""

    file: str
    line: int
    name: str
    seconds: int | None


class ReviewView(TypedDict):
    """A question about people, with its evidence."""

    id: str
    kind: str
    text: str
    session: NotRequired[str]
    emails: NotRequired[list[str]]
    email: NotRequired[str]
    name: NotRequired[str]
    names: NotRequired[list[str]]
    candidates: NotRequired[list[str]]
    evidence: list[PlaceView]
    file: str
    line: int


class AttendanceView(TypedDict):
    """Everything that files tell together, with the keys of the samples."""

    event: str
    files: list[FileView]
    refused: list[RefusedView]
    needs_answer: list[str]
    questions: list[FileQuestionView]
    people: list[PersonView]
    by_name: dict[str, ByNameView]
    stated_presence: dict[str, list[str]]
    registered_never_attended: list[str]
    unusable_rows: list[RowLeftView]
    review: list[ReviewView]
    unclaimed: list[ReviewView]


def attendance(found: FilesAccount) -> AttendanceView:
    """Return everything the files tell."""
    primary = found.of_kind(found.event.kinds[0].name)
    nobodys = QuestionKind.NO_EMAIL
    return {
        "event": found.event.slug,
        "files": [
            {"name": r.name, "format": r.format, "session": r.session, "sha256": r.sha256, "notes": list(r.notes)}
            for r in found.readings
        ],
        "refused": [{"file": p.file, "line": p.line, "reason": p.message} for p in found.refused],
        "needs_answer": list(dict.fromkeys(str(question.kind) for question in found.questions)),
        "questions": [_question(question) for question in found.questions],
        "people": Streamed(lambda: (_person(found, decision) for decision in primary)),
        "by_name": {name: _by_name(sessions) for name, sessions in found.names_only.items()},
        "stated_presence": {str(key): letters for key, letters in found.stated_presence.items()},
        "registered_never_attended": list(found.never),
        "unusable_rows": Streamed(lambda: map(_row, found.unusable)),
        "review": [_review(question) for question in found.review if question.kind is not nobodys],
        "unclaimed": [_review(question) for question in found.review if question.kind is nobodys],
    }


def _person(found: FilesAccount, one: Decision) -> PersonView:
    """Return one person with seconds and decision."""
    view: PersonView = {
        "email": one.person,
        "name": one.name,
        "sessions": {id_: _presence(found, one, id_, tally) for id_, tally in one.tallies.items()},
        "sessions_attended_any": attended_any(one),
        "sessions_attended_50pct": attended_half(found.event, one),
        "pct": percent(found.event, one),
    }
    if not one.name_certain or one.person in found.doubted:
        view["name_certain"] = False
    if found.speakers.get(one.person):
        view["roles"] = roles(one.roles)
    kinds = [d for d in found.of_person(one.person) if d.kind != eventfile.NO_RULE]
    if kinds:
        view["eligible"], view["near_miss"], view["reason"] = kinds[0].eligible, kinds[0].near_miss, kinds[0].reason
    if len(kinds) > 1:
        view["kinds"] = {d.kind: {"eligible": d.eligible, "reason": d.reason} for d in kinds}
    return view


def _presence(found: FilesAccount, one: Decision, session: SessionId, tally: Tally) -> PresenceView:
    """Return the presence in one session; where only minutes are stated, those."""
    if tally.basis is not Basis.TIMES:
        return {"seconds": tally.seconds, "seconds_in_window": None, "basis": tally.basis.value}
    view: PresenceView = {
        "seconds": tally.seconds,
        "seconds_in_window": tally.seconds_in_window,
        "rows": tally.rows,
        "merged": tally.merged,
    }
    if alternatives := found.alternatives(one.person, session, tally.seconds):
        view["alternatives"] = alternatives
    return view


def _by_name(sessions: Mapping[SessionId, Tally]) -> ByNameView:
    """Return the seconds of a name, in all sessions together."""
    view: ByNameView = {"seconds": sum(tally.seconds for tally in sessions.values())}
    if all(tally.basis is Basis.TIMES for tally in sessions.values()):
        view["seconds_in_window"] = sum(tally.seconds_in_window for tally in sessions.values())
    return view


def _row(row: UnusableRow) -> RowLeftView:
    view: RowLeftView = {"file": row.file, "line": row.line, "reason": row.reason}
    if row.section:
        view["section"] = row.section
    if row.name:
        view["name"] = row.name
    if row.seconds is not None:
        view["seconds"] = row.seconds
    return view


def _question(question: Question) -> FileQuestionView:
    """Return a question about a file."""
    return {
        "id": question.id,
        "kind": question.kind.value,
        "file": question.subject,
        "text": question.text,
        "candidates": list(question.candidates),
        "assumed": question.assumed or None,
    }


def _review(question: Question) -> ReviewView:
    """Return a question about people with its evidence."""
    first = question.evidence[0]
    view: ReviewView = {
        "id": question.id,
        "kind": question.kind.value,
        "text": question.text,
        "evidence": [{"file": e.file, "line": e.line, "name": e.name, "seconds": e.seconds} for e in question.evidence],
        "file": first.file,
        "line": first.line,
    }
    if question.session is not None:
        view["session"] = question.session
    match question.kind:
        case QuestionKind.SAME_PERSON:
            view["emails"], view["name"] = list(question.candidates), first.name
        case QuestionKind.NO_EMAIL:
            view["name"], view["candidates"] = question.subject, list(question.candidates)
        case QuestionKind.SHARED_EMAIL:
            view["email"], view["names"] = question.subject, list(question.candidates)
        case _:
            view["email"], view["name"] = question.subject, first.name
    return view
