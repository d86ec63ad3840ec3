"""Pictures of events in the register: bytes by their digest, named by what says them."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import Connection, select

from certs.db import bulk, tables
from certs.errors import StorageError
from certs.model import EventFacts, PictureFile
from certs.wording import say


def store(connection: Connection, pictures: Iterable[PictureFile]) -> None:
    """Keep the bytes of *pictures*, each once; those that come without are here already."""
    for one in pictures:
        if not one.data:
            continue
        row = bulk.insert_missing(connection, tables.Picture)
        connection.execute(row.values(sha256=one.sha256, media_type=one.media_type, data=one.data))


def named(pictures: Iterable[PictureFile]) -> str:
    """Return as JSON which picture is called how, in order; nothing where there is none."""
    digests = {one.name: one.sha256 for one in pictures}
    return json.dumps(dict(sorted(digests.items())), ensure_ascii=False) if digests else ""


def of_names(connection: Connection, names: str) -> Mapping[str, PictureFile]:
    """Return the pictures that `named` named, by their names.

    Raises:
        StorageError: one is missing or was changed.
    """
    digests: dict[str, str] = json.loads(names) if names else {}
    return {name: _loaded(connection, name, sha256) for name, sha256 in digests.items()}


def completed(connection: Connection, facts: EventFacts) -> EventFacts:
    """Return *facts* with the bytes of their pictures.

    Raises:
        StorageError: one is missing or was changed.
    """
    if not facts.pictures:
        return facts
    found = {one.sha256: _loaded(connection, one.name, one.sha256) for one in facts.pictures}
    return facts.with_pictures(lambda one: replace(one, data=found[one.sha256].data))


def _loaded(connection: Connection, name: str, sha256: str) -> PictureFile:
    row = tables.Picture
    found = connection.execute(select(row.media_type, row.data).where(row.sha256 == sha256)).first()
    if found is None or hashlib.sha256(found.data).hexdigest() != sha256:
        raise StorageError(
            say("The picture {name} is missing in the register or was changed. Restore the last backup.", name=name)
        )
    return PictureFile(name, sha256, found.media_type, found.data)
