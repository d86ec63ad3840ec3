"""Certificates and what a correction of them changes."""

from typing import TypedDict

from certs.ground import differences
from certs.ground.number import printed
from certs.model import Statement


class OldAndNewView(TypedDict):
    """A fact before and after."""

    old: str
    new: str


class CorrectionView(TypedDict):
    """A certificate and what a correction of it changes."""

    number: str
    changes: dict[str, OldAndNewView]


def correction(old: Statement, new: Statement) -> CorrectionView:
    """Return what changes from *old* to *new*."""
    changes: dict[str, OldAndNewView] = {
        one.what: {"old": one.old, "new": one.new} for one in differences.changed(old, new)
    }
    return {"number": printed(old.number), "changes": changes}
