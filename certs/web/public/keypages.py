"""The public keys, for those who check without us: claim keys as JWKS (RFC 7517), the roots of the seals."""

from collections.abc import Sequence

from flask import Blueprint, Response

from certs.errors import NotFoundError
from certs.model import Purpose
from certs.views import published
from certs.web.edge.shared import as_json, page, site

pages = Blueprint("keypages", __name__)


@pages.get("/.well-known/jwks.json")
def jwks() -> Response:
    """Publish every claim key with its life, newest first."""
    response = as_json(published.jwks(site().keys.trusted(Purpose.CLAIM)), mimetype="application/jwk-set+json")
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@pages.get("/keys")
def overview() -> Response:
    """Show the keys and the roots with their fingerprints."""
    return page("keys.html", claims=site().keys.trusted(Purpose.CLAIM), roots=_roots())


@pages.get("/keys/<kid>.pem")
def root(kid: str) -> Response:
    """Send the root under which seal *kid* stands."""
    for one in _roots():
        if one.seal.kid == kid:
            return Response(one.pem, mimetype="application/x-pem-file")
    raise NotFoundError("There is no such key here.")


def _roots() -> Sequence[published.Root]:
    keys = site().keys
    return published.roots(keys.trusted(Purpose.SEAL), keys.trusted(Purpose.ROOT))
