"""Mails in a register that is brought back: what was sent since the backup is carried over, or a person decides.

A backup knows of mails that wait, and not that they were sent since. Were they sent by themselves once it is the
register, people would get them twice.
"""

from sqlalchemy import Connection, insert, select, update

from certs.db import tables
from certs.model import MessageState
from certs.wording import say, written

_row = tables.Message
_SAME = ("slug", "person", "kind", "occasion")
_OPEN = [one.value for one in MessageState if one.is_open]


def carry(newer: Connection, target: Connection) -> None:
    """Bring into *target* how every message stands that *newer* knows; events are there already."""
    events = {slug: id_ for slug, id_ in target.execute(select(tables.Event.slug, tables.Event.id))}  # noqa: C416
    known = {row[1:]: row[0] for row in target.execute(select(_row.id, *(getattr(_row, one) for one in _SAME))).all()}
    for message in newer.execute(select(_row.__table__)).mappings():
        values = {name: value for name, value in message.items() if name != "id"}
        values["event_id"] = events.get(message["slug"])
        there = known.get(tuple(message[one] for one in _SAME))
        if there is None:
            target.execute(insert(_row).values(**values))
        else:
            target.execute(update(_row).where(_row.id == there).values(**values))


def hold(target: Connection) -> int:
    """Let nothing be sent by itself that was open when the backup was made; return how many mails wait for a person."""
    why = written(say("The register was restored from a backup: perhaps this was sent since then."))
    values = {"state": MessageState.UNKNOWN.value, "said": why, "lease": None, "lease_until": None}
    return target.execute(update(_row).where(_row.state.in_(_OPEN)).values(**values)).rowcount
