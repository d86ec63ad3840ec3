"""What a corrected import would change, before it changes anything."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from certs.model import Decision, PersonKey

_GONE = "No file names this person any more."


@dataclass(frozen=True, slots=True)
class Changes:
    """Decisions that turn out differently; each list ordered by kind and address, holding the new decision.

    *certified_lost* are people who have a certificate and would no longer earn it: nothing happens to it by itself, it
    needs an explicit revoke or correct. They are in *no_longer_eligible* as well. *renamed* are certified people whose
    name would be another.
    """

    newly_eligible: tuple[Decision, ...]
    no_longer_eligible: tuple[Decision, ...]
    certified_lost: tuple[Decision, ...]
    renamed: tuple[Decision, ...]

    def __bool__(self) -> bool:
        return bool(self.newly_eligible or self.no_longer_eligible or self.renamed)


def changes(
    before: Iterable[Decision], after: Iterable[Decision], certified: Collection[tuple[PersonKey, str]] = ()
) -> Changes:
    """Compare two runs of `decide`; *certified* holds person and kind of every certificate in force."""
    old = {(d.person, d.kind): d for d in before}
    new = {(d.person, d.kind): d for d in after}
    gained = [d for key, d in new.items() if d.eligible and not _eligible(old.get(key))]
    lost = [_lost(d, new.get(key)) for key, d in old.items() if d.eligible and not _eligible(new.get(key))]
    renamed = [d for key, d in new.items() if key in certified and key in old and old[key].name != d.name]
    return Changes(
        _ordered(gained),
        _ordered(lost),
        _ordered(d for d in lost if (d.person, d.kind) in certified),
        _ordered(renamed),
    )


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
        "No file names this person any more.",
        False,
        {},
        frozenset(),
        kind=before.kind,
    )


def _ordered(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    return tuple(sorted(decisions, key=lambda d: (d.kind, d.person)))
