"""`certs order`, `approve`, `issue`, `reject` and `cancel`: from the decision to certificates, or to a batch's end."""

import sys
import time
from collections.abc import Iterator, Sequence
from functools import partial
from random import SystemRandom

import click

from certs.cli import use
from certs.cli.check import ask_if_doubtful, look_out
from certs.cli.declare import SLUG, SOME, Words, argument, option
from certs.cli.hints import VOICE
from certs.cli.how import AS, JSON, REASON, YES, How, because, command, unasked
from certs.cli.status import reviewed
from certs.eligibility.words import count
from certs.ground import reference
from certs.model import Act, Batch, CertificateState, End, Number
from certs.ports import Bell
from certs.views import batches as views

BATCH = argument()


@command(REASON, YES, AS, JSON)
def order(
    how: How,
    slug: str = SLUG,
    kind: str = option("--kind", "The kind of certificate, where the event has several."),
    replacing: bool = option("--replace", "Replace issued certificates in whose place this kind stands."),
    accepted: Words = option(
        "--accept",
        "Order although this stops it, like session_missing:7, because it is right; needs --reason.",
        metavar="FINDING",
    ),
) -> None:
    """Order certificates for everybody eligible in event SLUG who has none: numbers are reserved, nothing is signed.

    Example:
      certs order cgmp-2026 --as Ana
      certs order cgmp-2026 --kind distinction --replace --reason "earned since" --as Ana
      certs order cgmp-2026 --accept session_missing:7 --reason "the speaker was ill; it was not held" --as Ana

    What certs check finds is shown first, and what would make certificates untrue stops the order.
    """
    planned = use.orders.plan(how.store, slug, kind, replacing=replacing)
    act = how.act()
    said = f"{count(len(planned.decisions), 'certificate')}{_beside_the_rule(planned)}"
    placed, found = None, planned.findings(act.at)
    if not planned.has_eligible:
        how.note(use.readiness.listed(use.readiness.stopping(found), planned.command))
    if planned.decisions:
        use.readiness.demand_none_stops(found, accepted, act, planned.command)
        how.note(use.readiness.listed(found, planned.command))
        look_out(how, planned.event.named_issuer)
        how.confirm(f"Order {said} of kind {planned.kind.name} for {planned.event.title}?")
        placed = use.orders.place(how.store, planned, act, demo=how.app.signs_as_demo, accepted=accepted)
    how.note(_left_out(planned))
    done = use.orders.NOTHING_LEFT if planned.leaves_out else use.orders.NOTHING
    batch = how.store.batches.get(placed) if placed is not None else None
    if batch:
        done = f"Batch {batch.reference}: {said} ordered. Approve it with: certs approve {batch.reference}"
    how.tell(views.placed(planned, batch, planned.findings(act.at)), done)


def _left_out(planned: "use.orders.Plan") -> Iterator[str]:
    """Say for whom nothing is ordered because one kind stands in place of another."""
    slug, kind, apart = planned.event.slug, planned.kind.name, planned.apart
    people = ("person is", "people are")
    if planned.beyond:
        left = count(planned.beyond, *people)
        yield f"{left} left for another batch: this one is as large as one may be. Then order them with:"
        yield f"  {VOICE.say(planned.command)}"
    above, below = (" or ".join(kinds(kind)) for kinds in (planned.event.above, planned.event.below))
    if apart.better:
        yield f"{count(len(apart.better), *people)} left out: {above} stands in its place. Order it with:"
        yield from (f"  {VOICE.say(reference.ordering(slug, one))}" for one in planned.event.above(kind))
    if waiting := len(apart.issued) - len(apart.replaced):
        yield f"{count(waiting, *people)} left out: {below} is issued to them. To replace it, say:"
        yield f'  certs order {slug} --kind {kind} --replace --reason "earned since"'
    if apart.ordered:
        left_out = count(len(apart.ordered), *people)
        yield f"{left_out} left out: {below} is ordered for them. Once it is issued, it can be replaced."
    if apart.several:
        left_out = count(len(apart.several), *people)
        yield f"{left_out} left out: they have several of {below}. Revoke those that should not stand."


def _beside_the_rule(planned: "use.orders.Plan") -> str:
    """Say what a person who approves should know: how many certificates are somebody's decision or word."""
    parts = [f"{planned.granted:,} granted as near misses"] if planned.granted else []
    parts += [f"{planned.on_evidence} on evidence added by hand"] if planned.on_evidence else []
    return f" ({' and '.join(parts)})" if parts else ""


@command(REASON, YES, AS, JSON)
def approve(how: How, batch: str = BATCH) -> None:
    """Approve BATCH, so that it may be issued: shows what it is first, ten certificates among it, and asks.

    Example:
      certs approve cgmp-2026/1 --as Ben
    """
    found, act = reference.batch(how.store.batches, batch), how.act()
    use.orders.demand_approvable(how.store, found, act)
    how.note(reviewed(use.review.review(how.store, found, act.at, SystemRandom())))
    look_out(how, found.facts.named_issuer)
    how.confirm(f"Approve {count(found.remaining, 'certificate')} of batch {found.reference}?")
    approved = use.orders.approve(how.store, found.id, act)
    named, said = approved.reference, count(approved.remaining, "certificate")
    checkpoint = (how.store.trail.newest_checkpoint() or "").rstrip()
    minutes = f"For the minutes, the head of the audit trail under our signature:\n\n{checkpoint}"
    how.tell(
        views.approved(approved),
        f"Batch {named} ({said}) is approved. Issue it with: certs issue {named}",
        minutes if checkpoint else (),
    )


@command(unasked("Do not ask, whatever is doubtful about address and keys."), AS, JSON)
def issue(
    how: How,
    batch: str = BATCH,
    limit: int | None = option("--limit", "Issue at most so many, then stop.", type=SOME),
    workers: int | None = option("--workers", "Processes (default: one for each core).", type=SOME),
) -> None:
    """Issue the approved BATCH. It may be interrupted and run again; a finished batch stays as it is.

    Example:
      certs issue cgmp-2026/1
    """
    before = reference.batch(how.store.batches, batch)
    if before.remaining and before.approved_at is not None:
        question = f"Issue batch {before.reference} all the same?"
        ask_if_doubtful(how, before.facts.named_issuer, question, refused_if_wrong=True)
    after = issue_batch(how, before, how.act(), limit, workers or 0)
    how.tell(views.issued(after), _issued(before, after))


def issue_batch(how: How, batch: Batch, act: Act, limit: int | None = None, workers: int = 0) -> Batch:
    """Issue what is left of *batch* with a progress bar; return it as it is then.

    The bar is drawn when something was stored, without a thread, because worker processes are forked meanwhile.

    Raises:
        CertsError: as `certs.work.issue.issue` has it.
    """
    from certs.build import examination  # noqa: PLC0415 -- ordering and approving need no keys and no fonts
    from certs.queue import Queue  # noqa: PLC0415

    office = use.issue.Office(how.store, Queue(workers), how.app.clock, _bell(how))
    tools = use.issue.opened(how.store, batch, partial(examination.tools_for, how.app, batch))
    began, hidden = time.monotonic(), not (batch.remaining and sys.stderr.isatty())
    with click.progressbar(
        length=min(limit or batch.remaining, batch.remaining), label="issuing", file=sys.stderr, hidden=hidden,
        show_pos=True, item_show_func=lambda rate: rate,
    ) as bar:  # fmt: skip

        def watch(made: int) -> None:
            bar.update(made, f"{(bar.pos + made) / max(time.monotonic() - began, 0.001):,.0f}/s")

        return use.issue.issue(office, tools, batch.id, act, limit, watch)


def _bell(how: How) -> "Bell":
    """Return what asks other machines to help, where a broker is set."""
    from certs.ports import Silent  # noqa: PLC0415
    from certs.queue.bell import CeleryBell  # noqa: PLC0415

    url = how.app.settings.broker_url
    return CeleryBell(url, how.note) if url else Silent()


def _issued(before: Batch, after: Batch) -> Iterator[str]:
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


@command(because("Why, for whoever ordered it and for the audit trail."), AS, JSON)
def reject(how: How, batch: str = BATCH) -> None:
    """Refuse to approve BATCH: it ends, its numbers are never used, and its people can be ordered for again.

    Example:
      certs reject cgmp-2026/1 --reason "three names are wrong" --as Ben
    """
    before = reference.batch(how.store.batches, batch)
    _tell_end(how, before, End.REJECTED, use.ending.reject(how.store, before.id, how.act(), _gone))


@command(REASON, YES, AS, JSON)
def cancel(how: How, batch: str = BATCH) -> None:
    """Give up what is not issued of BATCH, approved or not; what is issued stays.

    Example:
      certs cancel cgmp-2026/1 --reason "a session was missing"
    """
    before = reference.batch(how.store.batches, batch)
    use.orders.demand_not_ended(before)
    if waiting := use.ending.unissued(before):
        of_batch = f"{count(waiting, 'certificate')} of batch {before.reference}, ordered by {before.ordered_by}"
        how.confirm(f"Give up {of_batch}?{_stays(before, '.')}")
    _tell_end(how, before, End.CANCELLED, use.ending.cancel(how.store, before.id, how.act(), _gone))


def _gone(token: str) -> bool:
    """Say whether a process that issued is dead."""
    from certs.queue import Queue  # noqa: PLC0415

    return Queue(1).gone(token)


def _stays(batch: Batch, then: str) -> str:
    """Say how many certificates of *batch* are issued, and *then*, if any are."""
    issued = batch.counts.get(CertificateState.ISSUED, 0)
    return f" {count(issued, 'is issued and stays', 'are issued and stay')}{then}" if issued else ""


def _tell_end(how: How, before: Batch, end: End, given_up: Sequence[Number]) -> None:
    if any(one.replaced is not None for one in how.store.batches.members(before.id, most=1)):
        then = "The certificates that it was to replace stay as they are."
    else:
        then = f"Its people can be ordered for again: {VOICE.say(reference.ordering(before.slug, before.kind))}"
    said = f"Batch {before.reference} is {end}: {count(len(given_up), 'certificate')} given up for ever."
    stays = _stays(before, ": certs revoke withdraws one.")
    how.tell(views.ended(before, end, len(given_up)), f"{said}{stays}", then)
