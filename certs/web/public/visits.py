"""One line in the log for each answer, where the log takes such lines.

It says the route, never the path, for that may hold a name.
"""

import logging
import time

from flask import Flask, Response, g, request

from certs.model import Verdict

_log = logging.getLogger("certs.web")
_SILENT = frozenset({"/healthz", "/readyz", "/static/<name>"})
"""Routes that say nothing while all is well: monitors ask every few seconds."""


def install(flask: Flask) -> None:
    """Log what *flask* answers, if anybody wants to know."""
    if not _log.isEnabledFor(logging.INFO):
        return

    @flask.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @flask.after_request
    def end(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else ""
        if route not in _SILENT or response.status_code != 200:
            took = round((time.perf_counter() - g.began) * 1000, 2)
            answer = {"route": route, "status": response.status_code, "milliseconds": took}
            _log.info("answered", extra={**answer, **g.get("about", {})})
        return response


def about(verdict: Verdict) -> None:
    """Let the line of this answer say which verdict it gave, and on which number."""
    number = verdict.certificate.number if verdict.certificate else verdict.claim and verdict.claim.number
    g.about = {"verdict": verdict.summary.value, "number": number}
