"""`certs init` and `doctor`: a deployment in one go, again from where it stopped, and what is wrong with it."""

import os
import sys
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import click

from certs.cli.declare import PORT, option, together
from certs.cli.hints import VOICE
from certs.cli.how import AS, JSON, How, command, unasked
from certs.errors import InputError
from certs.views.findings import SeenView, seen

if TYPE_CHECKING:
    from certs.build import App
    from certs.build.deployment import Begun, Plan
    from certs.build.finding import Finding

_QUESTIONS = {
    "base_url": "Public address of the site, which every QR code will carry for decades (https://…)",
    "organisation": "The organisation behind the certificates, as the events name their issuer",
    "database_url": "Where the register lives (sqlite:///FILE, or postgresql://USER@HOST/NAME)",
    "signing_keys": "Folder of the keys",
    "key_passphrase_file": "File of the passphrase that opens them; keep it elsewhere where you can",
}
_PLACEHOLDERS = {"base_url": "URL", "organisation": "NAME"}


@together
def _answers(
    base_url: str = option("--base-url", "Public address of the site.", metavar="URL"),
    organisation: str = option("--organisation", "Who stands behind the certificates: the issuer.", metavar="NAME"),
    database_url: str = option("--database-url", "Where the register lives (default: SQLite here).", metavar="URL"),
    signing_keys: str = option("--signing-keys", "Where the keys live (default: signing_keys).", metavar="FOLDER"),
    key_passphrase_file: str = option(
        "--key-passphrase-file", "Where the passphrase lies (default: instance).", metavar="FILE"
    ),
) -> dict[str, str]:
    return locals()


@command(unasked("Do not ask; what is not given gets its default."), AS, JSON)
def init(
    how: How,
    answers: dict[str, str] = _answers,
    insist: bool = option("--insist", "Take a passphrase that is easily guessed, too."),
) -> None:
    """Set up a deployment: ask what must be known, write certs.toml, begin the register, make the four keys.

    Nothing that is there is overwritten. Interrupted, the same command goes on; when all is there it says so.

    Example:
      certs init
      certs init --base-url https://certs.example.org --organisation "Institute of Standards" --yes
    """
    from certs.build import deployment  # noqa: PLC0415 -- Flask and the database, which help does not need

    begun = deployment.begun(os.environ, answers)
    plan = deployment.planned(begun, _asked(begun, yes=how.yes), os.environ)
    if not plan.is_whole:
        how.note(_foreseen(plan))
        how.confirm("Set up this deployment?")
        deployment.write(plan)
    made = deployment.make(how.app, plan, how.act(), insist=insist)
    how.tell({"config": str(begun.file), **plan.table, "made": made}, _said(plan, made))


def _asked(begun: "Begun", *, yes: bool) -> dict[str, str]:
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


def _foreseen(plan: "Plan") -> Iterator[str]:
    """Yield what will be, and what is to be known before."""
    yield f"\n{plan.begun.file} {'goes on' if plan.begun.kept else 'will say'}:"
    yield from (f"  {key:<23}{value}" for key, value in plan.table.items())
    register = "is there, and stays" if plan.register_is_there else "begins, empty"
    keys = f"{', '.join(plan.missing)} will be made" if plan.missing else "all are there"
    yield f"The register {register}. Keys: {keys}."
    yield from (f"Look: {VOICE.say(remark)}" for remark in plan.remarks)


def _said(plan: "Plan", made: list[str]) -> Iterator[str]:
    yield from (f"Made the {one}." for one in made)
    yield "All is there." if not made else "The deployment is set up."
    yield "\nBack up, and try once to bring it back (docs/operations.md, Backup):"
    yield "  the register      certs backup FILE, each day and after each issue; never its own file"
    yield f"  the keys          {plan.table['signing_keys']}, all of it, after each new key"
    if passphrase := plan.table.get("key_passphrase_file"):
        yield f"  the passphrase    {passphrase}, apart from the keys: whoever has both can sign"
    yield f"  the settings      {plan.begun.file}"
    yield "\nThen: certs doctor, certs event add FILE, and certs serve for the pages."


UNWELL = 1


@command(JSON)
def doctor(
    how: How,
    web: bool = option("--web", "Look at what a machine that only serves pages needs, and ask its site."),
    everything: bool = option("--all", "Also open the file of every certificate."),
    port: int = option("--port", "With --web: its port.", default=8000, show_default=True, type=PORT),
) -> int:
    """Look at everything that a deployment rests on; say what is wrong and what to do.

    Database and audit trail, keys and seals, status lists, public address, clock, fonts, disk space, and the time-stamp
    authority where seals need one.

    With --all: also rebuild the file of every issued certificate, compare its digest with the one it was issued with,
    and check the entry's own signature; minutes for hundreds of thousands.

    With --web: register and public parts of the keys, public address, and the running site, asked at its port and as
    everybody sees it. Needs no passphrase, no private key and no right to write.

    Example:
      certs doctor
      certs doctor --all
      certs doctor --web
    """
    from certs.build import examination, website  # noqa: PLC0415 -- fonts and keys, which help does not need

    looks = website.looks(port) if web else examination.LOOKS
    found = examination.all_of((*looks, _files) if everything else looks, how.app)
    views = [seen(one.about, VOICE.say(one.text), good=one.good, doubt=one.doubt) for one in found]
    how.tell(views, map(_line, views))
    return 0 if all(one.good for one in found) else UNWELL


def _line(one: SeenView) -> str:
    mark = "WRONG" if not one["good"] else "LOOK " if one["doubt"] else "ok   "
    return f"{mark} {one['about']:<12} {one['text']}"


def _files(app: "App") -> "Iterator[Finding]":
    """Open the file of every certificate, with a progress bar."""
    from certs.build import examination  # noqa: PLC0415

    with click.progressbar(app.store.examined(), app.store.issued_count(), "Files", file=sys.stderr) as entries:
        yield from examination.files(app, entries)
