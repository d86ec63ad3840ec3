"""`certs reject` and `cancel`: a batch that ends before all of it is issued."""

from typing import TYPE_CHECKING

import click

from certs.cli.context import open_app
from certs.cli.hints import VOICE
from certs.cli.how import AS, JSON, REASON, YES, How, because, shared
from certs.eligibility.words import count
from certs.ground import reference
from certs.model import Batch, CertificateState, End
from certs.views import batches as views

if TYPE_CHECKING:
    from collections.abc import Sequence

    from certs.build import App
    from certs.model import Number
    from certs.work.ending import Gone


@click.command()
@click.argument("batch")
@shared(because("Why, for whoever ordered it and for the audit trail."), AS, JSON)
def reject(batch: str, how: How) -> None:
    """Refuse to approve BATCH: it ends, its numbers are never used, and its people can be ordered for again.

    \b
    Example:
      certs reject cgmp-2026/1 --reason "three names are wrong" --as Ben
    """
    from certs.work import ending  # noqa: PLC0415 -- fonts, which help does not need

    app = open_app()
    before = reference.batch(app.store.batches, batch)
    given_up = ending.reject(app.store, before.id, how.act(app), _gone())
    _say(app, before, End.REJECTED, given_up, how)


@click.command()
@click.argument("batch")
@shared(REASON, YES, AS, JSON)
def cancel(batch: str, how: How) -> None:
    """Give up what is not issued of BATCH, approved or not; what is issued stays.

    \b
    Example:
      certs cancel cgmp-2026/1 --reason "a session was missing"
    """
    from certs.work import ending, orders  # noqa: PLC0415

    app = open_app()
    before = reference.batch(app.store.batches, batch)
    orders.demand_not_ended(before)
    if waiting := ending.unissued(before):
        issued = before.counts.get(CertificateState.ISSUED, 0)
        stays = f" {count(issued, 'is issued and stays', 'are issued and stay')}." if issued else ""
        of_batch = f"{count(waiting, 'certificate')} of batch {before.reference}, ordered by {before.ordered_by}"
        how.confirm(f"Give up {of_batch}?{stays}")
    given_up = ending.cancel(app.store, before.id, how.act(app), _gone())
    _say(app, before, End.CANCELLED, given_up, how)


def _gone() -> "Gone":
    """Return what knows whether a process that issued is dead."""
    from certs.queue import Queue  # noqa: PLC0415

    return Queue(1).gone


def _say(app: "App", before: Batch, end: End, given_up: "Sequence[Number]", how: How) -> None:
    issued = before.counts.get(CertificateState.ISSUED, 0)
    said = f"Batch {before.reference} is {end}: {count(len(given_up), 'certificate')} given up for ever."
    if issued:
        said += f" {count(issued, 'is issued and stays', 'are issued and stay')}: certs revoke withdraws one."
    if any(one.replaced is not None for one in app.store.batches.members(before.id, most=1)):
        then = "The certificates that it was to replace stay as they are."
    else:
        then = f"Its people can be ordered for again: {VOICE.say(reference.ordering(before.slug, before.kind))}"
    how.tell(views.ended(before, end, len(given_up)), said, then)
