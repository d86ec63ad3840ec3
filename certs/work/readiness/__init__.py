"""Whether an event is ready to be ordered for: what would make certificates untrue, and what somebody should know.

    seen = order.survey(store, "cgmp-2026")
    found = readiness.findings(seen, now)
    readiness.demand_none_stops(found, accepted, act, "certs order cgmp-2026")

Pure: what the register holds in, findings out. What stops an order is mended, or accepted one by one with a reason
where it may be true all the same, such as a session that did not take place; both are told to whoever approves.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from certs.errors import ConflictError, InputError
from certs.model import Act, Event, Finding, Severity
from certs.wording import hint, joined, say
from certs.work.readiness import crowds, people, sessions
from certs.work.readiness import open as questions
from certs.work.readiness.crowd import Crowd
from certs.work.readiness.open import concerned, could_earn
from certs.work.readiness.seen import Concerned, Due, Seen, due
from certs.work.readiness.sessions import CLOCK_EARLY

__all__ = [
    "CLOCK_EARLY",
    "Concerned",
    "Crowd",
    "Due",
    "Seen",
    "concerned",
    "could_earn",
    "demand_none_stops",
    "due",
    "findings",
    "listed",
    "odd",
    "of_correction",
    "stopping",
    "told",
    "unnamed",
]

_LISTED = 10
"""Findings of one kind that are told in full."""


def findings(seen: Seen, now: datetime) -> list[Finding]:
    """Return what is noticed, what stops an order first."""
    found = [*odd(seen.crowd, now), *people.findings(seen), *questions.findings(seen), *seen.besides]
    return sorted(found, key=lambda one: one.severity is not Severity.STOPS)


def odd(crowd: Crowd, now: datetime) -> list[Finding]:
    """Return what is odd about attendance itself, before anybody is decided on."""
    return [*sessions.findings(crowd, now), *crowds.findings(crowd)]


def unnamed(event: Event) -> Iterator[Finding]:
    """Say that the event file names no issuer, if it does not."""
    if not event.named_issuer:
        yield Finding(
            "issuer_unnamed",
            Severity.SAID,
            say("The event file names no issuer, so certificates say “{issuer}”.", issuer=event.issuer),
            say(
                'Set it once, as the seal names its organisation: issuer = "…" in the event file; {add}',
                add=hint("event_add"),
            ),
        )


def of_correction(seen: Seen) -> list[Finding]:
    """Return what is noticed of certificates that correct others: their names.

    Who was present, which exports there are and what is asked matters to an order, and a correction says its facts
    itself. Nor can what is ordered already be accepted.
    """
    return [replace(one, acceptable=False) for one in people.of_names(seen)]


def stopping(found: Sequence[Finding], accepted: Collection[str] = ()) -> list[Finding]:
    """Return those of *found* that stop an order, without those *accepted* by their keys."""
    return [one for one in found if one.severity is Severity.STOPS and one.key not in accepted]


def demand_none_stops(found: Sequence[Finding], accepted: Collection[str], act: Act, command: str) -> list[Finding]:
    """Refuse to order by *command* while something stops it that is not *accepted*; return what is.

    Raises:
        InputError: what is accepted was not found, or may not be accepted, or the act says no reason.
        ConflictError: something stops it; says what and what to do.
    """
    mine = [_acceptable(key, found) for key in dict.fromkeys(accepted)]
    if mine and not act.reason.strip():
        raise InputError(say("Say with {by} why it is accepted: it stays in the audit trail.", by=hint("reason")))
    if stops := stopping(found, accepted):
        raise ConflictError(joined((say("Nothing is ordered."), *listed(stops, command)), "\n"))
    return mine


def listed(found: Sequence[Finding], command: str) -> Iterator[str]:
    """Yield *found* in lines, of each code the first few; *command* orders."""
    numbers = Counter(one.code for one in found)
    shown: Counter[str] = Counter()
    for one in found:
        shown[one.code] += 1
        if shown[one.code] <= _LISTED:
            yield from told(one, command)
        elif shown[one.code] == numbers[one.code]:
            more = numbers[one.code] - _LISTED
            yield say("… and {n:,} more of {code}; {all} lists them all.", n=more, code=one.code, all=hint("list_all"))


def told(one: Finding, command: str) -> Iterator[str]:
    """Yield a finding in full: what it is, what to do, and how to accept it by *command* where that may be."""
    stops = one.severity is Severity.STOPS
    yield joined([say("STOPS ({code}):", code=one.code) if stops else say("look ({code}):", code=one.code), one.text])
    if one.remedy:
        yield joined(["", one.remedy], "  ")
    if stops and one.acceptable:
        because = hint("accept_because", key=one.key)
        right = say("If it is right all the same: {command} {because}", command=command, because=because)
        yield joined(["", right], "  ")


def _acceptable(key: str, found: Sequence[Finding]) -> Finding:
    """Return the finding that *key* accepts.

    Raises:
        InputError: there is none, or it cannot be right.
    """
    meant = next((one for one in found if one.key == key), None)
    stops = ", ".join(one.key for one in stopping(found) if one.acceptable) or "nothing"
    if meant is None:
        raise InputError(
            say(
                "{accept}: nothing of that kind was found. To accept there is: {stops}.",
                stops=stops,
                accept=hint("accept", key=key),
            )
        )
    if not meant.acceptable:
        raise InputError(
            say(
                "{accept}: that cannot be right, so it cannot be accepted. {remedy}",
                remedy=meant.remedy,
                accept=hint("accept", key=key),
            )
        )
    return meant
