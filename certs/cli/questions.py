"""`certs questions` and `answer`: what is open about people, on a screen or as a table, and what is said."""

import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from certs.attendance import QuestionKind
from certs.cli import use
from certs.cli.declare import SLUG, argument, option, read_bytes, write_new
from certs.cli.how import AS, JSON, REASON, YES, How, command
from certs.cli.tables import aligned, first
from certs.eligibility.words import count
from certs.errors import InputError
from certs.model import AskedQuestion
from certs.views import questions as views

if TYPE_CHECKING:
    Follows = Mapping[tuple[str, str], use.settle.Outcome]

_UNTIL_THEN = {
    "no_email": "rows without an address, which count for nobody",
    "same_person_two_emails?": "names with several addresses, which count as different people",
    "shared_email": "addresses with several names, whose people wait",
    "name": "what looks like no name, whose people wait",
}
"""What is assumed as long as questions of each kind are open."""
_KINDS = [kind.value for kind in map(QuestionKind, _UNTIL_THEN)]
_SCREENFUL = 24
"""Lines that are printed of each kind, unless all are asked for."""
_FEW = 2
"""Places named of each question in a screenful."""
_EXAMPLES = 10
_WAYS = "Say QUESTION and ANSWER, or one of --suggested, --sheet and --from."


@command(JSON)
def questions(
    how: How,
    slug: str = SLUG,
    wants_all: bool = option("--all", "Answered ones too, and all of each kind."),
    kind: str | None = option("--kind", "All of one kind.", type=click.Choice(_KINDS)),
    sheet: Path | None = option("--sheet", "Write them to FILE.xlsx or FILE.csv, to be filled in."),
) -> None:
    """Show what event SLUG leaves open about people: who it is about, where it arises, and possible answers.

    Of each kind a screenful is shown, those without a suggestion first, and how to settle the rest.

    Example:
      certs questions cgmp-2026
      certs questions cgmp-2026 --kind no_email
      certs questions cgmp-2026 --sheet questions.xlsx
    """
    store = how.store
    found = use.questions.known(store, slug) if wants_all else use.questions.unanswered(store, slug)
    found = [one for one in found if kind in (None, one.kind)]
    if sheet is not None:
        write_new(sheet, use.settle.table(store, slug, sheet.name, found))
        how.show(f"{count(len(found), 'question is', 'questions are')} in {sheet}. Fill in the column answer, then:")
        how.show(f"  certs answer {slug} --sheet {shlex.quote(str(sheet))}")
        return
    follows, is_whole = use.settle.outcomes(store, slug, found), wants_all or kind is not None
    by_kind = [[one for one in found if one.kind == each] for each in dict.fromkeys(one.kind for one in found)]
    how.tell(
        views.questions(slug, found, follows),
        (line for some in by_kind for line in _shown(slug, some, follows, is_whole=is_whole)),
        f"All in a table to fill in: certs questions {slug} --sheet questions.xlsx"
        if len(found) > 1 and not is_whole
        else (),
        f"{count(len(found), 'question')}." if found else "No question is open.",
    )


def _shown(slug: str, found: Sequence[AskedQuestion], follows: "Follows", *, is_whole: bool) -> Iterator[str]:
    """Yield questions of one kind: all, or a screenful and how to settle the others."""
    lines, shown = 0, 0
    for one in found if is_whole else sorted(found, key=lambda one: (bool(one.suggestion), not one.candidates)):
        told = list(_told(slug, one, follows, None if is_whole else _FEW))
        if shown and not is_whole and lines + len(told) > _SCREENFUL:
            break
        lines, shown = lines + len(told), shown + 1
        yield from told
    if shown < len(found):
        yield f"… and {len(found) - shown:,} more: certs questions {slug} --kind {shlex.quote(found[0].kind)}"
    if suggested := sum(bool(one.suggestion) and not one.answer for one in found):
        yield (
            f"{count(suggested, 'has', 'have')} a suggestion: one person of exactly that name, who was nowhere else. "
            f"To look at them and take them: certs answer {slug} --suggested exact"
        )


def _told(slug: str, one: AskedQuestion, follows: "Follows", most: int | None) -> Iterator[str]:
    """Yield a question with the first places where it arises, and what to type."""
    blocks = f" (holds {', '.join(sorted(one.people))})" if one.people else ""
    yield f"{one.id}  {one.text}{blocks}"
    yield from (f"    {line}" for line in one.evidence[:most])
    if one.answer:
        yield f"    answered by {one.answered_by}: {one.answer}"
    elif one.assumed:
        yield f"    assumed until answered: {one.assumed}"
    if one.open:
        yield "    to answer otherwise:" if one.answer else "    to answer:"
        yield from (f"      {line}" for line in aligned(list(_commands(f"certs answer {slug} {one.id}", one, follows))))
    else:
        yield "    no file raises it any more"


def _commands(typed: str, one: AskedQuestion, follows: "Follows") -> Iterator[Sequence[str]]:
    """Yield what to type for each answer, and what it says."""
    for given, said in use.answers.answers_to(one).items():
        if given != one.answer:
            then = [outcome.said] if (outcome := follows.get((one.id, given))) else []
            yield f"{typed} {shlex.quote(given)}", "; ".join((f"# {said}", *then))
    if one.kind == QuestionKind.NAME:
        yield f'{typed} "NAME"', "# another name"
    elif one.kind == QuestionKind.NO_EMAIL:
        yield f"{typed} ADDRESS", "# the row of somebody else"


def still_open(slug: str, found: Sequence[AskedQuestion]) -> Iterator[str]:
    """Yield how many questions are open, what is assumed until then, and what to type; nothing for none."""
    numbers = Counter(one.kind for one in found)
    parts = [f"{numbers[kind]:,} about {assumed}" for kind, assumed in _UNTIL_THEN.items() if numbers[kind]]
    if parts:
        said = count(len(found), "question is", "questions are")
        yield f"{said} open: {'; '.join(parts)}. See: certs questions {slug}"


@command(REASON, YES, AS, JSON)
def answer(
    how: How,
    slug: str = SLUG,
    question: str = argument(required=False, default=""),
    given: str = argument("[ANSWER]", required=False, default=""),
    session: str = option("--session", "For the rows of this session alone.", metavar="ID"),
    suggested: Literal["exact"] | None = option("--suggested", "Take all suggestions of this kind."),
    sheet: Path | None = option("--sheet", "Take the answers in a table that was filled in."),
    other: str = option("--from", "Take the answers given for another event.", metavar="SLUG"),
) -> None:
    """Answer QUESTION of event SLUG; the answer is remembered for later imports, and may be changed until issue.

    ANSWER is `one` or `several` (people behind one address), the address to keep or `different` (one name, two
    addresses), the person's address or `nobody` (rows without one), the name to print or `keep` (what looks like no
    name). Many at a time are shown first, then taken all or none. A suggestion is called exact where one person alone
    has that full name, and her address joined none of the sessions in question.

    Example:
      certs answer cgmp-2026 3f2a9c01d4e7 one --as Ana
      certs answer cgmp-2026 --suggested exact
      certs answer cgmp-2026 --sheet questions.xlsx
      certs answer cgmp-2027 --from cgmp-2026
    """
    store, act = how.store, how.act()
    if sum(map(bool, (question, suggested, sheet, other))) != 1 or bool(question) != bool(given):
        raise InputError(_WAYS)
    if session and not question:
        raise InputError("--session goes with QUESTION and ANSWER.")
    if question:
        if session:
            use.settle.keep(store, slug, [use.settle.apart(store, slug, question, session, given)], act)
        else:
            use.questions.answer(store, slug, question, given, act)
        _noted(how, slug, question, given)
        return
    if sheet is not None:
        found = use.settle.from_table(store, slug, sheet.name, read_bytes(sheet))
    else:
        found = use.settle.taken_from(store, slug, other) if other else use.settle.suggested(store, slug)
    if not how.wants_json:
        more = f"  … and {{left:,}} more: certs questions {slug} --json has them, each with its suggestion."
        how.show(first(list(map(_proposed, found)), len(found) if sheet or other else _EXAMPLES, more))
    if found:
        how.confirm(f"Take {count(len(found), 'answer')}?")
    left = use.settle.keep(store, slug, found, act)
    how.tell(
        views.answered(slug, found, left),
        f"{count(len(found), 'answer')} taken. {count(left, 'question is', 'questions are')} open.",
        f"Next: certs {'questions' if left else 'check'} {slug}",
    )


def _proposed(one: "use.settle.Settled") -> str:
    before = f", before: {one.asked.answer}" if one.asked.answer else ""
    why = f" ({', '.join(one.reasons)})" if one.reasons else ""
    return f"  {one.asked.text} {one.said}{why}{before}"


def _noted(how: How, slug: str, question: str, given: str) -> None:
    """Say that an answer was kept, and what is open."""
    left = len(use.questions.unanswered(how.store, slug))
    view = {"question": question, "answer": given, "unanswered": left}
    each = f"Say for each of them when she was there: certs evidence add {slug} SESSION EMAIL…"
    aside = [each] if given == use.answers.SEVERAL else []
    how.tell(view, f"Noted. {count(left, 'question is', 'questions are')} open.", aside=aside)
