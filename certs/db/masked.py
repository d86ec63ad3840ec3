"""The audit trail as people read it: without what names somebody who was erased.

Entries are chained and signed, so they stay as they were written; what is shown of them leaves out those addresses and
names of erased people that the trail holds (`erased.words`). An entry of which something is left out no longer fits its
digest; the chain itself is checked on what is stored.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from sqlalchemy import Connection, Engine, select

from certs.db import audit, tables
from certs.db.engine import reading
from certs.model import AuditEntry
from certs.model.herself import MASK

HOLD_NAMES = ("subject", "old", "new", "reason")
"""What may name a participant in an entry; who acted is a user, and stays."""
Words = re.Pattern[str] | None
"""What finds those words; nothing where nobody was erased."""


def words(connection: Connection) -> Words:
    """Return what finds everything that is left out."""
    held = connection.execute(select(tables.Erased.words)).scalars()
    return pattern({word for text in held for word in json.loads(text)})


def pattern(found: Iterable[str]) -> Words:
    """Return what finds each of *found* where it stands as a word of its own, also inside JSON."""
    spelt = {spelling for word in found for spelling in (word, json.dumps(word, ensure_ascii=False)[1:-1]) if word}
    if not spelt:
        return None
    longest_first = sorted(spelt, key=lambda one: (-len(one), one))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(_spelling, longest_first))})(?!\w)")


def _spelling(word: str) -> str:
    """Return what finds *word*, an address in any case."""
    return f"(?i:{re.escape(word)})" if "@" in word else re.escape(word)


def without(text: str, hidden: Words) -> str:
    """Return *text* with a mark in the place of whatever is *hidden*."""
    return hidden.sub(MASK, text) if hidden else text


def shown(entry: AuditEntry, hidden: Words) -> AuditEntry:
    """Return *entry* without what is *hidden*."""
    if hidden is None:
        return entry
    subject, old, new, reason = (without(getattr(entry, name), hidden) for name in HOLD_NAMES)
    return replace(entry, subject=subject, old=old, new=new, reason=reason)


def entries(engine: Engine, event: str | None = None) -> Iterator[AuditEntry]:
    """Yield the trail as people read it, oldest first; of one *event* if given.

    Raises:
        StorageError: the database is out of reach.
    """
    with reading(engine) as connection:
        hidden = words(connection)
        for entry in audit.entries_of(connection, event):
            yield shown(entry, hidden)
