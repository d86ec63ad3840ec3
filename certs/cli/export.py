"""`certs export`: certificates and their manifest, out of the register."""

from pathlib import Path

import click

from certs import deliver, importing
from certs.cli.context import as_json, ask_if_doubtful, open_app, write_json
from certs.eligibility.words import count


@click.command()
@click.argument("slug")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="DIR|ZIP", help="Where to write.")
@click.option("--yes", is_flag=True, help="Do not ask, whatever is doubtful about address and keys.")
@as_json
def export(slug: str, out: Path, yes: bool, wants_json: bool) -> None:
    """Write the certificates of event SLUG that are in force, with manifest.csv, to a folder or a ZIP file.

    \b
    Example:
      certs export cgmp-2026 --out certificates.zip
    """
    app = open_app()
    ask_if_doubtful(app, importing.event_of(app.store, slug).issuer, "Export all the same?", yes=yes)
    written = deliver.export(slug, app.store, deliver.Links(app.keys), app.settings.base_url, out)
    if wants_json:
        write_json({"event": slug, "count": written, "out": str(out)})
    else:
        click.echo(f"{count(written, 'certificate')} written to {out}, listed in {deliver.MANIFEST}.")
