"""`certs report`: the figures for those who paid, as a page and as CSV."""

import hashlib
from pathlib import Path

import click

from certs.cli.context import open_app
from certs.cli.how import JSON, How, shared
from certs.errors import StorageError


@click.command()
@click.argument("slugs", nargs=-1, required=True, metavar="SLUG...")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Where to write (default: report-SLUG).")
@click.option("--fold-below", type=click.IntRange(min=0), default=0, metavar="N", help="Show no count of fewer people.")
@shared(JSON)
def report(slugs: tuple[str, ...], out: Path | None, fold_below: int, how: How) -> None:
    """Write a report on events SLUG...: who came, from where, for how long, and what they were given; nobody's name.

    Several events stand side by side, with those who came back. The folder gets report.html, which needs nothing beside
    it and can be printed, and a CSV file of each table.

    \b
    Example:
      certs report cgmp-2026
      certs report cgmp-2025 cgmp-2026 --out report --fold-below 5
    """
    from certs.work import report as reports  # noqa: PLC0415 -- Jinja, which help does not need
    from certs.work.deliver import places  # noqa: PLC0415

    app = open_app()
    counted = reports.counted(app.store, app.keys, slugs, app.clock().date())
    made = reports.files(counted, reports.Folding(fold_below))
    folder = out or Path(f"report-{'-'.join(edition.event.slug for edition in counted.editions)}")
    try:
        place = places.folder(folder, ".certs-report.json")
        place.begin({name: hashlib.sha256(content).hexdigest() for name, content in made.items()})
        for name, content in made.items():
            place.write(name, content)
    except OSError as error:
        raise StorageError(f"{error.filename or folder} cannot be written: {error.strerror}.") from error
    how.tell(
        {"out": str(folder), "files": sorted(made), "people": counted.people},
        f"The report is in {folder / 'report.html'}, its figures in {len(made) - 1} CSV files beside it.",
    )
