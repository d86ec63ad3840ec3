"""`certs revoke`, `undo` and `reinstate`: withdraw certificates, and take a mistake back."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from certs.cli.context import act_of, acting, aligned, as_json, confirm, open_app, write_json
from certs.cli.event import read_text
from certs.eligibility.words import count
from certs.errors import InputError
from certs.ground import number
from certs.model import Fate, RevocationReason

if TYPE_CHECKING:
    from certs.build import App
    from certs.work.revocations import Entry

_LISTED = 50
"""Certificates shown before a question; the question counts them all."""
_AUDIT = "Why, for the audit trail."


@click.command()
@click.argument("numbers", nargs=-1, metavar="NUMBER...")
@click.option("--file", type=click.Path(path_type=Path), help="A file with one number at the beginning of each line.")
@click.option(
    "--class",
    "reason_class",
    type=click.Choice([reason.value for reason in RevocationReason]),
    help="The kind of reason; whoever checks the certificate reads it.",
)
@click.option("--said", default="", metavar="TEXT", help="A sentence that whoever checks the certificate reads, too.")
@click.option("--note", metavar="TEXT", help="Why, for the audit trail alone: nobody who checks reads it.")
@click.option("--reason", metavar="TEXT", hidden=True, help="Refused: say --note and --said.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@acting
@as_json
def revoke(
    numbers: tuple[str, ...],
    file: Path | None,
    reason_class: str | None,
    said: str,
    note: str | None,
    reason: str | None,
    yes: bool,
    actor: str | None,
    wants_json: bool,
) -> None:
    """Withdraw the certificates NUMBER... and those listed in a file: all of them or none. They stay in the register.

    Shows first whose they are, and what everybody will read.

    \b
    Example:
      certs revoke 7K3M-9QXZ-2P4C --class error --said "It names the wrong course." --note "mail of 3 May"
      certs revoke --file withdrawn.csv --class fraud --note "bought attendance, see folder 12"
    """
    from certs.work import revocations as revoking  # noqa: PLC0415

    class_, kept = _asked_for(reason_class, note, reason)
    entries = _entries(numbers, file)
    app = open_app()
    chosen = revoking.chosen(app.store, entries)
    fresh = revoking.to_revoke(chosen, class_, said)
    if fresh:
        _show(fresh)
        click.echo(f"Everybody who checks will read: {_announced(app, class_, said)}", err=True)
        confirm(f"Revoke {count(len(fresh), 'certificate')}?", yes=yes)
    revoking.withdraw(app.lists, fresh, class_, act_of(app, actor, kept), said=said)
    if wants_json:
        write_json({"revoked": [number.printed(one.number) for one in chosen], "already": not fresh})
    elif fresh:
        said_ = count(len(fresh), "certificate is", "certificates are")
        click.echo(f"{said_} revoked. Within ten minutes this can be undone without a trace on the page: certs undo")
        click.echo("Later it can be taken back, and the page tells of it: certs reinstate")
    else:
        _say_already(chosen, "revoked already, in these words")


@click.command()
@click.argument("numbers", nargs=-1, metavar="NUMBER...")
@click.option("--file", type=click.Path(path_type=Path), help="A file with one number at the beginning of each line.")
@click.option("--reason", required=True, metavar="TEXT", help=_AUDIT)
@acting
@as_json
def undo(numbers: tuple[str, ...], file: Path | None, reason: str, actor: str | None, wants_json: bool) -> None:
    """Take back the revocation of NUMBER..., all of them or none, within ten minutes of it.

    \b
    Example:
      certs undo 7K3M-9QXZ-2P4C --reason "wrong number"
    """
    from certs.work import revocations as revoking  # noqa: PLC0415

    entries = _entries(numbers, file)
    app = open_app()
    chosen = revoking.chosen(app.store, entries)
    fresh = revoking.to_take_back(chosen)
    revoking.take_back(app.lists, fresh, act_of(app, actor, reason), in_silence=True)
    _end("undone", chosen, fresh, wants_json)


@click.command()
@click.argument("numbers", nargs=-1, metavar="NUMBER...")
@click.option("--file", type=click.Path(path_type=Path), help="A file with one number at the beginning of each line.")
@click.option("--reason", required=True, metavar="TEXT", help=_AUDIT)
@click.option("--yes", is_flag=True, help="Do not ask.")
@acting
@as_json
def reinstate(
    numbers: tuple[str, ...], file: Path | None, reason: str, yes: bool, actor: str | None, wants_json: bool
) -> None:
    """Let NUMBER... count again that were revoked by mistake, however long ago: all of them or none.

    The page of each says from when to when it was withdrawn, and the trail keeps who, when and why.

    \b
    Example:
      certs reinstate 7K3M-9QXZ-2P4C --reason "the complaint was about somebody else"
    """
    from certs.work import revocations as revoking  # noqa: PLC0415

    entries = _entries(numbers, file)
    app = open_app()
    chosen = revoking.chosen(app.store, entries)
    fresh = revoking.to_take_back(chosen)
    if fresh:
        _show(fresh)
        confirm(f"Reinstate {count(len(fresh), 'certificate')}?", yes=yes)
    revoking.take_back(app.lists, fresh, act_of(app, actor, reason), in_silence=False)
    _end("reinstated", chosen, fresh, wants_json)


def _end(what: str, chosen: Sequence[Fate], fresh: Sequence[Fate], wants_json: bool) -> None:
    """Say what was taken back, or was so already."""
    if wants_json:
        write_json({what: [number.printed(one.number) for one in chosen], "already": not fresh})
        return
    if not fresh:
        _say_already(chosen, "not revoked any more")
        return
    replaced = {one.number: one.superseded_by for one in fresh if one.superseded_by}
    if holding := len(fresh) - len(replaced):
        click.echo(f"{count(holding, 'certificate holds', 'certificates hold')} again.")
    for old, new in replaced.items():
        click.echo(f"{number.printed(old)} reads replaced again: by {number.printed(new)}.")


def _say_already(chosen: Sequence[Fate], what: str) -> None:
    is_ = "This certificate is" if len(chosen) == 1 else f"These {len(chosen):,} certificates are"
    click.echo(f"{is_} {what}; nothing was left to do.")


def _asked_for(reason_class: str | None, note: str | None, reason: str | None) -> tuple[RevocationReason, str]:
    """Return the class and the note.

    Raises:
        InputError: one is missing, or the reason is given as it was before there were two.
    """
    if reason is not None:
        raise InputError(
            "--reason was read by everybody. Say --note TEXT for the audit trail alone, and --said TEXT for what "
            "whoever checks the certificate shall read."
        )
    if reason_class is None:
        listed = ", ".join(one.value for one in RevocationReason)
        raise InputError(f"Say what kind of reason it is, for everybody who checks: --class, one of {listed}.")
    if note is None or not note.strip():
        raise InputError("Say why, with --note: it stays in the audit trail, and nobody who checks reads it.")
    return RevocationReason(reason_class), note.strip()


def _announced(app: "App", reason: RevocationReason, said: str) -> str:
    """Return the sentence of the page."""
    from certs.model import Revocation  # noqa: PLC0415
    from certs.work.verify import withdrawn  # noqa: PLC0415 -- help needs no verifier

    return withdrawn(Revocation(app.clock(), reason, said))


def _show(fates: Sequence[Fate]) -> None:
    """Show whose certificates these are, and what else a person should know before she goes on."""
    rows = [(number.printed(one.number), one.name, one.title, one.kind, "; ".join(_notes(one))) for one in fates]
    for line in aligned(rows[:_LISTED]):
        click.echo(f"  {line}".rstrip(), err=True)
    if len(rows) > _LISTED:
        click.echo(f"  … and {len(rows) - _LISTED:,} more", err=True)


def _notes(fate: Fate) -> Iterator[str]:
    if fate.revocation:
        yield f"revoked on {fate.revocation.at:%Y-%m-%d}, {fate.revocation.reason.value}"
    elif fate.correction:
        yield f"its correction {number.printed(fate.correction)} (batch {fate.correction_reference}) is given up"
    if fate.superseded_by:
        yield f"replaced by {number.printed(fate.superseded_by)}, which is another certificate and stays as it is"


def _entries(typed: Iterable[str], file: Path | None) -> "list[Entry]":
    """Return what was typed and what *file* lists."""
    from certs.work import revocations  # noqa: PLC0415

    return revocations.entries(typed, read_text(file) if file else "", file.name if file else "")
