"""The console: organisers, approvers, viewers and administrators, signed in; every act is a form of its own.

`install` hangs it on the site. It adds no rule: pages parse, call one use case, and show.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from flask import Flask, current_app, request, url_for
from flask_wtf.csrf import generate_csrf
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from limits.storage import MemoryStorage, Storage

from certs.ground import places
from certs.ports import Clock, Keys, Store
from certs.web.console import (
    account,
    acts,
    attendance,
    certificates,
    corrections,
    design,
    doubts,
    downloads,
    earned,
    errand,
    event,
    home,
    issue,
    language,
    look,
    members,
    people,
    requests,
    settings,
    setup,
    sign_in,
    signing,
    trail,
    withdrawals,
)
from certs.web.console.desk import DESK, Desk, demands_of
from certs.web.console.installation import INSTALLATION, Installation
from certs.web.console.provider import Provider
from certs.web.console.session import PATHS, Sessions, within
from certs.web.console.tries import Tries
from certs.web.edge import assets
from certs.web.edge.headers import OWN_SCRIPT


@dataclass(frozen=True, slots=True)
class SingleSignOn:
    """What is known of an identity provider, and whether passwords let people in as well."""

    issuer: str
    client_id: str
    client_secret: Callable[[], bytes]
    passwords: bool = True


ROOMS = (
    sign_in,
    home,
    account,
    members,
    attendance,
    doubts,
    earned,
    people,
    issue,
    certificates,
    withdrawals,
    corrections,
    requests,
    trail,
    setup,
    design,
    signing,
    settings,
    downloads,
    errand,
)
MOUNTS = dict.fromkeys(PATHS, OWN_SCRIPT)
"""Where scripts of this site may run."""


def install(
    flask: Flask,
    base_url: str,
    opened: Callable[[], Store],
    clock: Clock,
    secret: Callable[[], bytes],
    keys: Keys,
    sso: SingleSignOn | None = None,
    counts: Storage | None = None,
    installed: Installation | None = None,
) -> None:
    """Hang the console on *flask*; *secret* is the deployment's, for cookies, forms and authenticator apps.

    With *sso*, an identity provider lets people in. Tries to sign in are counted in *counts*, else in this process.
    With *installed*, administrators see keys and settings.

    Raises:
        TypeError: a page does not say who may see it.
    """
    base = urlsplit(base_url)
    secure, known = base.scheme == "https", cache(secret)
    templates = _environment(base.hostname or "", base.path)
    provider = Provider(sso.issuer, sso.client_id, sso.client_secret, known) if sso else None
    tries, by_password = Tries(known, counts or MemoryStorage(), secure=secure), sso is None or sso.passwords
    flask.extensions[DESK] = Desk(base_url, opened, clock, known, templates, tries, keys, provider, by_password)
    flask.extensions[INSTALLATION] = installed
    flask.session_interface = Sessions(known, secure=secure)
    flask.config["WTF_CSRF_TIME_LIMIT"] = None  # slow people lose no form
    flask.before_request(lambda: _ready_forms(known) if within(request.path) else None)
    for room in ROOMS:
        flask.register_blueprint(room.pages)
    for name, view in flask.view_functions.items():
        if name.partition(".")[0] in {room.pages.name for room in ROOMS}:
            demands_of(view)


def _ready_forms(secret: Callable[[], bytes]) -> None:
    """Let forms have tokens; the secret is read when the first is shown, for a site of public pages needs none."""
    current_app.config.setdefault("WTF_CSRF_SECRET_KEY", secret())


def _environment(host: str, root: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(places.shipped("templates") / "desk"),
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=language.spoken,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(language.gettext, language.ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals["ngettext"] = look.counted(language.ngettext)
    made.globals.update(url_for=url_for, csrf_token=generate_csrf, asset=assets.address, host=host, root=root)
    made.globals.update(speaks=language.switch)
    made.filters.update(figure=language.figure, period=event.period, window=event.window, seen=event.seen)
    made.filters.update(look.FILTERS, act=acts.act)
    made.globals["changes"] = acts.changes
    return made
