"""For load balancers and monitors: alive, and ready to answer."""

from flask import Blueprint, Response, request

from certs.errors import CertsError
from certs.model import Number, Purpose
from certs.web.edge.door import FORWARDED, forwarded
from certs.web.edge.shared import as_json, site
from certs.work.keys import unknown

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
    """Say whether the register is that of our keys, and both can be read; the log and the doctor say more."""
    checks = {"register": _register(), "keys": _keys()}
    ready = all(checks.values())
    return as_json({"status": "ready" if ready else "not ready", **checks}, 200 if ready else 503)


def _register() -> bool:
    """Say whether the register can be read and is the one of our keys."""
    here = site()
    try:
        here.register.certificate(_NOBODY)
        return not unknown(here.register, here.keys)
    except CertsError:
        return False


def _keys() -> bool:
    try:
        return bool(site().keys.trusted(Purpose.CLAIM))
    except CertsError:
        return False
