"""Every error as an answer, once: a page with one clear sentence, or RFC 9457 problem details.

What nobody foresaw becomes a 500 with a reference; the log has where it happened under the same reference and the
*route*, for a path may hold a name.
"""

import logging
import secrets
from collections.abc import Mapping

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, SecurityError

from certs.errors import (
    BusyError,
    CertsError,
    ConflictError,
    DeniedError,
    InputError,
    NotFoundError,
    SigningError,
    StorageError,
)
from certs.web.edge.language import voice as spoken
from certs.web.edge.shared import PROBLEM, as_json, page, site, wants_json
from certs.wording import joined, mark, say, say_marked

_log = logging.getLogger("certs.web")

STATUS: dict[type[CertsError], int] = {
    InputError: 400,
    DeniedError: 403,
    NotFoundError: 404,
    ConflictError: 409,
    BusyError: 503,
    SigningError: 503,
    StorageError: 503,
}
_OTHER = mark("Not possible")
_TITLES = {
    400: mark("This cannot be read"),
    403: mark("Not allowed"),
    404: mark("Not found"),
    405: mark("Not possible here"),
    408: mark("Too slow"),
    409: mark("Not possible now"),
    413: mark("Too large"),
    421: mark("Another site"),
    429: mark("Too many questions"),
    500: mark("Something went wrong here"),
    503: mark("Out of service for the moment"),
}
MISDIRECTED = 421
_NOT_POSSIBLE = say("This is not possible.")
_OUR_FAULT = say("We could not check at the moment. This says nothing about the certificate: try again later.")
_DETAILS = {
    404: say("There is no such page here. To check a certificate, type the number that is printed on it."),
    405: say("This page does not take what was sent to it."),
    408: say("What was sent came too slowly. Try again."),
    413: say("That is more than this page takes."),
    429: say("That was too often in a short time. Wait a minute and try again."),
}
_TOLD_TO_ALL = frozenset({404, 413, 429})
"""Programs are told of these in our words too; of others in the words of RFC 9110."""


def install(flask: Flask) -> None:
    """Turn every exception of *flask* into an answer."""
    flask.register_error_handler(CertsError, _certs_error)
    flask.register_error_handler(HTTPException, _http_error)
    flask.register_error_handler(Exception, _surprise)


def problem(
    status: int, code: str, detail: str | CertsError, page_detail: str = "", members: Mapping[str, object] | None = None
) -> Response:
    """Return an error as the visitor prefers it; the page says *page_detail* where it is given.

    Programs get *members* besides.
    """
    title = _TITLES.get(status, _OTHER)
    if wants_json():
        said = {"type": f"urn:certs:{code}", "title": title, "status": status, "code": code, "detail": str(detail)}
        return as_json({**said, **(members or {})}, status, PROBLEM)
    voice = spoken()
    text = page_detail or detail
    told = text.said_by(voice) if isinstance(text, CertsError) else voice.say(text)
    return page("problem.html", status, title=voice.say(say_marked(title)), detail=told)


def note(error: CertsError) -> None:
    """Log an error about which the operator must do something, whatever the visitor is told."""
    _log.error("operator_must_act", extra={"code": error.code, "route": request.url_rule}, exc_info=error)


def _certs_error(error: CertsError) -> Response:
    if isinstance(error, BusyError):
        return _busy(error)
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)
    if status < 500:
        return problem(status, error.code, error)
    note(error)
    return problem(status, error.code, _OUR_FAULT)


def _busy(error: BusyError) -> Response:
    """Say when to come back; there is nothing for the operator to do."""
    answer = problem(STATUS[BusyError], error.code, error)
    answer.headers["Retry-After"] = str(error.seconds)
    return answer


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if isinstance(error, SecurityError):
        return problem(MISDIRECTED, "host", _another_host())
    told = _DETAILS.get(status, _NOT_POSSIBLE)
    detail = told if status in _TOLD_TO_ALL else error.description or told
    answer = problem(status, f"http_{status}", detail, told)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            answer.headers[name] = value
    return answer


def _another_host() -> str:
    """Say what the visitor can do, and what the operator, for it is mostly a proxy that drops the name."""
    return say(
        "This site is {base_url}: open the address on the certificate. For its operator: the request named another "
        "host. Behind a proxy, let it pass the visitor's on (nginx: proxy_set_header Host $host; Apache: "
        "ProxyPreserveHost On); if the site has a new name, set base_url in certs.toml, or CERTS_BASE_URL.",
        base_url=site().base_url,
    )


def _surprise(error: Exception) -> Response:
    reference = secrets.token_hex(4)
    _log.error("unexpected", extra={"reference": reference, "route": request.url_rule}, exc_info=error)
    told = say("If it stays so, tell the issuer this reference: {reference}.", reference=reference)
    return problem(500, "unexpected", joined([_OUR_FAULT, told]))
