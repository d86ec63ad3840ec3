"""What every page needs: the site's parts, and an answer as a page or as JSON, whichever the visitor prefers."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from flask import Response, current_app, request
from markupsafe import Markup, escape

from certs.ports import Clock, Keys, Register
from certs.web.limits import Limits

SITE = "certs"
TEMPLATES = Path(__file__).parents[2] / "templates" / "web"
STATIC = Path(__file__).with_name("static")
JSON, HTML, PROBLEM = "application/json", "text/html", "application/problem+json"


@dataclass(frozen=True, slots=True)
class Site:
    """The parts that pages use."""

    base_url: str
    register: Register
    keys: Keys
    clock: Clock
    limits: Limits = field(default_factory=Limits)

    @property
    def root(self) -> Markup:
        """Path of the base URL, empty at the top of a host; links begin with it."""
        return escape("/" + self.base_url.split("/", 3)[3] if self.base_url.count("/") > 2 else "")

    @property
    def host(self) -> Markup:
        """Host of the base URL with its port."""
        return escape(self.base_url.split("/", 3)[2])


def site() -> Site:
    """Return the parts of the application that answers this request.

    Raises:
        Nothing.
    """
    found: Site = current_app.extensions[SITE]
    return found


def wants_json() -> bool:
    """Say whether the visitor prefers JSON; a browser and a client without preference get the page.

    Raises:
        Nothing.
    """
    accept = request.headers.get("Accept", "")
    if "json" not in accept:
        return False
    return request.accept_mimetypes.best_match([HTML, JSON, PROBLEM]) != HTML


def page(template: str, status: int = 200, **values: object) -> Response:
    """Return *template* as a page.

    Raises:
        Nothing.
    """
    here = site()
    found = current_app.jinja_env.get_template(template)
    body = found.render(root=here.root, host=here.host, style=style_version(), **values)
    return Response(body, status, mimetype=HTML)


def as_json(values: Mapping[str, object], status: int = 200, mimetype: str = JSON) -> Response:
    """Return *values* as JSON.

    Raises:
        Nothing.
    """
    return Response(json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n", status, mimetype=mimetype)


@cache
def style_version() -> str:
    """Return a short digest of the style sheet, so that browsers may keep it for ever.

    Raises:
        OSError: it is not there.
    """
    return hashlib.sha256((STATIC / "site.css").read_bytes()).hexdigest()[:8]
