"""`certs revoke` and `undo`: withdraw certificates, and take a mistake back."""

from collections.abc import Iterable
from pathlib import Path

import click

from certs import number
from certs.cli.context import act_of, acting, as_json, confirm, open_app, write_json
from certs.cli.event import read_text
from certs.cli.publish import publish_lists
from certs.eligibility.words import count
from certs.errors import InputError, Problem
from certs.model import Number, RevocationReason


@click.command()
@click.argument("numbers", nargs=-1, metavar="NUMBER...")
@click.option("--file", type=click.Path(path_type=Path), help="A file with one number at the beginning of each line.")
@click.option("--reason", required=True, metavar="TEXT", help="Why; whoever checks the certificate reads it.")
@click.option(
    "--class",
    "reason_class",
    type=click.Choice([reason.value for reason in RevocationReason]),
    default=RevocationReason.ERROR.value,
    show_default=True,
    help="The kind of reason.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@acting
@as_json
def revoke(
    numbers: tuple[str, ...],
    file: Path | None,
    reason: str,
    reason_class: str,
    yes: bool,
    actor: str | None,
    wants_json: bool,
) -> None:
    """Withdraw the certificates NUMBER... and those listed in a file: all of them or none. They stay in the register.

    \b
    Example:
      certs revoke 7K3M-9QXZ-2P4C --reason "issued for the wrong course"
      certs revoke --file withdrawn.csv --class fraud --reason "bought attendance"
    """
    from certs import revoke as revoking  # noqa: PLC0415

    chosen = _chosen(numbers, file)
    app = open_app()
    confirm(f"Revoke {count(len(chosen), 'certificate')}?", yes=yes)
    act = act_of(app, actor, reason)
    revoked = revoking.revoke(app.store, chosen, RevocationReason(reason_class), act)
    publish_lists(app)
    if wants_json:
        write_json({"revoked": [number.printed(one) for one in chosen]})
    else:
        said = count(revoked, "certificate is", "certificates are")
        click.echo(f"{said} revoked. Within ten minutes this can be taken back: certs undo NUMBER")


@click.command()
@click.argument("numbers", nargs=-1, required=True, metavar="NUMBER...")
@click.option("--reason", required=True, metavar="TEXT", help="Why, for the audit trail.")
@acting
@as_json
def undo(numbers: tuple[str, ...], reason: str, actor: str | None, wants_json: bool) -> None:
    """Take back the revocation of NUMBER..., all of them or none, within ten minutes of it.

    \b
    Example:
      certs undo 7K3M-9QXZ-2P4C --reason "wrong number"
    """
    from certs import revoke as revoking  # noqa: PLC0415

    chosen = _chosen(numbers, None)
    app = open_app()
    revoking.undo(app.store, chosen, act_of(app, actor, reason))
    publish_lists(app)
    if wants_json:
        write_json({"undone": [number.printed(one) for one in chosen]})
    else:
        click.echo(f"{count(len(chosen), 'certificate holds', 'certificates hold')} again.")


def _chosen(typed: Iterable[str], file: Path | None) -> list[Number]:
    """Return each number once.

    Raises:
        InputError: no number, or every one that is none, with its line.
    """
    chosen = [number.parse(one) for one in typed]
    if file is not None:
        chosen += _listed(read_text(file), file.name)
    if not chosen:
        raise InputError("Give the numbers of the certificates, or --file.")
    return list(dict.fromkeys(chosen))


def _listed(text: str, name: str) -> list[Number]:
    """Read the first cell of each line; a first line without any digit is a heading.

    Raises:
        InputError: every line that does not begin with a number.
    """
    found: list[Number] = []
    problems: list[Problem] = []
    for line, content in enumerate(text.splitlines(), 1):
        cell = content.replace(";", ",").replace("\t", ",").split(",")[0].strip().strip('"')
        if not cell or (line == 1 and not any(character.isdigit() for character in cell)):
            continue
        try:
            found.append(number.parse(cell))
        except InputError as error:
            problems.append(Problem(str(error), name, line))
    if problems:
        raise InputError(*problems)
    return found
