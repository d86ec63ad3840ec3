"""Errands as programs read them."""

from typing import TypedDict

from certs.model import Errand
from certs.views.times import iso


class ErrandView(TypedDict):
    """What a worker was asked for, and how far it is; code where it did not go well."""

    kind: str
    what: str
    asked_by: str
    asked_at: str
    begun_at: str | None
    done: int
    total: int
    ended_at: str | None
    sentence: str
    code: str


def errand(one: Errand) -> ErrandView:
    """Return an errand."""
    return {
        "kind": one.wish.kind.value,
        "what": one.wish.what,
        "asked_by": one.asked_by,
        "asked_at": iso(one.asked_at),
        "begun_at": iso(one.begun_at),
        "done": one.done,
        "total": one.total,
        "ended_at": iso(one.ended_at),
        "sentence": one.sentence,
        "code": one.code,
    }
