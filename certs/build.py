"""Settings in, the running program out: the one place that knows every adapter."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from flask import Flask
from sqlalchemy import URL, Engine, make_url

from certs.config import CredentialAddress, Secret, Settings
from certs.db.engine import prepare
from certs.db.migrate import migrate
from certs.db.store import Store
from certs.db.tables import db
from certs.ports import Clock

if TYPE_CHECKING:
    from certs.issue import Tools
    from certs.keyring import KeyFolder


def system_clock() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


@dataclass
class App:
    """What commands and pages work with; `flask` is a bare Flask app that the database is bound to."""

    settings: Settings
    flask: Flask
    engine: Engine
    clock: Clock = system_clock

    @cached_property
    def keys(self) -> "KeyFolder":
        """The signing keys, opened when first needed."""
        from certs.keyring import KeyFolder  # noqa: PLC0415 -- much of what organisers do needs no cryptography

        settings = self.settings
        return KeyFolder(settings.signing_keys, settings.key_passphrase.reveal, settings.pkcs11_pin.reveal)

    def tools(self) -> "Tools":
        """Return what issuing needs: the newest keys, the public address, the level of seals and who vouches for them.

        Raises:
            SigningError: a key is missing or cannot be opened.
        """
        from certs.authorities import Authorities  # noqa: PLC0415 -- only issuing needs them, and fonts
        from certs.issue import Tools  # noqa: PLC0415

        settings = self.settings
        authority = Authorities(settings.timestamp_url) if settings.timestamp_url else None
        tools = Tools.of(self.keys, settings.base_url, settings.seal_level, authority)
        return replace(tools, addresses=settings.credential_address is CredentialAddress.HASHED)

    @cached_property
    def store(self) -> Store:
        """The register, created or migrated when first needed.

        Raises:
            StorageError: the database is out of reach, or a newer program has written it.
        """
        migrate(self.engine)
        return Store(self.engine)


def build(settings: Settings) -> App:
    """Put the program together; nothing is opened yet.

    Raises:
        SigningError: the file of the database's password cannot be read, or is open to others.
        StorageError: the folder of a SQLite database cannot be made.
    """
    flask = Flask("certs", static_folder=None)
    flask.config["SQLALCHEMY_DATABASE_URI"] = _database(settings)
    flask.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        "pool_pre_ping": settings.database_url.startswith("postgresql"),
        "hide_parameters": True,  # an exception would show names and addresses
    }
    db.init_app(flask)
    with flask.app_context():
        engine = db.engine
    prepare(engine)
    return App(settings, flask, engine)


def _database(settings: Settings) -> URL:
    """Return where the register is, with the password where that is kept apart."""
    address = make_url(settings.database_url)
    secret = settings.database_password
    if address.get_backend_name() == "sqlite" or secret == Secret():
        return address
    return address.set(password=secret.reveal().decode())
