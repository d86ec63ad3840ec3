"""`certs order`, `approve` and `issue`: from the decision to certificates."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from random import SystemRandom
from typing import TYPE_CHECKING

import click

from certs.cli import check, members
from certs.cli.context import ask_if_doubtful, look_out, open_app
from certs.cli.hints import VOICE
from certs.cli.how import AS, JSON, REASON, YES, How, echo, shared, unasked
from certs.eligibility.words import count
from certs.ground import reference
from certs.model import Act, Batch, CertificateState
from certs.views import batches as views

if TYPE_CHECKING:
    from collections.abc import Callable

    from certs.build import App
    from certs.ports import Bell
    from certs.work.orders import Plan


@click.command()
@click.argument("slug")
@click.option("--kind", default="", help="The kind of certificate, where the event has several.")
@click.option(
    "--replace", "replacing", is_flag=True, help="Replace issued certificates in whose place this kind stands."
)
@click.option(
    "--accept",
    "accepted",
    multiple=True,
    metavar="FINDING",
    help="Order although this stops it, like session_missing:7, because it is right; needs --reason.",
)
@shared(REASON, YES, AS, JSON)
def order(slug: str, kind: str, replacing: bool, accepted: tuple[str, ...], how: How) -> None:
    """Order certificates for everybody eligible in event SLUG who has none: numbers are reserved, nothing is signed.

    \b
    Example:
      certs order cgmp-2026 --as Ana
      certs order cgmp-2026 --kind distinction --replace --reason "earned since" --as Ana
      certs order cgmp-2026 --accept session_missing:7 --reason "the speaker was ill; it was not held" --as Ana

    What certs check finds is shown first, and what would make certificates untrue stops the order.
    """
    from certs.work import orders, readiness  # noqa: PLC0415 -- fonts, which help does not need

    app = open_app()
    planned = orders.plan(app.store, slug, kind, replacing=replacing)
    act = how.act(app)
    ordered = len(planned.decisions)
    said = f"{count(ordered, 'certificate')}{_beside_the_rule(planned)}"
    placed, found = None, planned.findings(act.at)
    if not planned.has_eligible:
        echo(*check.lines(readiness.stopping(found), planned.command), err=True)
    if ordered:
        readiness.demand_none_stops(found, accepted, act, planned.command)
        echo(*check.lines(found, planned.command), err=True)
        look_out(app, planned.event.named_issuer)
        how.confirm(f"Order {said} of kind {planned.kind.name} for {planned.event.title}?")
        batch_id = orders.place(app.store, planned, act, demo=app.signs_as_demo, accepted=accepted)
        placed = app.store.batches.get(batch_id)
    echo(*_left_out(planned), err=True)
    done = orders.NOTHING_LEFT if planned.leaves_out else orders.NOTHING
    if placed:
        done = f"Batch {placed.reference}: {said} ordered. Approve it with: certs approve {placed.reference}"
    how.tell(views.placed(planned, placed, planned.findings(act.at)), done)


def _left_out(planned: "Plan") -> "Iterator[str]":
    """Say for whom nothing is ordered because one kind stands in place of another."""
    kind, apart = planned.kind.name, planned.apart
    if planned.beyond:
        left_out = count(planned.beyond, "person is", "people are")
        yield f"{left_out} left for another batch: this one is as large as one may be. Then order them with:"
        yield f"  {planned.command}"
    above, below = (" or ".join(kinds(kind)) for kinds in (planned.event.above, planned.event.below))
    if apart.better:
        left_out = count(len(apart.better), "person is", "people are")
        yield f"{left_out} left out: {above} stands in its place. Order it with:"
        yield from (f"  {VOICE.say(reference.ordering(planned.event.slug, one))}" for one in planned.event.above(kind))
    if waiting := len(apart.issued) - len(apart.replaced):
        yield f"{count(waiting, 'person is', 'people are')} left out: {below} is issued to them. To replace it, say:"
        yield f'  certs order {planned.event.slug} --kind {kind} --replace --reason "earned since"'
    if apart.ordered:
        left_out = count(len(apart.ordered), "person is", "people are")
        yield f"{left_out} left out: {below} is ordered for them. Once it is issued, it can be replaced."
    if apart.several:
        left_out = count(len(apart.several), "person is", "people are")
        yield f"{left_out} left out: they have several of {below}. Revoke those that should not stand."


def _beside_the_rule(planned: "Plan") -> str:
    """Say what a person who approves should know: how many certificates are somebody's decision or word."""
    parts = [f"{planned.granted:,} granted as near misses"] if planned.granted else []
    parts += [f"{planned.on_evidence} on evidence added by hand"] if planned.on_evidence else []
    return f" ({' and '.join(parts)})" if parts else ""


@click.command()
@click.argument("batch")
@shared(REASON, YES, AS, JSON)
def approve(batch: str, how: How) -> None:
    """Approve BATCH, so that it may be issued: shows what it is first, ten certificates among it, and asks.

    \b
    Example:
      certs approve cgmp-2026/1 --as Ben
    """
    from certs.work import orders, review  # noqa: PLC0415

    app = open_app()
    found = reference.batch(app.store.batches, batch)
    act = how.act(app)
    orders.demand_approvable(app.store, found, act)
    echo(*members.reviewed(review.review(app.store, found, act.at, SystemRandom())), err=True)
    look_out(app, found.facts.named_issuer)
    how.confirm(f"Approve {count(found.remaining, 'certificate')} of batch {found.reference}?")
    approved = orders.approve(app.store, found.id, act)
    named, said = approved.reference, count(approved.remaining, "certificate")
    minutes, checkpoint = [], app.store.trail.newest_checkpoint()
    if checkpoint:
        minutes = [f"For the minutes, the head of the audit trail under our signature:\n\n{checkpoint.rstrip()}"]
    how.tell(
        views.approved(approved),
        f"Batch {named} ({said}) is approved. Issue it with: certs issue {named}",
        *minutes,
    )


@click.command()
@click.argument("batch")
@click.option("--limit", type=click.IntRange(min=1), help="Issue at most so many, then stop.")
@click.option("--workers", type=click.IntRange(min=1), default=None, help="Processes (default: one for each core).")
@shared(unasked("Do not ask, whatever is doubtful about address and keys."), AS, JSON)
def issue(batch: str, limit: int | None, workers: int | None, how: How) -> None:
    """Issue the approved BATCH. It may be interrupted and run again; a finished batch stays as it is.

    \b
    Example:
      certs issue cgmp-2026/1
    """
    app = open_app()
    before = reference.batch(app.store.batches, batch)
    if before.remaining and before.approved_at is not None:
        question = f"Issue batch {before.reference} all the same?"
        ask_if_doubtful(app, before.facts.named_issuer, question, yes=how.yes, refused_if_wrong=True)
    after = issue_batch(app, before, how.act(app), limit, workers or 0)
    how.tell(views.issued(after), *_said(before, after))


def issue_batch(app: "App", batch: Batch, act: Act, limit: int | None = None, workers: int = 0) -> Batch:
    """Issue what is left of *batch* with a progress bar; return it as it is then.

    Raises:
        CertsError: as `certs.work.issue.issue` has it.
    """
    from certs.build import examination  # noqa: PLC0415
    from certs.queue import Queue  # noqa: PLC0415
    from certs.work import issue as issuing  # noqa: PLC0415 -- ordering and approving need no keys and no fonts

    office = issuing.Office(app.store, Queue(workers), app.clock, _bell(app))
    tools = issuing.opened(app.store, batch, partial(examination.tools_for, app, batch))
    with _progress(min(limit or batch.remaining, batch.remaining)) as watch:
        return issuing.issue(office, tools, batch.id, act, limit, watch)


def _bell(app: "App") -> "Bell":
    """Return what asks other machines to help, where a broker is set."""
    from certs.ports import Silent  # noqa: PLC0415
    from certs.queue.bell import CeleryBell  # noqa: PLC0415

    url = app.settings.broker_url
    return CeleryBell(url, lambda why: click.echo(why, err=True)) if url else Silent()


def _said(before: Batch, after: Batch) -> "Iterator[str]":
    issued = after.counts.get(CertificateState.ISSUED, 0)
    fresh = issued - before.counts.get(CertificateState.ISSUED, 0)  # by whomever: others may work on the batch too
    said = f"{count(fresh, 'certificate')} issued since this began"
    yield f"Batch {after.reference}: {said}, {issued:,} of {after.count:,} in all."
    if held := after.counts.get(CertificateState.HELD, 0):
        said = count(held, "is held back and needs", "are held back and need")
        yield f"{said} a person: certs status {after.reference}"
    if after.remaining:
        yield f"{count(after.remaining, 'is', 'are')} left: certs issue {after.reference}"
    else:
        yield f"Export them with: certs export {after.slug} --out certificates.zip"


@contextmanager
def _progress(total: int) -> "Iterator[Callable[[int], None]]":
    """Show a bar with rate and time left on standard error, if that is a terminal; yield what advances it.

    It is drawn when something was stored, without a thread, because worker processes are forked meanwhile.
    """
    if not total or not sys.stderr.isatty():
        yield lambda made: None
        return
    from rich.console import Console  # noqa: PLC0415 -- slow to import, only for the bar
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (
        TextColumn("issuing"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), auto_refresh=False) as bar:
        task = bar.add_task("issuing", total=total, rate="")
        bar.refresh()

        def advance(made: int) -> None:
            bar.advance(task, made)
            speed = bar.tasks[0].speed or bar.tasks[0].completed / max(bar.tasks[0].elapsed or 0.001, 0.001)
            bar.update(task, rate=f"{speed:,.0f}/s", refresh=True)

        yield advance
