"""The first page after signing in: one's events."""

from dataclasses import dataclass

from flask import Blueprint, Response

from certs import eventfile
from certs.model import Event, UserRole
from certs.web.console.desk import allows, desk, guard, show, who

pages = Blueprint("home", __name__)
guard(pages)


@dataclass(frozen=True, slots=True)
class Line:
    """One event in the list, and what the user may do in it."""

    event: Event
    roles: frozenset[UserRole]


@pages.get("/desk")
@pages.get("/desk/")
@allows()
def events() -> Response:
    """List one's own events, newest first; administrators see all."""
    register, user = desk().register, who().user
    roles: dict[str, set[UserRole]] = {}
    for one in register.users.roles(user.ref):
        roles.setdefault(one.slug, set()).add(one.role)
    slugs = register.events.slugs() if user.administrator else sorted(roles)
    found = {slug: eventfile.stored(register.events.definition(slug), slug) for slug in slugs}
    lines = [Line(event, frozenset(roles.get(slug, ()))) for slug, event in found.items()]
    return show("home.html", lines=sorted(lines, key=_newest))


def _newest(line: Line) -> tuple[int, str]:
    sessions = line.event.sessions
    return (-sessions[0].window.start.toordinal() if sessions else 0, line.event.slug)
