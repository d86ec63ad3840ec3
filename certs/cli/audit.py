"""`certs audit`: the trail of who changed what."""

import sys
from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

import click

from certs.cli.context import act_of, acting, as_json, open_app, write_json
from certs.eligibility.words import count
from certs.errors import ConflictError, InputError
from certs.model import Act, AuditEntry
from certs.views import trail
from certs.work.deliver.spreadsheet import as_csv

if TYPE_CHECKING:
    from certs.build import App

BROKEN = 1
"""Exit code of `audit verify` where the chain is broken."""
_WHOLE = "verify"
_CLOCK = "clock"
_COLUMNS = [field.name for field in fields(AuditEntry)]
_SHOWN = 100


@click.command()
@click.argument("what", metavar="SLUG|verify|clock")
@as_json
@click.option("--csv", "wants_csv", is_flag=True, help="Print CSV, every field.")
@click.option("--reason", default="", help="With clock: why the moments on record are wrong.")
@acting
def audit(what: str, wants_json: bool, wants_csv: bool, reason: str, actor: str | None) -> int:
    """Show the audit trail of event SLUG, or check the chain of the whole trail and name the first broken entry.

    With clock, enter that this machine's clock is right now and was wrong when later moments were entered.

    \b
    Example:
      certs audit cgmp-2026
      certs audit cgmp-2026 --csv > trail.csv
      certs audit verify
      certs audit clock --reason "it was a year ahead since the reboot"
    """
    app = open_app()
    store = app.store
    if what == _CLOCK:
        return _settle_clock(app, act_of(app, actor, reason))
    if reason or actor:
        raise InputError("--reason and --as are for certs audit clock: whoever only reads the trail is not in it.")
    if what == _WHOLE:
        return _verify(app, wants_json)
    store.events.title(what)
    entries = store.audit(what)
    if wants_json:
        write_json(trail.trail(what, entries))
    elif wants_csv:
        sys.stdout.buffer.write(_as_csv(entries))
    else:
        for entry in entries:
            click.echo(_line(entry))
    return 0


def _settle_clock(app: "App", act: Act) -> int:
    newest = app.store.newest_moment()
    if newest is None or newest <= act.at:
        raise ConflictError("Nothing on record is later than the clock says: there is nothing to settle.")
    if not act.reason.strip():
        raise InputError("Say how you know that the clock is right now, with --reason: it stays in the audit trail.")
    app.store.settle_clock(act)
    click.echo(f"It is {act.at:%Y-%m-%d %H:%M} UTC; that {newest:%Y-%m-%d %H:%M} is on record stops nothing any more.")
    return 0


def _verify(app: "App", wants_json: bool) -> int:
    broken = app.store.first_broken_entry()
    last = app.store.last_entry()
    if wants_json:
        write_json(trail.whole(last, broken))
    elif broken:
        click.echo(f"The audit trail is broken: {broken[1]}. Compare it with a backup.")
    else:
        entries = count(last.id if last else 0, "entry", "entries")
        click.echo(f"The audit trail is whole: {entries}, the last is {last.sha256 if last else '-'}.")
    return BROKEN if broken else 0


def _line(entry: AuditEntry) -> str:
    new = entry.new if len(entry.new) <= _SHOWN else entry.new[:_SHOWN] + "…"
    why = f" because {entry.reason}" if entry.reason else ""
    return f"{entry.id:>6}  {entry.at[:19]}Z  {entry.actor}  {entry.act}  {entry.subject}{why}  {new}"


def _as_csv(entries: Iterable[AuditEntry]) -> bytes:
    return as_csv(_COLUMNS, ([*asdict(entry).values()] for entry in entries))
