"""Puts the site together: settings of Flask, pages, headers, hosts, the path in front, errors."""

import logging
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from flask import Flask
from limits.storage import MemoryStorage, Storage

from certs import limits, logs
from certs.config import Settings
from certs.config.shown import shown
from certs.errors import CertsError
from certs.ports import Clock, Keys, Receipts, Register, Store
from certs.web import api, console
from certs.web.console.installation import Installation
from certs.web.edge import assets, bodies, errors, health, templates
from certs.web.edge.door import LOOPBACK, Door
from certs.web.edge.headers import Headers
from certs.web.edge.limits import Limits
from certs.web.edge.parting import Parted
from certs.web.edge.patience import Patient
from certs.web.edge.prefix import Prefix
from certs.web.edge.shared import SITE, Site
from certs.web.participant import declining, mine, personal, requests
from certs.web.public import credentials, keeping, keypages, receipts, stack, verification, visits, withoutus
from certs.work.keys import demand_known

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from certs.build import App

_log = logging.getLogger("certs.web")


class Kept(Register, Protocol):
    """What pages read, and the receipts that they give."""

    @property
    def receipts(self) -> Receipts:
        """Receipts that were given."""
        ...


class Assembled(Protocol):
    """What `build` makes, as far as pages need it."""

    @property
    def settings(self) -> Settings:
        """The deployment's choices."""
        ...

    @property
    def keys(self) -> Keys:
        """The signing keys."""
        ...

    @property
    def store(self) -> Kept:
        """The register."""
        ...

    @property
    def clock(self) -> Clock:
        """The clock."""
        ...

    @property
    def flask(self) -> Flask:
        """A Flask application without pages."""
        ...


def attach(
    app: Assembled,
    register: Callable[[], Register] | None = None,
    counts: Storage | None = None,
    whole: Callable[[], Store] | None = None,
) -> Flask:
    """Hang every page on *app* and return what a WSGI server serves.

    Pages read *register* where it is given, and count in *counts*, else in this process. Personal pages show from the
    *whole* register what was counted.

    Raises:
        Nothing: the settings were checked when they were read.
    """
    flask, base = app.flask, urlsplit(app.settings.base_url)
    flask.config.update(TRUSTED_HOSTS=_hosts(base.hostname or ""))
    flask.extensions[SITE] = Site(
        app.settings.base_url,
        register or (lambda: app.store),
        app.keys,
        app.clock,
        templates.Pages(app.settings.base_url),
        lambda: app.store.receipts,
        Limits((counts or MemoryStorage()) if app.settings.rate_limits else None),
        whole,
        bool(app.settings.smtp_url),
    )
    public = (verification, stack, receipts, credentials, keeping, keypages, withoutus)
    for room in (*public, personal, declining, mine, requests, health, assets):
        flask.register_blueprint(room.pages)
    api.install(flask)
    bodies.install(flask)
    errors.install(flask)
    visits.install(flask)
    wsgi: WSGIApplication = Headers(
        flask.wsgi_app,
        secure=base.scheme == "https",
        mounts={**console.MOUNTS, **stack.MOUNTS, **withoutus.MOUNTS},
        filming=withoutus.MOUNTS,
    )
    flask.wsgi_app = Prefix(Door(wsgi, base, app.settings.proxies), base.path)  # type: ignore[method-assign]
    return flask


def create() -> Flask:
    """Return the site for the settings in the environment; WSGI servers call this in each worker.

    Where the register is not there, or not the one of the keys, the log says so at once, and pages say that they could
    not check until it is.

    Raises:
        InputError: the settings are wrong.
        StorageError: the log cannot be written.
    """
    return _create(Settings.from_environ(os.environ))


def _create(settings: Settings) -> Flask:
    from certs.build import build  # noqa: PLC0415 - tests attach the site to an in-memory world

    logs.install(settings.log, logging.WARNING)
    app = build(settings, serves=True)
    try:
        demand_known(app.store, app.keys)
    except CertsError as error:
        _log.error("operator_must_act", extra={"code": error.code}, exc_info=error)
    counts = limits.storage(settings.limits_url, settings.base_url)
    flask = attach(app, lambda: app.register, counts, lambda: app.store)
    sso, secret = _single_sign_on(settings), settings.secret_key.ensure
    ours = (settings.base_url, lambda: app.store, app.clock, secret, app.keys)
    console.install(flask, *ours, sso, counts, _installation(app))
    return flask


def _installation(app: "App") -> Installation:
    """Return what administrators see and change of *app*."""
    settings = app.settings
    named = settings.organisation or urlsplit(settings.base_url).hostname or ""
    return Installation(app.keys, app.lists, app.make_key, named, shown(settings, os.environ))


def _single_sign_on(settings: Settings) -> console.SingleSignOn | None:
    if not settings.oidc_issuer:
        return None
    client, passwords = settings.oidc_client_id, settings.password_sign_in
    return console.SingleSignOn(settings.oidc_issuer, client, settings.oidc_client_secret.reveal, passwords)


def create_public() -> Flask:
    """Return the site as workers of public pages serve it: what takes a body or a cookie is the second server's.

    Raises:
        InputError: the settings are wrong.
        StorageError: the log cannot be written.
    """
    settings = Settings.from_environ(os.environ)
    flask, base_url = _create(settings), settings.base_url
    elsewhere = "" if settings.desk_url in {"", base_url} else settings.desk_url
    flask.wsgi_app = Parted(flask.wsgi_app, urlsplit(base_url).path, elsewhere)  # type: ignore[method-assign]
    return flask


def create_desk() -> Patient:
    """Return the whole site as the second server serves it, which waits for slow bodies.

    Raises:
        InputError: the settings are wrong.
        StorageError: the log cannot be written.
    """
    return Patient(create())


def _hosts(host: str) -> list[str]:
    """Return the hosts that requests may name: the configured one, on a desk all of its own names."""
    return sorted(LOOPBACK) if host in LOOPBACK else [host]
