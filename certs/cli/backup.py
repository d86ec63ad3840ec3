"""`certs backup` and `restore`: the whole register out, and back in."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from certs.cli.context import open_app, write_json
from certs.cli.how import AS, JSON, REASON, YES, How, echo, shared
from certs.eligibility.words import count
from certs.errors import InputError
from certs.ground import number
from certs.model import Act, Number
from certs.views import restores
from certs.work.keys import unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from certs.build import App
    from certs.model.restored import Carried, Named, Restored
    from certs.work.salvage import Beside

_PATH = click.Path(path_type=Path)
_SHOWN = 20
"""So many certificates of a list are named; --json has all."""


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@shared(JSON)
def backup(file: Path, how: How) -> None:
    """Write the whole register to FILE as it is at this moment; it may be in use. Keep a copy of signing_keys/ too.

    \b
    Example:
      certs backup /backups/certs-2026-11-22.db
    """
    app = open_app()
    size, place = app.backup(file), app.settings.tails
    beside = f" Their bytes are in {place.url}, which is backed up by itself, after this." if place else ""
    how.tell(
        {"file": str(file), "bytes": size},
        f"The register is backed up to {file} ({size / 1e6:.1f} MB). Back up signing_keys/ beside it.{beside}",
    )


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--rehearse", is_flag=True, help="Do all but the last step, beside the register, and say what it means.")
@click.option("--nothing-since", is_flag=True, help="You know that nothing was done after the backup; for a move.")
@click.option("--newer", multiple=True, metavar="REGISTER", help="Also carry over from this file or database.")
@click.option("--export", "exports", multiple=True, type=_PATH, help="An export, its ZIP or manifest.csv, to compare.")
@click.option("--trail", "trails", multiple=True, type=_PATH, help="An output of certs audit SLUG, to take over.")
@click.option("--status", "lists", multiple=True, type=_PATH, help="Published status lists, to compare.")
@click.option("--settle", is_flag=True, help="Instead of restoring: what the last restore left unknown is settled.")
@shared(REASON, YES, AS, JSON)
def restore(
    file: Path | None,
    rehearse: bool,
    nothing_since: bool,
    newer: tuple[str, ...],
    exports: tuple[Path, ...],
    trails: tuple[Path, ...],
    lists: tuple[Path, ...],
    settle: bool,
    how: How,
) -> None:
    """Make the backup FILE the register, in one step. The present one is put aside; nothing is ever given twice.

    Stop the service first. What the present register knows beyond the backup (certificates issued since, revocations,
    withdrawn links) is carried over where it can be read, and shown before it counts. Killed at any moment, it is
    either not begun or done: run the same command again.

    \b
    Example:
      certs restore /backups/certs-2026-11-22.db --rehearse
      certs restore /backups/certs-2026-11-22.db --reason "disk failure" --as Ana
      certs restore --settle --reason "looked through the mails of that week" --as Ana
    """
    if settle == (file is not None):
        raise InputError("Name the backup to restore, or say --settle alone.")
    if not rehearse and not how.reason.strip():
        raise InputError("Say why, for the audit trail: --reason TEXT.")
    app = open_app()
    act = how.act(app)
    if file is None:
        _settle(app, act, how)
        return
    from certs.work import salvage  # noqa: PLC0415

    beside = salvage.Beside(nothing_since, newer, salvage.read(exports, trails, lists, app.keys))
    if rehearse:
        _rehearse(app, file, act, beside, how)
    else:
        _restore(app, file, act, beside, how)


def _restore(app: "App", file: Path, act: Act, beside: "Beside", how: How) -> None:
    def agree(done: "Restored") -> None:
        if not how.wants_json:
            _show(done)
        how.confirm(f"Put the present register aside and restore {file.name}?")

    done = app.restore(file, act, beside, agree=agree, watch=_watch)
    if how.wants_json:
        write_json(restores.restored(done))
        return
    before = f"; the register before is {done.put_aside}" if done.put_aside else ""
    click.echo(f"Restored {count(done.certificates, 'certificate')} from {file.name}{before}.")
    for key in unknown(app.store, app.keys):
        click.echo(f"It does not know {key.purpose} key {key.kid}, made after the backup: certs keys adopt {key.kid}.")
    if done.unknown:
        click.echo("Not settled yet: certs doctor lists it. Before the service starts, look, act, then say so with")
        click.echo('certs restore --settle --reason "…"')
    click.echo("Then sign the status lists anew: certs publish")


def _rehearse(app: "App", file: Path, act: Act, beside: "Beside", how: How) -> None:
    began = time.monotonic()
    done = app.rehearse(file, act, beside, _watch)
    seconds = time.monotonic() - began
    if how.wants_json:
        write_json({"rehearsal": True, "seconds": round(seconds, 1), **restores.restored(done)})
        return
    _show(done)
    click.echo(f"This was a rehearsal: it took {seconds:.1f} s, and nothing was changed.")


def _watch(done: int, total: int) -> None:
    """Say how far the certificates are checked, on standard error, if that is a terminal."""
    if sys.stderr.isatty():
        click.echo(f"\rchecking {done:,} of {total:,} certificates", err=True, nl=done == total)


def _settle(app: "App", act: Act, how: How) -> None:
    open_ones = app.store.unsettled.open()
    if not how.wants_json:
        echo(*(f"  {one.text}" for one in open_ones))
    if open_ones:
        how.confirm(f"Is {count(len(open_ones), 'this point', 'all of this')} settled?")
    settled = app.store.unsettled.settle([one.id for one in open_ones], act)
    said = f"{count(settled, 'point is', 'points are')} settled." if settled else "Nothing was left to settle."
    how.tell({"settled": settled}, said)


def _show(done: "Restored") -> None:
    until = done.backup_until[:16].replace("T", " ")
    click.echo(f"The backup goes up to {until} UTC and is sound.")
    if done.carried is not None:
        _show_carried(done.carried)
    _list("revoked, as the trail says", done.from_trails)
    _list("given up, for nobody here knows whether they were issued since; order for them anew", done.given_up)
    echo(*(f"Unknown: {one.text}" for one in done.unknown[:_SHOWN]))
    if len(done.unknown) > _SHOWN:
        click.echo(f"Unknown: {len(done.unknown) - _SHOWN} more; --json lists all.")
    if done.margin:
        click.echo("Numbers of batches and places in the status lists go on far beyond the backup's.")
    if done.spent:
        click.echo(f"{count(done.spent, 'number')} that only other registers gave will never be given again.")


def _show_carried(carried: "Carried") -> None:
    click.echo("A newer register knows what came after it, and this is carried over:")
    for said, found in (
        ("issued since", carried.issued),
        ("replaced since", carried.replaced),
        ("revoked since", carried.revoked),
        ("reinstated since", carried.reinstated),
    ):
        _list(said, found)
    others = (
        ("withdrawn link", "withdrawn links", carried.links),
        ("ruling", "rulings", carried.rulings),
        ("piece of evidence", "pieces of evidence", carried.evidence),
    )
    for one, several, many in others:
        if many:
            click.echo(f"  {count(many, one, several)}")
    if not (carried.issued or carried.revoked or carried.reinstated or any(many for _, _, many in others)):
        click.echo("  nothing")
    if carried.orders_lost:
        click.echo(f"Not carried over: {count(carried.orders_lost, 'certificate')} ordered since and not issued.")
    if carried.imports_lost:
        click.echo(f"Not carried over: imports since, {', '.join(carried.imports_lost[:_SHOWN])}.")


def _list(said: str, found: "Sequence[Named]") -> None:
    if not found:
        return
    click.echo(f"  {count(len(found), 'certificate')} {said}:")
    for one in found[:_SHOWN]:
        click.echo(f"    {number.printed(Number(one.number))}  {one.name} ({one.event}){one.said and ', '}{one.said}")
    if len(found) > _SHOWN:
        click.echo(f"    and {len(found) - _SHOWN} more; --json lists all")
