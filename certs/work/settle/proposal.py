"""Answers to many questions: where they come from, and that they are kept together."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from certs.attendance import Question, QuestionKind
from certs.errors import InputError, NotFoundError
from certs.model import Act, AskedQuestion, PersonKey, SessionId
from certs.ports import Store
from certs.wording import hint, say
from certs.work import answers, imports, questions, whom


@dataclass(frozen=True, slots=True)
class Settled:
    """An *answer* to the question *asked*, in place of the one that it has, if it has one."""

    asked: AskedQuestion
    answer: str

    @property
    def said(self) -> str:
        """Return the answer with the name of whom it means, where she is a candidate."""
        name = next((one.name for one in self.asked.whom if one.person == self.answer), "")
        return f"{name} <{self.answer}>" if name else self.answer

    @property
    def reasons(self) -> Sequence[str]:
        """Return what speaks for it."""
        return next((one.reasons for one in self.asked.whom if one.person == self.answer), ())


def suggested(store: Store, slug: str) -> list[Settled]:
    """Return the suggestions for open questions: exactly that name, nobody else's, and nowhere else at that time.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    return [Settled(one, one.suggestion) for one in questions.unanswered(store, slug) if one.suggestion]


def taken_from(store: Store, slug: str, other: str) -> list[Settled]:
    """Return the answers that the event *other* has to open questions of this one, about people known here as well.

    What is about the rows of one session is not the same there.

    Raises:
        InputError: the other event is this one.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    if other == slug:
        raise InputError(say("Name another event whose answers to take."))
    given = {one.id: one.answer for one in questions.known(store, other) if one.answer and one.session is None}
    known = whom.everybody(store, slug)
    return [
        Settled(one, given[one.id])
        for one in questions.unanswered(store, slug)
        if one.id in given and _fits(one, given[one.id], known)
    ]


def _fits(asked: AskedQuestion, answer: str, known: Collection[PersonKey]) -> bool:
    """Say whether the answer of another event says something here: an address must be that of somebody known."""
    if asked.kind == QuestionKind.NO_EMAIL:
        return answer == answers.NOBODY or answer in known
    return asked.kind == QuestionKind.NAME or answer in answers.answers_to(asked)


def apart(store: Store, slug: str, question: str, session: str, given: str) -> Settled:
    """Return an answer to *question* that holds for one session alone, where several bear one name.

    Raises:
        InputError: it is not about rows without an address, or the event has no such session; or the answer is none.
        NotFoundError: no such event or question.
        StorageError: the database fails.
    """
    asked = next((one for one in questions.known(store, slug) if one.id == question), None)
    if asked is None:
        raise NotFoundError(
            say("There is no question {question}. See: {place}", question=question, place=hint("questions", event=slug))
        )
    if asked.kind != QuestionKind.NO_EMAIL or asked.session is not None:
        raise InputError(
            say(
                "{session} parts a question about rows without an address in several sessions; this is none.",
                session=hint("session"),
            )
        )
    ids = [one.id for one in imports.event_of(store, slug).sessions]
    if session not in ids:
        raise InputError(
            say("The event has no session {session!r}; it has {ids}.", session=session, ids=", ".join(ids))
        )
    mine = Question(QuestionKind.NO_EMAIL, asked.subject, "", session=SessionId(session))
    text = f'Whose is "{asked.subject}" in session {session}, without an address?'
    own = replace(asked, id=mine.id, session=SessionId(session), text=text, suggestion="", answer="", answered_by="")
    before = next((one for one in questions.known(store, slug) if one.id == mine.id), own)
    return Settled(before, answers.checked_answer(before, given))


def keep(store: Store, slug: str, settled: Sequence[Settled], act: Act) -> int:
    """Keep all of these answers, or none; return how many questions are open then.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    if settled:
        store.questions.say(slug, [replace(one.asked, answer=one.answer) for one in settled], act)
        if any(answers.tells_a_name(one.asked) or one.asked.session is not None for one in settled):
            questions.ask(store, slug)
    return len(questions.unanswered(store, slug))
