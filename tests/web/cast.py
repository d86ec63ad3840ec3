"""Who visits the site, and the site on an in-memory world."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from certs.config import Secret, Settings
from certs.model import Certificate
from certs.ports import Clock
from certs.web import attach
from certs.web.edge.shared import SITE
from certs.work.deliver import Links
from tests.world import MemoryKeys, MemoryRegister, World

BASE = "https://certs.example.org"


@dataclass
class Assembled:
    """What `build` makes, in memory."""

    settings: Settings
    keys: MemoryKeys
    store: MemoryRegister
    clock: Clock
    flask: Flask = field(default_factory=lambda: Flask("certs"))


def settings(base_url: str = BASE) -> Settings:
    return Settings(
        database_url="sqlite://",
        base_url=base_url,
        signing_keys=Path("nowhere"),
        key_passphrase=Secret(b"unused"),
        secret_key=Secret(b"unused"),
        actor="nobody",
    )


def site(world: World, base_url: str = BASE) -> Flask:
    def clock() -> datetime:
        return world.now

    return attach(Assembled(settings(base_url), world.keys, world.register, clock))


class Browser(FlaskClient):
    """A test client that opens addresses under the site's own host."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("base_url", "/".join(self.application.extensions[SITE].base_url.split("/")[:3]))
        return super().open(*args, **kwargs)


def visitor(world: World, base_url: str = BASE) -> FlaskClient:
    """Return somebody's browser."""
    flask = site(world, base_url)
    flask.test_client_class = Browser
    return flask.test_client()


def personal_path(world: World, certificate: Certificate) -> str:
    return f"/me/{Links(world.keys).token(certificate.person_ref)}"
