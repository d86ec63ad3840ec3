"""How much a visitor may send, said where it is taken: 64 KiB for a form, unless the page says otherwise.

    @pages.post("/verify/files")
    @takes(20 << 20)
    def files() -> Response: ...

What is longer is refused before it is read (RFC 9110, section 15.5.14), whether its length is announced or not.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

FORM_BYTES = 64 * 1024
_View = TypeVar("_View", bound=Callable[..., Any])
_LIMIT = "max_body_bytes"


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
    if request.method in {"GET", "HEAD"}:
        return
    most = getattr(current_app.view_functions.get(request.endpoint or ""), _LIMIT, FORM_BYTES)
    if most != FORM_BYTES:
        request.max_content_length = most
