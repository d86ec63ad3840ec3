"""`certs audit`: the trail of who changed what."""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, astuple, fields
from pathlib import Path
from typing import TYPE_CHECKING

import click

from certs.cli.context import open_app, write_json, write_lines
from certs.cli.hints import VOICE
from certs.cli.how import AS, JSON, How, because, echo, shared, unasked
from certs.eligibility.words import count
from certs.errors import ConflictError, InputError
from certs.ground.checkpoint import MAX_CHARACTERS
from certs.model import AuditEntry
from certs.views import trail
from certs.work import trail as trails
from certs.work.deliver.spreadsheet import as_csv

if TYPE_CHECKING:
    from certs.build import App

BROKEN = 1
"""Exit code of `audit verify` where anything is wrong."""
_WHOLE = "verify"
_CLOCK = "clock"
_EXPORT, _CHECKPOINT, _ADOPT = "export", "checkpoint", "adopt"
_COLUMNS = [field.name for field in fields(AuditEntry)]
_SHOWN = 100


@click.command()
@click.argument("what", metavar="SLUG|verify|export|checkpoint|adopt|clock")
@click.option("--csv", "wants_csv", is_flag=True, help="Print CSV, every field.")
@click.option("--checkpoint", "outside", multiple=True, metavar="FILE", help="With verify: kept elsewhere; repeatable.")
@shared(
    because("With clock and adopt: how it comes.", required=False),
    unasked("With checkpoint and adopt: do not ask."),
    AS,
    JSON,
)
def audit(what: str, wants_csv: bool, outside: tuple[str, ...], how: How) -> int:
    """Show the audit trail of event SLUG, or look after the trail as a whole.

    verify compares every certificate, revocation, batch, key and status list with the trail, and the trail with the
    checkpoints that our key signed: those in the register, the one in the key folder, and those given with
    --checkpoint. export writes all of it. checkpoint signs its head and prints that, to be kept elsewhere; acts that
    nobody has signed are shown first. adopt enters what differs as it stands, because you can explain it, and signs.

    With clock, enter that this machine's clock is right now and was wrong when later moments were entered.

    \b
    Example:
      certs audit cgmp-2026
      certs audit cgmp-2026 --csv > trail.csv
      certs audit verify --checkpoint minutes-2026-11-30.txt
      certs audit export > trail.jsonl
      certs audit checkpoint > checkpoint-2026-11-30.txt
      certs audit adopt --reason "the register of 2025, from before there were checkpoints"
      certs audit clock --reason "it was a year ahead since the reboot"
    """
    app = open_app()
    if (how.reason or how.actor) and what not in _DOES:
        raise InputError(
            "--reason and --as are for clock, checkpoint and adopt: whoever only reads the trail is not in it."
        )
    if outside and what != _WHOLE:
        raise InputError("--checkpoint is for certs audit verify.")
    if what == _WHOLE:
        return _verify(app, outside, how)
    if what == _EXPORT:
        return _export(app, wants_csv)
    if what in _DOES:
        return _DOES[what](app, how)
    _show(app, what, wants_csv, how)
    return 0


def _show(app: "App", slug: str, wants_csv: bool, how: How) -> None:
    app.store.events.title(slug)
    entries = app.store.audit(slug)
    if wants_csv and not how.wants_json:
        sys.stdout.buffer.write(_as_csv(entries))
    elif how.wants_json:
        write_json(trail.trail(slug, entries))
    else:
        write_lines(map(_line, entries))


def _take(app: "App", how: How) -> int:
    """Print a checkpoint; acts that nobody has signed are shown, and asked about, first."""
    act, unsigned = how.act(app), app.store.trail.unvouched()
    echo(*map(_line, unsigned), err=True)
    if unsigned:
        how.confirm(f"Nobody has signed {count(len(unsigned), 'this entry', 'these entries')}. Are they right?")
    click.echo(trails.take(app.store, app.keys, app.voucher, act, unsigned), nl=False)
    return 0


def _adopt(app: "App", how: How) -> int:
    """Show what differs, ask, and enter it as it stands."""
    act = how.act(app)
    if not act.reason:
        raise InputError("Say how it comes, with --reason: it stays in the audit trail.")
    wrong = list(trails.faults(app.store, app.keys, app.voucher))
    echo(*map(VOICE.say, wrong), err=True)
    if not wrong:
        click.echo("Nothing differs: there is nothing to adopt.")
        return 0
    how.confirm("Can you explain all of this, and shall it stand as it is?")
    adopted = trails.adopt(app.store, app.keys, app.voucher, act)
    click.echo(f"{count(adopted, 'difference')} entered; the trail is under our signature up to there.")
    return 0


def _export(app: "App", wants_csv: bool) -> int:
    """Write the whole trail: a line for each entry, a JSON array of its columns, and the newest checkpoint last."""
    if wants_csv:
        raise InputError("certs audit export writes JSON, a line for each entry; --csv is for the trail of one event.")
    for entry in app.store.trail.entries():
        line = json.dumps(astuple(entry), ensure_ascii=False, separators=(",", ":"))
        sys.stdout.buffer.write(f"{line}\n".encode())
    if newest := app.store.trail.newest_checkpoint():
        sys.stdout.buffer.write(f"{json.dumps({'checkpoint': newest}, ensure_ascii=False)}\n".encode())
    return 0


def _settle_clock(app: "App", how: How) -> int:
    act = how.act(app)
    newest = app.store.newest_moment()
    if newest is None or newest <= act.at:
        raise ConflictError("Nothing on record is later than the clock says: there is nothing to settle.")
    if not act.reason:
        raise InputError("Say how you know that the clock is right now, with --reason: it stays in the audit trail.")
    app.store.settle_clock(act)
    click.echo(f"It is {act.at:%Y-%m-%d %H:%M} UTC; that {newest:%Y-%m-%d %H:%M} is on record stops nothing any more.")
    return 0


def _verify(app: "App", outside: Sequence[str], how: How) -> int:
    kept = [trails.given(_text(Path(one)), app.voucher) for one in outside]
    wrong = list(map(VOICE.say, trails.everything(app.store, app.keys, app.voucher, kept)))
    entries, sha256 = app.store.trail.head()
    named = count(entries, "entry", "entries")
    said = f"The audit trail is whole: {named}, the last is {sha256 or '-'}. Register and keys are as it says."
    if wrong:
        said = f"The audit trail and the register are not as they should be: {count(len(wrong), 'fault')}."
    how.tell(trail.whole(entries, sha256, wrong), *wrong, said)
    return BROKEN if wrong else 0


_DOES = {_CLOCK: _settle_clock, _CHECKPOINT: _take, _ADOPT: _adopt}


def _text(file: Path) -> str:
    """Return what is in *file*, as far as a checkpoint could be.

    Raises:
        InputError: it cannot be read.
    """
    try:
        with file.open(encoding="utf-8", newline="") as opened:
            return opened.read(MAX_CHARACTERS + 1)
    except UnicodeDecodeError:
        raise InputError(f"{file} is no text.") from None
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.") from error


def _line(entry: AuditEntry) -> str:
    new = entry.new if len(entry.new) <= _SHOWN else entry.new[:_SHOWN] + "…"
    why = f" because {entry.reason}" if entry.reason else ""
    return f"{entry.id:>6}  {entry.at[:19]}Z  {entry.actor}  {entry.act}  {entry.subject}{why}  {new}"


def _as_csv(entries: Iterable[AuditEntry]) -> bytes:
    return as_csv(_COLUMNS, ([*asdict(entry).values()] for entry in entries))
