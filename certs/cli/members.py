"""The people of a batch as a table, and as an approver sees them."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from certs.cli import check
from certs.cli.context import aligned
from certs.eligibility.words import count
from certs.ground import differences, reference
from certs.ground.number import printed
from certs.model import CertificateState, Member
from certs.views import batches

if TYPE_CHECKING:
    from certs.work.review import Edition, Review

PAGE = 50
"""People on a page of the list."""
_LISTED = 20
"""What was changed since the order, shown by name."""


def table(members: Sequence[Member]) -> Iterator[str]:
    """Yield *members* as lines: number, name, address, sessions, hours, and what is special about each."""
    yield from (f"  {line}" for line in aligned([_row(one) for one in members]))


def reviewed(found: "Review") -> Iterator[str]:
    """Yield what somebody should have seen who approves."""
    batch = found.batch
    heading = f' "{batch.facts.heading}"' if batch.facts.heading else ""
    yield (
        f"Batch {batch.reference}, ordered by {batch.ordered_by} on {batch.ordered_at.date()}: "
        f"{count(found.waiting, 'certificate')} of kind {batch.kind}{heading} for {batch.facts.title}."
    )
    if batch.reason:
        yield f"Ordered because: {batch.reason}"
    parts = ((found.granted, "decided by somebody's ruling"), (found.on_evidence, "on evidence added by hand"))
    yield from (f"{number:,} {what}." for number, what in parts if number)
    if found.corrections:
        yield f"{count(found.corrections, 'is a correction', 'are corrections')} of issued certificates."
    yield from (f"Accepted by {batch.ordered_by}: {one}" for one in batch.accepted)
    new = [one for one in found.findings if f"{one.key}: {one.text}" not in batch.accepted]
    yield from check.lines(new, reference.ordering(batch.slug, batch.kind))
    if found.changed:
        yield f"{count(len(found.changed), 'certificate')} would say something else by now: reject, and order again."
        yield from (f"  {one.statement.name} ({one.person}): {'; '.join(how)}" for one, how in found.changed[:_LISTED])
    if found.compared:
        yield " Last time: ".join(map(_edition, found.compared))
    drawn = f"{len(found.sample)} of them, by risk and by lot:" if found.waiting > len(found.sample) else "All of them:"
    yield drawn
    yield from table(found.sample)


def _edition(one: "Edition") -> str:
    """Say how many came, and how many of them have or are to have a certificate of each kind."""
    kinds = ", ".join(
        f"{number:,} {kind}" + (f" ({number / one.came:.0%})" if one.came else "") for kind, number in one.kinds.items()
    )
    return f"{one.slug}: {count(one.came, 'person', 'people')} came, certificates ordered: {kinds or 'none'}."


def _row(one: Member) -> Sequence[str]:
    said = one.statement
    special = [] if one.state is CertificateState.ORDERED else [one.state.value]
    special += batches.corrected(one)
    special += ["evidence"] if one.evidence else []
    special += ["ruled"] if one.ruling else []
    return (
        printed(said.number),
        said.name,
        one.person,
        f"{said.sessions_attended}/{said.sessions_in_all} sessions",
        f"{differences.hours(said.quarter_hours)} h",
        "; ".join(special),
    )
