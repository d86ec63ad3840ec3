"""What an import or its undoing would change, as a table for people and as JSON."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from certs.cli.context import aligned, confirm
from certs.eligibility.words import count
from certs.ground.number import printed
from certs.model import Decision, PersonKey, Placed

if TYPE_CHECKING:
    from certs.work.amend import Foresight

_LISTED = 50
"""People shown of each kind of change; --json has them all."""
_QUARTERS_AN_HOUR = 4


def agree(foresight: "Foresight", question: str, *, yes: bool, to_stderr: bool) -> None:
    """Show what would change, if anything, and ask *question* unless *yes*.

    Raises:
        InputError: nobody can be asked.
        Exit: the answer is no.
    """
    if foresight.changes:
        show(foresight, to_stderr=to_stderr)
        confirm(question, yes=yes)


def show(foresight: "Foresight", *, to_stderr: bool = False) -> None:
    """Print who becomes eligible, who no longer is, and which certificates need a person."""
    for line in _lines(foresight):
        click.echo(line, err=to_stderr)


def _lines(foresight: "Foresight") -> Iterator[str]:
    changes = foresight.changes
    if not changes:
        yield "No decision changes."
        return
    yield from _table("Newly eligible", [_row(one) for one in changes.newly_eligible])
    yield from _table("No longer eligible", [_row(one) for one in changes.no_longer_eligible])
    yield from _table("Certified; nothing happens to these by itself", _certified(foresight))
    if foresight.certified:
        yield "  To have them say what is counted then: certs correct NUMBER... --as-counted --reason TEXT"
        yield "  To withdraw those not earned any more: certs revoke NUMBER..."
    if given_up := len(foresight.amendment.given_up):
        said = count(given_up, "certificate is", "certificates are")
        yield f"Ordered, not issued, and out of date: {said} given up. Order again: certs order."


def as_json(foresight: "Foresight") -> dict[str, object]:
    """Return the same for a program, with everybody."""
    changes, texts = foresight.changes, _texts(foresight)
    return {
        "newly_eligible": [_person(one) for one in changes.newly_eligible],
        "no_longer_eligible": [_person(one) for one in changes.no_longer_eligible],
        "certified": [
            {
                "number": printed(one.number),
                "email": one.person,
                "name": one.name,
                "kind": one.kind,
                "eligible": texts[one.person, one.kind][0],
                "change": texts[one.person, one.kind][1],
            }
            for one in foresight.certified
        ],
        "given_up": [printed(one) for one in foresight.amendment.given_up],
    }


def _certified(foresight: "Foresight") -> list[Sequence[str]]:
    texts = _texts(foresight)
    return [(*_who(one), texts[one.person, one.kind][1]) for one in foresight.certified]


def _who(one: Placed) -> tuple[str, str, str]:
    return printed(one.number), one.name, one.person


def _texts(foresight: "Foresight") -> dict[tuple[PersonKey, str], tuple[bool, str]]:
    """Return for each person and kind with a certificate whether she still earns it, and what would be otherwise."""
    lost = {(one.person, one.kind): (False, f"not earned: {one.reason}") for one in foresight.changes.certified_lost}
    restated = {
        (new.person, new.kind): (new.eligible, _differences(old, new)) for old, new in foresight.changes.restated
    }
    return lost | restated


def _differences(old: Decision, new: Decision) -> str:
    return "; ".join(_each_difference(old, new))


def _each_difference(old: Decision, new: Decision) -> Iterator[str]:
    if old.name != new.name:
        yield f"name: {old.name} → {new.name}"
    if old.quarter_hours != new.quarter_hours:
        yield f"hours: {_hours(old)} → {_hours(new)}"
    if old.attended != new.attended:
        yield f"sessions: {_sessions(old)} → {_sessions(new)}"


def _hours(decision: Decision) -> str:
    return f"{decision.quarter_hours / _QUARTERS_AN_HOUR:.2f}"


def _sessions(decision: Decision) -> str:
    return ", ".join(sorted(decision.attended)) or "none"


def _row(decision: Decision) -> Sequence[str]:
    return decision.name, decision.person, decision.kind, decision.reason


def _person(decision: Decision) -> dict[str, object]:
    return {
        "email": decision.person,
        "name": decision.name,
        "kind": decision.kind,
        "reason": decision.reason,
    }


def _table(title: str, rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if not rows:
        return
    yield f"{title}: {len(rows)}"
    yield from (f"  {line}" for line in aligned(rows[:_LISTED]))
    if len(rows) > _LISTED:
        yield f"  … and {len(rows) - _LISTED} more; --json lists them all."
