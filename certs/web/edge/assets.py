"""The style sheet and the icon; the style's address carries its digest, so browsers keep both for ever."""

from functools import cache

from flask import Blueprint, Response

from certs.errors import NotFoundError
from certs.web.edge.templates import STATIC

pages = Blueprint("assets", __name__)

_TYPES = {"site.css": "text/css", "icon.svg": "image/svg+xml"}


@pages.get("/static/<name>")
def static(name: str) -> Response:
    """Send one of the two files beside the pages."""
    if name not in _TYPES:
        raise NotFoundError("There is no such page here.")
    response = Response(_content(name), mimetype=_TYPES[name])
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@cache
def _content(name: str) -> bytes:
    return (STATIC / name).read_bytes()
