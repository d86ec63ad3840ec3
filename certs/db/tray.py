"""Exports that arrived and do not count yet, in the register, so that a crash loses none."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Engine, Row, delete, insert, select, update

from certs.db import tables
from certs.db.engine import reading, writing
from certs.db.events import id_of
from certs.errors import NotFoundError
from certs.model import Act, FileQuestion, TrayFile
from certs.wording import read_again, say, written_or_plain

_row = tables.TrayFile


class Tray:
    """Files that do not count yet; implements `certs.ports.Tray`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, slug: str, name: str, data: bytes, act: Act, replaces: str = "") -> int:
        """Keep a file, in place of the same bytes given before; return its id.

        Raises:
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        with writing(self._engine) as connection:
            event_id = id_of(connection, slug)
            connection.execute(delete(_row).where(_row.event_id == event_id, _row.sha256 == sha256))
            about = {"name": name, "sha256": sha256, "given_by": act.actor, "given_at": act.at, "replaces": replaces}
            added = insert(_row).values(event_id=event_id, content=data, **about).returning(_row.id)
            return int(connection.execute(added).scalar_one())

    def listed(self, slug: str) -> Sequence[TrayFile]:
        """Return what is there, in the order of arrival.

        Raises:
            StorageError: the database fails.
        """
        columns = (_row.id, _row.name, _row.sha256, _row.given_by, _row.given_at, _row.said, _row.asked)
        query = select(*columns, _row.given, _row.replaces).join(tables.Event)
        with reading(self._engine) as connection:
            found = connection.execute(query.where(tables.Event.slug == slug).order_by(_row.id))
            return [_file(row) for row in found]

    def content(self, slug: str, file: int) -> bytes:
        """Return the bytes of a file.

        Raises:
            NotFoundError: it is not there any more.
            StorageError: the database fails.
        """
        query = select(_row.content).join(tables.Event).where(tables.Event.slug == slug, _row.id == file)
        with reading(self._engine) as connection:
            found = connection.execute(query).scalar()
        if found is None:
            raise NotFoundError(say("This file is not waiting any more: somebody read it, or put it away."))
        return bytes(found)

    def note(self, file: int, said: Sequence[str], asked: Sequence[FileQuestion], given: Mapping[str, str]) -> None:
        """Note why a file cannot be read, what must be answered first, and the answers *given* so far.

        Raises:
            StorageError: the database fails.
        """
        noted = {
            "said": json.dumps([written_or_plain(one) for one in said], ensure_ascii=False),
            "asked": json.dumps([_asked(one) for one in asked], ensure_ascii=False),
            "given": json.dumps(dict(given), ensure_ascii=False),
        }
        with writing(self._engine) as connection:
            connection.execute(update(_row).where(_row.id == file).values(**noted))

    def take(self, slug: str, files: Collection[int]) -> None:
        """Take files out; those that are not there any more are no fault.

        Raises:
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        with writing(self._engine) as connection:
            event_id = id_of(connection, slug)
            connection.execute(delete(_row).where(_row.event_id == event_id, _row.id.in_(files)))


def _asked(one: FileQuestion) -> dict[str, object]:
    return asdict(one) | {"text": written_or_plain(one.text)}


def _file(row: Row[*tuple[Any, ...]]) -> TrayFile:
    asked = tuple(
        FileQuestion(one["kind"], read_again(one["text"]), tuple(one["candidates"])) for one in json.loads(row.asked)
    )
    given = (row.name, row.sha256, row.given_by, row.given_at)
    return TrayFile(
        row.id,
        *given,
        tuple(map(read_again, json.loads(row.said))),
        asked,
        tuple(json.loads(row.given).items()),
        row.replaces,
    )
