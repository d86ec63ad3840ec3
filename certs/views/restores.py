"""What restoring a backup did, or would do."""

from collections.abc import Sequence
from typing import TypedDict

from certs.model.restored import Carried, Named, Restored, Unknown


class NamedView(TypedDict):
    """A certificate in what is said of a restore."""

    number: str
    name: str
    event: str
    said: str


class CarriedView(TypedDict):
    """What came over from a newer register."""

    issued: list[NamedView]
    replaced: list[NamedView]
    revoked: list[NamedView]
    reinstated: list[NamedView]
    links: int
    evidence: int
    rulings: int
    erased: int


class NotCarriedView(TypedDict):
    """What a newer register holds that did not come over."""

    imports: list[str]
    ordered: int


class UnsettledView(TypedDict):
    """Something that a restore cannot know."""

    kind: str
    subject: str
    text: str


class RestoredView(TypedDict):
    """What restoring a backup does."""

    certificates: int
    spent_numbers: int
    put_aside: str
    backup_until: str
    known_until: str
    carried: CarriedView | None
    not_carried: NotCarriedView | None
    revoked_from_trails: list[NamedView]
    erased: int
    given_up: list[NamedView]
    unsettled: list[UnsettledView]
    margin: bool


def restored(done: Restored) -> RestoredView:
    """Return what restoring a backup did, or would do."""
    carried = done.carried
    return {
        "certificates": done.certificates,
        "spent_numbers": done.spent,
        "put_aside": done.put_aside,
        "backup_until": done.backup_until,
        "known_until": done.known_until,
        "carried": _carried(carried) if carried else None,
        "not_carried": {"imports": list(carried.imports_lost), "ordered": carried.orders_lost} if carried else None,
        "revoked_from_trails": _named(done.from_trails),
        "erased": done.erased,
        "given_up": _named(done.given_up),
        "unsettled": [_unsettled(one) for one in done.unknown],
        "margin": done.margin,
    }


def _carried(one: Carried) -> CarriedView:
    return {
        "issued": _named(one.issued),
        "replaced": _named(one.replaced),
        "revoked": _named(one.revoked),
        "reinstated": _named(one.reinstated),
        "links": one.links,
        "evidence": one.evidence,
        "rulings": one.rulings,
        "erased": one.erased,
    }


def _named(found: Sequence[Named]) -> list[NamedView]:
    return [{"number": one.number, "name": one.name, "event": one.event, "said": one.said} for one in found]


def _unsettled(one: Unknown) -> UnsettledView:
    return {"kind": one.kind, "subject": one.subject, "text": one.text}
