"""`certs names` and `certs name`: names before issue."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from certs.cli.context import open_app, write_json
from certs.cli.event import read_bytes
from certs.cli.how import AS, JSON, REASON, YES, How, echo, shared
from certs.eligibility.words import count
from certs.errors import InputError
from certs.ground.number import printed
from certs.views import names as views

if TYPE_CHECKING:
    from certs.build import App
    from certs.work.naming import Look, Renamed


@click.command()
@click.argument("slug")
@click.option(
    "--sheet",
    type=click.Path(path_type=Path),
    help="Write the list as CSV, to fill in the column name; a table that is there already (CSV or XLSX) is read.",
)
@click.option("--drop-fillers", is_flag=True, help="Drop signs that a form compelled, as in “Maria .”.")
@click.option("--insist", is_flag=True, help="Take names that look like none, too.")
@shared(REASON, YES, AS, JSON)
def names(slug: str, sheet: Path | None, drop_fillers: bool, insist: bool, how: How) -> None:
    """List the names of event SLUG that somebody should look at before an order, each with why and what it might be.

    With a --sheet that does not exist yet, the list is written to it. With one that exists, the names in it are taken:
    all or none, each shown before and after.

    \b
    Example:
      certs names cgmp-2026
      certs names cgmp-2026 --sheet names.csv
      certs names cgmp-2026 --drop-fillers
    """
    from certs.work import naming  # noqa: PLC0415 -- fonts, which help does not need

    app = open_app()
    if sheet is not None and sheet.exists():
        wanted = naming.from_sheet(sheet.name, read_bytes(sheet))
        _change(app, slug, wanted, how, insist=insist)
        return
    found = naming.to_look_at(app.store, slug, app.settings.base_url)
    if drop_fillers:
        wanted = naming.without_fillers(found)
        _change(app, slug, wanted, how, insist=insist)
    elif sheet is not None:
        _write(sheet, found)
        click.echo(
            f"{count(len(found), 'name is', 'names are')} in {sheet}. Fill in the column name, then run this again."
        )
    elif how.wants_json:
        write_json(views.names(slug, found))
    else:
        _print(slug, found)


@click.command()
@click.argument("slug")
@click.argument("email")
@click.argument("given", metavar="NAME")
@click.option("--insist", is_flag=True, help="Take a name that looks like none, too.")
@shared(REASON, AS, JSON)
def name(slug: str, email: str, given: str, insist: bool, how: How) -> None:
    """Say that NAME is what to print for EMAIL in event SLUG, whatever is imported later.

    \b
    Example:
      certs name cgmp-2026 ana@example.org "Ana María Roux" --as Ana
    """
    app = open_app()
    _change(app, slug, {email: given}, replace(how, yes=True), insist=insist)


def _change(app: "App", slug: str, wanted: Mapping[str, str], how: How, *, insist: bool) -> None:
    """Show what giving the names *wanted* changes, ask, and do it."""
    from certs.work import naming  # noqa: PLC0415

    act = how.act(app)
    renamed = naming.propose(app.store, slug, wanted, app.settings.base_url, insist=insist)
    if not how.wants_json:
        echo(*(f"  {one.person}: “{one.before}” → “{one.after}”" for one in renamed))
    if renamed:
        how.confirm(f"Print {count(len(renamed), 'name', 'names')} so?")
        naming.rename(app.store, slug, renamed, act)
    done = f"{count(len(renamed), 'name')} changed."
    how.tell(views.changed(slug, renamed), done if renamed else "Nothing to change: these are the names already.")
    if not how.wants_json:
        _say_what_follows(slug, renamed)


def _say_what_follows(slug: str, renamed: Sequence["Renamed"]) -> None:
    """Say what became of certificates under the names of before."""
    if given_up := [one for each in renamed for one in each.given_up]:
        said = count(
            len(given_up),
            "certificate that was not issued is given up",
            "certificates that were not issued are given up",
        )
        click.echo(f"{said}: certs order {shlex.quote(slug)}", err=True)
    for each in renamed:
        for one in each.issued:
            number = printed(one.number)
            typed = f"certs correct {number} --name {shlex.quote(each.after)} --reason TEXT"
            click.echo(f"{number} is issued to “{one.name}” and does not change. To correct it: {typed}", err=True)


def _print(slug: str, found: Sequence["Look"]) -> None:
    for one in found:
        click.echo(f"{one.name} ({one.person})")
        echo(*(f"    {reason}" for reason in one.reasons))
        if one.suggestions:
            click.echo(f"    perhaps: {' · '.join(one.suggestions)}")
    if not found:
        click.echo("No name needs a look.")
        return
    click.echo(f"{count(len(found), 'name')} to look at. Change one with: certs name {shlex.quote(slug)} EMAIL NAME")


def _write(sheet: Path, found: Sequence["Look"]) -> None:
    """Write the list as a table to fill in.

    Raises:
        InputError: it cannot be written.
    """
    from certs.work.deliver.spreadsheet import as_csv  # noqa: PLC0415

    rows = [(one.person, "", one.name, "; ".join(one.reasons), " · ".join(one.suggestions)) for one in found]
    try:
        sheet.write_bytes(as_csv(("email", "name", "now", "why", "suggestion"), rows))
        sheet.chmod(0o600)
    except OSError as error:
        raise InputError(f"{sheet} cannot be written: {error.strerror}.") from error
