"""`certs audit`, `publish` and `enrol`: the trail of who changed what, and what stands under our signature."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import astuple, fields
from pathlib import Path

import click

from certs.cli import use
from certs.cli.declare import Paths, argument, option, read_text
from certs.cli.hints import VOICE
from certs.cli.how import AS, JSON, YES, How, because, command, unasked
from certs.cli.tables import write_csv, write_json
from certs.eligibility.words import count
from certs.errors import InputError
from certs.ground.checkpoint import MAX_CHARACTERS
from certs.ground.number import printed
from certs.model import AuditEntry
from certs.views import trail as views

WRONG = 1
"""Exit code of `audit verify` where anything is wrong, and of `enrol` where a certificate does not fit."""
_WHOLE, _EXPORT = "verify", "export"
_COLUMNS = [field.name for field in fields(AuditEntry)]
_SHOWN = 100
_MOST_BYTES = 4 * MAX_CHARACTERS
"""Of a file that may be a checkpoint; longer ones are none."""
_TAKEN = (
    "Claim, seal and credential of each are checked. What none of them says is taken as the register has it now: "
    "place, signatories, days of the sessions, which of them somebody attended, addresses, moments of registration."
)


@command(
    because("With clock and adopt: how it comes.", required=False),
    unasked("With checkpoint and adopt: do not ask."),
    AS,
    JSON,
)
def audit(
    how: How,
    what: str = argument("SLUG|verify|export|checkpoint|adopt|clock"),
    wants_csv: bool = option("--csv", "Print CSV, every field."),
    outside: Paths = option("--checkpoint", "With verify: kept elsewhere; repeatable.", metavar="FILE"),
) -> int:
    """Show the audit trail of event SLUG, or look after the trail as a whole.

    verify compares every certificate, revocation, batch, key and status list with the trail, and the trail with the
    checkpoints that our key signed: those in the register, the one in the key folder, and those given with
    --checkpoint. export writes all of it. checkpoint signs its head and prints that, to be kept elsewhere; acts that
    nobody has signed are shown first. adopt enters what differs as it stands, because you can explain it, and signs.

    With clock, enter that this machine's clock is right now and was wrong when later moments were entered.

    Example:
      certs audit cgmp-2026
      certs audit cgmp-2026 --csv > trail.csv
      certs audit verify --checkpoint minutes-2026-11-30.txt
      certs audit export > trail.jsonl
      certs audit checkpoint > checkpoint-2026-11-30.txt
      certs audit adopt --reason "the register of 2025, from before there were checkpoints"
      certs audit clock --reason "it was a year ahead since the reboot"
    """
    if (how.reason or how.actor) and what not in _DOES:
        raise InputError(
            "--reason and --as are for clock, checkpoint and adopt: whoever only reads the trail is not in it."
        )
    if outside and what != _WHOLE:
        raise InputError("--checkpoint is for certs audit verify.")
    if what == _WHOLE:
        return _verify(how, outside)
    if what == _EXPORT:
        _export(how, wants_csv)
    elif what in _DOES:
        _DOES[what](how)
    else:
        _show(how, what, wants_csv)
    return 0


def _show(how: How, slug: str, wants_csv: bool) -> None:
    how.store.events.title(slug)
    entries = how.store.audit(slug)
    if wants_csv and not how.wants_json:
        write_csv(_COLUMNS, (astuple(entry) for entry in entries))
    elif how.wants_json:
        write_json(views.trail(slug, entries))
    else:
        how.show(map(_line, entries))


def _take(how: How) -> None:
    """Print a checkpoint; acts that nobody has signed are shown, and asked about, first."""
    act, unsigned = how.act(), how.store.trail.unvouched()
    how.note(map(_line, unsigned))
    if unsigned:
        how.confirm(f"Nobody has signed {count(len(unsigned), 'this entry', 'these entries')}. Are they right?")
    click.echo(use.trail.take(how.store, how.app.keys, how.app.voucher, act, unsigned), nl=False)


def _adopt(how: How) -> None:
    """Show what differs, ask, and enter it as it stands."""
    app, act = how.app, how.act()
    use.trail.demand_reason(act)
    wrong = list(use.trail.faults(app.store, app.keys, app.voucher))
    how.note(wrong)
    if not wrong:
        how.show("Nothing differs: there is nothing to adopt.")
        return
    how.confirm("Can you explain all of this, and shall it stand as it is?")
    adopted = use.trail.adopt(app.store, app.keys, app.voucher, act)
    how.show(f"{count(adopted, 'difference')} entered; the trail is under our signature up to there.")


def _export(how: How, wants_csv: bool) -> None:
    """Write the whole trail: a line for each entry, a JSON array of its columns, and the newest checkpoint last."""
    if wants_csv:
        raise InputError("certs audit export writes JSON, a line for each entry; --csv is for the trail of one event.")
    for entry in how.store.trail.entries():
        line = json.dumps(astuple(entry), ensure_ascii=False, separators=(",", ":"))
        sys.stdout.buffer.write(f"{line}\n".encode())
    if newest := how.store.trail.newest_checkpoint():
        sys.stdout.buffer.write(f"{json.dumps({'checkpoint': newest}, ensure_ascii=False)}\n".encode())


def _settle_clock(how: How) -> None:
    act = how.act()
    newest = use.trail.settle_clock(how.store, act)
    how.show(f"It is {act.at:%Y-%m-%d %H:%M} UTC; that {newest:%Y-%m-%d %H:%M} is on record stops nothing any more.")


def _verify(how: How, outside: Sequence[Path]) -> int:
    app = how.app
    kept = [use.trail.given(read_text(one, _MOST_BYTES), app.voucher) for one in outside]
    wrong = list(map(VOICE.say, use.trail.everything(app.store, app.keys, app.voucher, kept)))
    entries, sha256 = app.store.trail.head()
    named = count(entries, "entry", "entries")
    said = f"The audit trail is whole: {named}, the last is {sha256 or '-'}. Register and keys are as it says."
    if wrong:
        said = f"The audit trail and the register are not as they should be: {count(len(wrong), 'fault')}."
    how.tell(views.whole(entries, sha256, wrong), wrong, said)
    return WRONG if wrong else 0


_DOES: dict[str, Callable[[How], None]] = {"clock": _settle_clock, "checkpoint": _take, "adopt": _adopt}


def _line(entry: AuditEntry) -> str:
    new = entry.new if len(entry.new) <= _SHOWN else entry.new[:_SHOWN] + "…"
    why = f" because {entry.reason}" if entry.reason else ""
    return f"{entry.id:>6}  {entry.at[:19]}Z  {entry.actor}  {entry.act}  {entry.subject}{why}  {new}"


@command(JSON)
def publish(how: How) -> None:
    """Sign the status lists anew where something changed. Issuing, revoking and correcting do this by themselves.

    Example:
      certs publish
    """
    renewed = how.app.lists.publish()
    said = f"Status lists signed anew: {renewed}." if renewed else "The status lists are up to date."
    how.tell({"renewed": renewed}, said)


@command(YES, AS, JSON)
def enrol(how: How) -> int:
    """Put what the register holds of certificates of before under our signature; until then nobody can check it.

    Needed once, after an upgrade from a version that signed only the code. Opens each certificate and its file, lists
    what does not fit and leaves it out. Stopped, it goes on where it was. Exit code 1 where something does not fit.

    Example:
      certs enrol
    """
    act, missing = how.act(), how.store.rolls.missing()
    if missing and not how.yes:
        how.note(f"{count(missing, 'certificate is', 'certificates are')} to be enrolled. {_TAKEN}")
        how.confirm("Is that right?")
    with click.progressbar(length=missing, label="Enrolling", file=sys.stderr) as bar:
        done = use.enrol.enrol(how.store, how.app.keys, how.app.voucher, act, bar.update)
    left_out = [{"number": printed(one.number), "why": one.why} for one in done.left_out]
    how.tell(
        {"enrolled": done.count, "left_out": left_out},
        f"{count(done.count, 'certificate')} enrolled." if missing else "Every certificate is enrolled.",
        ("{number} was left out: {why}.".format_map(one) for one in left_out),
    )
    return WRONG if left_out else 0
