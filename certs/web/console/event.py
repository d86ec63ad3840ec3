"""What every page of an event shows: title and days, the strip of four screens with their state, what was just done.

    return screen("doubts.html", slug, "doubts", card=card)

A page is in the strip or beside it once its view exists under the name that stands here, and for whom it opens.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Response, current_app, request

from certs import wording
from certs.model import Event, Session, UserRole
from certs.web.console import notice
from certs.web.console.desk import act, demands_of, desk, show, who
from certs.web.console.language import weekday
from certs.work import errands, imports, users
from certs.work.progress import Progress, progress

PATH = ("attendance", "doubts", "earned", "issue")
"""The four screens in their order; the view of each is `NAME.screen`."""
_LIVE = "X-Live"
"""Header of a request whose answer nobody reads: a script looks for what is under way, and takes no notice away."""
BESIDE = ("certificates", "design", "mail", "requests", "trail", "setup")


_ADDRESS = re.compile(r"([^\s<>@“”(),;])[^\s<>@“”(),;]*@")


@dataclass(frozen=True, slots=True)
class Step:
    """A screen in the strip, or beside it; *mark* is `done`, `ask` or nothing."""

    name: str
    endpoint: str
    mark: str = ""


def screen(template: str, slug: str, here: str, status: int = 200, **values: object) -> Response:
    """Return the page *template* of the event *slug*; *here* is its name in the strip or beside it.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    register = desk().register
    event = imports.event_of(register, slug)
    may = users.roles_in(register, who().user, slug)
    far, working = progress(register, event), errands.under_way(register, slug)
    away = bool(working) and errands.worker_away(register)
    shown = {"event": event, "far": far, "here": here, "may": may, "told": notice.take(), **values}
    shown |= {"working": {one.value: errand for one, errand in working.items()}, "away": away}
    steps = [Step(name, f"{name}.screen" if exists(f"{name}.screen") else "", _mark(name, far)) for name in PATH]
    answer = show(template, status, path=steps, beside=list(_beside(may)), **shown)
    only_looks = request.headers.get(_LIVE) == "yes"
    return answer if working or only_looks else notice.forget(answer)


def count_anew(slug: str) -> None:
    """Ask the worker to bring the decisions of an event up to date, in the name of whoever changed it.

    Raises:
        StorageError: the database fails.
    """
    has = users.roles_in(desk().register, who().user, slug)
    errands.count(desk().register, slug, act(role=next(one for one in UserRole if one in has)))


def exists(endpoint: str) -> bool:
    """Say whether there is a page called so."""
    return endpoint in current_app.view_functions


def period(event: Event) -> str:
    """Return the days of an event: "6–29 October 2026"."""
    zone = ZoneInfo(event.zone)
    first, last = (one.astimezone(zone).date() for one in span(event))
    return wording.period(first, last)


def span(event: Event) -> tuple[datetime, datetime]:
    """Return when the first session of an event begins and the last one ends."""
    windows = [window for one in event.sessions for window in one.windows]
    return min(one.start for one in windows), max(one.end for one in windows)


def window(session: Session) -> str:
    """Return day and hours of a session in its zone: "Tue 6 Oct, 13:00–15:00"."""
    zone = ZoneInfo(session.zone)
    start, end = session.window.start.astimezone(zone), session.window.end.astimezone(zone)
    last = f"{end:%H:%M}" if end.date() == start.date() else f"{weekday(end.date())}, {end:%H:%M}"
    return f"{weekday(start.date())}, {start:%H:%M}–{last}"


def seen(text: str, may: Collection[UserRole]) -> str:
    """Return *text* as somebody with these roles sees it: viewers see names, and of addresses the first character."""
    return text if {UserRole.ORGANISER, UserRole.APPROVER} & set(may) else _ADDRESS.sub(r"\1…@", text)


def _beside(may: Collection[UserRole]) -> Iterator[Step]:
    for name in BESIDE:
        endpoint = f"{name}.screen"
        if exists(endpoint):
            roles = demands_of(current_app.view_functions[endpoint]).roles
            if not roles or not roles.isdisjoint(may):
                yield Step(name, endpoint)


def _mark(name: str, far: Progress) -> str:
    if not far.has_imports:
        return ""
    if name == "attendance":
        return "" if far.missing else "done"
    if name == "doubts":
        return "ask" if far.open_questions else "done"
    if name == "earned":
        return "done" if far.live else ""
    if far.waiting or any(one.error for one in far.running):
        return "ask"
    return "done" if far.issued() and not far.running else ""
