"""What an import or its undoing would change, as a table for people."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from certs.cli.context import aligned, confirm
from certs.eligibility.words import count
from certs.ground.number import printed
from certs.model import Decision

if TYPE_CHECKING:
    from certs.work.amend import Foresight

_LISTED = 50
"""People shown of each kind of change; --json has them all."""


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
    outdated = [(one.placed, one.change) for one in foresight.outdated]
    certified = [(printed(one.number), one.name, one.person, change) for one, change in outdated]
    if not changes:
        yield "No decision changes."
        return
    yield from _table("Newly eligible", [_row(one) for one in changes.newly_eligible])
    yield from _table("No longer eligible", [_row(one) for one in changes.no_longer_eligible])
    yield from _table("Certified; nothing happens to these by itself", certified)
    if foresight.certified:
        yield "  To have them say what is counted then: certs correct NUMBER... --as-counted --reason TEXT"
        yield "  To withdraw those not earned any more: certs revoke NUMBER..."
    if given_up := len(foresight.amendment.given_up):
        said = count(given_up, "certificate is", "certificates are")
        yield f"Ordered, not issued, and out of date: {said} given up. Order again: certs order."


def _row(decision: Decision) -> Sequence[str]:
    return decision.name, decision.person, decision.kind, decision.reason


def _table(title: str, rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if not rows:
        return
    yield f"{title}: {len(rows)}"
    yield from (f"  {line}" for line in aligned(rows[:_LISTED]))
    if len(rows) > _LISTED:
        yield f"  … and {len(rows) - _LISTED} more; --json lists them all."
