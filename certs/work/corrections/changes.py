"""What is wrong on a certificate, and what it would say instead."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from certs.errors import InputError
from certs.ground import names
from certs.model import Decision, Event, EventFacts, Number, SessionId, Statement
from certs.wording import hint, say
from certs.work import rehearsal
from certs.work.corrections import odd

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_QUARTER_HOUR_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Changes:
    """What is wrong on a certificate and how it should read; None leaves a fact as it is.

    With *event_anew* everything about the event is taken from its file as it is now. With *as_counted* name, sessions
    and hours are what the register counts now; a name that somebody corrected before stays. With *insist* a name that
    looks like none is taken, and fewer sessions than the rule demands.
    """

    name: str | None = None
    language: str | None = None
    quarter_hours: int | None = None
    attended: frozenset[SessionId] | None = None
    event_anew: bool = False
    as_counted: bool = False
    insist: bool = field(default=False, compare=False)

    @property
    def of_register(self) -> bool:
        """Whether what the register counts now is asked for."""
        return self.as_counted or (self.attended is not None and self.quarter_hours is None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The changes wanted on one certificate, and in which *line* of which *file* they are asked for.

    *by_person* says that it was named by its person: it is the newest of hers, which may be the corrected one already.
    """

    number: Number
    changes: Changes
    file: str = ""
    line: int = 0
    by_person: bool = False
    reason: str = ""
    """Why just this one, where it is ordered together with others."""


@dataclass(frozen=True, slots=True)
class Known:
    """What `changed` may ask for: the event as it is now, and what the register counts for the person now.

    *language_of* gives the language of her name in the register; *is_by_hand* says whether somebody corrected the name
    that the certificate has.
    """

    event: Event
    decision: Callable[[], Decision]
    language_of: Callable[[str], str]
    is_by_hand: Callable[[], bool]


def changed(said: Statement, changes: Changes, known: Known) -> Statement:
    """Return what a certificate that says *said* would say instead.

    Raises:
        InputError: something cannot be said, or the register does not say it.
    """
    _check(changes, known.event)
    new = said
    if changes.event_anew:
        new = replace(new, event=_facts(said, known.event))
    if changes.as_counted:
        new = _as_counted(new, known)
    if changes.attended is not None:
        hours = changes.quarter_hours
        counted = _hours(said, changes.attended, known.decision()) if hours is None else hours
        new = replace(new, attended=changes.attended, quarter_hours=counted)
    elif changes.quarter_hours is not None:
        new = replace(new, quarter_hours=changes.quarter_hours)
    if changes.attended is not None or changes.quarter_hours is not None:
        odd.demand_possible(new, known.event)
    if changes.attended is not None and not changes.insist:
        odd.demand_earned(new, known.event)
    return replace(
        new,
        name=new.name if changes.name is None else changes.name,
        language=new.language if changes.language is None else changes.language,
    )


def _check(changes: Changes, event: Event) -> None:
    if changes.name is not None and changes.name != (names.clean(changes.name) or None):
        raise InputError(
            say("The new name has characters that cannot be printed, or needless white space. Type it anew.")
        )
    if changes.name is not None and not changes.insist:
        odd.demand_name(changes.name)
    if changes.language and not _LANGUAGE.fullmatch(changes.language):
        raise InputError(
            say("{language!r} is no language tag: write one like ja or zh-Hant.", language=changes.language)
        )
    if changes.as_counted and (changes.attended is not None or changes.quarter_hours is not None):
        raise InputError(say("Sessions and minutes are either as counted or said: leave one out."))
    if unknown := (changes.attended or frozenset()) - {session.id for session in event.sessions}:
        raise InputError(say("The event has no session {unknown}.", unknown=", ".join(sorted(unknown))))


def _facts(said: Statement, event: Event) -> EventFacts:
    kind = next((one for one in event.kinds if one.name == said.kind), None)
    if kind is None:
        listed = ", ".join(one.name for one in event.kinds)
        raise InputError(
            say("The event has no kind {kind!r} any more; it has {listed}.", kind=said.kind, listed=listed)
        )
    now = rehearsal.facts_of(event, kind, demo=said.event.demo, granted=rehearsal.granted(said.event))
    untold = said.event.design_file is None and said.event.design == now.design
    return replace(now, design_file=None) if untold else now


def _as_counted(said: Statement, known: Known) -> Statement:
    """Return what the register would order today.

    Raises:
        InputError: it would order nothing.
    """
    decision = known.decision()
    if not decision.eligible:
        raise InputError(
            say(
                "By what the register counts now it is not earned: {reason} Withdraw it with {revoke}, or let it "
                "be earned first.",
                reason=decision.reason,
                revoke=hint("revoke"),
            )
        )
    new = replace(said, attended=decision.attended, quarter_hours=decision.quarter_hours)
    if decision.name == said.name or known.is_by_hand():
        return new
    return replace(new, name=decision.name, language=known.language_of(decision.name))


def _hours(said: Statement, attended: frozenset[SessionId], decision: Decision) -> int:
    """Return the hours with these sessions attended: all that the register counts, but for sessions taken away.

    Raises:
        InputError: the register counts nothing in one of the sessions.
    """
    seconds = {id_: tally.seconds_in_window for id_, tally in decision.tallies.items()}
    if nothing := [id_ for id_ in sorted(attended) if not seconds.get(id_)]:
        raise InputError(
            say(
                "The register counts no time in session {nothing}, so the hours cannot be computed: say the "
                "minutes as well, or add evidence first ({evidence}) and take what is counted then "
                "({as_counted}).",
                nothing=", ".join(nothing),
                evidence=hint("evidence"),
                as_counted=hint("as_counted"),
            )
        )
    away = said.attended - attended
    return sum(time for id_, time in seconds.items() if id_ not in away) // _QUARTER_HOUR_SECONDS
