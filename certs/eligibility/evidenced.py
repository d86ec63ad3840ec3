"""Evidence that somebody added by hand, in a decision: which of it counts, and how the reason tells."""

from collections.abc import Iterable, Mapping, Sequence

from certs.model import Basis, ExtraEvidence, Kind, SessionId, Tally
from certs.wording import clause, joined, listing, say


def counted(
    evidence: Iterable[ExtraEvidence], kind: Kind, tallies: Mapping[SessionId, Tally]
) -> tuple[ExtraEvidence, ...]:
    """Return the pieces of one person's *evidence* that her *tallies* rest on, one a session, in their order."""
    found: dict[SessionId, ExtraEvidence] = {}
    for one in evidence:
        tally = tallies.get(one.session)
        if tally is None or tally.basis is not Basis.EVIDENCE or one.role not in kind.roles:
            continue
        before = found.get(one.session)
        if before is None or one.seconds > before.seconds:
            found[one.session] = one
    return tuple(found.values())


def told(reason: str, evidence: Sequence[ExtraEvidence], labels: Mapping[SessionId, str]) -> str:
    """Return the sentence *reason* with what it rests on: "…; evidence for 20 Oct: signed group sheet."."""
    days: dict[str, list[str]] = {}
    for one in evidence:
        days.setdefault(one.kind, []).append(labels[one.session])
    parts = (
        say("evidence for {sessions}: {kind}", sessions=listing(sessions), kind=kind) for kind, sessions in days.items()
    )
    return say("{clauses}.", clauses=joined([clause(reason), *parts], "; "))
