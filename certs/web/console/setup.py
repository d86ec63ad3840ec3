"""Set-up: make an event or change one, by a form or as a file; what that changes is shown before it is stored."""

from dataclasses import replace
from datetime import date

from flask import Blueprint, Response, request, url_for

from certs.errors import CertsError, ConflictError, InputError, NotFoundError
from certs.eventfile import ATTENDANCE, writing
from certs.model import Event, UserRole
from certs.web.console import notice
from certs.web.console.definition import FORM, MOST_BYTES, Definition, changed, posted
from certs.web.console.desk import act, allows, desk, guard, refused, show, who, worded
from certs.web.console.event import screen as event_screen
from certs.web.edge.bodies import takes
from certs.wording import say
from certs.work import errands, imports, reason
from certs.work.events import Proposal, accept, designs, drafts, propose
from certs.work.users import membership

pages = Blueprint("setup", __name__)
guard(pages)
READERS = (UserRole.ORGANISER, UserRole.VIEWER)
SAVE, LOOK = "save", "look"


@pages.get("/desk/new")
@allows(administrator=True)
def new() -> Response:
    """Show how an event may begin: last year's, a form, a file."""
    return _begin()


@pages.post("/desk/new")
@allows(administrator=True)
@takes(MOST_BYTES)
def create() -> Response:
    """Begin an event, edit its definition, or store it."""
    try:
        if request.form.get("do") in {"copy", "blank"}:
            return _begun(request.form["do"])
        given = posted()
    except (InputError, NotFoundError) as error:
        return _begin(400, {"slug": worded(error)})
    return _edit(None, given)


@pages.get("/desk/<slug>/setup")
@allows(*READERS)
def screen(slug: str) -> Response:
    """Show an event's definition, as a form or as its file."""
    text = desk().register.events.definition(slug)
    given = Definition(text, request.args.get("how", FORM), drafts.seen(text), pictures=slug)
    return _page(imports.event_of(desk().register, slug), given if given.form else replace(given, how="file"))


@pages.post("/desk/<slug>/setup")
@allows(UserRole.ORGANISER)
@takes(MOST_BYTES)
def change(slug: str) -> Response:
    """Edit an event's definition in the page, show what storing it changes, or store it."""
    event = imports.event_of(desk().register, slug)
    try:
        given = posted()
    except InputError as error:
        return notice.done(url_for("setup.screen", slug=slug), worded(error), tone="warn")
    return _edit(event, replace(given, pictures=slug))


@pages.post("/desk/<slug>/setup/rule")
@allows(UserRole.ORGANISER)
def rule(slug: str) -> Response:
    """Show what another rule of two numbers would change, to be saved like any other change."""
    text, typed = desk().register.events.definition(slug), request.form
    kind = typed.get("kind", ATTENDANCE)
    given = Definition(text, seen=drafts.seen(text), pictures=slug)
    prefix = "rule" if kind == ATTENDANCE else f"kinds.{kind}"
    said = {f"{prefix}.{key}": typed.get(key, "") for key in ("sessions", "percent")}
    text, wrong = writing.edited(text, said)
    return _edit(imports.event_of(desk().register, slug), replace(given, text=text, wrong=wrong, typed=said), LOOK)


@pages.post("/desk/<slug>/setup/design")
@allows(UserRole.ORGANISER)
def design(slug: str) -> Response:
    """Show what another design would change, to be saved like any other change."""
    text = desk().register.events.definition(slug)
    changed_text, _ = writing.edited(text, {"design": request.form.get("design", "")})
    given = Definition(changed_text, seen=drafts.seen(text), pictures=slug)
    return _edit(imports.event_of(desk().register, slug), given, LOOK)


@pages.post("/desk/<slug>/setup/people")
@allows(UserRole.ORGANISER, again=True)
def people(slug: str) -> Response:
    """Give somebody who signs in here a role in the event, or take it away."""
    typed = request.form
    doing = act(role=UserRole.ORGANISER)
    given = (typed.get("email", ""), slug, typed.get("role", ""), doing)
    here = url_for("setup.screen", slug=slug, _anchor="people")
    try:
        user = (
            membership.leave(desk().register, *given) if typed.get("take") else membership.join(desk().register, *given)
        )
    except CertsError as error:
        refused(error)
        return notice.done(here, worded(error), tone="warn")
    return notice.done(here, say("{name} has other roles now.", name=user.name))


def _begin(status: int = 200, wrong: dict[str, str] | None = None) -> Response:
    """Show the first page of a new event."""
    register = desk().register
    events = [imports.event_of(register, slug) for slug in register.events.slugs()]
    known = [(one, drafts.next_slug(one.slug), drafts.next_day(one)) for one in events]
    known.sort(key=lambda one: one[2], reverse=True)
    chosen = request.values.get("copy", known[0][0].slug if known else "")
    at = next((one for one in known if one[0].slug == chosen), None)
    return show("new.html", status, events=events, chosen=at, wrong=wrong or {}, typed=request.form)


def _begun(how: str) -> Response:
    """Show the definition that an event begins with; of a copy, what it says otherwise, ready to be saved.

    Raises:
        InputError: no event may be called so, or there is no such day.
        NotFoundError: there is no event to copy.
    """
    register, slug = desk().register, request.form.get("slug", "").strip()
    if slug in register.events.slugs():
        raise InputError(say("There is an event {slug} already.", slug=slug))
    if how == "blank":
        return _page(None, Definition(drafts.blank(slug, desk().clock().date()).text))
    source = request.form.get("copy", "")
    try:
        first = date.fromisoformat(request.form.get("first_day", ""))
    except ValueError:
        raise InputError(say("Give the day on which it begins, like 2027-10-05.")) from None
    draft = drafts.copied(register, source, slug, first)
    return _edit(None, Definition(draft.text, copied=source, pictures=draft.pictures_of), LOOK)


def _edit(event: Event | None, given: Definition, do: str = "") -> Response:
    """Do what a button says with the definition of *event*, or of a new one."""
    do = do or request.form.get("do", LOOK)
    if (now := changed(given, do, desk().clock().date())) is not None:
        return _page(event, now, 400 if now.wrong else 200)
    if given.wrong:
        return _page(event, given, 400)
    try:
        proposal = _proposed(event, given)
        if do == SAVE or _is_plain(proposal, given):
            return _store(event, given, proposal)
    except CertsError as error:
        return _page(event, given.refused(error), refused(error))
    return _check(event, given, proposal)


def _proposed(event: Event | None, given: Definition) -> Proposal:
    """Return what storing *given* would do.

    Raises:
        InputError: it is wrong.
        ConflictError: it would change another event; or somebody else changed this one meanwhile.
    """
    register = desk().register
    source = drafts.source_of(register, given.text, given.pictures)
    proposal = propose(register, source, desk().clock(), desk().base_url)
    if event is not None and proposal.event.slug != event.slug:
        raise InputError(say("An event keeps its name in addresses, {slug}.", slug=event.slug))
    if event is None and not proposal.is_new:
        raise ConflictError(say("There is an event {slug} already.", slug=proposal.event.slug))
    drafts.demand_seen(proposal, given.seen)
    if event is not None:
        drafts.demand_may_loosen(event, proposal.event, administrator=who().user.administrator)
    return proposal


def _is_plain(proposal: Proposal, given: Definition) -> bool:
    """Say whether there is nothing to be shown before *proposal* is stored."""
    return not (proposal.questions or proposal.differences or given.copied)


def _concerned(proposal: Proposal) -> str:
    """Return in one word whom a change concerns, so that a page shows whether that is still so."""
    effect = proposal.effect
    return f"{effect.issued} {effect.ordered} {len(effect.gained)} {len(effect.lost)}"


def _needs_reason(proposal: Proposal) -> bool:
    effect = proposal.effect
    return bool(effect.issued or effect.ordered or effect.gained or effect.lost)


def _store(event: Event | None, given: Definition, proposal: Proposal) -> Response:
    """Store the definition.

    Raises:
        ConflictError: somebody was faster.
        InputError: a reason is missing.
    """
    register, because = desk().register, request.form.get("reason", "")
    if request.form.get("do") == SAVE and request.form.get("concerned", "") != _concerned(proposal):
        return _check(event, given, proposal, 409, {"reason": say("By now it concerns others. Look again.")})
    doing = act(because, UserRole.ORGANISER) if event else act(because)
    try:
        if _needs_reason(proposal):
            reason.demand(doing, say("Say why: it stays in the trail."))
    except InputError as error:
        return _check(event, given, proposal, 400, {"reason": worded(error)})
    changed_now = accept(register, proposal, doing)
    slug = proposal.event.slug
    if event is None:
        return _made(proposal.event)
    if proposal.effect.before:
        errands.count(register, slug, doing)
    said = say("The event is saved.") if changed_now else say("Nothing was different.")
    return notice.done(url_for("setup.screen", slug=slug), said)


def _made(event: Event) -> Response:
    """Go on to an event that was just made; whoever made it organises it if she said so."""
    if request.form.getlist("organise")[-1:] == ["yes"]:
        desk().register.users.give(who().user.ref, event.slug, UserRole.ORGANISER, act())
        there = url_for("setup.screen", slug=event.slug)
        return notice.done(there, say("{title} is set up. Now say who organises and approves it.", title=event.title))
    return notice.done(url_for("home.events"), say("{title} is set up.", title=event.title))


def _check(
    event: Event | None, given: Definition, proposal: Proposal, status: int = 200, wrong: dict[str, str] | None = None
) -> Response:
    """Show what storing it changes, before that happens."""
    lines = drafts.differs_from(desk().register, given.copied, proposal.event) if given.copied else proposal.differences
    shown = {"given": given, "proposal": proposal, "lines": lines, "wrong": wrong or {}, "typed": request.form}
    shown |= {"concerned": _concerned(proposal), "needs_reason": _needs_reason(proposal)}
    shown |= {"again": url_for("setup.change", slug=event.slug) if event else url_for("setup.create")}
    if event is None:
        return show("new-check.html", status, **shown)
    return event_screen("setup-check.html", event.slug, "setup", status, **shown)


def _page(event: Event | None, given: Definition, status: int = 200) -> Response:
    """Show the definition as a form or as a file."""
    form = given.form if given.how == FORM else None
    shown = {
        "given": given,
        "form": form,
        "wrong": given.wrong,
        "again": request.path,
        "languages": designs.languages(),
    }
    shown["typed"] = request.form
    if event is None:
        return show("new-form.html", status, **shown)
    members = desk().register.users.of_event(event.slug)
    return event_screen("setup.html", event.slug, "setup", status, members=members, every_role=list(UserRole), **shown)
