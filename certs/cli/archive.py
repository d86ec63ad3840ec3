"""`certs archive`: what is needed to check an event's certificates without this site."""

from pathlib import Path

from certs.cli import use
from certs.cli.declare import SLUG, option
from certs.cli.how import JSON, How, command
from certs.eligibility.words import count
from certs.views import archives

UNCHECKED = 1
"""Exit code where a certificate could not be vouched for."""


@command(JSON)
def archive(
    how: How,
    slug: str = SLUG,
    out: Path = option("--out", "A folder that is not there yet.", required=True, metavar="DIR"),
    with_pdfs: bool = option("--with-pdfs", "Put the PDFs in, too; they hold names."),
) -> int:
    """Write the archive of event SLUG: a folder by which anybody can check its certificates without this site.

    It holds the public keys, the status lists, a signed list of what was issued and how it stands now, a program that
    judges codes and PDFs by these, and a README in six languages. Publish it, and keep it elsewhere.

    Example:
      certs archive cgmp-2026 --out archive
      certs archive cgmp-2026 --out archive --with-pdfs
    """
    app = how.app
    source = use.archive.Source(app.store, app.keys, app.settings.base_url, app.clock())
    done = use.archive.archive(slug, source, archives.keys(source.base_url, app.keys), out, with_pdfs=with_pdfs)
    view = {"event": slug, "listed": done.listed, "unchecked": list(done.unchecked), "out": str(out)}
    how.tell(view | {"files": list(done.files)}, f"The archive of {count(done.listed, 'certificate')} is in {out}.")
    how.note(f"{one} could not be checked, and the list says so: certs verify says why." for one in done.unchecked)
    return UNCHECKED if done.unchecked else 0
