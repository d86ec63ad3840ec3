"""Somebody may be erased: what no signature rests on goes, what one does is withheld; bytes of exports may go."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_SAID = "event_id, person_id, seconds, added_at, session, role, kind, note, author"
RELAXED = (
    ("ruling", "ruling_never_changes", "UPDATE"),
    ("evidence", "evidence_stays_as_said", f"UPDATE OF {_SAID}"),
    ("certificate", "certificate_keeps_its_decision", "UPDATE OF decision"),
    ("withdrawn_link", "withdrawn_link_never_changes", "UPDATE"),
)
"""Triggers that let what stands in a row of somebody who was erased be emptied."""
_AS_RECEIVED = ("id", "event_id", "name", "sha256", "format", "session", "received_at")
"""What never changes of an export; its bytes may go, and never become others."""
_NEVER = (("never_changes", "UPDATE"), ("never_goes", "DELETE"))
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add what is kept of who was erased, and let triggers make way for that alone."""
    op.add_column("person", sa.Column("erased_at", _TIME, nullable=True))
    op.create_table(
        "erased",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("by", "address", "words", "refs")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_erased_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_erased")),
    )
    (_on_postgresql if op.get_bind().dialect.name == "postgresql" else _on_sqlite)()


def _on_sqlite() -> None:
    refuse = "BEGIN SELECT RAISE(ABORT, 'the register never forgets'); END"
    for trigger, change in _NEVER:
        op.execute(f"CREATE TRIGGER erased_{trigger} BEFORE {change} ON erased {refuse}")
    erased = "SELECT 1 FROM person WHERE person.id = OLD.person_id AND person.erased_at IS NOT NULL"
    for table, trigger, change in RELAXED:
        op.execute(f"DROP TRIGGER {trigger}")
        op.execute(f"CREATE TRIGGER {trigger} BEFORE {change} ON {table} WHEN NOT EXISTS ({erased}) {refuse}")
    kept = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in _AS_RECEIVED)
    op.execute("DROP TRIGGER import_file_never_changes")
    op.execute(
        "CREATE TRIGGER import_file_never_changes BEFORE UPDATE ON import_file "
        f"WHEN length(NEW.content) > 0 OR {kept} {refuse}"
    )


def _on_postgresql() -> None:
    refuse = "EXECUTE FUNCTION certs_refuse()"
    for trigger, change in _NEVER:
        op.execute(f"CREATE TRIGGER erased_{trigger} BEFORE {change} ON erased FOR EACH ROW {refuse}")
    op.execute(f"CREATE TRIGGER erased_never_empties BEFORE TRUNCATE ON erased FOR EACH STATEMENT {refuse}")
    op.execute(
        "CREATE FUNCTION certs_refuse_unless_erased() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF EXISTS (SELECT 1 FROM person WHERE id = OLD.person_id AND erased_at IS NOT NULL) THEN RETURN NEW; END IF; "
        "RAISE EXCEPTION 'the register never forgets'; END $$"
    )
    for table, trigger, change in RELAXED:
        op.execute(f"DROP TRIGGER {trigger} ON {table}")
        op.execute(
            f"CREATE TRIGGER {trigger} BEFORE {change} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION certs_refuse_unless_erased()"
        )
    kept = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _AS_RECEIVED)
    op.execute("DROP TRIGGER import_file_never_changes ON import_file")
    op.execute(
        "CREATE TRIGGER import_file_never_changes BEFORE UPDATE ON import_file "
        f"FOR EACH ROW WHEN (octet_length(NEW.content) > 0 OR {kept}) {refuse}"
    )
