"""Downloads: all certificates of an event as one ZIP file, their manifest, and the links that open personal pages.

Nothing of it is kept or made ready: each is read of the register while it is sent.
"""

from collections.abc import Iterator
from itertools import chain

from flask import Blueprint, Response, request

from certs.model import CertificatesSought, Stands, UserRole
from certs.web.console.desk import allows, desk, download, guard
from certs.web.console.event import screen as event_screen
from certs.web.edge.headers import STREAMED
from certs.work import deliver

pages = Blueprint("downloads", __name__)
guard(pages)


@pages.get("/desk/<slug>/downloads")
@allows(UserRole.ORGANISER)
def screen(slug: str) -> Response:
    """Say what can be taken away."""
    count = desk().register.lists.count(slug, CertificatesSought(stands=Stands.VALID))
    return event_screen("downloads.html", slug, "certificates", count=count)


@pages.get("/desk/<slug>/downloads/certificates.zip")
@allows(UserRole.ORGANISER)
def certificates(slug: str) -> Response:
    """Send all PDFs in force with their manifest, which has no personal links, as they are read."""
    pieces = deliver.zipped(slug, desk().register, _site(links=False))
    return _streamed(pieces, "application/zip", f"{slug}.zip")


@pages.get("/desk/<slug>/downloads/manifest.csv")
@allows(UserRole.ORGANISER)
def manifest(slug: str) -> Response:
    """Send the list of certificates in force, without personal links."""
    return _streamed(deliver.manifest(slug, desk().register, _site(links=False)), "text/csv", f"{slug}-manifest.csv")


@pages.get("/desk/<slug>/downloads/links.csv")
@allows(UserRole.ORGANISER, again=True)
def links(slug: str) -> Response:
    """Send the list with personal links, each of which opens somebody's page; the password was shown of late."""
    return _streamed(deliver.manifest(slug, desk().register, _site(links=True)), "text/csv", f"{slug}-links.csv")


def _site(*, links: bool) -> deliver.Site:
    here = desk()
    return deliver.Site(deliver.Links(here.keys) if links else None, here.base_url, here.clock().date(), here.keys)


def _streamed(pieces: Iterator[bytes], media: str, name: str) -> Response:
    """Send a file that the browser keeps under *name*; what cannot be sent is refused before anything is."""
    first = next(pieces, b"")
    request.environ[STREAMED] = True
    return download(chain([first], pieces), media, name)
