"""Signing in and out, and the first time: a link, a password, a second factor, recovery codes."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request, url_for

from certs.errors import DeniedError, InputError, NotFoundError
from certs.model import Act, User, Way
from certs.web.console import session
from certs.web.console.desk import absolute, allows, back_to, desk, guard, open_to_all, see_other, show, who, worded
from certs.web.console.provider import GOOD_FOR_SECONDS, Provider
from certs.web.console.tries import TooManyTriesError
from certs.wording import say
from certs.work import users
from certs.work.users import passwords
from certs.work.users import secret as secrets

if TYPE_CHECKING:
    from certs.work.users import passkeys

pages = Blueprint("sign_in", __name__)
guard(pages)

_SENTENCES = {
    users.Refused.TOGETHER: ("password", say("Address and password do not belong together.")),
    users.Refused.NO_CODE: ("code", say("Type the code that your authenticator app shows, or a recovery code.")),
    users.Refused.CODE: ("code", say("This code is not right. It changes every 30 seconds.")),
}
_YEAR = 365 * 24 * 3600
_JOURNEY = "desk-journey"
"""Cookie of who is at the identity provider."""


@pages.get("/sign-in")
@open_to_all
def form() -> Response:
    """Show the form; who is signed in goes on."""
    if session.who(desk().opened, desk().clock()) is not None:
        return see_other(back_to(request.args.get("next", ""), url_for("home.events")))
    return _form()


@pages.post("/sign-in")
@open_to_all
def submit() -> Response:
    """Sign somebody in with address, password and code."""
    _demand_passwords()
    typed = request.form
    tried = users.Tried(typed.get("email", ""), typed.get("password", ""), typed.get("code", ""))
    try:
        found = users.sign_in(desk().register, tried, desk().tries, desk().secret(), desk().clock())
    except TooManyTriesError as error:
        return _form(429, wrong={"password": say("Too many tries. Wait until {time}.", time=_clock(error))})
    if isinstance(found, users.Refused):
        field, sentence = _SENTENCES[found]
        return _form(403, wrong={field: sentence}, left=desk().tries.left(tried.email))
    return _go_on(*found)


@pages.post("/sign-in/passkey/options")
@open_to_all
def passkey_options() -> dict[str, object]:
    """Return what the browser asks the device with."""
    from certs.work.users import passkeys  # noqa: PLC0415 -- slow to import, seldom needed

    return passkeys.to_sign_in(desk().base_url, _challenges(), desk().clock())


@pages.post("/sign-in/passkey")
@open_to_all
def passkey() -> Response:
    """Sign somebody in with a passkey; who is signed in shows herself again with it."""
    _demand_passwords()
    from certs.work.users import passkeys  # noqa: PLC0415 -- slow to import, seldom needed

    answer = request.get_json(silent=True)
    if not isinstance(answer, dict):
        raise InputError(say("This is no answer of a passkey."))
    user = passkeys.shown(desk().register, desk().base_url, _challenges(), answer, desk().clock())
    here = session.who(desk().opened, desk().clock())
    if here is not None and here.user.ref == user.ref:
        _note_again()
        return see_other(back_to(request.args.get("next", ""), url_for("home.events")))
    return _go_on(user, Way.PASSKEY)


@pages.get("/sign-in/provider")
@open_to_all
def set_out() -> Response:
    """Send the browser to the identity provider; nothing is kept but a cookie of ten minutes."""
    here = session.who(desk().opened, desk().clock())
    wanted = back_to(request.args.get("next", ""), url_for("home.events"))
    address, held = _provider().set_out(absolute(url_for("sign_in.come_back")), wanted, anew=here is not None)
    response = see_other(address)
    response.set_cookie(_JOURNEY, held, GOOD_FOR_SECONDS, secure=desk().tries.secure, httponly=True, samesite="Lax")
    return response


@pages.get("/sign-in/provider/back")
@open_to_all
def come_back() -> Response:
    """Sign in who comes back from the identity provider; the state that only her browser knows is this act's token."""
    given = request.args
    email, wanted = _provider().come_back(
        absolute(url_for("sign_in.come_back")),
        request.cookies.get(_JOURNEY, ""),
        given.get("state", ""),
        given.get("code", ""),
        desk().clock(),
    )
    user, here = desk().register.users.by_email(email), session.who(desk().opened, desk().clock())
    if user is None or user.suspended_at is not None:
        raise DeniedError(say("You are no user here: ask an administrator to make you one, with the same address."))
    if here is not None and here.user.ref == user.ref:
        _note_again()
        response = see_other(back_to(wanted, url_for("home.events")))
    else:
        response = _go_on(user, Way.PROVIDER, back_to(wanted, url_for("home.events")))
    response.delete_cookie(_JOURNEY)
    return response


@pages.get("/sign-in/again")
@allows()
def again() -> Response:
    """Ask for the password once more."""
    return show("again.html", next=back_to(request.args.get("next", ""), ""), wrong={})


@pages.post("/sign-in/again")
@allows()
def submit_again() -> Response:
    """Take the password once more."""
    wanted = back_to(request.form.get("next", ""), url_for("home.events"))
    wrong, status = show_again(request.form.get("password", ""))
    return show("again.html", status, next=wanted, wrong={"password": wrong}) if wrong else see_other(wanted)


def show_again(password: str) -> tuple[str, int]:
    """Take the password of whoever is signed in once more; return what is wrong about it, nothing if all is well."""
    here, tries = who().user, desk().tries
    try:
        tries.spend(here.email)
    except TooManyTriesError as error:
        return say("Too many tries. Wait until {time}.", time=_clock(error)), 429
    if not passwords.fits(desk().register.locks.lock_of(here.ref).password_hash, password):
        return say("This is not your password."), 403
    tries.forgive(here.email)
    _note_again()
    return "", 200


@pages.post("/sign-out")
@open_to_all
def sign_out() -> Response:
    """End this sign-in."""
    here = session.who(desk().opened, desk().clock())
    if here is not None:
        desk().register.sign_ins.end(here.user.ref, here.sign_in.digest, desk().clock())
        session.forget()
    return see_other(url_for("sign_in.form"))


@pages.get("/sign-in/first/<token>")
@open_to_all
def first(token: str) -> Response:
    """Ask for a password; looking uses nothing up, so that scanners of mail do no harm."""
    return show("first.html", user=_invited(token), token=token, wrong={})


@pages.post("/sign-in/first/<token>")
@open_to_all
def choose(token: str) -> Response:
    """Keep the password and sign her in."""
    user, typed = _invited(token), request.form.get("password", "")
    try:
        passwords.demand_good(typed, about=(user.name, user.email))
    except InputError as error:
        return show("first.html", 400, user=user, token=token, wrong={"password": worded(error)})
    now = desk().clock()
    if not desk().register.sign_ins.accept(secrets.digest(token), now):
        raise NotFoundError(_USED)
    act = Act(user.name, now, role="user")
    desk().register.locks.set_password(user.ref, passwords.hashed(typed), act)
    return _go_on(user, Way.FIRST, url_for("account.second"))


_USED = say("This link was used, or is older than a day. Ask an administrator for a new one.")


def _invited(token: str) -> User:
    """Return whom the link is for.

    Raises:
        NotFoundError: nobody any more.
    """
    user = desk().register.sign_ins.invited(secrets.digest(token), desk().clock())
    if user is None:
        raise NotFoundError(_USED)
    return user


def _go_on(user: User, way: Way, address: str = "") -> Response:
    """Sign *user* in and send her on."""
    browser = request.headers.get("User-Agent", "")
    session.begin(users.finish(desk().register, user, way, browser, desk().clock()))
    wanted = request.form.get("next", "") or request.args.get("next", "")
    response = see_other(address or back_to(wanted, url_for("home.events")))
    tries = desk().tries
    response.set_cookie(
        tries.cookie, tries.known(user.email), _YEAR, path="/", secure=tries.secure, httponly=True, samesite="Lax"
    )
    return response


def _form(status: int = 200, wrong: dict[str, str] | None = None, left: int | None = None) -> Response:
    wanted = request.form.get("next", "") or request.args.get("next", "")
    email = request.form.get("email", "")
    return show("sign-in.html", status, email=email, next=back_to(wanted, ""), wrong=wrong or {}, left=left)


def _demand_passwords() -> None:
    """Refuse where the identity provider alone lets people in.

    Raises:
        DeniedError: it does.
    """
    if not desk().passwords:
        raise DeniedError(say("Sign in by your organisation: passwords open nothing here."))


def _provider() -> Provider:
    """Return the identity provider.

    Raises:
        NotFoundError: there is none.
    """
    provider = desk().provider
    if provider is None:
        raise NotFoundError(say("There is no such page here."))
    return provider


def _note_again() -> None:
    desk().register.sign_ins.touch(session.digest(), seen_at=desk().clock(), again_at=desk().clock())


def _challenges() -> "passkeys.Challenges":
    from certs.work.users import passkeys  # noqa: PLC0415 -- slow to import, seldom needed

    return passkeys.Challenges(desk().secret(), session.token())


def _clock(error: TooManyTriesError) -> str:
    return error.until.astimezone(ZoneInfo("UTC")).strftime("%H:%M UTC")
