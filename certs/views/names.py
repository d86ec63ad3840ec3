"""Names to look at before an order, and names that somebody changed."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypedDict

from certs.ground.number import printed

if TYPE_CHECKING:
    from certs.work.naming import Look, Renamed


class LookView(TypedDict):
    """A name that somebody should look at."""

    email: str
    name: str
    reasons: list[str]
    suggestions: list[str]


class NamesView(TypedDict):
    """The names of an event to look at."""

    event: str
    names: list[LookView]


class RenamedView(TypedDict):
    """A name before and after, and the certificates that bear another."""

    email: str
    before: str
    after: str
    issued: list[str]
    given_up: list[str]


class NamesChangedView(TypedDict):
    """The names of an event that were changed."""

    event: str
    changed: list[RenamedView]


def names(slug: str, found: "Iterable[Look]") -> NamesView:
    """Return the names to look at."""
    looks: list[LookView] = [
        {
            "email": one.person,
            "name": one.name,
            "reasons": list(one.reasons),
            "suggestions": list(one.suggestions),
        }
        for one in found
    ]
    return {"event": slug, "names": looks}


def changed(slug: str, renamed: "Iterable[Renamed]") -> NamesChangedView:
    """Return the names that were changed."""
    return {"event": slug, "changed": [_renamed(one) for one in renamed]}


def _renamed(one: "Renamed") -> RenamedView:
    return {
        "email": one.person,
        "before": one.before,
        "after": one.after,
        "issued": [printed(each.number) for each in one.issued],
        "given_up": [printed(each.number) for each in one.given_up],
    }
