"""Settings in, the running program out: the one place that knows every adapter."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import URL, Engine, create_engine, make_url

from certs.config import LEAST_CHARACTERS, CredentialAddress, Secret, Settings, is_easily_guessed
from certs.db.engine import prepare
from certs.db.migrate import HEAD, migrate, missing, upgrade
from certs.db.patience import Patience, nobody
from certs.db.store import Store as Tables
from certs.db.tables import db
from certs.errors import ConflictError, InputError, MissingError, SigningError, StorageError
from certs.ground import places
from certs.model import Act, Purpose, TrustedKey
from certs.ports import Clock, Post, Register, Store
from certs.wording import hint, say
from certs.work import keys as keeping
from certs.work.publishing import Lists

if TYPE_CHECKING:
    from certs.db.packs import Opened
    from certs.keyring import KeyFolder
    from certs.keyring.forgotten import Forgotten
    from certs.keyring.voucher import FolderVoucher
    from certs.model.restored import Restored
    from certs.work.issue import Tools
    from certs.work.salvage import Beside


_BEGINS = say(
    "A new register begins with {new}, an old one with {restore}.", new=hint("begin"), restore=hint("restore")
)


_ON_SERVER = {"pool_pre_ping": True, "hide_parameters": True}
"""Of connections: asked before each use, and silent about names and addresses where something fails."""


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
    tell: Callable[[str], None] = nobody
    """Hears what somebody at a terminal should know meanwhile."""
    serves: bool = False
    """Whether it serves pages, which wait less."""

    @cached_property
    def keys(self) -> "KeyFolder":
        """The signing keys, opened when first needed."""
        from certs.keyring import KeyFolder  # noqa: PLC0415 -- much of what organisers do needs no cryptography

        settings = self.settings
        return KeyFolder(settings.signing_keys, settings.key_passphrase.reveal, settings.pkcs11_pin.reveal)

    @cached_property
    def voucher(self) -> "FolderVoucher":
        """Who signs the head of the audit trail."""
        from certs.ground.checkpoint import origin_of  # noqa: PLC0415 -- as for the keys
        from certs.keyring.voucher import FolderVoucher  # noqa: PLC0415

        return FolderVoucher(self.keys, origin_of(self.settings.base_url))

    @cached_property
    def forgotten(self) -> "Forgotten":
        """The key folder's list of people who were erased."""
        from certs.keyring.forgotten import Forgotten  # noqa: PLC0415 -- seldom needed

        return Forgotten(self.settings.signing_keys)

    def tools(self) -> "Tools":
        """Return what issuing needs: the newest keys, the public address, the level of seals and who vouches for them.

        Raises:
            SigningError: a key is missing or cannot be opened.
            StorageError: the register does not know the keys.
        """
        from certs.keyring.authorities import Authorities  # noqa: PLC0415 -- only issuing needs them, and fonts
        from certs.work.issue import Tools  # noqa: PLC0415

        settings = self.settings
        authority = Authorities(settings.timestamp_url) if settings.timestamp_url else None
        keeping.demand_known(self.store, self.keys)
        tools = Tools.of(self.keys, settings.base_url, settings.seal_level, authority)
        return replace(tools, addresses=settings.credential_address is CredentialAddress.HASHED)

    @property
    def store(self) -> Store:
        """The register that is there, as use cases and edges see it; migrated when first needed.

        Raises:
            MissingError, StorageError: as for `tables`.
        """
        return self.tables

    @cached_property
    def tables(self) -> Tables:
        """The same as this room alone sees it, with its database.

        Raises:
            MissingError: there is none; says where it was looked for, and why there.
            StorageError: the database is out of reach, or holds something else than a register of this program.
        """
        try:
            upgrade(self.engine, self._keep_before)
        except MissingError as error:
            raise MissingError(
                say("{error} {why_there} {begins}", error=error, why_there=self._why_there(), begins=_BEGINS)
            ) from error
        return Tables(self.engine, lambda: self.voucher, self.packs)

    @cached_property
    def packs(self) -> "Opened | None":
        """Where the bytes of certificates are kept outside the register, None if they are not."""
        place, serves = self.settings.tails, self.serves
        if place is None:
            return None
        from certs.bucket import WORK, Bucket, pages  # noqa: PLC0415 -- where one is named
        from certs.db.packs import Opened  # noqa: PLC0415

        patience = pages(self.settings.page_seconds) if serves else WORK
        keys = place.access_key, place.secret_key, place.session_token
        return Opened(Bucket(place.url, place.endpoint, place.region, keys, patience))

    @property
    def dialect(self) -> str:
        """Which kind of database the register is in: `sqlite` or `postgresql`."""
        return self.engine.dialect.name

    def close(self) -> None:
        """Give up the connections to the database; the next use opens others."""
        self.engine.dispose()

    @cached_property
    def register(self) -> Register:
        """What pages read: the register, or a copy that follows it, where one is named and fresh.

        Raises:
            MissingError, StorageError: as `store`; the copy may be out of reach.
        """
        if not self.settings.database_read_url:
            return self.store
        from certs.db.replica import Replica  # noqa: PLC0415 -- only pages read from there

        return Replica(Tables(self.copy, opened=self.packs), self.tables)

    @cached_property
    def copy(self) -> Engine:
        """The database of the copy that is named; nothing is opened yet.

        Raises:
            SigningError: the file of the password cannot be read, or is open to others.
        """
        settings = self.settings
        engine = create_engine(_address(settings.database_read_url, settings.database_password), **_ON_SERVER)
        prepare(engine, Patience(page_seconds=settings.page_seconds))
        return engine

    @cached_property
    def post(self) -> Post | None:
        """What takes mail, None where no mail is sent; nothing is opened yet."""
        place = self.settings.mail
        if place is None:
            return None
        from certs.smtp import Server, Smtp  # noqa: PLC0415 -- where mail is sent

        server = Server(place.host, place.port, place.tls, place.user, place.password)
        domain = urlsplit(self.settings.base_url).hostname or "localhost"
        return Smtp(server, place.sender, place.reply_to, domain)

    @property
    def lists(self) -> Lists:
        """The status lists, which whoever changes what they tell brings up to date."""
        return Lists(self.store, self.keys, self.settings.base_url, self.clock)

    @property
    def signs_as_demo(self) -> bool:
        """Whether certificates ordered now would be signed by a demo key.

        Raises:
            SigningError: there is no claim key.
        """
        return self.keys.signer(Purpose.CLAIM).key.demo

    def _keep_before(self, revision: str) -> None:
        """Back the register up before it moves on from *revision*, and say so.

        Raises:
            StorageError: it cannot be; says how to go on without.
        """
        from certs.db.backup import keep_before_migration  # noqa: PLC0415 -- seldom needed

        folder = self.settings.migration_backups
        if folder is None:
            return
        try:
            kept = keep_before_migration(self.engine, revision, folder, self.clock())
        except StorageError as error:
            raise StorageError(
                say(
                    "{error} It is backed up first: make room there, or name another folder with migration_backups, "
                    "or CERTS_MIGRATION_BACKUPS; off does without.",
                    error=error,
                )
            ) from error
        if kept is not None:
            self.tell(f"The register moves from revision {revision} to {HEAD}. As it was it is kept in {kept}.")

    def _why_there(self) -> str:
        if said := self.settings.database_said_by:
            return f"{said} says to look there."
        return "CERTS_DATABASE_URL is not set, so it is looked for in the working folder."

    def begin(self, *, beside_keys: bool = False) -> bool:
        """Let the register begin where there is none, because somebody means to; return whether it did.

        Raises:
            ConflictError: there are keys, whose register must be somewhere else; let pass with *beside_keys*.
            StorageError: the database is out of reach, or holds something else.
        """
        if not (why := missing(self.engine)):
            return False
        if not beside_keys and any(self.keys.ring().keys.values()):
            raise ConflictError(
                say(
                    "{why} But {signing_keys} holds keys, so theirs is somewhere else: set CERTS_DATABASE_URL to "
                    "where it is, or bring it back with {restore}. {why_there}",
                    why=why,
                    signing_keys=self.settings.signing_keys,
                    why_there=self._why_there(),
                    restore=hint("restore_file"),
                )
            )
        migrate(self.engine)
        return True

    def make_key(
        self,
        purpose: Purpose,
        act: Act,
        *,
        organisation: str,
        rsa: bool = False,
        demo: bool = False,
        insist: bool = False,
    ) -> TrustedKey:
        """Make a key, entered in the trail, under the passphrase of the others; status lists are signed by a new one.

        Raises:
            InputError: a seal without *organisation*, or a passphrase that is easily guessed, unless they *insist*.
            SigningError: the passphrase is lost or another one, or the folder cannot be written.
            StorageError: it cannot be entered; then it is not there.
        """
        self.ready_passphrase(insist=insist or demo)
        trail = self.store.key_trail
        key = keeping.make(trail, self.keys, act, purpose, organisation=organisation, rsa=rsa, demo=demo)
        self.lists.publish_under(key)
        return key

    def take_key(
        self, purpose: Purpose, uri: str, act: Act, *, organisation: str, rsa: bool = False, generate: bool = False
    ) -> TrustedKey:
        """Take the key of a token that the PKCS#11 *uri* names, entered in the trail; *generate* makes it there first.

        Raises:
            InputError: it is no such address, or a seal without *organisation*.
            ConflictError: that key is here already.
            SigningError: the token is out of reach or holds no such pair.
            StorageError: it cannot be entered; a pair that was made stays in the token.
        """
        from certs.keyring import pkcs11, private  # noqa: PLC0415 -- only who has a token loads its library
        from certs.keyring.uri import parse  # noqa: PLC0415

        reference = parse(uri)
        if purpose is Purpose.SEAL:
            self.ready_passphrase()  # of the root
        try:
            with keeping.entered(self.store.key_trail, self.keys, act, "key.new") as tell:
                if generate:
                    x509 = private.RSA3072 if rsa else private.P256
                    algorithm = x509 if purpose is Purpose.SEAL else private.ED25519
                    pkcs11.make_key_pair(reference, algorithm, self.settings.pkcs11_pin.reveal)
                key = self.keys.refer(purpose, reference, act.at, organisation=organisation, tell=tell)
        except StorageError as error:
            if not generate:
                raise
            raise StorageError(
                say(
                    "{error} {stays}",
                    error=error,
                    stays=say(
                        "If the pair was made, it is in the token: try again {without}.", without=hint("pair_made")
                    ),
                )
            ) from error
        self.lists.publish_under(key)
        return key

    def backup(self, file: Path) -> int:
        """Write the whole register to *file* as it is at this moment; return its size in bytes.

        Raises:
            ConflictError: the file is there already.
            StorageError: the database or the disk fails.
        """
        from certs.db.backup import backup  # noqa: PLC0415 -- seldom needed

        return backup(self.tables.engine, file)

    def restore(
        self,
        file: Path,
        act: Act,
        beside: "Beside",
        *,
        agree: Callable[["Restored"], None],
        watch: Callable[[int, int], None],
    ) -> "Restored":
        """Make the backup *file* the register once *agree* let it pass; see `certs.db.restore.restore`.

        Raises:
            InputError, ConflictError, StorageError: as there; the register is as it was.
        """
        from certs.db.restore import restore  # noqa: PLC0415 -- seldom needed
        from certs.queue import Queue  # noqa: PLC0415

        done = restore(self._engine_with_packs, file, act, beside=beside, agree=agree, gone=Queue().gone, watch=watch)
        self._sign_restored(act)
        return done

    def _sign_restored(self, act: Act) -> None:
        """Sign the trail of the register that somebody just put in place, if it was under our signature before that."""
        trail = self.store.trail
        unsigned, (entries, _) = trail.unvouched(), trail.head()
        mine = {one.id for one in unsigned if datetime.fromisoformat(one.at) == act.at}
        if trail.newest_checkpoint() and mine == {one.id for one in unsigned}:
            with suppress(SigningError):
                if trail.vouch(self.voucher, act, entries):
                    return
        if any(self.keys.ring().keys.values()):
            self.tell(
                say(
                    "The restored trail is not under our signature yet: look, with {examination}.",
                    examination=hint("trail_examination"),
                )
            )

    def rehearse(self, file: Path, act: Act, beside: "Beside", watch: Callable[[int, int], None]) -> "Restored":
        """Do all that restoring *file* does but the last step, beside the register.

        Raises:
            InputError, ConflictError, StorageError: as for `restore`.
        """
        from certs.db.restore import rehearse  # noqa: PLC0415 -- seldom needed

        return rehearse(self._engine_with_packs, file, act, beside=beside, watch=watch)

    @property
    def _engine_with_packs(self) -> Engine:
        from certs.db.packs import with_tails  # noqa: PLC0415 -- seldom needed

        return with_tails(self.engine, self.packs)

    def ready_passphrase(self, *, insist: bool = False) -> None:
        """See that there is a passphrase to make a key under: made anew only where none was needed before.

        Raises:
            InputError: it is easily guessed, and they do not *insist*.
            SigningError: the one that keys are locked with is lost, or another one is given.
        """
        secret, locked = self.settings.key_passphrase, self.keys.locked()
        if secret.is_lost and locked:
            which = " ".join(key.kid for key in locked)
            raise SigningError(
                say(
                    "The passphrase in {file} is gone, and keys in {path} are locked with it. Put the file back from "
                    "its backup, or set CERTS_KEY_PASSPHRASE_FILE to where it is. If it is lost for good, retire "
                    "these keys first, with {retire}: {which}.",
                    file=secret.file,
                    path=self.keys.path,
                    which=which,
                    retire=hint("retire"),
                )
            )
        if not insist and is_easily_guessed(secret.ensure()):
            raise InputError(
                say(
                    "The passphrase has fewer than {least} characters, or few different ones: whoever finds the key "
                    "folder guesses it. Let certs make one, where no key is locked with this yet, or say {insist}.",
                    least=LEAST_CHARACTERS,
                    insist=hint("insist"),
                )
            )
        secret.ensure()
        self.keys.check_passphrase()


def build(settings: Settings, *, serves: bool = False, tell: Callable[[str], None] = nobody) -> App:
    """Put the program together; nothing is opened yet.

    What *serves* pages waits less for the database; *tell* hears why a command waits.

    Raises:
        SigningError: the file of the database's password cannot be read, or is open to others.
        StorageError: the folder of a SQLite database cannot be made.
    """
    places.add_designs(settings.designs)
    flask = Flask("certs", static_folder=None)
    flask.config["SQLALCHEMY_DATABASE_URI"] = _address(settings.database_url, settings.database_password)
    on_server = settings.database_url.startswith("postgresql")
    flask.config["SQLALCHEMY_ENGINE_OPTIONS"] = {**_ON_SERVER, "pool_pre_ping": on_server}
    db.init_app(flask)
    with flask.app_context():
        engine = db.engine
    prepare(engine, Patience(settings.wait_seconds, settings.page_seconds if serves else 0, tell))
    app = App(settings, flask, engine)
    app.tell, app.serves = tell, serves
    return app


def _address(url: str, secret: Secret) -> URL:
    """Return *url* with the password where that is kept apart and the address has none."""
    address = make_url(url)
    if address.password or address.get_backend_name() == "sqlite" or secret == Secret():
        return address
    return address.set(password=secret.reveal().decode())
