"""Screen 2: a person decides what the exports leave open, worst first."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, Response, request, url_for

from certs.errors import InputError
from certs.model import UserRole
from certs.web.console import notice
from certs.web.console.attendance import EVERYBODY
from certs.web.console.desk import act, allows, desk, guard, worded
from certs.web.console.event import count_anew
from certs.web.console.event import screen as event_screen
from certs.wording import say, say_n
from certs.work import doubts as use
from certs.work import errands, questions

pages = Blueprint("doubts", __name__)
guard(pages)
_ELSE = "else"
"""The answer that is typed."""
_SHOWN = 100
"""Answers in the list of those given."""
_MOST_UNDONE = 100
"""Answers that one Undo takes back; a cookie holds no more."""


@pages.get("/desk/<slug>/doubts")
@allows(*EVERYBODY)
def screen(slug: str) -> Response:
    """Show the question that weighs most, or the next in a group."""
    return _page(slug, _doubts(slug), request.args.get("after", ""))


@pages.post("/desk/<slug>/doubts/<question>")
@allows(UserRole.ORGANISER)
def answer(slug: str, question: str) -> Response:
    """Keep an answer and go on."""
    given, typed = request.form.get("answer", ""), request.form.get("typed", "").strip()
    try:
        word = typed if given == _ELSE else given
        if not word:
            raise InputError(say("Choose an answer, or leave the question for later."))
        questions.answer(desk().register, slug, question, word, act(role=UserRole.ORGANISER))
    except InputError as error:
        wrong = {"question": question, "said": worded(error), "given": given, "typed": typed}
        return _page(slug, _doubts(slug), wrong=wrong, status=400)
    count_anew(slug)
    return notice.done(_screen(slug), say("Answered."), _undo(slug, [question]))


@pages.post("/desk/<slug>/doubts/back")
@allows(UserRole.ORGANISER)
def take_back(slug: str) -> Response:
    """Let questions be open again."""
    ids = request.form.get("questions", "").split()
    count = use.take_back(desk().register, slug, ids, act(role=UserRole.ORGANISER))
    count_anew(slug)
    told = say_n("{n:,} answer was taken back.", "{n:,} answers were taken back.", count)
    return notice.done(_screen(slug), told)


@pages.post("/desk/<slug>/doubts/leave")
@allows(UserRole.ORGANISER)
def leave(slug: str) -> Response:
    """Let all rows of nobody known count for nobody, if they are as many as was said."""
    register = desk().register
    if len(_doubts(slug).nobodys) != request.form.get("count", 0, int):
        return notice.done(_screen(slug), say("These are others now: look again. Nothing was done."), tone="warn")
    left = use.leave_all(register, slug, act(role=UserRole.ORGANISER))
    count_anew(slug)
    told = say_n("{n:,} question was left as it is.", "{n:,} questions were left as they are.", len(left))
    return notice.done(_screen(slug), told, _undo(slug, [one.id for one in left]))


@pages.post("/desk/<slug>/doubts/suggested")
@allows(UserRole.ORGANISER)
def take_suggested(slug: str) -> Response:
    """Answer the chosen questions as the files suggest."""
    chosen = request.form.getlist("question")
    taken = use.take_suggested(desk().register, slug, chosen, act(role=UserRole.ORGANISER))
    if not taken:
        return notice.done(_screen(slug, "suggested"), say("Choose some first. Nothing was done."), tone="warn")
    count_anew(slug)
    told = say_n("{n:,} suggestion was taken.", "{n:,} suggestions were taken.", len(taken))
    return notice.done(_screen(slug), told, _undo(slug, [one.id for one in taken]))


def _doubts(slug: str) -> use.Doubts:
    register = desk().register
    return use.doubts(register, slug, lambda: errands.weights(register, slug))


def _screen(slug: str, group: str | None = None) -> str:
    return url_for("doubts.screen", slug=slug, group=group)


def _undo(slug: str, ids: Sequence[str]) -> notice.Undo | None:
    if len(ids) > _MOST_UNDONE:
        return None
    return notice.Undo(url_for("doubts.take_back", slug=slug), {"questions": " ".join(ids)})


def _page(
    slug: str, found: use.Doubts, after: str = "", wrong: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    group = request.args.get("group", "")
    some = found.of(use.Weight(group)) if group in set(use.Weight) else found.open
    asked = wrong["question"] if wrong else ""
    card, place = _card(some, asked, after)
    answered, suggested = found.answered[:_SHOWN], found.suggested[:_SHOWN]
    if found.are_many:
        card = use.worked_out(desk().register, slug, [card.asked])[0] if card else None
        suggested = (
            use.worked_out(desk().register, slug, [one.asked for one in suggested]) if group == "suggested" else []
        )
    shown: dict[str, object] = {"suggested": suggested}
    shown |= {"found": found, "group": group, "card": card, "place": place, "some": some, "answered": answered}
    return event_screen("doubts.html", slug, "doubts", status, wrong=wrong, **shown)


def _card(some: Sequence[use.Doubt], asked: str, after: str) -> tuple[use.Doubt | None, int]:
    """Return the doubt to show and its place from 1: *asked*, the one behind *after*, or the first."""
    ids = [one.asked.id for one in some]
    at = ids.index(asked) if asked in ids else ids.index(after) + 1 if after in ids else 0
    return (some[at % len(some)], at % len(some) + 1) if some else (None, 0)
