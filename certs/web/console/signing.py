"""Keys, for administrators: what signs, how long, how much; made, retired, declared compromised. None comes or goes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Response, request, url_for

from certs.errors import CertsError, InputError
from certs.model import KeyState, Purpose, TrustedKey
from certs.ports import Trusted
from certs.web.console import notice
from certs.web.console.desk import act, allows, desk, guard, refused, show, worded
from certs.web.console.installation import installation
from certs.wording import say, say_n
from certs.work import corrections, due, reason, verify
from certs.work import keys as keeping

pages = Blueprint("signing", __name__)
guard(pages)
_NOT_SAID_YET = "…"
"""The reason for which a look is taken; the act itself demands one."""
MADE = (Purpose.CLAIM, Purpose.CREDENTIAL, Purpose.SEAL, Purpose.LINK, Purpose.RECEIPT)
"""Purposes one asks for; a root comes with the first seal."""


@dataclass(frozen=True, slots=True)
class Line:
    """One key in the list: whether it signs, how many certificates it signed, and when its X.509 certificate ends."""

    key: TrustedKey
    signs: bool
    signed: int
    ends: datetime | None


@pages.get("/desk/keys")
@allows(administrator=True)
def listed() -> Response:
    """List all keys by purpose, newest first."""
    return _page()


@pages.post("/desk/keys")
@allows(administrator=True, again=True)
def make() -> Response:
    """Make a key, which signs from now on."""
    here, wish = installation(), request.form.get("purpose", "")
    try:
        if wish not in set(MADE):
            raise InputError(say("Choose what the key is for."))
        purpose = Purpose(wish)
        if kid := keeping.lost(desk().register.key_trail, here.keys, purpose):
            raise InputError(say("The files of key {kid} are gone: put them back from the backup first.", kid=kid))
        key = here.make_key(purpose, act(), organisation=here.organisation)
    except CertsError as error:
        return _page(_status(error), {"purpose": worded(error)})
    return _told(say("Key {kid} is made and signs from now on. Back the key folder up.", kid=key.kid))


@pages.post("/desk/keys/<kid>/retire")
@allows(administrator=True, again=True)
def retire(kid: str) -> Response:
    """Let a key sign no more; no verdict changes."""
    here = installation()
    try:
        key = here.keys.named(kid)
        keeping.retire(here.keys, here.lists, key, act(request.form.get("reason", "")))
    except CertsError as error:
        return _page(_status(error), {f"retire-{kid}": worded(error)})
    return _told(say("Key {kid} is retired. What it signed stays valid.", kid=key.kid))


@pages.post("/desk/keys/<kid>/compromise")
@allows(administrator=True, again=True)
def compromise(kid: str) -> Response:
    """Show what it changes that somebody else may sign with a key; with its kid typed, declare it."""
    here, typed = installation(), request.form
    try:
        key, since = here.keys.named(kid), _moment(typed.get("since", ""))
        would_be = here.keys.compromised(key.kid, since, typed.get("reason") or _NOT_SAID_YET, desk().clock())
    except CertsError as error:
        return _page(_status(error), {f"compromise-{kid}": worded(error)})
    if typed.get("do") != "declare":
        return _preview(would_be, since)
    try:
        if typed.get("kid", "").strip() != key.kid:
            raise InputError(say("Type the name of the key, {kid}, to go on.", kid=key.kid))
        doing = act(typed.get("reason", ""))
        reason.demand(doing, say("Say why: it stays in the trail."))
        keeping.compromise(here.keys, here.lists, key.kid, since, doing)
    except CertsError as error:
        return _preview(would_be, since, _status(error), {"kid": worded(error)})
    here_now = url_for("signing.after", kid=key.kid)
    return notice.done(here_now, say("Key {kid} is compromised and signs no more.", kid=key.kid), tone="warn")


@pages.get("/desk/keys/<kid>")
@allows(administrator=True)
def after(kid: str) -> Response:
    """Show a compromised key and how many certificates are to be issued anew."""
    return _one(installation().keys.named(kid))


@pages.post("/desk/keys/<kid>/reissue")
@allows(administrator=True, again=True)
def reissue(kid: str) -> Response:
    """Order certificates that say the same, under the present keys, in place of those that the key signed."""
    here, register = installation(), desk().register
    key = here.keys.named(kid)
    try:
        corrections.demand_successor(here.keys, key)
        found = corrections.to_reissue(register, here.keys, key.kid, key.compromised_since)
        demo = due.signs_as_demo(here.keys)
        batches = corrections.reissue(register, found, act(request.form.get("reason", "")), demo=demo)
    except CertsError as error:
        return _one(key, _status(error), {"reason": worded(error)})
    said = say_n("{n} order waits for approval.", "{n} orders wait for approval.", len(batches))
    return notice.done(url_for("signing.after", kid=key.kid), said)


def _one(key: TrustedKey, status: int = 200, wrong: Mapping[str, str] | None = None) -> Response:
    shown = {"key": key, "count": _to_reissue(key), "active": _signing(installation().keys, key.purpose) is not None}
    return notice.forget(show("key.html", status, told=notice.take(), wrong=wrong or {}, **shown))


def _preview(
    would_be: TrustedKey, since: datetime, status: int = 200, wrong: Mapping[str, str] | None = None
) -> Response:
    """Show certificates before and since, and verdicts that change."""
    here = installation()
    signed = desk().register.signed_by(would_be.kid)
    effect = verify.effect_of(would_be, signed, here.keys, desk().clock())
    shown = {"key": would_be, "since": since, "effect": effect, "typed": request.form}
    return show("key-compromise.html", status, wrong=wrong or {}, **shown)


def _to_reissue(key: TrustedKey) -> int:
    """Count what a compromised key signed since then and is in force."""
    if key.state is not KeyState.COMPROMISED or key.purpose in {Purpose.LINK, Purpose.ROOT}:
        return 0
    return sum(1 for _ in desk().register.batches.signed_by(key.kid, key.compromised_since))


def _page(status: int = 200, wrong: Mapping[str, str] | None = None) -> Response:
    here, counts = installation(), desk().register.lists.signed()
    lines = [
        Line(key, key is _signing(here.keys, purpose), counts.get(key.kid, 0), keeping.ends(key))
        for purpose in Purpose
        for key in here.keys.trusted(purpose)
    ]
    shown = {"lines": lines, "purposes": MADE, "typed": request.form, "wrong": wrong or {}, "now": desk().clock()}
    return notice.forget(show("keys.html", status, told=notice.take(), **shown))


def _signing(keys: Trusted, purpose: Purpose) -> TrustedKey | None:
    """Return the key that signs for *purpose*: the newest active one."""
    return next((key for key in keys.trusted(purpose) if key.state is KeyState.ACTIVE), None)


def _moment(typed: str) -> datetime:
    """Return the moment that a field says, in UTC.

    Raises:
        InputError: it says none.
    """
    try:
        moment = datetime.fromisoformat(typed.strip().replace(" ", "T"))
    except ValueError:
        raise InputError(say("Give the moment from which it was not safe, in UTC, like 2026-11-20 14:00.")) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _status(error: CertsError) -> int:
    """Return the status of a page that tells of *error*; keys out of reach are told there, too."""
    return 503 if error.code in {"signing", "storage"} else refused(error)


def _told(sentence: str) -> Response:
    return notice.done(url_for("signing.listed"), sentence)
