"""How much a visitor may send, said where it is taken: 64 KiB for a form, unless the page says otherwise.

    @pages.post("/verify/files")
    @takes(20 << 20)
    def files() -> Response: ...

What is longer is refused before it is read (RFC 9110, section 15.5.14), whether its length is announced or not.
"""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from certs.web.edge.shared import SITE

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FORM_BYTES = 64 * 1024
_View = TypeVar("_View", bound=Callable[..., Any])
_LIMIT = "max_body_bytes"
_ENDED = "certs.body_ended"
"""In the environment of a request whose body was not waited for: with which status."""


def takes(most_bytes: int) -> Callable[[_View], _View]:
    """Let the view take bodies of *most_bytes*."""

    def marked(view: _View) -> _View:
        setattr(view, _LIMIT, most_bytes)
        return view

    return marked


def install(flask: Flask) -> None:
    """Hold every view of *flask* to its limit."""
    flask.config["MAX_CONTENT_LENGTH"] = FORM_BYTES
    flask.before_request(_bound)


def _bound() -> None:
    if (ended := request.environ.get(_ENDED)) is not None:
        abort(int(ended))
    if request.method in {"GET", "HEAD"}:
        return
    most = getattr(current_app.view_functions.get(request.endpoint or ""), _LIMIT, FORM_BYTES)
    if most != FORM_BYTES:
        request.max_content_length = most


def limit_of(flask: Flask, method: str, path: str) -> int:
    """Return how much the view at *path* takes; what leads to no view takes a form.

    A site under a path may be asked with it or without.
    """
    root = urlsplit(flask.extensions[SITE].base_url).path.rstrip("/")
    below = path.removeprefix(root) if path.startswith(f"{root}/") else path
    try:
        endpoint, _ = flask.url_map.bind("").match(below, method)
    except (HTTPException, RequestRedirect):
        return FORM_BYTES
    return int(getattr(flask.view_functions.get(endpoint), _LIMIT, FORM_BYTES))


def refusing(app: "WSGIApplication", status: HTTPStatus) -> "WSGIApplication":
    """Return *app* so that it answers every request with the page of *status*: its body was not waited for."""

    def refuse(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        environ[_ENDED] = status
        return app(environ, start_response)

    return refuse
