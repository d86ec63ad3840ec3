"""Every error as an answer, once: a page with one clear sentence, or RFC 9457 problem details.

What nobody foresaw becomes a 500 with a reference; the log has where it happened under the same reference and the
*route*, for a path may hold a name.
"""

import logging
import secrets

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, SecurityError

from certs.errors import (
    CertsError,
    ConflictError,
    DeniedError,
    InputError,
    NotFoundError,
    SigningError,
    StorageError,
)
from certs.web.edge.shared import PROBLEM, as_json, page, site, wants_json

_log = logging.getLogger("certs.web")

STATUS: dict[type[CertsError], int] = {
    InputError: 400,
    DeniedError: 403,
    NotFoundError: 404,
    ConflictError: 409,
    SigningError: 503,
    StorageError: 503,
}
_TITLES = {
    400: "This cannot be read",
    403: "Not allowed",
    404: "Not found",
    405: "Not possible here",
    408: "Too slow",
    409: "Not possible now",
    413: "Too large",
    421: "Another site",
    429: "Too many questions",
    500: "Something went wrong here",
    503: "Out of service for the moment",
}
MISDIRECTED = 421
_OUR_FAULT = "We could not check at the moment. This says nothing about the certificate: try again later."


def install(flask: Flask) -> None:
    """Turn every exception of *flask* into an answer."""
    flask.register_error_handler(CertsError, _certs_error)
    flask.register_error_handler(HTTPException, _http_error)
    flask.register_error_handler(Exception, _surprise)


def problem(status: int, code: str, detail: str) -> Response:
    """Return an error as the visitor prefers it."""
    title = _TITLES.get(status, "Not possible")
    if wants_json():
        body = {"type": f"urn:certs:{code}", "title": title, "status": status, "code": code, "detail": detail}
        return as_json(body, status, PROBLEM)
    return page("problem.html", status, title=title, detail=detail)


def note(error: CertsError) -> None:
    """Log an error about which the operator must do something, whatever the visitor is told."""
    _log.error("operator_must_act", extra={"code": error.code, "route": request.url_rule}, exc_info=error)


def _certs_error(error: CertsError) -> Response:
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)
    if status < 500:
        return problem(status, error.code, str(error))
    note(error)
    return problem(status, error.code, _OUR_FAULT)


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    details = {
        404: "There is no such page here. To check a certificate, type the number that is printed on it.",
        413: "That is more than this page takes.",
        429: "That was too often in a short time. Wait a minute and try again.",
    }
    if isinstance(error, SecurityError):
        return problem(MISDIRECTED, "host", _another_host())
    answer = problem(status, f"http_{status}", details.get(status, error.description or "This is not possible."))
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            answer.headers[name] = value
    return answer


def _another_host() -> str:
    """Say what the visitor can do, and what the operator, for it is mostly a proxy that drops the name."""
    base_url = site().base_url
    return (
        f"This site is {base_url}: open the address on the certificate. For its operator: the request named another "
        "host. Behind a proxy, let it pass the visitor's on (nginx: proxy_set_header Host $host; Apache: "
        "ProxyPreserveHost On); if the site has a new name, set base_url in certs.toml, or CERTS_BASE_URL."
    )


def _surprise(error: Exception) -> Response:
    reference = secrets.token_hex(4)
    _log.error("unexpected", extra={"reference": reference, "route": request.url_rule}, exc_info=error)
    return problem(500, "unexpected", f"{_OUR_FAULT} If it stays so, tell the issuer this reference: {reference}.")
