"""`certs revoke`, `undo` and `reinstate`: withdraw certificates, and take a mistake back."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from certs import eventfile
from certs.cli import use
from certs.cli.declare import Words, argument, option, read_text
from certs.cli.how import AS, BECAUSE, JSON, YES, How, command
from certs.cli.tables import aligned
from certs.eligibility.words import count
from certs.errors import InputError
from certs.ground import number
from certs.model import Fate, Revocation, RevocationReason
from certs.views.certificates import fates

_LISTED = 50
"""Certificates shown before a question; the question counts them all."""
NUMBERS = argument("NUMBER...")
LIST = option("--file", "A file with one number at the beginning of each line.")
_REFUSED = click.Option(["--reason"], default="", metavar="TEXT", hidden=True, help="Refused: say --note and --said.")


@command(_REFUSED, YES, AS, JSON)
def revoke(
    how: How,
    numbers: Words = NUMBERS,
    file: Path | None = LIST,
    class_: RevocationReason | None = option("--class", "The kind of reason; whoever checks the certificate reads it."),
    said: str = option("--said", "A sentence that whoever checks the certificate reads, too.", metavar="TEXT"),
    note: str = option("--note", "Why, for the audit trail alone: nobody who checks reads it.", metavar="TEXT"),
) -> None:
    """Withdraw the certificates NUMBER... and those listed in a file: all of them or none. They stay in the register.

    Shows first whose they are, and what everybody will read.

    Example:
      certs revoke 7K3M-9QXZ-2P4C --class error --said "It names the wrong course." --note "mail of 3 May"
      certs revoke --file withdrawn.csv --class fraud --note "bought attendance, see folder 12"
    """
    class_ = _asked_for(class_, note, how.reason)
    chosen = _chosen(how, numbers, file)
    fresh = use.revocations.to_revoke(chosen, class_, said)
    if fresh:
        slug = fresh[0].slug
        zone = eventfile.parse(how.store.events.definition(slug), slug).zone
        announced = use.verify.withdrawn(Revocation(how.app.clock(), class_, said), zone)
        how.note(_shown(fresh), f"Everybody who checks will read: {announced}")
        how.confirm(f"Revoke {count(len(fresh), 'certificate')}?")
    use.revocations.withdraw(how.app.lists, fresh, class_, how.act(note.strip()), said=said)
    done = (
        f"{count(len(fresh), 'certificate is', 'certificates are')} revoked. "
        "Within ten minutes this can be undone without a trace on the page: certs undo\n"
        "Later it can be taken back, and the page tells of it: certs reinstate"
    )
    how.tell(fates("revoked", chosen, fresh), done if fresh else _already(chosen, "revoked already, in these words"))


@command(BECAUSE, AS, JSON)
def undo(how: How, numbers: Words = NUMBERS, file: Path | None = LIST) -> None:
    """Take back the revocation of NUMBER..., all of them or none, within ten minutes of it.

    Example:
      certs undo 7K3M-9QXZ-2P4C --reason "wrong number"
    """
    _take_back("undone", how, _chosen(how, numbers, file), in_silence=True)


@command(BECAUSE, YES, AS, JSON)
def reinstate(how: How, numbers: Words = NUMBERS, file: Path | None = LIST) -> None:
    """Let NUMBER... count again that were revoked by mistake, however long ago: all of them or none.

    The page of each says from when to when it was withdrawn, and the trail keeps who, when and why.

    Example:
      certs reinstate 7K3M-9QXZ-2P4C --reason "the complaint was about somebody else"
    """
    _take_back("reinstated", how, _chosen(how, numbers, file), in_silence=False)


def _take_back(what: str, how: How, chosen: Sequence[Fate], *, in_silence: bool) -> None:
    """Take revocations back, and say so, or that it was so already."""
    fresh = use.revocations.to_take_back(chosen)
    if fresh and not in_silence:
        how.note(_shown(fresh))
        how.confirm(f"Reinstate {count(len(fresh), 'certificate')}?")
    use.revocations.take_back(how.app.lists, fresh, how.act(), in_silence=in_silence)
    replaced = {one.number: one.superseded_by for one in fresh if one.superseded_by}
    said = [f"{number.printed(old)} reads replaced again: by {number.printed(new)}." for old, new in replaced.items()]
    if holding := len(fresh) - len(replaced):
        said = [f"{count(holding, 'certificate holds', 'certificates hold')} again.", *said]
    how.tell(fates(what, chosen, fresh), said if fresh else _already(chosen, "not revoked any more"))


def _already(chosen: Sequence[Fate], what: str) -> str:
    is_ = "This certificate is" if len(chosen) == 1 else f"These {len(chosen):,} certificates are"
    return f"{is_} {what}; nothing was left to do."


def _asked_for(class_: RevocationReason | None, note: str, reason: str) -> RevocationReason:
    """Return the class, beside which there is a note.

    Raises:
        InputError: one is missing, or the reason is given as it was before there were two.
    """
    if reason:
        raise InputError(
            "--reason was read by everybody. Say --note TEXT for the audit trail alone, and --said TEXT for what "
            "whoever checks the certificate shall read."
        )
    if class_ is None:
        listed = ", ".join(one.value for one in RevocationReason)
        raise InputError(f"Say what kind of reason it is, for everybody who checks: --class, one of {listed}.")
    if not note.strip():
        raise InputError("Say why, with --note: it stays in the audit trail, and nobody who checks reads it.")
    return class_


def _shown(some: Sequence[Fate]) -> Iterator[str]:
    """Yield whose certificates these are, and what else a person should know before she goes on."""
    shown = some[:_LISTED]
    rows = [(number.printed(one.number), one.name, one.title, one.kind, "; ".join(_notes(one))) for one in shown]
    yield from (f"  {line}".rstrip() for line in aligned(rows))
    if len(some) > _LISTED:
        yield f"  … and {len(some) - _LISTED:,} more"


def _notes(fate: Fate) -> Iterator[str]:
    if fate.revocation:
        yield f"revoked on {fate.revocation.at:%Y-%m-%d}, {fate.revocation.reason.value}"
    elif fate.correction:
        yield f"its correction {number.printed(fate.correction)} (batch {fate.correction_reference}) is given up"
    if fate.superseded_by:
        yield f"replaced by {number.printed(fate.superseded_by)}, which is another certificate and stays as it is"


def _chosen(how: How, typed: Sequence[str], file: Path | None) -> Sequence[Fate]:
    """Return what became of the certificates that were typed and that *file* lists."""
    listed = (read_text(file), file.name) if file else ("", "")
    return use.revocations.chosen(how.store, use.revocations.entries(typed, *listed))
