"""What readiness is judged by: an event, its people's presence, the decisions, and what is open."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from certs.eligibility import Roll
from certs.model import AskedQuestion, Decision, Event, Finding, Join, PersonKey, SessionId


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that the register knows before an order.

    *decisions* are all there are, *due* those that an order would cover, *questions* the open ones without an answer,
    *nobodys* the joins of rows without an address, *files* the names of the exports of each session. *besides* is what
    others noticed about this deployment.
    """

    event: Event
    roll: Roll
    decisions: Sequence[Decision]
    due: Sequence[Decision]
    questions: Sequence[AskedQuestion] = ()
    nobodys: Sequence[Join] = ()
    waiting: Collection[PersonKey] = ()
    files: Mapping[SessionId, Sequence[str]] = field(default_factory=dict)
    besides: Sequence[Finding] = ()
