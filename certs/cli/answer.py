"""`certs answer`: one question, or many at a time."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from certs.cli.context import open_app
from certs.cli.event import read_bytes
from certs.cli.how import AS, JSON, REASON, YES, How, shared
from certs.eligibility.words import count
from certs.errors import InputError
from certs.views import questions as views

if TYPE_CHECKING:
    from certs.ports import Store
    from certs.work.settle import Settled

_EXAMPLES = 10
_WAYS = "Say QUESTION and ANSWER, or one of --suggested, --sheet and --from."


@click.command()
@click.argument("slug")
@click.argument("question", required=False, default="")
@click.argument("given", metavar="[ANSWER]", required=False, default="")
@click.option("--session", default="", metavar="ID", help="For the rows of this session alone.")
@click.option("--suggested", type=click.Choice(["exact"]), help="Take all suggestions of this kind.")
@click.option("--sheet", type=click.Path(path_type=Path), help="Take the answers in a table that was filled in.")
@click.option("--from", "other", default="", metavar="SLUG", help="Take the answers given for another event.")
@shared(REASON, YES, AS, JSON)
def answer(
    slug: str, question: str, given: str, session: str, suggested: str | None, sheet: Path | None, other: str, how: How
) -> None:
    """Answer QUESTION of event SLUG; the answer is remembered for later imports, and may be changed until issue.

    ANSWER is `one` or `several` (people behind one address), the address to keep or `different` (one name, two
    addresses), the person's address or `nobody` (rows without one), the name to print or `keep` (what looks like no
    name). Many at a time are shown first, then taken all or none. A suggestion is called exact where one person alone
    has that full name, and her address joined none of the sessions in question.

    \b
    Example:
      certs answer cgmp-2026 3f2a9c01d4e7 one --as Ana
      certs answer cgmp-2026 --suggested exact
      certs answer cgmp-2026 --sheet questions.xlsx
      certs answer cgmp-2027 --from cgmp-2026
    """
    from certs.work import questions, settle  # noqa: PLC0415

    app = open_app()
    act = how.act(app)
    if sum(map(bool, (question, suggested, sheet, other))) != 1 or bool(question) != bool(given):
        raise InputError(_WAYS)
    if session and not question:
        raise InputError("--session goes with QUESTION and ANSWER.")
    if question:
        if session:
            settle.keep(app.store, slug, [settle.apart(app.store, slug, question, session, given)], act)
        else:
            questions.answer(app.store, slug, question, given, act)
        _noted(app.store, slug, question, given, how)
        return
    found = _many(app.store, slug, sheet, other)
    if not how.wants_json:
        _show(slug, found, len(found) if sheet or other else _EXAMPLES)
    if found:
        how.confirm(f"Take {count(len(found), 'answer')}?")
    left = settle.keep(app.store, slug, found, act)
    how.tell(
        views.answered(slug, found, left),
        f"{count(len(found), 'answer')} taken. {count(left, 'question is', 'questions are')} open.",
        f"Next: certs {'questions' if left else 'check'} {slug}",
    )


def _many(store: "Store", slug: str, sheet: Path | None, other: str) -> "list[Settled]":
    """Return the answers in a table, of another event, or suggested."""
    from certs.work import settle  # noqa: PLC0415

    if sheet is not None:
        return settle.from_table(store, slug, sheet.name, read_bytes(sheet))
    return settle.taken_from(store, slug, other) if other else settle.suggested(store, slug)


def _show(slug: str, found: "Sequence[Settled]", most: int) -> None:
    """Print the first of the answers that would be taken."""
    for one in found[:most]:
        before = f", before: {one.asked.answer}" if one.asked.answer else ""
        why = f" ({', '.join(one.reasons)})" if one.reasons else ""
        click.echo(f"  {one.asked.text} {one.said}{why}{before}")
    if len(found) > most:
        click.echo(
            f"  … and {len(found) - most:,} more: certs questions {slug} --json has them, each with its suggestion."
        )


def _noted(store: "Store", slug: str, question: str, given: str, how: How) -> None:
    """Say that an answer was kept, and what is open."""
    from certs.work import questions  # noqa: PLC0415

    left = len(questions.unanswered(store, slug))
    view = {"question": question, "answer": given, "unanswered": left}
    how.tell(view, f"Noted. {count(left, 'question is', 'questions are')} open.")
    if given == questions.SEVERAL and not how.wants_json:
        click.echo(f"Say for each of them when she was there: certs evidence add {slug} SESSION EMAIL…", err=True)
