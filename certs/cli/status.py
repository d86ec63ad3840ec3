"""`certs status`: how far an event or a batch is, and a batch as its approver sees it."""

from collections.abc import Iterator, Sequence

from certs.cli import use
from certs.cli.declare import SOME, argument, option
from certs.cli.hints import VOICE
from certs.cli.how import JSON, How, command
from certs.cli.questions import still_open
from certs.cli.tables import aligned, write_json
from certs.eligibility.words import count
from certs.ground import differences, reference
from certs.ground.number import printed
from certs.model import Afterwards, Batch, CertificateState, Imported, Lease, Member
from certs.ports import Store
from certs.views import batches as views

_PAGE = 50
"""People on a page of the list."""
_LISTED = 20
"""What was changed since the order, shown by name."""


@command(JSON)
def status(
    how: How,
    what: str = argument("SLUG|BATCH"),
    everybody: bool = option("--people", "List all people of a batch, not a page of them."),
    page: int = option("--page", "Which page of its people.", type=SOME, default=1, show_default=True),
) -> None:
    """Show the imports and batches of event SLUG, or BATCH: its people, states, what is held back, the last error.

    Of a correction old and new. Of a batch also what rests on evidence added by hand or on somebody's ruling: look
    before you approve.

    Example:
      certs status cgmp-2026
      certs status cgmp-2026/1
    """
    store = how.store
    if not (reference.looks_like_one(what) or (what.isdecimal() and what not in store.events.slugs())):
        _show_event(how, what)
        return
    found = reference.batch(store.batches, what)
    skip, most = (0, None) if everybody else ((page - 1) * _PAGE, _PAGE)
    people = list(store.batches.members(found.id, skip, most))
    if how.wants_json:
        held, by_people = store.batches.held(found.id), store.batches.by_people(found.id)
        write_json(views.in_full(found, store.revocations.afterwards(found.id), held, by_people, people))
        return
    how.show(_batch(store, found), _table(people))
    if not everybody and found.count > page * _PAGE:
        pages = -(-found.count // _PAGE)
        how.show(f"  page {page} of {pages:,}: --page {page + 1}, or --people for all {found.count:,}")


def _batch(store: "Store", batch: Batch) -> Iterator[str]:
    yield _sentence(batch, store.revocations.afterwards(batch.id))
    held = store.batches.held(batch.id)
    for one in held:
        yield f"  held: {printed(one.number)} {one.name} ({one.person}): {one.reason}"
    if held:
        again = VOICE.say(reference.ordering(batch.slug, batch.kind))
        yield f'  For each of them: certs name {batch.slug} EMAIL "NAME", then: {again}'
    for ruled in store.batches.by_people(batch.id):
        yield f"  decided by people: {printed(ruled.number)} {ruled.name}: {ruled.reason}"
    if batch.error:
        yield f"  paused: {batch.error}"
    yield from (f"  at work: {_at_work(lease)}" for lease in store.sheets.held(batch.id))
    yield from (f"  accepted by {batch.ordered_by}: {sentence}" for sentence in batch.accepted)


def _at_work(lease: Lease) -> str:
    from certs.queue import Queue  # noqa: PLC0415 -- seldom needed

    said = f"{lease.certificates:,} on {lease.machine}"
    if Queue(1).gone(lease.token):
        return f"{said}, whose process is dead: the next certs issue takes them over"
    return f"{said}; if it is heard of no more, they are free at {lease.until:%H:%M:%S} UTC by the database's clock"


def _show_event(how: How, slug: str) -> None:
    store = how.store
    title, files, left = store.events.title(slug), store.imports.listed(slug), use.questions.unanswered(store, slug)
    batches = [(one, store.revocations.afterwards(one.id)) for one in store.batches.of_event(slug)]
    if how.wants_json:
        of_worker = (store.errands.of_event(slug), use.errands.worker_away(store))
        write_json(views.status(slug, title, files, batches, len(left), of_worker))
        return
    how.show(f"{slug}: {title}")
    how.show("  " + _import(one) for one in sorted(files, key=lambda one: (one.name, one.received_at)))
    how.show("  " + _sentence(*one) for one in batches)
    nothing = f"  Nothing is imported yet: certs import {slug} FILE..."
    how.show((f"  {line}" for line in still_open(slug, left)) if files else nothing)
    how.show(f"  {line}" for line in _waiting(store, slug))


def _waiting(store: "Store", slug: str) -> Iterator[str]:
    """Say what the worker was asked for and has not done yet."""
    waiting = [one for one in store.errands.of_event(slug) if one.ended_at is None]
    for one in reversed(waiting):
        done = f", {one.done:,} of {one.total:,} done" if one.total else ""
        how = f"begun{done}" if one.begun_at else "waits for the worker"
        yield f"asked for by {one.asked_by}: {one.wish.kind}; {how}"
    if waiting and use.errands.worker_away(store):
        yield VOICE.say(use.errands.nobody_works())


def _import(one: Imported) -> str:
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


def _table(members: Sequence[Member]) -> Iterator[str]:
    """Yield *members* as lines: number, name, address, sessions, hours, and what is special about each."""
    yield from (f"  {line}" for line in aligned([_row(one) for one in members]))


def _row(one: Member) -> Sequence[str]:
    said = one.statement
    special = [] if one.state is CertificateState.ORDERED else [one.state.value]
    special += views.corrected(one)
    special += ["evidence"] if one.evidence else []
    special += ["ruled"] if one.ruling else []
    sessions, hours = f"{said.sessions_attended}/{said.sessions_in_all}", differences.hours(said.quarter_hours)
    return printed(said.number), said.name, one.person, f"{sessions} sessions", f"{hours} h", "; ".join(special)


def reviewed(found: "use.review.Review") -> Iterator[str]:
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
    yield from use.readiness.listed(new, reference.ordering(batch.slug, batch.kind))
    if found.changed:
        yield f"{count(len(found.changed), 'certificate')} would say something else by now: reject, and order again."
        yield from (f"  {one.statement.name} ({one.person}): {'; '.join(how)}" for one, how in found.changed[:_LISTED])
    if found.compared:
        yield " Last time: ".join(map(_edition, found.compared))
    few = found.waiting > len(found.sample)
    yield f"{len(found.sample)} of them, by risk and by lot:" if few else "All of them:"
    yield from _table(found.sample)


def _edition(one: "use.review.Edition") -> str:
    """Say how many came, and how many of them have or are to have a certificate of each kind."""
    kinds = ", ".join(
        f"{number:,} {kind}" + (f" ({number / one.came:.0%})" if one.came else "") for kind, number in one.kinds.items()
    )
    return f"{one.slug}: {count(one.came, 'person', 'people')} came, certificates ordered: {kinds or 'none'}."
