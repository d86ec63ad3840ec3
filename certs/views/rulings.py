"""Near misses, and what a ruling on people did."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NotRequired, TypedDict

from certs.ground.number import printed
from certs.model import Decision, Ruled
from certs.views.decisions import RuledView, ruled

if TYPE_CHECKING:
    from certs.work.rulings import NearMisses, Plan


class ReachView(TypedDict):
    """How close a near miss is."""

    sessions: int
    percent: float


class NearMissesView(TypedDict):
    """Who misses the rule by little, and on whom somebody has ruled."""

    event: str
    kind: str
    within: ReachView
    near_misses: list[RuledView]
    ruled: list[RuledView]


class RuledOnView(TypedDict):
    """What a ruling did: how the decisions on its people are now, under the word for it."""

    event: str
    kinds: list[str]
    granted: NotRequired[list[RuledView]]
    withheld: NotRequired[list[RuledView]]
    lifted: NotRequired[list[RuledView]]
    given_up: list[str]


def near_misses(found: "NearMisses") -> NearMissesView:
    """Return the near misses of a kind."""
    near = found.event.near_miss
    return {
        "event": found.event.slug,
        "kind": found.kind.name,
        "within": {"sessions": near.sessions, "percent": float(100 * near.share)},
        "near_misses": [ruled(one) for one in found.near],
        "ruled": [ruled(one) for one in found.ruled],
    }


def ruled_on(planned: "Plan", decisions: Iterable[Decision]) -> RuledOnView:
    """Return what a ruling did, and how the *decisions* are now."""
    now = [ruled(one) for one in decisions]
    view: RuledOnView = {
        "event": planned.event.slug,
        "kinds": [kind.name for kind in planned.kinds],
        "given_up": [printed(one) for one in planned.amendment.given_up],
    }
    match planned.ruled:
        case Ruled.GRANTED:
            view["granted"] = now
        case Ruled.WITHHELD:
            view["withheld"] = now
        case Ruled.LIFTED:
            view["lifted"] = now
    return view
