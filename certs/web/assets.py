"""The style sheet and the icon; their addresses carry a digest, so browsers keep them for ever."""

from flask import Blueprint, Response, send_from_directory

from certs.web.shared import STATIC

pages = Blueprint("assets", __name__)

_YEAR = 365 * 24 * 3600


@pages.get("/static/<name>")
def static(name: str) -> Response:
    """Send one of the few files beside the pages."""
    response = send_from_directory(STATIC, name, max_age=_YEAR)
    response.cache_control.public = response.cache_control.immutable = True
    return response
