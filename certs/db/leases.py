"""Who may take an ordered certificate or an errand: nobody holds it, or its holder's time is over by the database.

The clocks of machines that share one database differ; were each to judge by its own, one that is minutes ahead would
take what others are at work on. So begin and end of every lease are moments of the database, which all of them ask.
"""

from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, func, or_, select

from certs.db import tables


def now(connection: Connection) -> datetime:
    """Return the present moment by the database's clock; SQLite's is that of the machine."""
    if connection.dialect.name == "sqlite":
        return datetime.now(UTC)
    moment: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return moment.astimezone(UTC)


def free(moment: datetime) -> ColumnElement[bool]:
    """Return the condition that nobody holds a certificate at *moment*."""
    row = tables.Certificate
    return or_(row.lease.is_(None), row.lease_until < moment)


def free_errand(moment: datetime) -> ColumnElement[bool]:
    """Return the condition that no worker holds an errand at *moment*."""
    row = tables.Errand
    return or_(row.lease.is_(None), row.lease_until < moment)
