"""`certs names` and `certs name`: names before issue."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from certs.cli import use
from certs.cli.declare import SLUG, argument, option, read_bytes
from certs.cli.how import AS, JSON, REASON, YES, How, command
from certs.eligibility.words import count
from certs.errors import InputError
from certs.ground.number import printed
from certs.views import names as views


@command(REASON, YES, AS, JSON)
def names(
    how: How,
    slug: str = SLUG,
    sheet: Path | None = option(
        "--sheet",
        "Write the list as CSV, to fill in the column name; a table that is there already (CSV or XLSX) is read.",
    ),
    drop_fillers: bool = option("--drop-fillers", "Drop signs that a form compelled, as in “Maria .”."),
    insist: bool = option("--insist", "Take names that look like none, too."),
) -> None:
    """List the names of event SLUG that somebody should look at before an order, each with why and what it might be.

    With a --sheet that does not exist yet, the list is written to it. With one that exists, the names in it are taken:
    all or none, each shown before and after.

    Example:
      certs names cgmp-2026
      certs names cgmp-2026 --sheet names.csv
      certs names cgmp-2026 --drop-fillers
    """
    if sheet is not None and sheet.exists():
        _change(how, slug, use.naming.from_sheet(sheet.name, read_bytes(sheet)), insist=insist)
        return
    found = use.naming.to_look_at(how.store, slug, how.app.settings.base_url)
    if drop_fillers:
        _change(how, slug, use.naming.without_fillers(found), insist=insist)
    elif sheet is not None:
        _write(sheet, found)
        said = count(len(found), "name is", "names are")
        how.show(f"{said} in {sheet}. Fill in the column name, then run this again.")
    else:
        how.tell(views.names(slug, found), _listed(slug, found))


@command(REASON, AS, JSON)
def name(
    how: How,
    slug: str = SLUG,
    email: str = argument(),
    given: str = argument("NAME"),
    insist: bool = option("--insist", "Take a name that looks like none, too."),
) -> None:
    """Say that NAME is what to print for EMAIL in event SLUG, whatever is imported later.

    Example:
      certs name cgmp-2026 ana@example.org "Ana María Roux" --as Ana
    """
    how.yes = True
    _change(how, slug, {email: given}, insist=insist)


def _change(how: How, slug: str, wanted: Mapping[str, str], *, insist: bool) -> None:
    """Show what giving the names *wanted* changes, ask, and do it."""
    act = how.act()
    renamed = use.naming.propose(how.store, slug, wanted, how.app.settings.base_url, insist=insist)
    if not how.wants_json:
        how.show(f"  {one.person}: “{one.before}” → “{one.after}”" for one in renamed)
    if renamed:
        how.confirm(f"Print {count(len(renamed), 'name', 'names')} so?")
        use.naming.rename(how.store, slug, renamed, act)
    done = f"{count(len(renamed), 'name')} changed." if renamed else "Nothing to change: these are the names already."
    how.tell(views.changed(slug, renamed), done, aside=[_follows(slug, renamed)])


def _follows(slug: str, renamed: Sequence["use.naming.Renamed"]) -> Iterator[str]:
    """Yield what became of certificates under the names of before."""
    one, many = "certificate that was not issued is given up", "certificates that were not issued are given up"
    if given_up := sum(len(each.given_up) for each in renamed):
        yield f"{count(given_up, one, many)}: certs order {shlex.quote(slug)}"
    for each in renamed:
        for old in each.issued:
            number = printed(old.number)
            typed = f"certs correct {number} --name {shlex.quote(each.after)} --reason TEXT"
            yield f"{number} is issued to “{old.name}” and does not change. To correct it: {typed}"


def _listed(slug: str, found: Sequence["use.naming.Look"]) -> Iterator[str]:
    for one in found:
        yield f"{one.name} ({one.person})"
        yield from (f"    {reason}" for reason in one.reasons)
        if one.suggestions:
            yield f"    perhaps: {' · '.join(one.suggestions)}"
    change = f"Change one with: certs name {shlex.quote(slug)} EMAIL NAME"
    yield f"{count(len(found), 'name')} to look at. {change}" if found else "No name needs a look."


def _write(sheet: Path, found: Sequence["use.naming.Look"]) -> None:
    """Write the list as a table to fill in.

    Raises:
        InputError: it cannot be written.
    """
    rows = [(one.person, "", one.name, "; ".join(one.reasons), " · ".join(one.suggestions)) for one in found]
    try:
        sheet.write_bytes(use.spreadsheet.as_csv(("email", "name", "now", "why", "suggestion"), rows))
        sheet.chmod(0o600)
    except OSError as error:
        raise InputError(f"{sheet} cannot be written: {error.strerror}.") from error
