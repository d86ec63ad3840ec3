"""Whoever was erased since a backup was made is erased again where it becomes the register."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, insert, select

from certs.db import erasing, herself, tables
from certs.model import Act


def carry(newer: Connection, target: Connection) -> int:
    """Erase in *target* whoever was erased in *newer*, whose trail says so already; count them."""
    done = 0
    for one in newer.execute(select(tables.Erased.__table__).order_by(tables.Erased.person_id)).mappings().all():
        for her in erasing.by_refs(target, json.loads(one["refs"])):
            erasing.erase(target, her, one["at"], one["by"])
            done += 1
    return done


def forget(target: Connection, refs: Collection[str], act: Act) -> int:
    """Erase in *target* whoever had one of *refs* and is not erased there; count them."""
    found = erasing.by_refs(target, sorted(refs))
    for her in found:
        gone = erasing.erasable(target, her)
        erasing.erase(target, her, act.at, act.actor)
        herself.note(target, gone, act)
    return len(found)


def same_person(newer: Connection, target: Connection, one: Mapping[Any, Any]) -> int | None:
    """Return who in *target* is the person *one* of *newer*, who was erased there; as erased, if she is unknown."""
    erased, person = tables.Erased, tables.Person
    kept = newer.execute(select(erased.__table__).where(erased.person_id == one["id"])).mappings().first()
    if kept is None:
        return None
    known = erasing.by_refs(target, json.loads(kept["refs"]))
    if known:
        return known[0].id
    values = {"key": one["key"], "ref": one["ref"], "erased_at": one["erased_at"]}
    id_ = int(target.execute(insert(person).values(**values).returning(person.id)).scalar_one())
    target.execute(insert(erased).values(**{**kept, "person_id": id_}))
    return id_
