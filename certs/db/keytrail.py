"""What the audit trail says of keys: which this register knows, and what was done to them.

A register knows a key when the trail says that it was made or taken up here. One that does not know the keys of a
deployment is another deployment's, or older than they are: that it does not hold a certificate says nothing then.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Engine, exists, select

from certs.db import audit, checkpoints, tables
from certs.db.engine import reading, writing
from certs.model import Act, KeyLife, KeyState, Kid, Purpose, TrustedKey

SUBJECT = "key "
HARMLESS = ("key.new", "key.retire", "key.chain")
"""What says nothing against a key that another entry would not have said before."""
_row = tables.Audit


class KeyTrail:
    """Reads and writes entries on keys; see `certs.ports.KeyTrail`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def knows_key(self, kid: Kid) -> bool:
        """Say whether this register knows the key *kid*.

        Raises:
            StorageError: the database is out of reach.
        """
        entered = exists().where(_row.event == "", _row.subject == f"{SUBJECT}{kid}")
        with reading(self._engine) as connection:
            return bool(connection.execute(select(entered)).scalar())

    def known_keys(self) -> Mapping[Kid, Purpose]:
        """Return the keys that the trail has entries on, those made first before.

        Raises:
            StorageError: the database is out of reach.
        """
        query = select(_row.subject, _row.new).where(_row.event == "", _row.subject.like(f"{SUBJECT}%"))
        with reading(self._engine) as connection:
            found = connection.execute(query.order_by(_row.id)).all()
        return {Kid(subject.removeprefix(SUBJECT)): Purpose(json.loads(new)["purpose"]) for subject, new in found}

    def state_of(self, kid: Kid) -> KeyState | None:
        """Return the state that the newest entry on key *kid* says, None where there is no entry.

        Raises:
            StorageError: the database is out of reach.
        """
        query = select(_row.new).where(_row.event == "", _row.subject == f"{SUBJECT}{kid}").order_by(_row.id.desc())
        with reading(self._engine) as connection:
            newest = connection.execute(query.limit(1)).scalar()
        return None if newest is None else KeyState(json.loads(newest)["state"])

    def lives(self) -> Mapping[Kid, KeyLife]:
        """Return where each key stands, as its newest entry says.

        Raises:
            StorageError: the database is out of reach.
        """
        query = select(_row.subject, _row.new).where(_row.event == "", _row.subject.like(f"{SUBJECT}%"))
        with reading(self._engine) as connection:
            found = connection.execute(query.order_by(_row.id)).all()
        return {Kid(subject.removeprefix(SUBJECT)): life_of(new) for subject, new in found}

    @contextmanager
    def entering(self, act: Act, what: str) -> Iterator[Callable[[TrustedKey, TrustedKey | None], None]]:
        """Yield what enters that *act* did *what* to a key, and what the key was before where that matters.

        The transaction begins at once and is committed at the end, so a database out of reach stops the act first.

        Raises:
            StorageError: the database is out of reach or refuses; nothing was entered.
        """
        checkpoints.ready(self._engine)
        with writing(self._engine) as connection:

            def enter(key: TrustedKey, before: TrustedKey | None) -> None:
                old = None if before is None else _facts(before)
                audit.append(connection, act, audit.Change(what, "", f"{SUBJECT}{key.kid}", old, _facts(key)))

            yield enter


@lru_cache(maxsize=256)
def life_of(new: str) -> KeyLife:
    """Return where a key stands by the facts in an entry on it.

    Raises:
        ValueError, KeyError: they are garbled.
    """
    said = json.loads(new)
    since = said.get("compromised_since")
    return KeyLife(Purpose(said["purpose"]), KeyState(said["state"]), since and datetime.fromisoformat(since))


def _facts(key: TrustedKey) -> dict[str, object]:
    facts: dict[str, object] = {"purpose": key.purpose, "algorithm": key.algorithm, "state": key.state}
    if key.compromised_since is not None:
        facts["compromised_since"] = key.compromised_since.isoformat()
    return facts
