"""PostgreSQL under the roles that a database administrator gives: an ordinary owner, one that works, one that reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from certs.db import audit, rights
from certs.db.backup import backup
from certs.db.migrate import migrate, upgrade
from certs.db.restore import restore
from certs.db.store import Store
from certs.errors import ReadOnlyError, StorageError
from certs.keyring import KeyFolder
from certs.model import Purpose, Revocation, RevocationReason
from certs.work import counts, keys
from certs.work import questions as asking
from tests import postgres
from tests.ports.conftest import opened
from tests.ports.test_migrations import OLD_DATA, withdraw
from tests.register import AUCKLAND, EVENT, NOW, act, evidence, granted, issued, people, received
from tests.test_docs import OPERATIONS

GRANTS = [line.strip() for line in OPERATIONS.splitlines() if line.startswith("    ALTER DEFAULT PRIVILEGES")]
"""What the documentation tells an administrator to run, as it stands there."""
_serial = count(1)
HISTORY = ("audit", "certificate", "evidence", "import_file", "issued", "person", "reading", "ruling", "tail")


@dataclass(frozen=True)
class Roles:
    """One register, opened by its owner, by the role that works with it and by the one that only reads."""

    owner: Engine
    works: Engine
    reads: Engine


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[postgres.Cluster]:
    with postgres.cluster() as running:
        running.role("certs_app")
        running.role("certs_web")
        yield running


@pytest.fixture
def roles(own_cluster: postgres.Cluster) -> Iterator[Roles]:
    name = f"register{next(_serial)}"
    owner = opened(own_cluster.create(name))
    with owner.begin() as connection:
        for statement in GRANTS:
            connection.execute(text(statement))
    migrate(owner)
    found = Roles(owner, *(opened(own_cluster.url(name, role)) for role in ("certs_app", "certs_web")))
    yield found
    for engine in (found.owner, found.works, found.reads):
        engine.dispose()


def filled(store: Store) -> None:
    """Let somebody be issued a certificate, and leave a trace in every part of the history."""
    issued(store, people(2))
    store.imports.add(EVENT.slug, [received()], act())
    store.evidence.add(EVENT.slug, [evidence("ana@example.org")], act())
    store.rulings.add(EVENT.slug, [granted("ana@example.org")], act())


def attended(store: Store) -> None:
    """Let three people attend, and doubts be looked for."""
    store.events.add(EVENT, AUCKLAND, act())
    store.imports.add(EVENT.slug, [received(people=people(3))], act())
    asking.ask(store, EVENT.slug)


def test_the_documentation_grants_to_both_roles() -> None:
    """Schemas, sequences and tables; to the one that reads, nothing to write with."""
    assert len(GRANTS) == 4
    assert {line.split()[-1] for line in GRANTS} == {"certs_app;", "certs_web;"}


def test_every_test_connects_as_an_ordinary_role(own_cluster: postgres.Cluster, roles: Roles) -> None:
    """It owns its database and may nothing else."""
    with roles.owner.connect() as connection:
        may = "SELECT rolsuper OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
        assert connection.execute(text(may)).scalar_one() is False
        owns = "SELECT pg_get_userbyid(datdba) = current_user FROM pg_database WHERE datname = current_database()"
        assert connection.execute(text(owns)).scalar_one() is True


@pytest.mark.parametrize("role", ["owner", "works"])
def test_both_roles_do_the_daily_work(roles: Roles, role: str) -> None:
    """From the event to a revocation, with the trail whole."""
    store = Store(getattr(roles, role))
    filled(store)
    number = next(store.deliveries(EVENT.slug)).certificate.number
    store.revocations.add([number], Revocation(NOW, RevocationReason.FRAUD, "bought"), act())
    store.events.add(EVENT, "slug = 'changed'", act())
    assert audit.first_broken(audit.entries(store.engine)) is None


@pytest.mark.parametrize("role", ["owner", "works"])
@pytest.mark.parametrize("table", HISTORY)
def test_history_stays_whoever_asks(roles: Roles, role: str, table: str) -> None:
    """No row of it goes; triggers say so to the owner, too."""
    filled(Store(roles.owner))
    for change in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        with pytest.raises(DBAPIError, match=r"never forgets|permission denied"), getattr(roles, role).begin() as one:
            one.execute(text(change))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET actor = 'eve'",
        "ALTER TABLE audit DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_never_changes ON audit",
        "DROP TABLE audit CASCADE",
        "CREATE OR REPLACE FUNCTION certs_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "SET session_replication_role = replica",
    ],
)
def test_the_role_that_works_cannot_take_the_guards_away(roles: Roles, change: str) -> None:
    """That is what a separate owner is for."""
    filled(Store(roles.owner))
    with pytest.raises(DBAPIError), roles.works.begin() as connection:
        connection.execute(text(change))


def test_a_role_that_reads_can_serve_and_nothing_else(roles: Roles) -> None:
    """The sentence names the table and where the rights are listed."""
    filled(Store(roles.owner))
    migrate(roles.reads)
    store = Store(roles.reads)
    number = next(store.deliveries(EVENT.slug)).certificate.number
    assert store.certificate(number) is not None
    with pytest.raises(StorageError, match=r"may not do this: permission denied for table .*operations\.md"):
        store.events.add(EVENT, "slug = 'x'", act())


def test_what_is_restored_is_open_to_the_same_roles(roles: Roles, tmp_path: Path) -> None:
    """The owner restores; the others go on without a word from the administrator. Only the owner can."""
    filled(Store(roles.owner))
    backup(roles.works, tmp_path / "backup.db")
    with pytest.raises(StorageError, match="may not do this"):
        restore(roles.works, tmp_path / "backup.db", act(reason="drill"))
    restore(roles.owner, tmp_path / "backup.db", act(reason="drill"))
    issued(Store(roles.works), ["later@example.org"])
    assert len(list(Store(roles.reads).deliveries(EVENT.slug))) == 3


def test_a_schema_that_belongs_to_somebody_else_takes_a_backup(
    own_cluster: postgres.Cluster, roles: Roles, tmp_path: Path
) -> None:
    """As `public` does on PostgreSQL 14 and older."""
    filled(Store(roles.owner))
    backup(roles.owner, tmp_path / "backup.db")
    own_cluster.give_schema_away(str(roles.owner.url.database))
    done = restore(roles.owner, tmp_path / "backup.db", act(reason="drill"))
    assert done.certificates == 2
    issued(Store(roles.owner), ["later@example.org"])


def test_a_register_whose_owner_lost_rights_is_healed(own_cluster: postgres.Cluster) -> None:
    """As earlier migrations left it: no row that points to an import could be written."""
    engine = opened(own_cluster.create("deprived"))
    migrate(engine, "0012")
    *before, registration = OLD_DATA
    with engine.begin() as connection:
        for statement in before:
            connection.execute(text(statement))
        withdraw(connection)
    with pytest.raises(DBAPIError, match="permission denied"), engine.begin() as connection:
        connection.execute(text(registration))
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text(registration))
    engine.dispose()


def test_tables_of_others_are_let_be(own_cluster: postgres.Cluster, roles: Roles, tmp_path: Path) -> None:
    """An extension brings its own into the same schema: they are no part of a migration or of a restore."""
    own_cluster.add_table(str(roles.owner.url.database), "spatial_ref_sys")
    backup(roles.owner, tmp_path / "backup.db")
    restore(roles.owner, tmp_path / "backup.db", act(reason="drill"))
    with roles.owner.connect() as connection:
        found = "SELECT schemaname FROM pg_tables WHERE tablename = 'spatial_ref_sys'"
        assert connection.execute(text(found)).scalars().all() == ["public"]


def test_the_doctor_finds_what_a_role_may_not_do(own_cluster: postgres.Cluster, roles: Roles) -> None:
    """The owner and the role that works may do everything; one that reads is told, and so is a deprived owner."""
    assert [list(rights.faults(engine)) for engine in (roles.owner, roles.works)] == [[], []]
    (reads,) = rights.faults(roles.reads)
    assert "lacks INSERT on audit, INSERT on batch, INSERT on certificate and" in reads
    with roles.owner.begin() as connection:
        withdraw(connection)
    assert any("lost UPDATE on audit, import_file" in fault for fault in rights.faults(roles.owner))


def test_the_doctor_finds_that_nothing_can_be_made_anew(roles: Roles) -> None:
    """As where an administrator granted what earlier versions needed."""
    with roles.owner.begin() as connection:
        connection.execute(text("REVOKE DELETE ON decision, counted FROM certs_app"))
    (told,) = rights.faults(roles.works)
    assert "lacks DELETE on counted, DELETE on decision: no decision is kept" in told
    attended(Store(roles.owner))
    assert list(counts.counted(Store(roles.works), EVENT.slug)) == list(counts.counted(Store(roles.owner), EVENT.slug))


def test_who_only_reads_counts_without_keeping(roles: Roles) -> None:
    """Before the owner counted, after that, and after a change: always what is so; nothing is written."""
    owner, reads = Store(roles.owner), Store(roles.reads)
    attended(owner)
    kind = EVENT.kinds[0]

    def seen(store: Store) -> tuple[object, ...]:
        found = counts.counted(store, EVENT.slug, NOW)
        shares = counts.shares(store, EVENT.slug, kind)
        presence = sorted(map(str, found.tallies(kind.name)))
        odd = counts.odd(store, EVENT.slug, NOW)
        return list(found), found.totals(), presence, shares.people(1, Fraction(1)), odd

    for late in ("late", "later"):
        assert owner.decisions.kept(EVENT.slug) != owner.decisions.as_of(EVENT.slug)
        by_reader = seen(reads)
        assert owner.decisions.kept(EVENT.slug) != owner.decisions.as_of(EVENT.slug)
        assert by_reader == seen(owner) == seen(reads)
        assert by_reader[0]
        owner.imports.add(EVENT.slug, [received(late, late.encode(), [f"{late}@example.org"])], act())
        asking.ask(owner, EVENT.slug)


def test_who_only_reads_counts_nothing_twice(roles: Roles, monkeypatch: pytest.MonkeyPatch) -> None:
    """That nothing can be kept shows before anybody counts."""
    attended(Store(roles.owner))
    calls: list[object] = []
    by_people = asking.by_people

    def noted(store: Store, slug: str) -> object:
        calls.append(slug)
        return by_people(store, slug)

    monkeypatch.setattr(asking, "by_people", noted)
    assert list(counts.counted(Store(roles.reads), EVENT.slug))
    assert len(calls) == 1


def test_what_waits_for_a_writer_is_said(roles: Roles) -> None:
    """Doubts are looked for after an import; until somebody did, nobody who only reads can say who earned anything."""
    owner = Store(roles.owner)
    attended(owner)
    owner.imports.add(EVENT.slug, [received("late.csv", b"late")], act())
    with pytest.raises(ReadOnlyError, match="may not do this"):
        counts.counted(Store(roles.reads), EVENT.slug)


def test_a_key_that_the_role_may_not_enter_is_not_left_behind(roles: Roles, tmp_path: Path) -> None:
    """As when nothing could be written at all."""
    folder = KeyFolder(tmp_path / "keys", lambda: b"correct horse")
    with pytest.raises(StorageError, match="may not do this"):
        keys.make(Store(roles.reads).key_trail, folder, act(), Purpose.SEAL, organisation="Institute")
    assert list((tmp_path / "keys").iterdir()) == []
    made = keys.make(Store(roles.works).key_trail, folder, act(), Purpose.SEAL, organisation="Institute")
    assert keys.unknown(Store(roles.reads), folder) == []
    assert folder.find(Purpose.SEAL, made.kid) == made


def test_a_register_that_is_up_to_date_is_opened_by_whoever_may_only_read(roles: Roles) -> None:
    """And of an older one it is said who brings it up to date."""
    upgrade(roles.reads)
    with roles.owner.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0012'"))
    with pytest.raises(StorageError, match="must be brought up to date, which failed"):
        upgrade(roles.reads)
