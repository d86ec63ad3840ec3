"""`certs questions` and `answer`: doubts about people."""

import shlex
from collections import Counter
from collections.abc import Sequence

import click

from certs.cli.context import act_of, acting, aligned, as_json, open_app, write_json
from certs.eligibility.words import count
from certs.model import AskedQuestion

_UNTIL_THEN = {
    "no_email": "rows without an address, which count for nobody",
    "same_person_two_emails?": "names with several addresses, which count as different people",
    "shared_email": "addresses with several names, whose people wait",
}
"""What is assumed as long as questions of each kind are open."""


@click.command()
@click.argument("slug")
@click.option("--all", "wants_all", is_flag=True, help="Answered ones too.")
@as_json
def questions(slug: str, wants_all: bool, wants_json: bool) -> None:
    """Show what event SLUG leaves open about people: who it is about, where it arises, and possible answers.

    \b
    Example:
      certs questions cgmp-2026
    """
    from certs import doubts  # noqa: PLC0415

    store = open_app().store
    found = doubts.known(store, slug) if wants_all else doubts.unanswered(store, slug)
    if wants_json:
        write_json({"event": slug, "questions": [_as_json(one) for one in found]})
        return
    for one in found:
        _print(slug, one)
    click.echo(f"{count(len(found), 'question')}." if found else "No question is open.")


@click.command()
@click.argument("slug")
@click.argument("question")
@click.argument("given", metavar="ANSWER")
@click.option("--reason", default="", help="Why, for the audit trail.")
@acting
@as_json
def answer(slug: str, question: str, given: str, reason: str, actor: str | None, wants_json: bool) -> None:
    """Answer QUESTION of event SLUG; the answer is remembered for later imports, and may be changed until issue.

    ANSWER is `one` or `several` (people behind one address), the address to keep or `different` (one name, two
    addresses), the person's address or `nobody` (a row without one), the name to print or `keep` (what looks like no
    name).

    \b
    Example:
      certs answer cgmp-2026 3f2a9c01d4e7 one --as Ana
    """
    from certs import doubts  # noqa: PLC0415

    app = open_app()
    doubts.answer(app.store, slug, question, given, act_of(app, actor, reason))
    left = len(doubts.unanswered(app.store, slug))
    if wants_json:
        write_json({"question": question, "answer": given, "unanswered": left})
    else:
        click.echo(f"Noted. {count(left, 'question is', 'questions are')} open.")
        if given == doubts.SEVERAL:
            click.echo(f"Say for each of them when she was there: certs evidence add {slug} SESSION EMAIL…", err=True)


def _print(slug: str, one: AskedQuestion) -> None:
    blocks = f" (holds {', '.join(sorted(one.people))})" if one.people else ""
    click.echo(f"{one.id}  {one.text}{blocks}")
    for line in one.evidence:
        click.echo(f"    {line}")
    if one.answer:
        click.echo(f"    answered by {one.answered_by}: {one.answer}")
    elif one.assumed:
        click.echo(f"    assumed until answered: {one.assumed}")
    if one.open:
        click.echo("    to answer otherwise:" if one.answer else "    to answer:")
        for line in aligned(_commands(slug, one)):
            click.echo(f"      {line}")
    else:
        click.echo("    no file raises it any more")


def _commands(slug: str, one: AskedQuestion) -> Sequence[Sequence[str]]:
    """Return what to type for each answer, and what it says."""
    from certs import doubts  # noqa: PLC0415

    answers = doubts.answers_to(one)
    typed = f"certs answer {slug} {one.id}"
    rows = [(f"{typed} {shlex.quote(given)}", f"# {said}") for given, said in answers.items() if given != one.answer]
    if doubts.KEEP in answers:
        return [*rows, (f'{typed} "NAME"', "# another name")]
    return [*rows, (f"{typed} ADDRESS", "# the row of somebody else")] if doubts.NOBODY in answers else rows


def _as_json(one: AskedQuestion) -> dict[str, object]:
    from certs import doubts  # noqa: PLC0415

    return {
        "id": one.id,
        "kind": one.kind,
        "subject": one.subject,
        "session": one.session,
        "question": one.text,
        "candidates": list(one.candidates),
        "answers": doubts.answers_to(one),
        "assumed": one.assumed,
        "evidence": list(one.evidence),
        "people": sorted(one.people),
        "answer": one.answer,
        "answered_by": one.answered_by,
        "open": one.open,
    }


def still_open(slug: str, found: Sequence[AskedQuestion]) -> str:
    """Return how many questions are open, what is assumed until they are answered, and what to type; empty for none."""
    numbers = Counter(one.kind for one in found)
    parts = [f"{numbers[kind]:,} about {assumed}" for kind, assumed in _UNTIL_THEN.items() if numbers[kind]]
    if not parts:
        return ""
    said = count(len(found), "question is", "questions are")
    return f"{said} open: {'; '.join(parts)}. See: certs questions {slug}"
