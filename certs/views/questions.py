"""Questions about people: whom they are about, where they arise, what each answer leads to."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NotRequired, TypedDict

from certs.model import AskedQuestion
from certs.model import Candidate as Whom
from certs.work.answers import answers_to

if TYPE_CHECKING:
    from certs.work.settle import Outcome, Settled

    Follows = Mapping[tuple[str, str], Outcome]


class CandidateView(TypedDict):
    """Somebody whom a question may be about, and what would follow."""

    email: str
    name: str
    reasons: list[str]
    sessions: NotRequired[int]
    of: NotRequired[int]
    earns: NotRequired[list[str]]


class QuestionView(TypedDict):
    """A question about people."""

    id: str
    kind: str
    subject: str
    session: str | None
    rows: str
    question: str
    candidates: list[str]
    whom: list[CandidateView]
    suggestion: str
    answers: dict[str, str]
    assumed: str
    evidence: list[str]
    people: list[str]
    answer: str
    answered_by: str
    open: bool


class QuestionsView(TypedDict):
    """The questions about an event's people."""

    event: str
    questions: list[QuestionView]


class AnswerView(TypedDict):
    """An answer, and the one before it."""

    question: str
    answer: str
    before: str


class AnsweredView(TypedDict):
    """Answers that were taken together, and how many questions are open."""

    event: str
    answered: list[AnswerView]
    unanswered: int


def questions(slug: str, found: Iterable[AskedQuestion], follows: "Follows") -> QuestionsView:
    """Return questions about the people of an event."""
    return {"event": slug, "questions": [question(one, follows) for one in found]}


def question(one: AskedQuestion, follows: "Follows") -> QuestionView:
    """Return a question; *follows* says what follows from an answer."""
    return {
        "id": one.id,
        "kind": one.kind,
        "subject": one.subject,
        "session": one.session,
        "rows": one.rows,
        "question": one.text,
        "candidates": list(one.candidates),
        "whom": [_candidate(who, follows.get((one.id, str(who.person)))) for who in one.whom],
        "suggestion": one.suggestion,
        "answers": dict(answers_to(one)),
        "assumed": one.assumed,
        "evidence": list(one.evidence),
        "people": sorted(one.people),
        "answer": one.answer,
        "answered_by": one.answered_by,
        "open": one.open,
    }


def _candidate(who: Whom, outcome: "Outcome | None") -> CandidateView:
    view: CandidateView = {"email": str(who.person), "name": who.name, "reasons": list(who.reasons)}
    if outcome is not None:
        view["sessions"], view["of"], view["earns"] = outcome.sessions, outcome.of, list(outcome.earned)
    return view


def answered(slug: str, found: "Iterable[Settled]", left: int) -> AnsweredView:
    """Return answers that were taken; *left* questions are open."""
    taken: list[AnswerView] = [
        {"question": one.asked.id, "answer": one.answer, "before": one.asked.answer} for one in found
    ]
    return {"event": slug, "answered": taken, "unanswered": left}
