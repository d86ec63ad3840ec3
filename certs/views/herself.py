"""What is held about a person, and what became of her request to be erased."""

from typing import TYPE_CHECKING, TypedDict

from certs.ground.number import printed
from certs.model.herself import Cell, Erasable
from certs.views.times import iso

if TYPE_CHECKING:
    from certs.work.herself import Data


class PartView(TypedDict):
    """All rows of one kind that are held about a person; what a row has depends on the kind."""

    kind: str
    rows: list[dict[str, Cell]]


class HoldingView(TypedDict):
    """Everything that is held about a person."""

    email: str
    held_by: str
    at: str
    parts: list[PartView]


class ErasedView(TypedDict):
    """What was removed when a person was erased, and what stays, withheld."""

    reference: str
    removed: dict[str, int]
    files: list[str]
    certificates: list[str]
    in_trail: int
    events: list[str]


def held(data: "Data") -> HoldingView:
    """Return everything that is held about a person."""
    parts: list[PartView] = [
        {"kind": part.kind, "rows": [dict(row) for row in part.rows]} for part in data.holding.parts
    ]
    return {"email": data.holding.person, "held_by": data.held_by, "at": iso(data.at), "parts": parts}


def erased(done: Erasable) -> ErasedView:
    """Return what was removed and what stays; nothing in it names her."""
    return {
        "reference": done.ref,
        "removed": dict(done.removed),
        "files": list(done.files),
        "certificates": [printed(one) for one in done.certificates],
        "in_trail": done.in_trail,
        "events": list(done.events),
    }
