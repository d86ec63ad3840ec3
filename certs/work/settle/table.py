"""Questions as a table that somebody fills in, and the answers in it: a row a question, all taken or none."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

from certs.attendance import QuestionKind
from certs.errors import InputError, Problem
from certs.model import AskedQuestion
from certs.ports import Store
from certs.wording import say
from certs.work import questions, sheet
from certs.work.answers import answers_to, checked_answer
from certs.work.deliver.spreadsheet import Verbatim, as_csv
from certs.work.deliver.workbook import Line, as_workbook
from certs.work.settle.outcomes import Outcome, outcomes
from certs.work.settle.proposal import Settled

HEADER = ("question", "about", "asked", "where", "candidates", "suggestion", "answer")
"""The last is filled in; the first says which question it is."""
_WIDTHS = (15, 32, 50, 44, 70, 40, 44)
_NAMED = re.compile(r".*<([^<>\s]+@[^<>\s]+)>\s*", re.DOTALL)


def table(store: Store, slug: str, name: str, asked: Sequence[AskedQuestion]) -> bytes:
    """Return *asked* as a file called *name*: a workbook, or CSV if its name says so.

    Raises:
        InputError: its name is of another kind.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    kind = PurePath(name).suffix.lower()
    if kind not in (".xlsx", ".csv"):
        raise InputError(say("Call the table something.xlsx or something.csv, not {name}.", name=name))
    follows = outcomes(store, slug, asked)
    lines = [_line(one, follows) for one in asked]
    if kind == ".xlsx":
        return as_workbook(HEADER, lines, _WIDTHS, "questions")
    return as_csv(HEADER, ([Verbatim(f"#{line.cells[0]}"), *line.cells[1:]] for line in lines))


def _line(one: AskedQuestion, follows: Mapping[tuple[str, str], Outcome]) -> Line:
    named = {str(who.person): f"{who.name} <{who.person}>" for who in one.whom}
    why = [
        "; ".join((f"{named[str(who.person)]}: {', '.join(who.reasons)}", *_follows(one, str(who.person), follows)))
        for who in one.whom
    ]
    answers = [named.get(answer, answer) for answer in answers_to(one)]
    cells = (
        one.id,
        one.subject,
        one.text,
        "\n".join(one.evidence),
        "\n".join(why or one.candidates),
        named.get(one.suggestion, one.suggestion),
        named.get(one.answer, one.answer),
    )
    return Line(cells, answers)


def _follows(one: AskedQuestion, who: str, follows: Mapping[tuple[str, str], Outcome]) -> Iterator[str]:
    if outcome := follows.get((one.id, who)):
        yield outcome.said


def from_table(store: Store, slug: str, name: str, data: bytes) -> list[Settled]:
    """Return the answers in a filled-in table *data* that are not given yet; what is left empty stays open.

    Raises:
        InputError: the table is none, or rows of it are wrong: says all of them, each with its line.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    known = {one.id: one for one in questions.known(store, slug)}
    found: dict[str, Settled] = {}
    problems: list[Problem] = []
    for row in sheet.read(name, data, dict.fromkeys(HEADER, ())):
        given = _bare(row.cells.get("answer", ""))
        try:
            one = _settled(known, row.cells.get("question", ""), given)
        except InputError as error:
            problems += [Problem(problem.message, name, row.line) for problem in error.problems]
            continue
        if one is None:
            continue
        if (other := found.get(one.asked.id)) is not None and other.answer != one.answer:
            problems.append(
                Problem(say("Question {id} is answered otherwise further up.", id=one.asked.id), name, row.line)
            )
        found[one.asked.id] = one
    if problems:
        raise InputError(*problems)
    return [one for one in found.values() if one.answer != one.asked.answer]


def _settled(known: Mapping[str, AskedQuestion], question: str, given: str) -> Settled | None:
    """Return the answer in one row, None where there is none.

    Raises:
        InputError: there is no such question, or the answer is none.
    """
    question = _bare(question).lstrip("#").lower()
    asked = known.get(question)
    if asked is None:
        raise InputError(
            say('There is no question "{question}": leave the first column as it was written.', question=question)
        )
    if not given:
        return None
    named = _NAMED.fullmatch(given) if asked.kind in (QuestionKind.NO_EMAIL, QuestionKind.SAME_PERSON) else None
    return Settled(asked, checked_answer(asked, named[1] if named else given))


def _bare(cell: str) -> str:
    """Return a cell without the apostrophe that keeps a spreadsheet from taking it for something else."""
    return cell.strip().removeprefix("'").strip()
