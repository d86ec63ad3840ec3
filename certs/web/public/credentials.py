"""What foreign verifiers and wallets fetch: credentials, the issuer's keys, and the lists of what no longer holds.

Any page may fetch them with a script (CORS): they are public, and a verifier in a browser could not work otherwise.
"""

import json

from flask import Blueprint, Response

from certs import credential
from certs.errors import StorageError
from certs.ground import number
from certs.model import Purpose
from certs.web.edge.limits import MISSES
from certs.web.edge.shared import absent, site
from certs.wording import say
from certs.work.record import checked

pages = Blueprint("credentials", __name__)
_KEYS_SECONDS = 300
_STATUS_SECONDS = 60
"""How long a verifier may go on believing a list; it adds to the time until a revocation is seen."""


@pages.get("/c/<typed>/credential.json")
def enclosed(typed: str) -> Response:
    """Send the credential that a certificate's PDF encloses, byte for byte."""
    here = site()
    certificate = here.register.certificate(number.parse(typed))
    if certificate is not None and checked(certificate, here.register, here.keys) is None:
        raise StorageError(say("This credential could not be checked, so it is not given out. Ask the issuer."))
    if certificate is not None and certificate.withheld:
        raise absent(say("This credential is withheld at the person's request."), Purpose.CLAIM)
    pdf = certificate and here.register.pdf(certificate.number)
    found = pdf and credential.enclosed_in(pdf.tail)
    if not found:
        here.limits.spend(MISSES)
        raise absent(say("There is no such credential here."), Purpose.CLAIM)
    return _open(found, credential.MEDIA_TYPE)


@pages.get("/.well-known/did.json")
@pages.get("/did.json")
def keys() -> Response:
    """Publish the keys of credentials where did:web looks: the second address serves a base URL with a path."""
    here = site()
    document = credential.did_document(here.base_url, here.keys.trusted(Purpose.CREDENTIAL))
    return _open(json.dumps(document).encode(), credential.DID_MEDIA_TYPE, _KEYS_SECONDS)


@pages.get("/status/<int:list_number>")
def status(list_number: int) -> Response:
    """Send a signed status list."""
    here = site()
    found = here.register.status_list(list_number)
    if found is None:
        raise absent(say("There is no such status list here."), Purpose.CREDENTIAL)
    return _open(found, credential.MEDIA_TYPE, _STATUS_SECONDS)


def _open(body: bytes, mimetype: str, max_age: int | None = None) -> Response:
    """Return *body* to whoever asks, also to other sites' scripts."""
    response = Response(body, mimetype=mimetype)
    response.headers["Access-Control-Allow-Origin"] = "*"
    if max_age is not None:
        response.headers["Cache-Control"] = f"public, max-age={max_age}"
    return response
