"""What every page needs: the site's parts, and an answer as a page or as JSON, whichever the visitor prefers."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from flask import Response, current_app, request
from limits.storage import MemoryStorage

from certs.errors import CertsError, NotFoundError, StorageError
from certs.model import Purpose
from certs.ports import Clock, Keys, Receipts, Register, Store
from certs.web.edge.headers import STREAMED
from certs.web.edge.language import asked, kept, preferred, switch
from certs.web.edge.limits import Limits
from certs.web.edge.templates import Pages
from certs.work.keys import not_ours, unknown

SITE = "certs"
API = "/api/"
"""Below it everything is for programs, whatever they say that they prefer."""
JSON, HTML, PROBLEM = "application/json", "text/html", "application/problem+json"
_PAGE = f"{HTML}; charset=utf-8"
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Site:
    """The parts that pages use."""

    base_url: str
    opened: Callable[[], Register]
    """Gives the register; one that is not there, or out of reach, is asked for again by the next page."""
    keys: Keys
    clock: Clock
    templates: Pages
    receipts: Callable[[], Receipts]
    """Gives what is kept of receipts, in the register that takes changes."""
    limits: Limits = field(default_factory=lambda: Limits(MemoryStorage()))
    whole: Callable[[], Store] | None = None
    """Gives the whole register, where pages behind personal links show more than certificates, and take requests."""
    mails: bool = False
    """Whether a mail server is set, so that somebody may be told that a mail is on its way."""

    @property
    def host(self) -> str:
        """The site's name, with its port where that is a special one."""
        return self.base_url.split("/")[2]

    @property
    def register(self) -> Register:
        """The register.

        Raises:
            StorageError: it is not there, or out of reach.
        """
        return self.opened()


def site() -> Site:
    """Return the parts of the application that answers this request."""
    found: Site = current_app.extensions[SITE]
    return found


def absent(sentence: str, *purposes: Purpose) -> CertsError:
    """Return the error for what the register does not hold: not found, unless it is not the register of our keys.

    Raises:
        StorageError: the register cannot be read.
    """
    if strangers := unknown(site().register, site().keys, purposes):
        return StorageError(not_ours(strangers))
    return NotFoundError(sentence)


def wants_json() -> bool:
    """Say whether the visitor prefers JSON; a browser and a client without preference get the page."""
    if request.path.startswith(API):
        return True
    accept = request.headers.get("Accept", "")
    if "json" not in accept:
        return False
    return request.accept_mimetypes.best_match([HTML, JSON, PROBLEM]) != HTML


def page(template: str, status: int = 200, **values: object) -> Response:
    """Return *template* as a page in the visitor's language."""
    wish = asked()
    spoken = wish or preferred(request.environ.get("HTTP_ACCEPT_LANGUAGE", ""))
    made = site().templates.of(spoken).get_template(template)
    text = made.render(values, wish=wish, kept=kept(wish), switch=switch())
    return Response(text, status, content_type=_PAGE)


def as_json(values: Mapping[str, object], status: int = 200, mimetype: str = JSON) -> Response:
    """Return *values* as JSON."""
    return Response(as_text(values), status, mimetype=mimetype)


def as_text(values: Mapping[str, object]) -> str:
    """Return *values* as one line of JSON."""
    return _ENCODER.encode(values) + "\n"


def stream(pieces: Iterable[bytes], mimetype: str, status: int = 200) -> Response:
    """Return *pieces* as an answer that is sent as they come, and never held as a whole."""
    request.environ[STREAMED] = True
    return Response(pieces, status, mimetype=mimetype)
