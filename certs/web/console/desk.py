"""What the console's pages need, and what each of them demands: who may, of which event, and how lately she showed it.

    @pages.get("/desk/<slug>/issue")
    @allows(UserRole.ORGANISER, UserRole.APPROVER, UserRole.VIEWER)
    def issue(slug: str) -> Response: ...

A page without `allows` or `open_to_all` does not start, so none is open by mistake. Whose event it is not gets the same
answer as for one that does not exist.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, request, url_for
from flask_wtf.csrf import CSRFError, validate_csrf
from jinja2 import Environment
from wtforms import ValidationError

from certs.eligibility import Shares
from certs.errors import CertsError, ConflictError, DeniedError, InputError, NotFoundError
from certs.model import ADMINISTRATOR, Act, UserRole
from certs.ports import Clock, Keys, Store
from certs.web.console import language, session
from certs.web.console.provider import Provider
from certs.web.console.tries import Tries
from certs.wording import listing, mark, say, say_marked
from certs.work import users
from certs.work.users.signing_in import AGAIN

DESK = "certs.desk"
_View = TypeVar("_View", bound=Callable[..., Any])
_MARK = "desk_demands"
READERS = (UserRole.ORGANISER, UserRole.APPROVER, UserRole.VIEWER)
"""Who may look at an event."""
_STATUS: tuple[tuple[type[CertsError], int], ...] = ((InputError, 400), (DeniedError, 403), (ConflictError, 409))
_REFUSED = {
    UserRole.ORGANISER: mark("an organiser"),
    UserRole.APPROVER: mark("an approver"),
    UserRole.VIEWER: mark("a viewer"),
}


@dataclass(frozen=True, slots=True)
class Demands:
    """What a page demands; without roles and administration, only to be signed in."""

    roles: frozenset[UserRole] = frozenset()
    administrator: bool = False
    again: bool = False
    everybody: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts that the console's pages use."""

    base_url: str
    opened: Callable[[], Store]
    clock: Clock
    secret: Callable[[], bytes]
    templates: Environment
    tries: Tries
    keys: Keys
    """The signing keys; private parts are opened for personal links alone."""
    provider: Provider | None = None
    """Who lets people in for their organisation, if anybody does."""
    passwords: bool = True
    """Whether password and passkey let people in."""
    shares: dict[tuple[str, str, str], Shares] = field(default_factory=dict)
    """Of events by slug, kind and what they rest on: what other rules are counted from, kept while nothing changes."""

    @property
    def register(self) -> Store:
        """The register."""
        return self.opened()


def desk() -> Desk:
    """Return the parts of the application that answers this request."""
    found: Desk = current_app.extensions[DESK]
    return found


def allows(*roles: UserRole, administrator: bool = False, again: bool = False) -> Callable[[_View], _View]:
    """Let only users with one of *roles* in the page's event see it, or administrators, or whoever is signed in.

    With *again*, password or passkey must have been shown in the last ten minutes.
    """
    return _marked(Demands(frozenset(roles), administrator, again))


def open_to_all(view: _View) -> _View:
    """Let everybody see the page."""
    return _marked(Demands(everybody=True))(view)


def _marked(demands: Demands) -> Callable[[_View], _View]:
    def mark(view: _View) -> _View:
        setattr(view, _MARK, demands)
        return view

    return mark


def demands_of(view: Callable[..., Any]) -> Demands:
    """Return what *view* demands.

    Raises:
        TypeError: it does not say.
    """
    found = getattr(view, _MARK, None)
    if not isinstance(found, Demands):
        raise TypeError(f"{view.__name__} does not say who may see it")
    return found


def guard(pages: Blueprint) -> None:
    """Hold every page of *pages* to what it demands, and every form to its token and origin."""
    pages.before_request(_check)


def who() -> session.Who:
    """Return who is signed in, on a page that demands it."""
    found = session.who(desk().opened, desk().clock())
    if found is None:
        abort(401)
    return found


def act(reason: str = "", role: UserRole | str = ADMINISTRATOR) -> Act:
    """Return the act of this request: by whom, in which role, signed in how, now."""
    here = who()
    return Act(here.user.name, desk().clock(), reason, f"{role}, {here.sign_in.way}", signed_in=True)


def show(template: str, status: int = 200, **values: object) -> Response:
    """Return a page of the console."""
    here = session.who(desk().opened, desk().clock())
    known = {"who": here, "provider": desk().provider is not None, "passwords": desk().passwords}
    text = desk().templates.get_template(template).render(**known, **values)
    answer = Response(text, status, content_type="text/html; charset=utf-8")
    return language.keep(answer, secure=desk().base_url.startswith("https:"))


def worded(error: CertsError) -> str:
    """Return what *error* says, in the page's language."""
    return error.said_by(language.voice())


def see_other(address: str) -> Response:
    """Send the browser on after an act (RFC 9110 section 15.4.4)."""
    return Response(status=303, headers={"Location": address})


def refused(error: CertsError) -> int:
    """Return the status of a page that tells of *error* beside the form that led to it; else the error goes on.

    Raises:
        CertsError: it is no refusal of what was sent.
    """
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), None)
    if status is None:
        raise error
    return status


def download(data: bytes | Iterable[bytes], media: str, name: str) -> Response:
    """Return a file that the browser keeps under *name*, which is plain ASCII."""
    return Response(data, content_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def absolute(address: str) -> str:
    """Return *address*, which begins with the site's path, with scheme and host in front."""
    ours = urlsplit(desk().base_url)
    return f"{ours.scheme}://{ours.netloc}{address}"


def back_to(wish: str, otherwise: str) -> str:
    """Return *wish* if it is a path of the console; a visitor may write anything there."""
    parts = urlsplit(wish)
    inside = not (parts.scheme or parts.netloc or "\\" in wish or "//" in wish) and session.within(parts.path)
    return wish if inside and wish.isprintable() else otherwise


def hides_addresses(slug: str) -> bool:
    """Say whether whoever is signed in sees an event's addresses masked: viewers do, who do nothing with them."""
    return users.roles_in(desk().register, who().user, slug) == {UserRole.VIEWER}


def is_fresh() -> bool:
    """Say whether password or passkey were shown in the last ten minutes."""
    return desk().clock() - who().sign_in.again_at <= AGAIN


def _check() -> Response | None:
    view = current_app.view_functions[request.endpoint or ""]
    demands = demands_of(view)
    if request.method not in {"GET", "HEAD"}:
        _demand_own_form()
    if demands.everybody:
        return None
    here = session.who(desk().opened, desk().clock())
    if here is None:
        return see_other(
            url_for("sign_in.form", next=request.full_path.rstrip("?") if request.method == "GET" else None)
        )
    _demand_role(here, demands, request.view_args or {})
    if demands.again and not is_fresh():
        return see_other(url_for("sign_in.again", next=_page()))
    return None


def _page() -> str:
    """Return the page to come back to: of a form, the one that it is on."""
    parts = urlsplit(request.referrer or "")
    path, query = (request.path, request.query_string.decode()) if request.method == "GET" else parts[2:4]
    return f"{path}?{query}" if query else path


def _demand_own_form() -> None:
    """Check that the form was made here, for this browser.

    Raises:
        DeniedError: it was not.
    """
    origin = request.headers.get("Origin", "")
    ours = urlsplit(desk().base_url)
    if origin and origin != f"{ours.scheme}://{ours.netloc}" and urlsplit(origin).netloc != request.host:
        raise DeniedError(say("This form was sent from another site. Nothing was done."))
    try:
        validate_csrf(request.form.get("csrf_token") or request.headers.get("X-CSRFToken"))
    except (ValidationError, CSRFError):
        raise DeniedError(say("This form is too old, or was made for another sign-in. Open the page again.")) from None


def _demand_role(here: session.Who, demands: Demands, arguments: Mapping[str, Any]) -> None:
    if demands.administrator and not here.user.administrator:
        raise NotFoundError(say("There is no such page here."))
    slug = arguments.get("slug")
    if not demands.roles or slug is None:
        return
    has = users.roles_in(desk().register, here.user, slug)
    if not has:
        raise NotFoundError(say("There is no such event, or you have no role in it."))
    if demands.roles.isdisjoint(has):
        wanted = listing((say_marked(_REFUSED[role]) for role in UserRole if role in demands.roles), either=True)
        raise DeniedError(say("Only {wanted} of this event may do that.", wanted=wanted))
