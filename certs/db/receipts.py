"""Receipts that were given: number, moment, key, digest and counts."""

import json

from sqlalchemy import Engine, insert, select

from certs.db import tables
from certs.db.engine import reading, writing
from certs.model import KeptReceipt, Kid, Number

_row = tables.Receipt


class Receipts:
    """Receipts; implements `certs.ports.Receipts`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, receipt: KeptReceipt) -> None:
        """Keep *receipt*; see `certs.ports.Receipts`."""
        counts = json.dumps(dict(sorted(receipt.counts.items())))
        with writing(self._engine) as connection:
            connection.execute(
                insert(_row).values(
                    number=receipt.number, at=receipt.at, kid=receipt.kid, sha256=receipt.sha256, counts=counts
                )
            )

    def find(self, number: Number) -> KeptReceipt | None:
        """Return the receipt of that number; see `certs.ports.Receipts`."""
        with reading(self._engine) as connection:
            found = connection.execute(
                select(_row.number, _row.at, _row.kid, _row.sha256, _row.counts).where(_row.number == number)
            ).first()
        if found is None:
            return None
        return KeptReceipt(Number(found.number), found.at, Kid(found.kid), found.sha256, json.loads(found.counts))
