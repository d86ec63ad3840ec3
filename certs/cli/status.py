"""`certs status`: how far an event or a batch is."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from certs.cli import members, questions
from certs.cli.context import open_app, write_json, write_lines
from certs.cli.hints import VOICE
from certs.cli.how import JSON, How, echo, shared
from certs.ground import reference
from certs.ground.number import printed
from certs.model import Afterwards, Batch, CertificateState, Imported, Lease, Member
from certs.views import batches as views
from certs.work import errands
from certs.work import questions as asking

if TYPE_CHECKING:
    from certs.build import App
    from certs.ports import Store


@click.command()
@click.argument("what", metavar="SLUG|BATCH")
@click.option("--people", "everybody", is_flag=True, help="List all people of a batch, not a page of them.")
@click.option("--page", type=click.IntRange(min=1), default=1, show_default=True, help="Which page of its people.")
@shared(JSON)
def status(what: str, everybody: bool, page: int, how: How) -> None:
    """Show the imports and batches of event SLUG, or BATCH: its people, states, what is held back, the last error.

    Of a correction old and new. Of a batch also what rests on evidence added by hand or on somebody's ruling: look
    before you approve.

    \b
    Example:
      certs status cgmp-2026
      certs status cgmp-2026/1
    """
    app = open_app()
    store = app.store
    if reference.looks_like_one(what) or (what.isdecimal() and what not in store.events.slugs()):
        found = reference.batch(store.batches, what)
        skip, most = (0, None) if everybody else ((page - 1) * members.PAGE, members.PAGE)
        _show_batch(app, found, list(store.batches.members(found.id, skip, most)), how.wants_json)
        if not everybody and not how.wants_json and found.count > page * members.PAGE:
            pages = -(-found.count // members.PAGE)
            click.echo(f"  page {page} of {pages:,}: --page {page + 1}, or --people for all {found.count:,}")
    else:
        _show_event(app, what, how.wants_json)


def _show_batch(app: "App", batch: Batch, listed_people: Sequence[Member], wants_json: bool) -> None:
    store = app.store
    held = store.batches.held(batch.id)
    if wants_json:
        by_people = store.batches.by_people(batch.id)
        write_json(views.in_full(batch, store.revocations.afterwards(batch.id), held, by_people, listed_people))
        return
    click.echo(_sentence(batch, store.revocations.afterwards(batch.id)))
    for stopped in held:
        click.echo(f"  held: {printed(stopped.number)} {stopped.name} ({stopped.person}): {stopped.reason}")
    if held:
        again = VOICE.say(reference.ordering(batch.slug, batch.kind))
        click.echo(f'  For each of them: certs name {batch.slug} EMAIL "NAME", then: {again}')
    for one in store.batches.by_people(batch.id):
        click.echo(f"  decided by people: {printed(one.number)} {one.name}: {one.reason}")
    if batch.error:
        click.echo(f"  paused: {batch.error}")
    echo(*(f"  at work: {_at_work(lease)}" for lease in store.sheets.held(batch.id)))
    echo(*(f"  accepted by {batch.ordered_by}: {sentence}" for sentence in batch.accepted))
    write_lines(members.table(listed_people))


def _at_work(lease: Lease) -> str:
    from certs.queue import Queue  # noqa: PLC0415 -- seldom needed

    said = f"{lease.certificates:,} on {lease.machine}"
    if Queue(1).gone(lease.token):
        return f"{said}, whose process is dead: the next certs issue takes them over"
    return f"{said}; if it is heard of no more, they are free at {lease.until:%H:%M:%S} UTC by the database's clock"


def _show_event(app: "App", slug: str, wants_json: bool) -> None:
    store = app.store
    title = store.events.title(slug)
    files = store.imports.listed(slug)
    batches = store.batches.of_event(slug)
    if wants_json:
        told = [(one, store.revocations.afterwards(one.id)) for one in batches]
        of_worker = (store.errands.of_event(slug), errands.worker_away(store))
        write_json(views.status(slug, title, files, told, len(asking.unanswered(store, slug)), of_worker))
        return
    click.echo(f"{slug}: {title}")
    echo(*("  " + _import_sentence(one) for one in sorted(files, key=lambda one: (one.name, one.received_at))))
    echo(*("  " + _sentence(batch, store.revocations.afterwards(batch.id)) for batch in batches))
    if not files:
        click.echo(f"  Nothing is imported yet: certs import {slug} FILE...")
    elif left := questions.still_open(slug, asking.unanswered(store, slug)):
        click.echo(f"  {left}")
    echo(*(f"  {line}" for line in _waiting(store, slug)))


def _waiting(store: "Store", slug: str) -> Iterator[str]:
    """Say what the worker was asked for and has not done yet."""
    waiting = [one for one in store.errands.of_event(slug) if one.ended_at is None]
    for one in reversed(waiting):
        done = f", {one.done:,} of {one.total:,} done" if one.total else ""
        how = f"begun{done}" if one.begun_at else "waits for the worker"
        yield f"asked for by {one.asked_by}: {one.wish.kind}; {how}"
    if waiting and errands.worker_away(store):
        yield VOICE.say(errands.nobody_works())


def _import_sentence(one: Imported) -> str:
    if one.undone_at is None:
        return f"imported: {one.name} ({one.sha256[:8]})"
    return f"undone: {one.name} ({one.sha256[:8]}), on {one.undone_at.date()} by {one.undone_by}: {one.undone_reason}"


def _sentence(batch: Batch, afterwards: Afterwards) -> str:
    counts = ", ".join(f"{batch.counts[state]} {state}" for state in CertificateState if batch.counts.get(state))
    since = {"revoked": afterwards.revoked, "replaced": afterwards.replaced}
    if said := ", ".join(f"{number} {what}" for what, number in since.items() if number):
        counts = counts.replace(f" {CertificateState.ISSUED}", f" {CertificateState.ISSUED} ({said})")
    approval = f"approved by {batch.approved_by}" if batch.approved_by else "not approved yet"
    heading = f" ({batch.facts.heading})" if batch.facts.heading else ""
    sentence = f"batch {batch.reference}{heading}: {counts}; ordered by {batch.ordered_by}, {approval}"
    if (ending := batch.ending) is None:
        return sentence
    why = f": {ending.reason}" if ending.reason else ""
    return f"{sentence}; {ending.how} by {ending.by} on {ending.at.date()}{why}"
