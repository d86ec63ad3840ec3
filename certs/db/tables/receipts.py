"""What the register keeps of receipts."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from certs.db.tables.base import Model


class Receipt(Model):
    """A receipt that was given; *counts* is a JSON object, how many answers by summary."""

    __tablename__ = "receipt"
    number: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kid: Mapped[str]
    sha256: Mapped[str]
    counts: Mapped[str]
