"""What a corrected import would change, before it changes anything."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from certs.model import Decision, PersonKey, SessionId
from certs.wording import say

_GONE = say("No file names this person any more.")


@dataclass(frozen=True, slots=True)
class Changes:
    """Decisions that turn out differently; each list ordered by kind and address, holding the new decision.

    *certified_lost* are people who have a certificate and would no longer earn it: nothing happens to it by itself, it
    needs an explicit revoke or correct. They are in *no_longer_eligible* as well. *restated* are people whose
    certificate would say something else, a name, hours or sessions: the decision before and the new one.
    """

    newly_eligible: tuple[Decision, ...]
    no_longer_eligible: tuple[Decision, ...]
    certified_lost: tuple[Decision, ...]
    restated: tuple[tuple[Decision, Decision], ...]

    def __bool__(self) -> bool:
        return bool(self.newly_eligible or self.no_longer_eligible or self.restated)


def changes(
    before: Iterable[Decision], after: Iterable[Decision], certified: Collection[tuple[PersonKey, str]] = ()
) -> Changes:
    """Compare two runs of `decide`; *certified* holds person and kind of every certificate in force."""
    old = {(d.person, d.kind): d for d in before}
    new = {(d.person, d.kind): d for d in after}
    gained = [d for key, d in new.items() if d.eligible and not _eligible(old.get(key))]
    lost = [_lost(d, new.get(key)) for key, d in old.items() if d.eligible and not _eligible(new.get(key))]
    both = [(d, new[key]) for key, d in old.items() if key in certified and key in new]
    restated = [(d, then) for d, then in both if _said(d) != _said(then) and then.eligible >= d.eligible]
    return Changes(
        _ordered(gained),
        _ordered(lost),
        _ordered(d for d in lost if (d.person, d.kind) in certified),
        tuple(sorted(restated, key=lambda pair: (pair[1].kind, pair[1].person))),
    )


def _said(decision: Decision) -> tuple[str, int, frozenset[SessionId]]:
    """Return what a certificate takes from *decision*."""
    return decision.name, decision.quarter_hours, decision.attended


def _eligible(decision: Decision | None) -> bool:
    return decision is not None and decision.eligible


def _lost(before: Decision, after: Decision | None) -> Decision:
    """Return the new decision, or the old one turned down where the person is in no file any more."""
    if after is not None:
        return after
    return Decision(
        before.person,
        before.name,
        False,
        _GONE,
        False,
        {},
        frozenset(),
        kind=before.kind,
    )


def _ordered(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    return tuple(sorted(decisions, key=lambda d: (d.kind, d.person)))
