"""Files beside the pages: style sheets, icon, scripts; addresses carry a digest, so browsers keep them for ever."""

import hashlib
from functools import cache

from flask import Blueprint, Response

from certs.errors import NotFoundError
from certs.web.edge.templates import STATIC
from certs.wording import say

pages = Blueprint("assets", __name__)

_TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".js": "text/javascript"}
_FILES = {path.name: path for path in STATIC.iterdir() if path.suffix in _TYPES}


@pages.get("/static/<name>")
def static(name: str) -> Response:
    """Send one of the files beside the pages."""
    if name not in _FILES:
        raise NotFoundError(say("There is no such page here."))
    response = Response(_content(name), mimetype=_TYPES[_FILES[name].suffix])
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@cache
def address(name: str) -> str:
    """Return the address of the file *name* below the site's path.

    Raises:
        KeyError: there is no such file.
    """
    return f"/static/{name}?{hashlib.sha256(_content(name)).hexdigest()[:8]}"


@cache
def _content(name: str) -> bytes:
    return _FILES[name].read_bytes()
