"""`certs doctor`: what is wrong with this deployment, and what to do about it."""

import sys
from typing import TYPE_CHECKING

import click

from certs.cli.context import open_app, write_json
from certs.cli.hints import VOICE
from certs.cli.how import JSON, How, shared
from certs.views.findings import seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from certs.build import App
    from certs.build.finding import Finding

UNWELL = 1


@click.command()
@click.option("--web", is_flag=True, help="Look at what a machine that only serves pages needs, and ask its site.")
@click.option("--all", "everything", is_flag=True, help="Also open the file of every certificate.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="With --web: its port.")
@shared(JSON)
def doctor(web: bool, everything: bool, port: int, how: How) -> None:
    """Look at everything that a deployment rests on; say what is wrong and what to do.

    Database and audit trail, keys and seals, status lists, public address, clock, fonts, disk space, and the time-stamp
    authority where seals need one.

    With --all: also rebuild the file of every issued certificate, compare its digest with the one it was issued with,
    and check the entry's own signature; minutes for hundreds of thousands.

    With --web: register and public parts of the keys, public address, and the running site, asked at its port and as
    everybody sees it. Needs no passphrase, no private key and no right to write.

    \b
    Example:
      certs doctor
      certs doctor --all
      certs doctor --web
    """
    from certs.build import examination, website  # noqa: PLC0415 -- fonts and keys, which help does not need

    app = open_app()
    looks = website.looks(port) if web else examination.LOOKS
    found = examination.all_of((*looks, _files) if everything else looks, app)
    if how.wants_json:
        write_json([seen(one.about, VOICE.say(one.text), good=one.good, doubt=one.doubt) for one in found])
    else:
        for finding in found:
            mark = "WRONG" if not finding.good else "LOOK " if finding.doubt else "ok   "
            click.echo(f"{mark} {finding.about:<12} {VOICE.say(finding.text)}")
    if not all(finding.good for finding in found):
        sys.exit(UNWELL)


def _files(app: "App") -> "Iterator[Finding]":
    """Open the file of every certificate, with a progress bar."""
    from certs.build import examination  # noqa: PLC0415

    with click.progressbar(app.store.examined(), app.store.issued_count(), "Files", file=sys.stderr) as entries:
        yield from examination.files(app, entries)
