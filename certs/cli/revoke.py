"""`certs revoke`: withdraw certificates."""

import click

from certs import number
from certs import revoke as revoking
from certs.cli.context import act_of, acting, as_json, confirm, open_app, write_json
from certs.model import RevocationReason


@click.command()
@click.argument("numbers", nargs=-1, required=True, metavar="NUMBER...")
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
    numbers: tuple[str, ...], reason: str, reason_class: str, yes: bool, actor: str | None, wants_json: bool
) -> None:
    """Withdraw the certificates NUMBER..., all of them or none. They stay in the register and say why.

    \b
    Example:
      certs revoke 7K3M-9QXZ-2P4C --reason "issued for the wrong course"
    """
    chosen = [number.parse(typed) for typed in numbers]
    app = open_app()
    confirm(f"Revoke {len(set(chosen))} certificates?", yes=yes)
    count = revoking.revoke(app.store, chosen, RevocationReason(reason_class), act_of(app, actor, reason))
    if wants_json:
        write_json({"revoked": [number.printed(one) for one in dict.fromkeys(chosen)]})
    else:
        click.echo(f"{count} certificates are revoked. Within ten minutes this can be taken back: certs undo NUMBER")
