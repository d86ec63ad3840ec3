"""`certs backup` and `restore`: the whole register out, and back in."""

from pathlib import Path

import click

from certs.cli.context import act_of, acting, as_json, confirm, open_app, write_json
from certs.eligibility.words import count
from certs.keys import unknown


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@as_json
def backup(file: Path, wants_json: bool) -> None:
    """Write the whole register to FILE as it is at this moment; it may be in use. Keep a copy of signing_keys/ too.

    \b
    Example:
      certs backup /backups/certs-2026-11-22.db
    """
    from certs.db.backup import backup as write  # noqa: PLC0415

    app = open_app()
    size = write(app.store.engine, file)
    if wants_json:
        write_json({"file": str(file), "bytes": size})
    else:
        click.echo(f"The register is backed up to {file} ({size / 1e6:.1f} MB). Back up signing_keys/ beside it.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--reason", required=True, metavar="TEXT", help="Why, for the audit trail.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@acting
@as_json
def restore(file: Path, reason: str, yes: bool, actor: str | None, wants_json: bool) -> None:
    """Make the backup FILE the register. The present one is put aside, and numbers it has given are never given again.

    Stop the service first.

    \b
    Example:
      certs restore /backups/certs-2026-11-22.db --reason "disk failure" --as Ana
    """
    from certs.db.backup import restore as bring_back  # noqa: PLC0415

    app = open_app()
    confirm(f"Put the present register aside and restore {file.name}?", yes=yes)
    done = bring_back(app.engine, file, act_of(app, actor, reason))
    if wants_json:
        write_json({"certificates": done.certificates, "spent_numbers": done.spent, "put_aside": done.put_aside})
        return
    restored = count(done.certificates, "certificate")
    click.echo(f"Restored {restored} from {file.name}; the register before is {done.put_aside}.")
    for key in unknown(app.store, app.keys):
        click.echo(f"It does not know {key.purpose} key {key.kid}, made after the backup: certs keys adopt {key.kid}.")
    click.echo("What was revoked or corrected after the backup holds again: certs audit lists it, in the register put")
    click.echo("aside. Revoke and correct anew before the service starts.")
    if done.spent:
        spent = count(done.spent, "number")
        click.echo(f"{spent} that only it had given will never be given again. Order for these people anew.")
