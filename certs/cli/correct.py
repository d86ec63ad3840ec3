"""`certs correct` and `reissue`: certificates that supersede others."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from certs.cli import corrections
from certs.cli.batches import issue_batch
from certs.cli.context import look_out, moment_of, open_app
from certs.cli.event import read_bytes
from certs.cli.how import AS, BECAUSE, JSON, YES, How, echo, shared
from certs.eligibility.words import count
from certs.errors import InputError, NotFoundError
from certs.ground import number
from certs.model import Act, Batch, CertificateState, EventFacts
from certs.views import certificates as views
from certs.work.reason import demand

if TYPE_CHECKING:
    from certs.build import App
    from certs.work.corrections import Changes, Proposal, Wanted

_SIDE_BY_SIDE = 5
"""Corrections shown fact by fact; of more than these, each is a line."""


@click.command()
@click.argument("certificates", nargs=-1, metavar="NUMBER...")
@click.option(
    "--sheet",
    type=click.Path(path_type=Path),
    help="CSV or XLSX: number or email of each, and the name, language, minutes or attended that it should have.",
)
@click.option("--name", help="The name as it should read.")
@click.option("--language", help="Language tag of the name, like ja: it chooses the forms of Han characters.")
@click.option("--minutes", type=click.IntRange(min=0), help="Minutes present, a multiple of 15.")
@click.option("--attended", help="Ids of the sessions attended, like 1,2,5; hours follow unless --minutes is said.")
@click.option("--as-counted", is_flag=True, help="Take name, sessions and hours as the register counts them now.")
@click.option(
    "--event", "event_anew", is_flag=True, help="Take title, dates and signatories from the event as it is now."
)
@click.option(
    "--insist", is_flag=True, help="Take a name that looks like none, and fewer sessions than the rule demands, too."
)
@click.option("--although-revoked", is_flag=True, help="Correct a revoked certificate, too: the new one will be valid.")
@shared(BECAUSE, YES, AS, JSON)
def correct(
    certificates: tuple[str, ...],
    sheet: Path | None,
    name: str | None,
    language: str | None,
    minutes: int | None,
    attended: str | None,
    as_counted: bool,
    event_anew: bool,
    insist: bool,
    although_revoked: bool,
    how: How,
) -> None:
    """Replace each certificate NUMBER by a corrected one; the old one then reads "replaced" and leads to the new.

    Shows old and new first, and asks. What is asked for at once is ordered at once, all of it or nothing. Where the
    event demands two people, this only orders it, and somebody else approves. Stopped half-way, the same command goes
    on with it.

    \b
    Example:
      certs correct 7K3M-9QXZ-2P4C --name "Zoë Brontë" --reason "misspelt at registration"
      certs correct 7K3M-9QXZ-2P4C --as-counted --reason "signed sheet of session 3"
      certs correct --sheet names.csv --reason "names in capitals"
    """
    from certs.work import corrections as correcting  # noqa: PLC0415

    quarters = None if minutes is None else correcting.quarter_hours(minutes)
    ids = None if attended is None else correcting.sessions(attended)
    changes = correcting.Changes(name, language, quarters, ids, event_anew, as_counted, insist)
    app = open_app()
    wanted = _wanted(app, certificates, sheet, changes)
    proposal = correcting.propose(app.store, app.keys, wanted, although_revoked=although_revoked)
    act = how.act(app)
    demand(act)
    demo = app.signs_as_demo
    _show(app, proposal)
    if proposal.fresh or proposal.waiting:
        _look_out(app, (one.statement.event for one in proposal.fresh))
        how.confirm(_question(proposal))
    batches = [*proposal.waiting, *correcting.place(app.store, proposal, act, demo=demo)]
    after = [go_on(app, batch, act) for batch in batches]
    app.lists.publish()
    how.tell(views.corrected(proposal, after), *(line for batch in after for line in _said(batch)))


def _wanted(app: "App", typed: Sequence[str], file: Path | None, changes: "Changes") -> list["Wanted"]:
    """Return which certificates should say what.

    Raises:
        InputError: nothing is asked for, or something in two places.
    """
    from certs.work import corrections as correcting  # noqa: PLC0415
    from certs.work import sheet as sheets  # noqa: PLC0415

    of_one = (changes.name, changes.language, changes.quarter_hours, changes.attended)
    if any(one is not None for one in of_one) and (file is not None or len(typed) > 1):
        raise InputError("--name, --language, --minutes and --attended are for one NUMBER. For many, write a --sheet.")
    if file is not None:
        if typed:
            raise InputError("Give numbers or --sheet, not both.")
        rows = sheets.read(file.name, read_bytes(file), correcting.COLUMNS)
        return correcting.asked(app.store, file.name, rows, changes)
    if not typed:
        raise InputError("Say which certificates: give their numbers, or --sheet with a table.")
    if changes == correcting.Changes():
        raise InputError("Say what is wrong: --name, --language, --minutes, --attended, --as-counted or --event.")
    return [correcting.Wanted(number.parse(one), changes) for one in typed]


def _question(proposal: "Proposal") -> str:
    if not proposal.fresh:
        return "Go on with this, which was ordered before?"
    before = " and go on with what was ordered before" if proposal.waiting else ""
    if len(proposal.fresh) == 1:
        return f"Replace this certificate by the corrected one{before}?"
    return f"Replace these {len(proposal.fresh):,} certificates by corrected ones{before}?"


def _look_out(app: "App", events: Iterable[EventFacts]) -> None:
    """Say what is wrong or doubtful about issuing for the issuers of *events* here."""
    for issuer in dict.fromkeys(one.named_issuer for one in events):
        look_out(app, issuer)


def _show(app: "App", proposal: "Proposal") -> None:
    """Show old and new of what is to be ordered, and what was ordered or done before."""
    few = len(proposal.fresh) <= _SIDE_BY_SIDE
    for one in proposal.fresh:
        shown = (one.standing.statement, one.statement, one.standing.person)
        echo(*corrections.side_by_side(*shown) if few else (corrections.in_a_line(*shown),), err=True)
    for batch in proposal.waiting:
        found = app.store.batches.get(batch)
        said = count(found.remaining, "certificate is", "certificates are")
        click.echo(f"Ordered before, in batch {found.reference}: {said} not issued yet.", err=True)
    for old, newest in proposal.done.items():
        was = f"{number.printed(old)} was corrected so already: " if old != newest else ""
        said = "says just that" if was else "replaced another and says just that already"
        click.echo(f"{was}{number.printed(newest)} {said}.", err=True)


def go_on(app: "App", batch: int, act: Act) -> Batch:
    """Take *batch* as far as its orderer may: approve it where one person is enough, and issue it once it is approved.

    Raises:
        CertsError: as `certs.work.issue.issue` has it.
    """
    from certs.work import corrections as correcting  # noqa: PLC0415

    found = correcting.go_on(app.store, batch, act)
    return found if found.approved_at is None else issue_batch(app, found, act)


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


@click.command()
@click.option("--signed-by", "kid", required=True, metavar="KID", help="The key whose certificates are replaced.")
@click.option("--registered-since", "since", metavar="TIME", help="Only what was registered then or later.")
@shared(BECAUSE, YES, AS, JSON)
def reissue(kid: str, since: str | None, how: How) -> None:
    """Replace every certificate in force that key KID signed by one under the present keys.

    After a compromise, TIME is the moment of it: what was registered before stays valid and need not be replaced.

    Where an event demands two people, this only orders them, and somebody else approves each batch. Stopped half-way,
    the same command goes on; to give up what is not issued, cancel the batches.

    \b
    Example:
      certs reissue --signed-by 7k3m9qxz --registered-since 2026-11-20T14:00Z --reason "stolen laptop"
    """
    from certs.work import corrections as correcting  # noqa: PLC0415

    app = open_app()
    ended, moment = app.keys.named(kid), moment_of("--registered-since", since) if since else None
    try:
        found = correcting.to_reissue(app.store, app.keys, ended.kid, moment)
    except NotFoundError:
        app.lists.publish()  # all of it may be issued by a command that was stopped before this
        raise
    correcting.demand_successor(app.keys, ended)
    concerned = count(found.count, "certificate")
    echo(*(_ordered_before(app, batch, left) for batch, left in found.waiting.items()), err=True)
    if found.count:
        _look_out(app, (one.facts for one in found.fresh))
        how.confirm(f"Replace {concerned} that key {ended.kid} signed?")
    act = how.act(app)
    batches = correcting.reissue(app.store, found, act, demo=app.signs_as_demo)
    after = [go_on(app, batch, act) for batch in batches]
    app.lists.publish()
    elsewhere = {app.store.batches.get(one): left for one, left in found.elsewhere.items()}
    how.tell(
        views.reissued(found.count, after, list(elsewhere)),
        f"{concerned} in {count(len(batches), 'batch', 'batches')}.",
        *(line for batch in after for line in _said(batch)),
        *(_in_another(batch.reference, left) for batch, left in elsewhere.items()),
    )


def _in_another(batch: str, left: int) -> str:
    return (
        f"{count(left, 'certificate is', 'certificates are')} to be replaced by corrections in batch {batch}: "
        f"certs approve {batch}, certs issue {batch}; or give them up with certs cancel {batch} and run this again."
    )


def _ordered_before(app: "App", batch: int, left: int) -> str:
    said, reference = count(left, "certificate is", "certificates are"), app.store.batches.get(batch).reference
    return f"{said} ordered before, in batch {reference}, and not issued: this goes on with it."
