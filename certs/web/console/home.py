"""The first page after signing in: what waits for one, and one's events, newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, request

from certs import eventfile
from certs.model import Event, UserRole
from certs.web.console.desk import allows, desk, guard, show, who
from certs.work.progress import Progress, progress

pages = Blueprint("home", __name__)
guard(pages)
_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One event in the list, what the user may do in it, and how far it is."""

    event: Event
    roles: frozenset[UserRole]
    far: Progress


@pages.get("/desk")
@pages.get("/desk/")
@allows()
def events() -> Response:
    """List one's own events, newest first, a page at a time; administrators see all."""
    register, now = desk().register, desk().clock()
    sought, page = request.args.get("q", "").strip(), max(request.args.get("page", 1, int), 1)
    mine = _mine()
    found = [eventfile.stored(register.events.definition(slug), slug) for slug in mine]
    fitting = sorted((one for one in found if _fits(one, sought)), key=_newest)
    shown = fitting[_A_PAGE * (page - 1) : _A_PAGE * page]
    lines = [Line(one, mine[one.slug], progress(register, one)) for one in shown]
    asked = register.requests.waiting([slug for slug, roles in mine.items() if UserRole.ORGANISER in roles])
    more = len(fitting) > _A_PAGE * page
    return show(
        "home.html",
        lines=lines,
        now=now,
        q=sought,
        page=page,
        more=more,
        any=bool(found),
        asked=asked,
        titles=_titles(found),
    )


def _titles(found: Sequence[Event]) -> Mapping[str, Event]:
    return {one.slug: one for one in found}


def _mine() -> dict[str, frozenset[UserRole]]:
    """Return the events that the user sees, and her roles in each."""
    register, user = desk().register, who().user
    roles: dict[str, set[UserRole]] = {slug: set() for slug in register.events.slugs()} if user.administrator else {}
    for one in register.users.roles(user.ref):
        roles.setdefault(one.slug, set()).add(one.role)
    return {slug: frozenset(some) for slug, some in roles.items()}


def _fits(event: Event, sought: str) -> bool:
    years = " ".join(str(one.window.start.year) for one in event.sessions)
    return sought.casefold() in f"{event.title} {event.slug} {years}".casefold()


def _newest(event: Event) -> tuple[int, str]:
    return (-event.sessions[0].window.start.toordinal() if event.sessions else 0, event.slug)
