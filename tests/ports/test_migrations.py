import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from certs.db.migrate import HEAD, SCRIPTS, current, migrate
from certs.db.store import Store
from certs.db.tables import Base
from certs.errors import StorageError
from certs.model import PersonKey, Registration
from tests.ports.conftest import opened
from tests.register import EVENT, act, registrations_of


def test_head_is_the_newest_revision() -> None:
    """The constant that saves an import of Alembic is the truth."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_an_empty_database_becomes_just_the_tables(empty_url: str) -> None:
    """After migrating, there is nothing that a comparison with the models would add or remove."""
    engine = opened(empty_url)
    migrate(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()


def test_migrating_twice_does_nothing(empty_url: str) -> None:
    """Every command may ask."""
    engine = opened(empty_url)
    migrate(engine)
    migrate(engine)
    with engine.connect() as connection:
        assert current(connection) == HEAD
    engine.dispose()


def test_a_database_of_a_newer_program_is_refused(database_url: str) -> None:
    """An old program must not write to what it does not know."""
    engine = opened(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match="newer certs"):
        migrate(engine)
    engine.dispose()


def test_a_register_of_the_first_schema_keeps_its_data(empty_url: str) -> None:
    """Everything that the first program stored is there after migrating, and more can be added."""
    engine = opened(empty_url)
    migrate(engine, "0001")
    with engine.begin() as connection:
        for statement in OLD_DATA:
            connection.execute(text(statement))
        withdraw(connection)
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("SELECT setval('event_id_seq', 1)"))
    migrate(engine)
    store = Store(engine)
    assert registrations_of(store, "old") == [
        Registration(PersonKey("ana@example.org"), "Ana", 2, "Ghana", listed=False)
    ]
    assert store.events.add(EVENT, "new", act())
    engine.dispose()


def withdraw(connection: Connection) -> None:
    """Leave a register on PostgreSQL as its migrations left it, before the owner's rights were given back."""
    if connection.dialect.name == "postgresql":
        history = "audit, issued, tail, plate, import_file, event, person, batch, certificate, revocation, spent_number"
        connection.execute(text(f"REVOKE DELETE, TRUNCATE ON {history} FROM PUBLIC, CURRENT_USER"))
        connection.execute(text("REVOKE UPDATE ON audit, issued, tail, plate, import_file FROM PUBLIC, CURRENT_USER"))


OLD_DATA = (
    "INSERT INTO event VALUES (1, 'old', 'Old', 'definition', '2026-01-01 00:00:00')",
    "INSERT INTO import_file VALUES (1, 1, 'a.csv', 'x', 'test', NULL, '2026-01-01 00:00:00', 'bytes')",
    "INSERT INTO person VALUES (1, 'ana@example.org', 'ref')",
    "INSERT INTO registration (id, import_id, person_id, name, line, country) VALUES (1, 1, 1, 'Ana', 2, 'Ghana')",
)


def test_what_was_issued_before_its_indexes_went_is_still_there(empty_url: str) -> None:
    """Row by row, and the register still refuses to change or forget it."""
    engine = opened(empty_url)
    migrate(engine, "0011")
    with engine.begin() as connection:
        for statement in ISSUED:
            connection.execute(text(statement))
        withdraw(connection)
    migrate(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT * FROM issued")).mappings().one()["pdf_sha256"] == "beef"
    for change in ("UPDATE issued SET pdf_sha256 = 'x'", "DELETE FROM issued"):
        with pytest.raises(DBAPIError), engine.begin() as connection:
            connection.execute(text(change))
    engine.dispose()


def test_nobody_has_begun_what_was_ordered_before_that_was_noted(empty_url: str) -> None:
    """Nor helps anybody with it, until somebody issues it once more."""
    engine = opened(empty_url)
    migrate(engine, "0023")
    with engine.begin() as connection:
        for statement in ISSUED:
            connection.execute(text(statement))
        connection.execute(text("UPDATE batch SET approved_at = '2026-01-01 00:00:00', approved_by = 'ben'"))
        connection.execute(text("UPDATE certificate SET state = 'ordered'"))
    migrate(engine)
    with engine.connect() as connection:
        begun = "SELECT begun_kids, begun_software, begun_base_url FROM batch"
        assert connection.execute(text(begun)).all() == [("", "", "")]
    assert Store(engine).batches.begun() == []
    engine.dispose()


ISSUED = (
    "INSERT INTO event (id, slug, title, definition, added_at) VALUES (1, 'e', 'E', 'd', '2026-01-01 00:00:00')",
    "INSERT INTO person (id, key, ref) VALUES (1, 'ana@example.org', 'ref')",
    "INSERT INTO batch (id, event_id, kind, facts, issued_on, approval, ordered_at, ordered_by, reason, error)"
    " VALUES (1, 1, 'k', '{}', '2026-01-01', 'one', '2026-01-01 00:00:00', 'ana', '', '')",
    "INSERT INTO certificate (id, batch_id, event_id, person_id, kind, version, number, name, language, attended,"
    " quarter_hours, plate, state, error)"
    " VALUES (1, 1, 1, 1, 'k', 1, '000000000000', 'Ana', '', '[]', 4, 'p', 'issued', '')",
    "INSERT INTO plate (sha256, data) VALUES ('cafe', 'x')",
    "INSERT INTO issued (certificate_id, registered_at, claim_text, claim_kid, seal_kid, credential_kid, plate_sha256,"
    " pdf_sha256, pdf_bytes) VALUES (1, '2026-01-01 00:00:00', 'c', 'k', 's', '', 'cafe', 'beef', 1)",
)


def test_batches_of_before_are_counted_within_their_event(empty_url: str) -> None:
    """In the order in which they were ordered, without the gaps of the register's own counter."""
    engine = opened(empty_url)
    migrate(engine, "0012")
    with engine.begin() as connection:
        for id_, slug in ((1, "a"), (2, "b")):
            connection.execute(text(EVENT_ROW.format(id=id_, slug=slug)))
        for id_, event in ((3, 1), (5, 2), (9, 1)):
            connection.execute(text(BATCH.format(id=id_, event=event)))
    migrate(engine)
    with engine.connect() as connection:
        counted = connection.execute(text("SELECT id, ordinal FROM batch ORDER BY id")).all()
    assert [tuple(row) for row in counted] == [(3, 1), (5, 1), (9, 2)]
    engine.dispose()


EVENT_ROW = (
    "INSERT INTO event (id, slug, title, definition, added_at) VALUES ({id}, '{slug}', 'E', 'd', '2026-01-01 00:00:00')"
)
BATCH = (
    "INSERT INTO batch (id, event_id, kind, facts, issued_on, approval, ordered_at, ordered_by, reason, error)"
    " VALUES ({id}, {event}, 'k', '{{}}', '2026-01-01', 'one', '2026-01-01 00:00:00', 'ana', '', '')"
)


def test_a_reason_that_was_public_stays_public(empty_url: str) -> None:
    """Before there was a note beside it; what was undone then, was so in time, and no page tells of it."""
    engine = opened(empty_url)
    migrate(engine, "0012")
    with engine.begin() as connection:
        for statement in (*ISSUED, *REVOKED):
            connection.execute(text(statement))
    migrate(engine)
    said = "SELECT detail FROM revocation WHERE undone_at IS NULL AND NOT reinstated"
    with engine.connect() as connection:
        assert connection.execute(text(said)).scalars().all() == ["issued for the wrong course"]
        assert connection.execute(text("SELECT count(*) FROM revocation WHERE reinstated")).scalar() == 0
    for change in ("UPDATE revocation SET detail = 'x'", "UPDATE revocation SET undone_at = NULL WHERE id = 1"):
        with pytest.raises(DBAPIError), engine.begin() as connection:
            connection.execute(text(change))
    engine.dispose()


REVOKED = (
    "INSERT INTO revocation (id, certificate_id, at, reason, detail, undone_at)"
    " VALUES (1, 1, '2026-01-02 00:00:00', 'error', 'a slip', '2026-01-02 00:01:00')",
    "INSERT INTO revocation (id, certificate_id, at, reason, detail)"
    " VALUES (2, 1, '2026-01-03 00:00:00', 'error', 'issued for the wrong course')",
)


def test_what_the_trail_says_of_imports_and_orders_becomes_columns(empty_url: str) -> None:
    """By file and reading, undone or not; by a batch's reference, or row id in the oldest entries; then for ever."""
    engine = opened(empty_url)
    migrate(engine, "0023")
    with engine.begin() as connection:
        connection.execute(text(EVENT_ROW.format(id=1, slug="a")))
        for statement in ENTRIES:
            connection.execute(text(statement.replace(":", r"\:")))
    migrate(engine)
    with engine.connect() as connection:
        readings = connection.execute(text("SELECT number, entry FROM reading ORDER BY number")).all()
        batches = connection.execute(text("SELECT id, entry FROM batch ORDER BY id")).all()
    assert [tuple(row) for row in readings] == [(1, 2), (2, 5)]
    assert [tuple(row) for row in batches] == [(3, 3), (7, 4), (8, 0)]
    changes = ("UPDATE reading SET entry = 9 WHERE number = 2", "UPDATE batch SET entry = 9 WHERE id = 3")
    for change in (*changes, "UPDATE reading SET undone_at = NULL WHERE number = 1"):
        with pytest.raises(DBAPIError, match="never forgets"), engine.begin() as connection:
            connection.execute(text(change))
    engine.dispose()


_ENTRY = (
    "INSERT INTO audit (id, at, actor, role, act, event, subject, old, new, reason, software, previous, sha256)"
    " VALUES ({}, 't', 'ana', 'operator', '{}', 'a', '{}', '', '{}', '', '', '', '')"
)
ENTRIES = (
    "INSERT INTO import_file (id, event_id, name, sha256, format, session, received_at, content)"
    " VALUES (1, 1, 'a.csv', 'x', 'test', NULL, '2026-01-01 00:00:00', 'bytes')",
    "INSERT INTO reading (import_id, number, name, format, session, received_at, undone_at, undone_by, undone_reason)"
    " VALUES (1, 1, 'a.csv', 'test', NULL, '2026-01-01 00:00:00', '2026-01-02 00:00:00', 'ana', '')",
    "INSERT INTO reading (import_id, number, name, format, session, received_at)"
    " VALUES (1, 2, 'a.csv', 'test', NULL, '2026-01-03 00:00:00')",
    *(
        "INSERT INTO batch (id, event_id, ordinal, kind, facts, issued_on, approval, ordered_at, ordered_by, reason,"
        f" error) VALUES ({id_}, 1, {ordinal}, 'k', '{{}}', '2026-01-01', 'one', '2026-01-01 00:00:00', 'ana', '', '')"
        for id_, ordinal in ((3, 1), (7, 2), (8, 3))
    ),
    _ENTRY.format(1, "import.add", "b.csv", '{"sha256": "y", "reading": 1}'),
    _ENTRY.format(2, "import.add", "a.csv", '{"sha256": "x"}'),
    _ENTRY.format(3, "batch.order", "batch 3", "{}"),
    _ENTRY.format(4, "batch.order", "batch a/2", "{}"),
    _ENTRY.format(5, "import.add", "a.csv", '{"sha256": "x", "reading": 2}'),
)


def test_certificates_of_before_are_found_by_their_names(empty_url: str) -> None:
    """Without case and accents; what they state stays."""
    engine = opened(empty_url)
    migrate(engine, "0030")
    stated = (
        "INSERT INTO event (id, slug, title, definition, added_at) VALUES (1, 'old', 'Old', 'x', '2026-01-01')",
        "INSERT INTO person (id, key, ref) VALUES (1, 'zoe@example.org', 'r')",
        "INSERT INTO batch (id, event_id, kind, facts, issued_on, approval, ordered_at, ordered_by, reason, error, "
        "ordinal) VALUES (1, 1, 'a', '{}', '2026-01-01', 'one', '2026-01-01', 'ana', '', '', 1)",
        "INSERT INTO certificate (id, batch_id, event_id, person_id, kind, version, number, name, language, attended, "
        "quarter_hours, plate, state, error) VALUES (7, 1, 1, 1, 'a', 1, '7K3M9QXZ2P4C', 'ZOË Łuk', '', '[]', 8, "
        "'latin/1', 'cancelled', '')",
    )
    with engine.begin() as connection:
        for statement in stated:
            connection.execute(text(statement))
    migrate(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name, folded FROM certificate")).all() == [("ZOË Łuk", "zoe luk")]
    engine.dispose()
