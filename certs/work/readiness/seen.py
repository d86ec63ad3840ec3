"""What readiness is judged by: an event, its people's presence, who is due, and what is open."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from certs.eligibility import Roll
from certs.model import AskedQuestion, Decision, Event, Finding, Join, Number, PersonKey, Role, SessionId
from certs.work.readiness.crowd import Crowd


class Due(NamedTuple):
    """Somebody for whom a certificate would be ordered, with what it would state; a decision without its arithmetic."""

    person: PersonKey
    kind: str
    name: str
    name_certain: bool
    roles: frozenset[Role]
    attended: frozenset[SessionId]
    quarter_hours: int
    reason: str
    by_rule: bool
    evidence: tuple[int, ...] = ()
    """The ids of what the decision rests on beside the exports."""
    ruling: int = 0
    """The id of what somebody decided in place of the rule."""
    language: str = ""
    supersedes: Number | None = None


def due(one: Decision, supersedes: Number | None = None) -> Due:
    """Return what of a decision would be ordered."""
    return Due(
        person=one.person,
        kind=one.kind,
        name=one.name,
        name_certain=one.name_certain,
        roles=one.roles,
        attended=one.attended,
        quarter_hours=one.quarter_hours,
        reason=one.reason,
        by_rule=one.by_rule,
        evidence=tuple(piece.id for piece in one.evidence),
        ruling=one.ruling.id if one.ruling else 0,
        supersedes=supersedes,
    )


@dataclass(frozen=True, slots=True)
class Concerned:
    """The people whom open questions name, alone: with their presence, and what of it is *eligible*, by kind."""

    roll: Roll
    eligible: Collection[tuple[PersonKey, str]]


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that the register knows before an order; *due* and *decisions* may be many, and lie in a file then.

    *due* are those whom an order would cover, *decisions* all there are by kind, where they were asked for. *given* are
    names that somebody said to print, *questions* the open ones without an answer, *concerned* whom these name.
    *nobodys* are the joins of rows without an address, *besides* is what others noticed about this deployment.
    """

    crowd: Crowd
    due: Collection[Due] = ()
    decisions: Mapping[str, Collection[Decision]] = field(default_factory=dict)
    given: Mapping[PersonKey, str] = field(default_factory=dict)
    questions: Sequence[AskedQuestion] = ()
    concerned: Concerned | None = None
    nobodys: Sequence[Join] = ()
    waiting: Collection[PersonKey] = ()
    besides: Sequence[Finding] = ()

    @property
    def event(self) -> Event:
        """The event as it was decided on."""
        return self.crowd.event
