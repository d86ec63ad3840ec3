"""One's own account: password, authenticator app, passkeys, recovery codes, and where one is signed in."""

from flask import Blueprint, Response, request, url_for
from markupsafe import Markup

from certs.errors import InputError
from certs.model import User
from certs.web.console import session
from certs.web.console.desk import act, allows, desk, guard, see_other, show, who
from certs.wording import say
from certs.work.users import passwords
from certs.work.users import secret as secrets

pages = Blueprint("account", __name__)
guard(pages)


@pages.get("/desk/me")
@allows()
def me() -> Response:
    """Show one's account."""
    register, user = desk().register, who().user
    return show(
        "account.html",
        passkeys=register.locks.passkeys(user.ref),
        recovery_left=register.locks.recovery_left(user.ref),
        sign_ins=register.sign_ins.sign_ins(user.ref, desk().clock()),
        roles=register.users.roles(user.ref),
        wrong={},
    )


@pages.post("/desk/me/password")
@allows(again=True)
def password() -> Response:
    """Keep a new password; every sign-in ends, this one as well."""
    user, typed = who().user, request.form.get("password", "")
    passwords.demand_good(typed, about=(user.name, user.email))
    desk().register.locks.set_password(user.ref, passwords.hashed(typed), act(role="user"))
    session.forget()
    return see_other(url_for("sign_in.form"))


@pages.get("/desk/me/second")
@allows()
def second() -> Response:
    """Offer a second factor: a passkey, or an authenticator app with a new seed."""
    return _second(secrets.new_app())


@pages.post("/desk/me/second")
@allows(again=True)
def keep_app() -> Response:
    """Keep the authenticator app whose code was shown, and give recovery codes."""
    seed, now = request.form.get("seed", ""), desk().clock()
    step = secrets.app_step(seed, request.form.get("code", ""), now) if _is_seed(seed) else None
    if step is None:
        sentence = say(
            "This code is not right. It changes every 30 seconds; see that the clock of your phone is right."
        )
        return _second(seed if _is_seed(seed) else secrets.new_app(), 400, wrong={"code": sentence})
    user = who().user
    desk().register.locks.set_app(user.ref, secrets.seal(seed, desk().secret()), step, act(role="user"))
    return _new_codes(user)


@pages.post("/desk/me/app/drop")
@allows(again=True)
def drop_app() -> Response:
    """Take the authenticator app away."""
    desk().register.locks.set_app(who().user.ref, b"", 0, act(role="user"))
    return see_other(url_for("account.me"))


@pages.post("/desk/me/recovery")
@allows(again=True)
def recovery() -> Response:
    """Give new recovery codes; those of before end."""
    return _new_codes(who().user)


@pages.post("/desk/me/passkeys/options")
@allows(again=True)
def passkey_options() -> dict[str, object]:
    """Return what the browser asks the device with."""
    from certs.work.users import passkeys  # noqa: PLC0415 -- slow to import, seldom needed

    challenges = passkeys.Challenges(desk().secret(), session.token())
    return passkeys.to_register(desk().register, who().user, desk().base_url, challenges, desk().clock())


@pages.post("/desk/me/passkeys")
@allows(again=True)
def add_passkey() -> Response:
    """Keep the passkey that the device made."""
    from certs.work.users import passkeys  # noqa: PLC0415 -- slow to import, seldom needed

    answer = request.get_json(silent=True)
    if not isinstance(answer, dict) or not isinstance(answer.get("name", ""), str):
        raise InputError(say("This is no answer of a passkey."))
    name, challenges = answer.pop("name", ""), passkeys.Challenges(desk().secret(), session.token())
    passkeys.registered(desk().register, who().user, desk().base_url, challenges, answer, name, act(role="user"))
    return see_other(url_for("account.me"))


@pages.post("/desk/me/passkeys/drop")
@allows(again=True)
def drop_passkey() -> Response:
    """Take a passkey away."""
    try:
        credential_id = bytes.fromhex(request.form.get("id", ""))
    except ValueError:
        raise InputError(say("This is no passkey.")) from None
    desk().register.locks.drop_passkey(who().user.ref, credential_id, act(role="user"))
    return see_other(url_for("account.me"))


@pages.post("/desk/me/sign-outs")
@allows()
def end_others() -> Response:
    """End one of one's sign-ins, or all others."""
    here, chosen = who(), request.form.get("sign_in", "")
    for one in desk().register.sign_ins.sign_ins(here.user.ref, desk().clock()):
        if one.digest != here.sign_in.digest and chosen in {"", one.digest.hex()[:16]}:
            desk().register.sign_ins.end(here.user.ref, one.digest, desk().clock())
    return see_other(url_for("account.me"))


def _second(seed: str, status: int = 200, wrong: dict[str, str] | None = None) -> Response:
    address = secrets.app_address(seed, who().user.email, "Certificate desk")
    return show("second.html", status, seed=seed, code=_drawn(address), wrong=wrong or {})


def _new_codes(user: User) -> Response:
    codes = secrets.recovery_codes()
    kept = [secrets.recovery_digest(one) for one in codes]
    desk().register.locks.set_recovery(user.ref, kept, act(role="user"))
    return show("codes.html", codes=codes)


def _is_seed(seed: str) -> bool:
    return len(seed) == 32 and set(seed) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def _drawn(address: str) -> Markup:
    """Return a QR code as SVG without style."""
    from qrcode.main import QRCode  # noqa: PLC0415 -- seldom needed

    code = QRCode(border=2)
    code.add_data(address)
    rows = code.get_matrix()
    squares = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    size = len(rows)
    drawing = f'<svg viewBox="0 0 {size} {size}" role="img" aria-label="QR code"><path d="{squares}"/></svg>'
    return Markup(drawing)  # noqa: S704 -- drawn here, of nothing but squares
