"""`certs backup` and `restore`: the whole register out, and back in."""

import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from certs.cli import use
from certs.cli.declare import Paths, Words, argument, option
from certs.cli.how import AS, JSON, REASON, YES, How, command
from certs.cli.tables import first
from certs.eligibility.words import count
from certs.errors import InputError
from certs.ground.number import printed
from certs.model import Number
from certs.model.restored import Carried, Named, Restored
from certs.views import restores as views

_SHOWN = 20
"""So many certificates of a list are named; --json has all."""


@command(JSON)
def backup(how: How, file: Path = argument()) -> None:
    """Write the whole register to FILE as it is at this moment; it may be in use. Keep a copy of signing_keys/ too.

    Example:
      certs backup /backups/certs-2026-11-22.db
    """
    size, place = how.app.backup(file), how.app.settings.tails
    beside = f" Their bytes are in {place.url}, which is backed up by itself, after this." if place else ""
    said = f"The register is backed up to {file} ({size / 1e6:.1f} MB). Back up signing_keys/ beside it.{beside}"
    how.tell({"file": str(file), "bytes": size}, said)


@command(REASON, YES, AS, JSON)
def restore(
    how: How,
    file: Path | None = argument(),
    rehearse: bool = option("--rehearse", "Do all but the last step, beside the register, and say what it means."),
    nothing_since: bool = option("--nothing-since", "You know that nothing was done after the backup; for a move."),
    newer: Words = option("--newer", "Also carry over from this file or database.", metavar="REGISTER"),
    exports: Paths = option("--export", "An export, its ZIP or manifest.csv, to compare."),
    trails: Paths = option("--trail", "An output of certs audit SLUG, to take over."),
    lists: Paths = option("--status", "Published status lists, to compare."),
    settle: bool = option("--settle", "Instead of restoring: what the last restore left unknown is settled."),
) -> None:
    """Make the backup FILE the register, in one step. The present one is put aside; nothing is ever given twice.

    Stop the service first. What the present register knows beyond the backup (certificates issued since, revocations,
    withdrawn links) is carried over where it can be read, and shown before it counts. Killed at any moment, it is
    either not begun or done: run the same command again.

    Example:
      certs restore /backups/certs-2026-11-22.db --rehearse
      certs restore /backups/certs-2026-11-22.db --reason "disk failure" --as Ana
      certs restore --settle --reason "looked through the mails of that week" --as Ana
    """
    if settle == (file is not None):
        raise InputError("Name the backup to restore, or say --settle alone.")
    if not rehearse and not how.reason:
        raise InputError("Say why, for the audit trail: --reason TEXT.")
    app, act = how.app, how.act()
    if file is None:
        _settle(how)
        return
    salvage = use.salvage.read(exports, trails, lists, app.keys)
    beside = use.salvage.Beside(nothing_since, newer, salvage, app.forgotten.read())
    if rehearse:
        began = time.monotonic()
        done = app.rehearse(file, act, beside, _watch)
        seconds = time.monotonic() - began
        view = {"rehearsal": True, "seconds": round(seconds, 1), **views.restored(done)}
        how.tell(view, _told(done), f"This was a rehearsal: it took {seconds:.1f} s, and nothing was changed.")
        return

    def agree(done: "Restored") -> None:
        if not how.wants_json:
            how.show(_told(done))
        how.confirm(f"Put the present register aside and restore {file.name}?")

    done = app.restore(file, act, beside, agree=agree, watch=_watch)
    how.tell(views.restored(done), _restored(how, done, file))


def _restored(how: How, done: "Restored", file: Path) -> Iterator[str]:
    before = f"; the register before is {done.put_aside}" if done.put_aside else ""
    yield f"Restored {count(done.certificates, 'certificate')} from {file.name}{before}."
    for key in use.keys.unknown(how.store, how.app.keys):
        yield f"It does not know {key.purpose} key {key.kid}, made after the backup: certs keys adopt {key.kid}."
    if done.unknown:
        yield "Not settled yet: certs doctor lists it. Before the service starts, look, act, then say so with"
        yield 'certs restore --settle --reason "…"'
    yield "Then sign the status lists anew: certs publish"


def _watch(done: int, total: int) -> None:
    """Say how far the certificates are checked, on standard error, if that is a terminal."""
    if sys.stderr.isatty():
        click.echo(f"\rchecking {done:,} of {total:,} certificates", err=True, nl=done == total)


def _settle(how: How) -> None:
    open_ones, act = how.store.unsettled.open(), how.act()
    if not how.wants_json:
        how.show(f"  {one.text}" for one in open_ones)
    if open_ones:
        how.confirm(f"Is {count(len(open_ones), 'this point', 'all of this')} settled?")
    settled = how.store.unsettled.settle([one.id for one in open_ones], act)
    said = f"{count(settled, 'point is', 'points are')} settled." if settled else "Nothing was left to settle."
    how.tell({"settled": settled}, said)


def _told(done: "Restored") -> Iterator[str]:
    """Yield what restoring does."""
    until = done.backup_until[:16].replace("T", " ")
    yield f"The backup goes up to {until} UTC and is sound."
    if done.carried is not None:
        yield "A newer register knows what came after it, and this is carried over:"
        yield from _carried(done.carried)
    if done.erased:
        yield f"{count(done.erased, 'person')} who asked to be erased after the backup was made: erased again."
    yield from _list("revoked, as the trail says", done.from_trails)
    yield from _list(
        "given up, for nobody here knows whether they were issued since; order for them anew", done.given_up
    )
    yield from first(
        [f"Unknown: {one.text}" for one in done.unknown], _SHOWN, "Unknown: {left} more; --json lists all."
    )
    if done.margin:
        yield "Numbers of batches and places in the status lists go on far beyond the backup's."
    if done.spent:
        yield f"{count(done.spent, 'number')} that only other registers gave will never be given again."


def _carried(carried: "Carried") -> Iterator[str]:
    for what in ("issued", "replaced", "revoked", "reinstated"):
        yield from _list(f"{what} since", getattr(carried, what))
    others = (
        (carried.links, "withdrawn link", "withdrawn links"),
        (carried.rulings, "ruling", "rulings"),
        (carried.evidence, "piece of evidence", "pieces of evidence"),
        (carried.erased, "person who was erased", "people who were erased"),
    )
    yield from (f"  {count(*one)}" for one in others if one[0])
    if not (carried.issued or carried.revoked or carried.reinstated or any(many for many, _, _ in others)):
        yield "  nothing"
    if carried.orders_lost:
        yield f"Not carried over: {count(carried.orders_lost, 'certificate')} ordered since and not issued."
    if carried.imports_lost:
        yield f"Not carried over: imports since, {', '.join(carried.imports_lost[:_SHOWN])}."


def _list(said: str, found: "Sequence[Named]") -> Iterator[str]:
    if found:
        yield f"  {count(len(found), 'certificate')} {said}:"
        named = [
            f"    {printed(Number(one.number))}  {one.name} ({one.event}){one.said and ', '}{one.said}" for one in found
        ]
        yield from first(named, _SHOWN, "    and {left} more; --json lists all")
