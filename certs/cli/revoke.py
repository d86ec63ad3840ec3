"""`certs revoke`, `undo` and `reinstate`: withdraw certificates, and take a mistake back."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from certs.cli.context import aligned, open_app
from certs.cli.event import read_text
from certs.cli.how import AS, BECAUSE, JSON, YES, How, echo, shared
from certs.eligibility.words import count
from certs.errors import InputError
from certs.ground import number
from certs.model import Fate, RevocationReason
from certs.views.certificates import fates

if TYPE_CHECKING:
    from certs.build import App

_LISTED = 50
"""Certificates shown before a question; the question counts them all."""


_NAMED = (
    click.argument("numbers", nargs=-1, metavar="NUMBER..."),
    click.option(
        "--file", type=click.Path(path_type=Path), help="A file with one number at the beginning of each line."
    ),
)
_REFUSED = click.option("--reason", default="", metavar="TEXT", hidden=True, help="Refused: say --note and --said.")


@click.command()
@click.option(
    "--class",
    "reason_class",
    type=click.Choice([reason.value for reason in RevocationReason]),
    help="The kind of reason; whoever checks the certificate reads it.",
)
@click.option("--said", default="", metavar="TEXT", help="A sentence that whoever checks the certificate reads, too.")
@click.option("--note", default="", metavar="TEXT", help="Why, for the audit trail alone: nobody who checks reads it.")
@shared(*_NAMED, _REFUSED, YES, AS, JSON)
def revoke(
    numbers: tuple[str, ...], file: Path | None, reason_class: str | None, said: str, note: str, how: How
) -> None:
    """Withdraw the certificates NUMBER... and those listed in a file: all of them or none. They stay in the register.

    Shows first whose they are, and what everybody will read.

    \b
    Example:
      certs revoke 7K3M-9QXZ-2P4C --class error --said "It names the wrong course." --note "mail of 3 May"
      certs revoke --file withdrawn.csv --class fraud --note "bought attendance, see folder 12"
    """
    from certs.work import revocations as revoking  # noqa: PLC0415

    class_ = _asked_for(reason_class, note, how.reason)
    app, chosen = _chosen(numbers, file)
    fresh = revoking.to_revoke(chosen, class_, said)
    if fresh:
        _show(fresh)
        click.echo(f"Everybody who checks will read: {_announced(app, class_, said)}", err=True)
        how.confirm(f"Revoke {count(len(fresh), 'certificate')}?")
    revoking.withdraw(app.lists, fresh, class_, replace(how, reason=note.strip()).act(app), said=said)
    done = count(len(fresh), "certificate is", "certificates are")
    how.tell(
        fates("revoked", chosen, fresh),
        f"{done} revoked. Within ten minutes this can be undone without a trace on the page: certs undo\n"
        "Later it can be taken back, and the page tells of it: certs reinstate"
        if fresh
        else _already(chosen, "revoked already, in these words"),
    )


@click.command()
@shared(*_NAMED, BECAUSE, AS, JSON)
def undo(numbers: tuple[str, ...], file: Path | None, how: How) -> None:
    """Take back the revocation of NUMBER..., all of them or none, within ten minutes of it.

    \b
    Example:
      certs undo 7K3M-9QXZ-2P4C --reason "wrong number"
    """
    _take_back("undone", numbers, file, how, in_silence=True)


@click.command()
@shared(*_NAMED, BECAUSE, YES, AS, JSON)
def reinstate(numbers: tuple[str, ...], file: Path | None, how: How) -> None:
    """Let NUMBER... count again that were revoked by mistake, however long ago: all of them or none.

    The page of each says from when to when it was withdrawn, and the trail keeps who, when and why.

    \b
    Example:
      certs reinstate 7K3M-9QXZ-2P4C --reason "the complaint was about somebody else"
    """
    _take_back("reinstated", numbers, file, how, in_silence=False)


def _take_back(what: str, typed: Sequence[str], file: Path | None, how: How, *, in_silence: bool) -> None:
    """Take revocations back, and say so, or that it was so already."""
    from certs.work import revocations as revoking  # noqa: PLC0415

    app, chosen = _chosen(typed, file)
    fresh = revoking.to_take_back(chosen)
    if fresh and not in_silence:
        _show(fresh)
        how.confirm(f"Reinstate {count(len(fresh), 'certificate')}?")
    revoking.take_back(app.lists, fresh, how.act(app), in_silence=in_silence)
    replaced = {one.number: one.superseded_by for one in fresh if one.superseded_by}
    said = [f"{number.printed(old)} reads replaced again: by {number.printed(new)}." for old, new in replaced.items()]
    if holding := len(fresh) - len(replaced):
        said = [f"{count(holding, 'certificate holds', 'certificates hold')} again.", *said]
    how.tell(fates(what, chosen, fresh), *(said if fresh else [_already(chosen, "not revoked any more")]))


def _already(chosen: Sequence[Fate], what: str) -> str:
    is_ = "This certificate is" if len(chosen) == 1 else f"These {len(chosen):,} certificates are"
    return f"{is_} {what}; nothing was left to do."


def _asked_for(reason_class: str | None, note: str, reason: str) -> RevocationReason:
    """Return the class, beside which there is a note.

    Raises:
        InputError: one is missing, or the reason is given as it was before there were two.
    """
    if reason:
        raise InputError(
            "--reason was read by everybody. Say --note TEXT for the audit trail alone, and --said TEXT for what "
            "whoever checks the certificate shall read."
        )
    if reason_class is None:
        listed = ", ".join(one.value for one in RevocationReason)
        raise InputError(f"Say what kind of reason it is, for everybody who checks: --class, one of {listed}.")
    if not note.strip():
        raise InputError("Say why, with --note: it stays in the audit trail, and nobody who checks reads it.")
    return RevocationReason(reason_class)


def _announced(app: "App", reason: RevocationReason, said: str) -> str:
    """Return the sentence of the page."""
    from certs.model import Revocation  # noqa: PLC0415
    from certs.work.verify import withdrawn  # noqa: PLC0415 -- help needs no verifier

    return withdrawn(Revocation(app.clock(), reason, said))


def _show(some: Sequence[Fate]) -> None:
    """Show whose certificates these are, and what else a person should know before she goes on."""
    rows = [(number.printed(one.number), one.name, one.title, one.kind, "; ".join(_notes(one))) for one in some]
    echo(*(f"  {line}".rstrip() for line in aligned(rows[:_LISTED])), err=True)
    if len(rows) > _LISTED:
        click.echo(f"  … and {len(rows) - _LISTED:,} more", err=True)


def _notes(fate: Fate) -> Iterator[str]:
    if fate.revocation:
        yield f"revoked on {fate.revocation.at:%Y-%m-%d}, {fate.revocation.reason.value}"
    elif fate.correction:
        yield f"its correction {number.printed(fate.correction)} (batch {fate.correction_reference}) is given up"
    if fate.superseded_by:
        yield f"replaced by {number.printed(fate.superseded_by)}, which is another certificate and stays as it is"


def _chosen(typed: Iterable[str], file: Path | None) -> "tuple[App, Sequence[Fate]]":
    """Return what became of the certificates that were typed and that *file* lists, and the program."""
    from certs.work import revocations  # noqa: PLC0415

    entries = revocations.entries(typed, read_text(file) if file else "", file.name if file else "")
    app = open_app()
    return app, revocations.chosen(app.store, entries)
