"""Requests: what participants ask for, oldest first; names accepted or refused, attendance mended or refused."""

from dataclasses import replace

from flask import Blueprint, Response, request, url_for

from certs.errors import CertsError, InputError, NotFoundError
from certs.model import RequestKind, RequestsSought, RequestState, UserRole
from certs.web.console import notice
from certs.web.console.desk import act, allows, desk, download, guard, hides_addresses, refused, worded
from certs.web.console.event import count_anew, screen
from certs.wording import say, say_n
from certs.work import imports, specimens
from certs.work.deliver.picture import picture
from certs.work.evidence import Sheet
from certs.work.requests import deciding
from certs.work.requests.attached import SUFFIXES

pages = Blueprint("requests", __name__)
guard(pages)
_BYTES_UNREAD = "application/octet-stream"
"""What a participant sent is kept, never opened by a browser."""


@pages.get("/desk/<slug>/requests", endpoint="screen")
@allows(UserRole.ORGANISER, UserRole.VIEWER)
def found(slug: str) -> Response:
    """List requests, the oldest first, narrowed by kind and state; those that wait unless asked otherwise."""
    return _page(slug)


@pages.post("/desk/<slug>/requests/<int:wanted>/accept")
@allows(UserRole.ORGANISER)
def accept(slug: str, wanted: int) -> Response:
    """Accept a name: it goes with the corrections to be ordered."""
    try:
        one = desk().register.requests.get(slug, wanted)
        deciding.accept_name(desk().register, desk().keys, one, act(role=UserRole.ORGANISER), desk().base_url)
    except CertsError as error:
        return _page(slug, refused(error), wrong=(wanted, worded(error)))
    return notice.done(_list(slug), say("Accepted. The correction waits with the certificates, to be ordered."))


@pages.post("/desk/<slug>/requests/small")
@allows(UserRole.ORGANISER)
def accept_small(slug: str) -> Response:
    """Accept all names that differ in accents, capitals and order alone, in the number that was shown."""
    doing, expected = act(role=UserRole.ORGANISER), request.form.get("expected", 0, int)
    try:
        done = deciding.accept_small(desk().register, desk().keys, slug, expected, doing, desk().base_url)
    except CertsError as error:
        return _page(slug, refused(error), wrong=(0, worded(error)))
    told = say_n("{n:,} small change is accepted.", "{n:,} small changes are accepted.", done)
    return notice.done(_list(slug), told)


@pages.post("/desk/<slug>/requests/<int:wanted>/refuse")
@allows(UserRole.ORGANISER)
def refuse(slug: str, wanted: int) -> Response:
    """Refuse a request with a sentence that its person reads."""
    try:
        one = desk().register.requests.get(slug, wanted)
        deciding.refuse(desk().register, one, request.form.get("answer", ""), act(role=UserRole.ORGANISER))
    except CertsError as error:
        return _page(slug, refused(error), wrong=(wanted, worded(error)))
    return notice.done(_list(slug), say("Refused. The person reads your sentence on her page."))


@pages.post("/desk/<slug>/requests/<int:wanted>/evidence")
@allows(UserRole.ORGANISER)
def evidence(slug: str, wanted: int) -> Response:
    """Add evidence that its person was present."""
    form = request.form
    try:
        one, doing = desk().register.requests.get(slug, wanted), act(role=UserRole.ORGANISER)
        sheet = Sheet(
            form.get("session", ""), _minutes(form.get("minutes", "")), form.get("kind", ""), form.get("note", "")
        )
        deciding.add_evidence(desk().register, one, sheet, form.get("answer", ""), doing)
    except CertsError as error:
        return _page(slug, refused(error), wrong=(wanted, worded(error)))
    count_anew(slug)
    return notice.done(_list(slug), say("The evidence counts from now on."))


@pages.post("/desk/<slug>/requests/<int:wanted>/grant")
@allows(UserRole.ORGANISER)
def grant(slug: str, wanted: int) -> Response:
    """Let its person have a certificate beside the rule."""
    form = request.form
    try:
        one, doing = desk().register.requests.get(slug, wanted), act(form.get("reason", ""), UserRole.ORGANISER)
        deciding.grant(desk().register, one, form.get("kind", ""), form.get("answer", ""), doing)
    except CertsError as error:
        return _page(slug, refused(error), wrong=(wanted, worded(error)))
    count_anew(slug)
    return notice.done(_list(slug), say("Granted. The reason stands in the decision."))


@pages.get("/desk/<slug>/requests/<int:wanted>/file")
@allows(UserRole.ORGANISER)
def file(slug: str, wanted: int) -> Response:
    """Return the file that came with a request, to be kept and never shown."""
    one = desk().register.requests.get(slug, wanted)
    data = desk().register.requests.content(slug, wanted)
    return download(data, _BYTES_UNREAD, f"request-{one.id}{SUFFIXES[one.media]}")


@pages.get("/desk/<slug>/requests/<int:wanted>/<which>.png")
@allows(UserRole.ORGANISER, UserRole.VIEWER)
def look(slug: str, wanted: int, which: str) -> Response:
    """Return a picture of the certificate as it is, or as it would be with the name that is asked for."""
    register = desk().register
    one = register.requests.get(slug, wanted)
    stored = register.pdf(one.asked.number) if one.asked.number else None
    if one.asked.number is None or stored is None or which not in {"old", "new"}:
        raise NotFoundError(say("There is no such picture."))
    if which == "old":
        return Response(picture(stored), content_type="image/png")
    said = replace(register.batches.standing(one.asked.number).statement, name=one.asked.name)
    return Response(specimens.picture(said, desk().base_url), content_type="image/png")


def _minutes(typed: str) -> int | None:
    """Return minutes, None where nothing was typed: then all of the session.

    Raises:
        InputError: these are none.
    """
    if not typed.strip():
        return None
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 5):
        raise InputError(say("Write whole minutes, or nothing for all of the session."))
    return int(typed)


def _list(slug: str) -> str:
    return url_for("requests.screen", slug=slug)


def _page(slug: str, status: int = 200, wrong: tuple[int, str] | None = None) -> Response:
    register, asked = desk().register, request.args
    state, kind = asked.get("state", RequestState.ASKED.value), asked.get("kind", "")
    sought = RequestsSought(
        RequestState(state) if state in set(RequestState) else None,
        RequestKind(kind) if kind in set(RequestKind) else None,
    )
    page = register.requests.listed(slug, sought, asked.get("after", ""))
    refs = register.links.refs([one.asked.person for one in page.items])
    return screen(
        "requests.html",
        slug,
        "requests",
        status,
        page=page,
        refs=refs,
        sought=sought,
        states=list(RequestState),
        small={one.id for one in deciding.small(register, slug)},
        sessions=imports.event_of(register, slug).sessions,
        masked=hides_addresses(slug),
        wrong=wrong,
        after=asked.get("after", ""),
    )
