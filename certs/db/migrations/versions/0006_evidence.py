"""Evidence that people add by hand, and the decision that a certificate was ordered for."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_SAID = ("session", "role", "kind", "note", "author")


def upgrade() -> None:
    """Create the table, whose rows stay as they were said, and the column, which stays as it was ordered."""
    op.create_table(
        "evidence",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "event_id", "person_id", "seconds")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in (*_SAID, "withdrawn_by", "withdrawn_reason")),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_evidence_event_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_evidence_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_event_id"), "evidence", ["event_id"])
    op.add_column("certificate", sa.Column("decision", sa.Text(), nullable=False, server_default=""))
    said = ", ".join(("event_id", "person_id", "seconds", "added_at", *_SAID))
    _refuse("evidence_never_goes", "DELETE ON evidence")
    _refuse("evidence_stays_as_said", f"UPDATE OF {said} ON evidence")
    _refuse("certificate_keeps_its_decision", "UPDATE OF decision ON certificate")


def _refuse(trigger: str, change: str) -> None:
    """Let nobody do *change*."""
    refuse = "BEGIN SELECT RAISE(ABORT, 'the register never forgets'); END"
    if op.get_bind().dialect.name == "postgresql":
        refuse = "FOR EACH ROW EXECUTE FUNCTION certs_refuse()"
    op.execute(f"CREATE TRIGGER {trigger} BEFORE {change} {refuse}")
