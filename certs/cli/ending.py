"""`certs reject` and `cancel`: a batch that ends before all of it is issued."""

from typing import TYPE_CHECKING

import click

from certs.cli.context import act_of, acting, as_json, confirm, open_app, write_json
from certs.cli.hints import VOICE
from certs.eligibility.words import count
from certs.ground import reference
from certs.model import Batch, CertificateState, End

if TYPE_CHECKING:
    from collections.abc import Sequence

    from certs.build import App
    from certs.model import Number
    from certs.work.ending import Gone


@click.command()
@click.argument("batch")
@click.option("--reason", required=True, metavar="TEXT", help="Why, for whoever ordered it and for the audit trail.")
@acting
@as_json
def reject(batch: str, reason: str, actor: str | None, wants_json: bool) -> None:
    """Refuse to approve BATCH: it ends, its numbers are never used, and its people can be ordered for again.

    \b
    Example:
      certs reject cgmp-2026/1 --reason "three names are wrong" --as Ben
    """
    from certs.work import ending  # noqa: PLC0415 -- fonts, which help does not need

    app = open_app()
    before = reference.batch(app.store.batches, batch)
    given_up = ending.reject(app.store, before.id, act_of(app, actor, reason), _gone())
    _say(app, before, End.REJECTED, given_up, wants_json=wants_json)


@click.command()
@click.argument("batch")
@click.option("--reason", default="", metavar="TEXT", help="Why, for the audit trail.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@acting
@as_json
def cancel(batch: str, reason: str, yes: bool, actor: str | None, wants_json: bool) -> None:
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
        confirm(f"Give up {of_batch}?{stays}", yes=yes)
    given_up = ending.cancel(app.store, before.id, act_of(app, actor, reason), _gone())
    _say(app, before, End.CANCELLED, given_up, wants_json=wants_json)


def _gone() -> "Gone":
    """Return what knows whether a process that issued is dead."""
    from certs.queue import Queue  # noqa: PLC0415

    return Queue(1).gone


def _say(app: "App", before: Batch, how: End, given_up: "Sequence[Number]", *, wants_json: bool) -> None:
    issued = before.counts.get(CertificateState.ISSUED, 0)
    if wants_json:
        write_json({"batch": before.reference, "ended": how.value, "given_up": len(given_up), "issued": issued})
        return
    said = f"Batch {before.reference} is {how}: {count(len(given_up), 'certificate')} given up for ever."
    if issued:
        said += f" {count(issued, 'is issued and stays', 'are issued and stay')}: certs revoke withdraws one."
    click.echo(said)
    if any(one.replaced is not None for one in list(app.store.batches.members(before.id, most=1))):
        click.echo("The certificates that it was to replace stay as they are.")
    else:
        click.echo(f"Its people can be ordered for again: {VOICE.say(reference.ordering(before.slug, before.kind))}")
