"""`certs questions`: what is open about people, a screenful of each kind, or all of them as a table to fill in."""

import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from certs.attendance import QuestionKind
from certs.cli.context import aligned, open_app, write_json
from certs.cli.how import JSON, How, shared
from certs.eligibility.words import count
from certs.errors import InputError
from certs.model import AskedQuestion
from certs.views import questions as views

if TYPE_CHECKING:
    from certs.work.settle import Outcome

    Follows = Mapping[tuple[str, str], Outcome]

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


@click.command()
@click.argument("slug")
@click.option("--all", "wants_all", is_flag=True, help="Answered ones too, and all of each kind.")
@click.option("--kind", type=click.Choice(_KINDS), help="All of one kind.")
@click.option("--sheet", type=click.Path(path_type=Path), help="Write them to FILE.xlsx or FILE.csv, to be filled in.")
@shared(JSON)
def questions(slug: str, wants_all: bool, kind: str | None, sheet: Path | None, how: How) -> None:
    """Show what event SLUG leaves open about people: who it is about, where it arises, and possible answers.

    Of each kind a screenful is shown, those without a suggestion first, and how to settle the rest.

    \b
    Example:
      certs questions cgmp-2026
      certs questions cgmp-2026 --kind no_email
      certs questions cgmp-2026 --sheet questions.xlsx
    """
    from certs.work import questions as asking  # noqa: PLC0415
    from certs.work import settle  # noqa: PLC0415

    store = open_app().store
    found = asking.known(store, slug) if wants_all else asking.unanswered(store, slug)
    found = [one for one in found if kind in (None, one.kind)]
    if sheet is not None:
        _write(sheet, settle.table(store, slug, sheet.name, found))
        click.echo(f"{count(len(found), 'question is', 'questions are')} in {sheet}. Fill in the column answer, then:")
        click.echo(f"  certs answer {slug} --sheet {shlex.quote(str(sheet))}")
        return
    follows = settle.outcomes(store, slug, found)
    if how.wants_json:
        write_json(views.questions(slug, found, follows))
        return
    is_whole = wants_all or kind is not None
    for each in dict.fromkeys(one.kind for one in found):
        _show(slug, [one for one in found if one.kind == each], follows, is_whole=is_whole)
    if len(found) > 1 and not is_whole:
        click.echo(f"All in a table to fill in: certs questions {slug} --sheet questions.xlsx")
    click.echo(f"{count(len(found), 'question')}." if found else "No question is open.")


def _write(path: Path, data: bytes) -> None:
    """Write a new file.

    Raises:
        InputError: it is there already, or cannot be written.
    """
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError:
        raise InputError(f"{path} is there already: somebody may have filled it in. Name another file.") from None
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from None


def _show(slug: str, found: Sequence[AskedQuestion], follows: "Follows", *, is_whole: bool) -> None:
    """Print questions of one kind: all, or a screenful and how to settle the others."""
    lines, shown = 0, 0
    for one in found if is_whole else sorted(found, key=lambda one: (bool(one.suggestion), not one.candidates)):
        told = list(_told(slug, one, follows, None if is_whole else _FEW))
        if shown and not is_whole and lines + len(told) > _SCREENFUL:
            break
        lines, shown = lines + len(told), shown + 1
        click.echo("\n".join(told))
    if shown < len(found):
        click.echo(f"… and {len(found) - shown:,} more: certs questions {slug} --kind {shlex.quote(found[0].kind)}")
    if suggested := sum(bool(one.suggestion) and not one.answer for one in found):
        click.echo(
            f"{count(suggested, 'has', 'have')} a suggestion: one person of exactly that name, who was nowhere else. "
            f"To look at them and take them: certs answer {slug} --suggested exact"
        )


def _told(slug: str, one: AskedQuestion, follows: "Follows", most: int | None) -> Iterator[str]:
    """Yield a question with the first places where it arises, and what to type."""
    blocks = f" (holds {', '.join(sorted(one.people))})" if one.people else ""
    yield f"{one.id}  {one.text}{blocks}"
    for line in one.evidence[:most]:
        yield f"    {line}"
    if one.answer:
        yield f"    answered by {one.answered_by}: {one.answer}"
    elif one.assumed:
        yield f"    assumed until answered: {one.assumed}"
    if one.open:
        yield "    to answer otherwise:" if one.answer else "    to answer:"
        yield from (f"      {line}" for line in aligned(_commands(slug, one, follows)))
    else:
        yield "    no file raises it any more"


def _commands(slug: str, one: AskedQuestion, follows: "Follows") -> Sequence[Sequence[str]]:
    """Return what to type for each answer, and what it says."""
    from certs.work import questions as asking  # noqa: PLC0415

    typed = f"certs answer {slug} {one.id}"
    rows = [
        (f"{typed} {shlex.quote(given)}", "; ".join((f"# {said}", *_then(one, given, follows))))
        for given, said in asking.answers_to(one).items()
        if given != one.answer
    ]
    if one.kind == QuestionKind.NAME:
        return [*rows, (f'{typed} "NAME"', "# another name")]
    return [*rows, (f"{typed} ADDRESS", "# the row of somebody else")] if one.kind == QuestionKind.NO_EMAIL else rows


def _then(one: AskedQuestion, given: str, follows: "Follows") -> Iterator[str]:
    if outcome := follows.get((one.id, given)):
        yield outcome.said


def still_open(slug: str, found: Sequence[AskedQuestion]) -> str:
    """Return how many questions are open, what is assumed until they are answered, and what to type; empty for none."""
    numbers = Counter(one.kind for one in found)
    parts = [f"{numbers[kind]:,} about {assumed}" for kind, assumed in _UNTIL_THEN.items() if numbers[kind]]
    if not parts:
        return ""
    said = count(len(found), "question is", "questions are")
    return f"{said} open: {'; '.join(parts)}. See: certs questions {slug}"
