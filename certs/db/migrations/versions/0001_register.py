"""The register: events, imports, people, batches, certificates, their bytes, and the audit trail."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

FROZEN = ("audit", "issued", "tail", "plate", "import_file")
"""Tables whose rows never change."""
KEPT = (
    *FROZEN,
    "event",
    "person",
    "joins",
    "registration",
    "unusable_row",
    "batch",
    "certificate",
    "revocation",
    "spent_number",
)
"""Tables that never lose a row."""
STATED = "number, batch_id, event_id, person_id, kind, version, name, language, attended, quarter_hours, supersedes_id"
"""What an ordered certificate says never changes; only where it stands on its way does."""


def upgrade() -> None:
    """Create every table and the triggers that keep history as it was."""
    _tables_of_imports()
    _tables_of_certificates()
    statements = _postgresql_triggers() if op.get_bind().dialect.name == "postgresql" else _sqlite_triggers()
    for statement in statements:
        op.execute(statement)


def _sqlite_triggers() -> Iterator[str]:
    refuse = "BEGIN SELECT RAISE(ABORT, 'the register never forgets'); END"
    for table in FROZEN:
        yield f"CREATE TRIGGER {table}_never_changes BEFORE UPDATE ON {table} {refuse}"
    for table in KEPT:
        yield f"CREATE TRIGGER {table}_never_goes BEFORE DELETE ON {table} {refuse}"
    yield f"CREATE TRIGGER certificate_stays_as_stated BEFORE UPDATE OF {STATED} ON certificate {refuse}"


def _postgresql_triggers() -> Iterator[str]:
    yield (
        "CREATE FUNCTION certs_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the register never forgets'; END $$"
    )
    refuse = "EXECUTE FUNCTION certs_refuse()"
    for table in FROZEN:
        yield f"CREATE TRIGGER {table}_never_changes BEFORE UPDATE ON {table} FOR EACH ROW {refuse}"
    for table in KEPT:
        yield f"CREATE TRIGGER {table}_never_goes BEFORE DELETE ON {table} FOR EACH ROW {refuse}"
        yield f"CREATE TRIGGER {table}_never_empties BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}"
        yield f"REVOKE DELETE, TRUNCATE ON {table} FROM PUBLIC, CURRENT_USER"
    for table in FROZEN:
        yield f"REVOKE UPDATE ON {table} FROM PUBLIC, CURRENT_USER"
    yield f"CREATE TRIGGER certificate_stays_as_stated BEFORE UPDATE OF {STATED} ON certificate FOR EACH ROW {refuse}"


def _tables_of_imports() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("software", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_event"), "audit", ["event"], unique=False)
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("slug", name=op.f("uq_event_slug")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("key", name=op.f("uq_person_key")),
        sa.UniqueConstraint("ref", name=op.f("uq_person_ref")),
    )
    op.create_table(
        "import_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_import_file_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_file")),
        sa.UniqueConstraint("event_id", "sha256", name=op.f("uq_import_file_event_id_sha256")),
    )
    op.create_table(
        "session",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_session_event_id")),
        sa.PrimaryKeyConstraint("event_id", "session", name=op.f("pk_session")),
    )
    op.create_table(
        "joins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("start_us", sa.BigInteger(), nullable=True),
        sa.Column("end_us", sa.BigInteger(), nullable=True),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("stated_seconds", sa.Integer(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["import_file.id"], name=op.f("fk_joins_import_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_joins_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joins")),
    )
    op.create_index(op.f("ix_joins_import_id"), "joins", ["import_id"], unique=False)
    op.create_table(
        "registration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["import_file.id"], name=op.f("fk_registration_import_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_registration_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
    )
    op.create_index(op.f("ix_registration_import_id"), "registration", ["import_id"], unique=False)
    op.create_table(
        "unusable_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["import_file.id"], name=op.f("fk_unusable_row_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unusable_row")),
    )
    op.create_index(op.f("ix_unusable_row_import_id"), "unusable_row", ["import_id"], unique=False)


def _tables_of_certificates() -> None:
    op.create_table(
        "plate",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_plate")),
    )
    op.create_table(
        "spent_number",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_spent_number")),
    )
    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("approval", sa.Text(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ordered_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_batch_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    op.create_index(op.f("ix_batch_event_id"), "batch", ["event_id"], unique=False)
    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("attended", sa.Text(), nullable=False),
        sa.Column("quarter_hours", sa.Integer(), nullable=False),
        sa.Column("plate", sa.Text(), nullable=False),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("lease", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_certificate_batch_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_certificate_event_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_certificate_person_id")),
        sa.ForeignKeyConstraint(["supersedes_id"], ["certificate.id"], name=op.f("fk_certificate_supersedes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint(
            "event_id", "person_id", "kind", "version", name=op.f("uq_certificate_event_id_person_id_kind_version")
        ),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_certificate_batch_id_state_plate", "certificate", ["batch_id", "state", "plate"], unique=False)
    op.create_index(
        "ix_certificate_lease",
        "certificate",
        ["lease"],
        unique=False,
        postgresql_where=sa.text("lease IS NOT NULL"),
        sqlite_where=sa.text("lease IS NOT NULL"),
    )
    op.create_index(op.f("ix_certificate_person_id"), "certificate", ["person_id"], unique=False)
    op.create_index(op.f("ix_certificate_supersedes_id"), "certificate", ["supersedes_id"], unique=False)
    op.create_table(
        "issued",
        sa.Column("certificate_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claim_text", sa.Text(), nullable=False),
        sa.Column("claim_kid", sa.Text(), nullable=False),
        sa.Column("seal_kid", sa.Text(), nullable=False),
        sa.Column("credential_kid", sa.Text(), nullable=False),
        sa.Column("plate_sha256", sa.Text(), nullable=False),
        sa.Column("pdf_sha256", sa.Text(), nullable=False),
        sa.Column("pdf_bytes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificate.id"], name=op.f("fk_issued_certificate_id")),
        sa.ForeignKeyConstraint(["plate_sha256"], ["plate.sha256"], name=op.f("fk_issued_plate_sha256")),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_issued")),
        sa.UniqueConstraint("pdf_sha256", name=op.f("uq_issued_pdf_sha256")),
    )
    op.create_index(op.f("ix_issued_claim_kid"), "issued", ["claim_kid"], unique=False)
    op.create_index(op.f("ix_issued_seal_kid"), "issued", ["seal_kid"], unique=False)
    op.create_table(
        "revocation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificate.id"], name=op.f("fk_revocation_certificate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revocation")),
    )
    op.create_index(
        "uq_revocation_in_force",
        "revocation",
        ["certificate_id"],
        unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
        sqlite_where=sa.text("undone_at IS NULL"),
    )
    op.create_table(
        "tail",
        sa.Column("certificate_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificate.id"], name=op.f("fk_tail_certificate_id")),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_tail")),
    )
