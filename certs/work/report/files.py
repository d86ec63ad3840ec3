"""The files of a report: one page that needs nothing beside it, and a CSV file of each table."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template

from certs.errors import StorageError
from certs.wording import say
from certs.work.deliver import places
from certs.work.deliver.spreadsheet import as_csv
from certs.work.report import tables
from certs.work.report.figures import Report
from certs.work.report.folding import Folding
from certs.work.report.tables import Table

PAGE = "report.html"
_TABLES = ("editions", "sessions", "days", "countries", "organisations", "certificates")
NAMES = (PAGE, *(f"{name}.csv" for name in _TABLES))
_LIST = ".certs-report.json"
"""What is written is listed there, so that another report finds what was before."""
_MOST_SHOWN = 40
"""Lines of a table on the page; its CSV file has all."""


def files(report: Report, folding: Folding) -> dict[str, bytes]:
    """Return what belongs into the folder, by name."""
    whole = tables.editions(report, folding)
    parts = [(edition, tables.of_edition(edition, folding)) for edition in report.editions]
    made = {PAGE: _page(report, folding, whole, parts), "editions.csv": _editions(report, whole)}
    for at, name in enumerate(_TABLES[1:]):
        made[f"{name}.csv"] = _csv([(edition.event.slug, some[at]) for edition, some in parts])
    return made


def write(folder: Path, made: Mapping[str, bytes]) -> None:
    """Write the files *made* into *folder*, in place of those of an earlier report.

    Raises:
        ConflictError: something else is there.
        StorageError: the disk refuses.
    """
    try:
        place = places.folder(folder, _LIST)
        place.begin((name, hashlib.sha256(content).hexdigest()) for name, content in made.items())
        for name, content in made.items():
            place.write(name, content)
    except OSError as error:
        at = error.filename or folder
        raise StorageError(say("{out} cannot be written: {why}.", out=at, why=error.strerror)) from error


def _editions(report: Report, table: Table) -> bytes:
    rows = [
        [one.event.slug, *(cell.value for cell in row)] for one, row in zip(report.editions, table.rows, strict=True)
    ]
    return as_csv(["Event", *table.headings], rows)


def _csv(parts: Sequence[tuple[str, Table]]) -> bytes:
    """Return a table of all events in one, with the event in front."""
    rows = [[slug, *(cell.value for cell in row)] for slug, table in parts for row in table.rows]
    return as_csv(["Event", *parts[0][1].headings], rows)


def _page(report: Report, folding: Folding, whole: Table, parts: Sequence[tuple[object, Sequence[Table]]]) -> bytes:
    page = _template().render(
        report=report,
        folding=folding,
        whole=whole,
        parts=parts,
        most_shown=_MOST_SHOWN,
        day=tables.day,
        number=tables.number,
    )
    return page.encode()


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    source = resources.files("certs.work.report").joinpath(PAGE).read_text("utf-8")
    return environment.from_string(source)
