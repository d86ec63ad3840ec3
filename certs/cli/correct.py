"""`certs correct` and `reissue`: certificates that supersede others."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from certs.cli import use
from certs.cli.batches import issue_batch
from certs.cli.check import look_out
from certs.cli.declare import MANY, Words, argument, option, read_bytes, together
from certs.cli.how import AS, BECAUSE, JSON, YES, How, command
from certs.cli.tables import aligned
from certs.eligibility.words import count
from certs.errors import InputError, NotFoundError
from certs.ground import differences, number
from certs.ground.number import printed
from certs.model import Act, Batch, CertificateState, EventFacts, Statement
from certs.views import certificates as views

_SIDE_BY_SIDE = 5
"""Corrections shown fact by fact; of more than these, each is a line."""


@together
def _changes(
    name: str | None = option("--name", "The name as it should read."),
    language: str | None = option(
        "--language", "Language tag of the name, like ja: it chooses the forms of Han characters."
    ),
    minutes: int | None = option("--minutes", "Minutes present, a multiple of 15.", type=MANY),
    attended: str | None = option(
        "--attended", "Ids of the sessions attended, like 1,2,5; hours follow unless --minutes is said."
    ),
    as_counted: bool = option("--as-counted", "Take name, sessions and hours as the register counts them now."),
    event_anew: bool = option("--event", "Take title, dates and signatories from the event as it is now."),
    insist: bool = option(
        "--insist", "Take a name that looks like none, and fewer sessions than the rule demands, too."
    ),
) -> "use.corrections.Changes":
    quarters = None if minutes is None else use.corrections.quarter_hours(minutes)
    ids = None if attended is None else use.corrections.sessions(attended)
    return use.corrections.Changes(name, language, quarters, ids, event_anew, as_counted, insist)


@command(BECAUSE, YES, AS, JSON)
def correct(
    how: How,
    certificates: Words = argument("NUMBER..."),
    sheet: Path | None = option(
        "--sheet",
        "CSV or XLSX: number or email of each, and the name, language, minutes or attended that it should have.",
    ),
    changes: "use.corrections.Changes" = _changes,
    although_revoked: bool = option(
        "--although-revoked", "Correct a revoked certificate, too: the new one will be valid."
    ),
) -> None:
    """Replace each certificate NUMBER by a corrected one; the old one then reads "replaced" and leads to the new.

    Shows old and new first, and asks. What is asked for at once is ordered at once, all of it or nothing. Where the
    event demands two people, this only orders it, and somebody else approves. Stopped half-way, the same command goes
    on with it.

    Example:
      certs correct 7K3M-9QXZ-2P4C --name "Zoë Brontë" --reason "misspelt at registration"
      certs correct 7K3M-9QXZ-2P4C --as-counted --reason "signed sheet of session 3"
      certs correct --sheet names.csv --reason "names in capitals"
    """
    app, wanted = how.app, _wanted(how, certificates, sheet, changes)
    proposal = use.corrections.propose(app.store, app.keys, wanted, although_revoked=although_revoked)
    act = how.act()
    use.reason.demand(act)
    demo = app.signs_as_demo
    how.note(_shown(how, proposal))
    if proposal.fresh or proposal.waiting:
        _look_out(how, (one.statement.event for one in proposal.fresh))
        how.confirm(_question(proposal))
    batches = [*proposal.waiting, *use.corrections.place(app.store, proposal, act, demo=demo)]
    after = [_go_on(how, batch, act) for batch in batches]
    app.lists.publish()
    how.tell(views.corrected(proposal, after), (line for batch in after for line in _said(batch)))


def _wanted(
    how: How, typed: Sequence[str], file: Path | None, changes: "use.corrections.Changes"
) -> list["use.corrections.Wanted"]:
    """Return which certificates should say what.

    Raises:
        InputError: nothing is asked for, or something in two places.
    """
    of_one = (changes.name, changes.language, changes.quarter_hours, changes.attended)
    if any(one is not None for one in of_one) and (file is not None or len(typed) > 1):
        raise InputError("--name, --language, --minutes and --attended are for one NUMBER. For many, write a --sheet.")
    if file is not None:
        if typed:
            raise InputError("Give numbers or --sheet, not both.")
        rows = use.sheet.read(file.name, read_bytes(file), use.corrections.COLUMNS)
        return use.corrections.asked(how.store, file.name, rows, changes)
    if not typed:
        raise InputError("Say which certificates: give their numbers, or --sheet with a table.")
    if changes == use.corrections.Changes():
        raise InputError("Say what is wrong: --name, --language, --minutes, --attended, --as-counted or --event.")
    return [use.corrections.Wanted(number.parse(one), changes) for one in typed]


def _question(proposal: "use.corrections.Proposal") -> str:
    if not proposal.fresh:
        return "Go on with this, which was ordered before?"
    before = " and go on with what was ordered before" if proposal.waiting else ""
    if len(proposal.fresh) == 1:
        return f"Replace this certificate by the corrected one{before}?"
    return f"Replace these {len(proposal.fresh):,} certificates by corrected ones{before}?"


def _look_out(how: How, events: Iterable[EventFacts]) -> None:
    """Say what is wrong or doubtful about issuing for the issuers of *events* here."""
    for issuer in dict.fromkeys(one.named_issuer for one in events):
        look_out(how, issuer)


def _shown(how: How, proposal: "use.corrections.Proposal") -> Iterator[str]:
    """Yield old and new of what is to be ordered, and what was ordered or done before."""
    for one in proposal.fresh:
        old, new = one.standing.statement, one.statement
        whose = f"{printed(old.number)}  {old.name} <{one.standing.person}>"
        if len(proposal.fresh) > _SIDE_BY_SIDE:
            yield f"  {whose}  {_differences(old, new)}"
            continue
        yield f"{whose}, {old.event.title}"
        facts = differences.facts(old, new)
        rows = [
            ("", "is", "would be"),
            *((fact.what, fact.old, fact.new if fact.changes else "the same") for fact in facts),
        ]
        yield from (f"  {line}".rstrip() for line in aligned(rows))
    for batch in proposal.waiting:
        found = how.store.batches.get(batch)
        said = count(found.remaining, "certificate is", "certificates are")
        yield f"Ordered before, in batch {found.reference}: {said} not issued yet."
    for before, newest in proposal.done.items():
        was = f"{printed(before)} was corrected so already: " if before != newest else ""
        said = "says just that" if was else "replaced another and says just that already"
        yield f"{was}{printed(newest)} {said}."


def _differences(old: Statement, new: Statement) -> str:
    return "; ".join(map(str, differences.changed(old, new)))


def offered(old: Statement, new: Statement) -> str:
    """Say that somebody is certified already, and how her certificate comes to say what is counted now."""
    is_ = f"{old.name} is certified already ({printed(old.number)}), and"
    if not (changes := _differences(old, new)):
        return f"{is_} the certificate says what is counted now."
    return (
        f"{is_} nothing happens to that by itself. Counted now: {changes}. "
        f"To have it say so: certs correct {printed(old.number)} --as-counted --reason TEXT"
    )


def _go_on(how: How, batch: int, act: Act) -> Batch:
    """Take *batch* as far as its orderer may: approve it where one person is enough, and issue it once it is approved.

    Raises:
        CertsError: as `certs.work.issue.issue` has it.
    """
    found = use.corrections.go_on(how.store, batch, act)
    return found if found.approved_at is None else issue_batch(how, found, act)


def _said(batch: Batch) -> Iterator[str]:
    """Say how far a batch of corrections is."""
    held = batch.counts.get(CertificateState.HELD, 0)
    if batch.approved_at is None:
        yield (
            f"Batch {batch.reference} ({count(batch.remaining, 'correction')}) is ordered, and nothing is replaced yet."
            f" Somebody else approves it: certs approve {batch.reference} --as NAME"
        )
        yield f"To give it up: certs cancel {batch.reference}"
    elif batch.remaining:
        left = count(batch.remaining, "certificate is", "certificates are")
        yield f"{left} left of batch {batch.reference}: certs issue {batch.reference}"
    elif issued := batch.counts.get(CertificateState.ISSUED, 0):
        one, many = "The corrected certificate is", f"{issued:,} corrected certificates are"
        leads = "the old one now leads to it" if issued == 1 else "each old one now leads to its new one"
        yield f"{one if issued == 1 else many} issued (batch {batch.reference}); {leads}."
    if held:
        said = count(held, "correction is", "corrections are")
        yield f"{said} held back by a check, and nothing replaces the old: certs status {batch.reference}"


@command(BECAUSE, YES, AS, JSON)
def reissue(
    how: How,
    kid: str = option("--signed-by", "The key whose certificates are replaced.", required=True, metavar="KID"),
    since: datetime | None = option("--registered-since", "Only what was registered then or later.", metavar="TIME"),
) -> None:
    """Replace every certificate in force that key KID signed by one under the present keys.

    After a compromise, TIME is the moment of it: what was registered before stays valid and need not be replaced.

    Where an event demands two people, this only orders them, and somebody else approves each batch. Stopped half-way,
    the same command goes on; to give up what is not issued, cancel the batches.

    Example:
      certs reissue --signed-by 7k3m9qxz --registered-since 2026-11-20T14:00Z --reason "stolen laptop"
    """
    app, store = how.app, how.store
    ended = app.keys.named(kid)
    try:
        found = use.corrections.to_reissue(store, app.keys, ended.kid, since)
    except NotFoundError:
        app.lists.publish()  # all of it may be issued by a command that was stopped before this
        raise
    use.corrections.demand_successor(app.keys, ended)
    concerned, is_are = count(found.count, "certificate"), ("certificate is", "certificates are")
    for batch, left in found.waiting.items():
        before = f"ordered before, in batch {store.batches.get(batch).reference}, and not issued"
        how.note(f"{count(left, *is_are)} {before}: this goes on with it.")
    if found.count:
        _look_out(how, (one.facts for one in found.fresh))
        how.confirm(f"Replace {concerned} that key {ended.kid} signed?")
    act = how.act()
    batches = use.corrections.reissue(store, found, act, demo=app.signs_as_demo)
    after = [_go_on(how, batch, act) for batch in batches]
    app.lists.publish()
    elsewhere = {store.batches.get(one).reference: left for one, left in found.elsewhere.items()}
    how.tell(
        views.reissued(found.count, after, list(elsewhere)),
        f"{concerned} in {count(len(batches), 'batch', 'batches')}.",
        (line for batch in after for line in _said(batch)),
        (
            f"{count(left, *is_are)} to be replaced by corrections in batch {batch}: certs approve {batch}, "
            f"certs issue {batch}; or give them up with certs cancel {batch} and run this again."
            for batch, left in elsewhere.items()
        ),
    )
