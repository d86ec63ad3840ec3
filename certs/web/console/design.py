"""Design and rehearsal: how this event would look in each design, and every name tried before anything is signed."""

from flask import Blueprint, Response, request, url_for

from certs.errors import InputError, NotFoundError
from certs.model import ErrandKind, Statement, UserRole
from certs.web.console import notice
from certs.web.console.desk import READERS, act, allows, desk, download, guard, hides_addresses
from certs.web.console.event import screen as event_screen
from certs.wording import say
from certs.work import errands, imports, orders, specimens
from certs.work.events import designs

pages = Blueprint("design", __name__)
guard(pages)


@pages.get("/desk/<slug>/design")
@allows(*READERS)
def screen(slug: str) -> Response:
    """Show the designs, each as a picture of this event, and what the last rehearsal found."""
    register, now = desk().register, desk().clock()
    tried, base = specimens.last(register, slug), desk().base_url
    faulty, hardest = specimens.tried_pages(register, slug, tried, base, now) if tried else ([], [])
    return event_screen(
        "design.html",
        slug,
        "design",
        designs=designs.names(),
        errand=register.errands.newest(ErrandKind.REHEARSE, slug),
        tried=tried,
        faulty=faulty,
        hardest=hardest,
        is_old=tried is not None and tried.as_of != specimens.as_of(register, slug),
        away=errands.worker_away(register),
        masked=hides_addresses(slug),
    )


@pages.post("/desk/<slug>/rehearsal")
@allows(UserRole.ORGANISER)
def rehearse(slug: str) -> Response:
    """Ask the worker to try every page."""
    register = desk().register
    kind = orders.kind_of(imports.event_of(register, slug), request.form.get("kind", "")).name
    errands.rehearse(register, slug, act(role=UserRole.ORGANISER), kind)
    return notice.done(url_for("design.screen", slug=slug), say("The worker tries every page now."))


@pages.get("/desk/<slug>/design/<name>.png")
@allows(*READERS)
def look(slug: str, name: str) -> Response:
    """Return a picture of this event in a design, with the longest name that was tried."""
    register = desk().register
    tried, longest = specimens.last(register, slug), ""
    if tried and tried.hardest:
        longest = _stated(slug, tried.hardest[0], tried.kind).name
    try:
        return _picture(specimens.sample(imports.event_of(register, slug), name, longest))
    except InputError as error:
        raise NotFoundError(str(error)) from None


@pages.get("/desk/<slug>/rehearsal/<ref>.png")
@allows(*READERS)
def specimen(slug: str, ref: str) -> Response:
    """Return a picture of one person's page, SPECIMEN across."""
    try:
        return _picture(_stated(slug, ref, request.args.get("kind", "")))
    except InputError as error:
        raise NotFoundError(str(error)) from None


@pages.get("/desk/<slug>/rehearsal.pdf")
@allows(UserRole.ORGANISER, UserRole.APPROVER)
def hardest(slug: str) -> Response:
    """Return the hardest pages as one PDF."""
    register, now, base = desk().register, desk().clock(), desk().base_url
    tried = specimens.last(register, slug)
    found = specimens.tried_pages(register, slug, tried, base, now)[1] if tried else []
    stated = [_stated(slug, one.ref, tried.kind) for one in found] if tried else []
    return download(specimens.pages(stated, base), "application/pdf", f"{slug}-specimens.pdf")


def _stated(slug: str, ref: str, kind: str) -> Statement:
    return specimens.statement_of(desk().register, slug, ref, kind, desk().clock())


def _picture(one: Statement) -> Response:
    return Response(specimens.picture(one, desk().base_url), content_type="image/png")
