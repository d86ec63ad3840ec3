"""For load balancers and monitors: alive, and ready to answer."""

from flask import Blueprint, Response, request

from certs.errors import CertsError
from certs.model import Number, Purpose
from certs.web.door import FORWARDED, forwarded
from certs.web.shared import as_json, site

pages = Blueprint("health", __name__)

_NOBODY = Number("000000000000")


@pages.get("/healthz")
def healthz() -> Response:
    """Say that the process is alive; and in a header, for the doctor, through how many proxies it was asked."""
    answer = as_json({"status": "alive"})
    answer.headers[FORWARDED] = str(forwarded(request.environ))
    return answer


@pages.get("/readyz")
def readyz() -> Response:
    """Say whether the register and the keys can be read; no detail for strangers, that is in the log and the doctor."""
    here = site()
    checks = {"register": True, "keys": True}
    try:
        here.register.certificate(_NOBODY)
    except CertsError:
        checks["register"] = False
    try:
        checks["keys"] = bool(here.keys.trusted(Purpose.CLAIM))
    except CertsError:
        checks["keys"] = False
    ready = all(checks.values())
    return as_json({"status": "ready" if ready else "not ready", **checks}, 200 if ready else 503)
