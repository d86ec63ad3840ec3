"""`certs init`: a deployment in one go, and again from where it stopped: settings file, register, four keys."""

import os
import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from certs.cli.context import open_app, write_json
from certs.cli.hints import VOICE
from certs.cli.how import AS, JSON, How, echo, shared, unasked
from certs.errors import ConflictError, InputError
from certs.model import Act, Kid, Purpose
from certs.work.keys import lost

if TYPE_CHECKING:
    from certs.build import App
    from certs.build.deployment import Begun, Plan

_QUESTIONS = {
    "base_url": "Public address of the site, which every QR code will carry for decades (https://…)",
    "organisation": "The organisation behind the certificates, as the events name their issuer",
    "database_url": "Where the register lives (sqlite:///FILE, or postgresql://USER@HOST/NAME)",
    "signing_keys": "Folder of the keys",
    "key_passphrase_file": "File of the passphrase that opens them; keep it elsewhere where you can",
}
_PLACEHOLDERS = {"base_url": "URL", "organisation": "NAME"}


@click.command()
@click.option("--base-url", metavar="URL", default="", help="Public address of the site.")
@click.option("--organisation", metavar="NAME", default="", help="Who stands behind the certificates: the issuer.")
@click.option("--database-url", metavar="URL", default="", help="Where the register lives (default: SQLite here).")
@click.option("--signing-keys", metavar="FOLDER", default="", help="Where the keys live (default: signing_keys).")
@click.option(
    "--key-passphrase-file", metavar="FILE", default="", help="Where the passphrase lies (default: instance)."
)
@shared(unasked("Do not ask; what is not given gets its default."), AS, JSON)
def init(how: How, **options: str) -> None:
    """Set up a deployment: ask what must be known, write certs.toml, begin the register, make the four keys.

    Nothing that is there is overwritten. Interrupted, the same command goes on; when all is there it says so.

    \b
    Example:
      certs init
      certs init --base-url https://certs.example.org --organisation "Institute of Standards" --yes
    """
    from certs.build import deployment  # noqa: PLC0415 -- Flask and the database, which help does not need

    begun = deployment.begun(os.environ, options)
    plan = deployment.planned(begun, _answers(begun, yes=how.yes), os.environ)
    if not plan.is_whole:
        _show(plan)
        how.confirm("Set up this deployment?")
        deployment.write(plan)
    app = open_app()
    made = _make(app, plan, how.act(app))
    if how.wants_json:
        write_json({"config": str(begun.file), **plan.table, "made": made})
    else:
        _say(plan, made)


def _answers(begun: "Begun", *, yes: bool) -> dict[str, str]:
    """Ask what is not settled, with defaults; without a terminal take the defaults.

    Raises:
        InputError: nobody can be asked for what has no default; says which options are missing.
    """
    from certs.build.deployment import unusable  # noqa: PLC0415

    if yes or not sys.stdin.isatty():
        missing = [
            f"--{key.replace('_', '-')} {_PLACEHOLDERS[key]}" for key, offered in begun.open.items() if not offered
        ]
        if missing:
            more = "" if yes else " --yes"
            raise InputError(f"Nobody is there to answer: run certs init {' '.join(missing)}{more}")
        return begun.open

    def usable(key: str, text: str) -> str:
        if wrong := unusable(key, text):
            raise click.UsageError(wrong)
        return text

    return {
        key: click.prompt(_QUESTIONS[key], default=offered or None, value_proc=partial(usable, key), err=True)
        for key, offered in begun.open.items()
    }


def _show(plan: "Plan") -> None:
    """Say what will be, and what is to be known before."""
    click.echo(f"\n{plan.begun.file} {'goes on' if plan.begun.kept else 'will say'}:", err=True)
    echo(*(f"  {key:<23}{value}" for key, value in plan.table.items()), err=True)
    register = "is there, and stays" if plan.register_is_there else "begins, empty"
    keys = f"{', '.join(plan.missing)} will be made" if plan.missing else "all are there"
    click.echo(f"The register {register}. Keys: {keys}.", err=True)
    echo(*(f"Look: {VOICE.say(remark)}" for remark in plan.remarks), err=True)


def _make(app: "App", plan: "Plan", act: Act) -> list[str]:
    """Begin the register and make what keys are missing; return what was made."""
    app.begin()
    _demand_known_keys(app, plan)
    return [f"{purpose} key {_key(app, purpose, act)}" for purpose in plan.missing]


def _demand_known_keys(app: "App", plan: "Plan") -> None:
    """Check that no key is to be made in place of one that the register knows and the folder has lost.

    Raises:
        ConflictError: one is lost; says which.
    """
    gone = [f"{one} key {kid}" for one in plan.missing if (kid := lost(app.store.key_trail, app.keys, one))]
    if gone:
        raise ConflictError(
            f"The register knows {', '.join(gone)}, and {app.settings.signing_keys} has lost it: bring the folder back "
            "from its backup, or name it in the settings. If it is lost for good: certs keys new PURPOSE"
        )


def _key(app: "App", purpose: Purpose, act: Act) -> Kid:
    return app.make_key(purpose, act, organisation=app.settings.organisation).kid


def _say(plan: "Plan", made: list[str]) -> None:
    echo(*(f"Made the {one}." for one in made))
    click.echo("All is there." if not made else "The deployment is set up.")
    table, name = plan.table, plan.begun.file
    click.echo("\nBack up, and try once to bring it back (docs/operations.md, Backup):")
    click.echo("  the register      certs backup FILE, each day and after each issue; never its own file")
    click.echo(f"  the keys          {table['signing_keys']}, all of it, after each new key")
    if passphrase := table.get("key_passphrase_file"):
        click.echo(f"  the passphrase    {passphrase}, apart from the keys: whoever has both can sign")
    click.echo(f"  the settings      {name}")
    click.echo("\nThen: certs doctor, certs event add FILE, and certs serve for the pages.")
