"""What the workers of public pages leave to the second server: all that takes a body or a cookie.

A public worker answers one request at a time, so a visitor who sends slowly would keep everybody waiting. It reads no
body: it sends the browser to the second server with the same method and path (308, RFC 9110 section 15.4.9). Behind a
proxy both have one address, and the proxy leads these paths to the second server. Where it does not yet, pages are
shown all the same, and forms are refused with what the proxy lacks.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATHS = ("/desk", "/sign-in", "/sign-out", "/mine", "/me", "/verify/files", "/verify/stack", "/r", "/api")
"""Below the site's own path; what lies under each as well."""
_COOKIELESS = "/api"
"""Of these, what only takes bodies: asked without one it is answered here, so that scripts of other pages may ask."""
_BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})
_LACKS = (
    "This form was sent to the wrong server. Lead the paths {paths} to the port of the second server in the proxy; "
    "docs/operations.md has how."
).format(paths=" ".join(PATHS))


class Parted:
    """WSGI middleware before the site at *root*: what belongs to the second server at *desk_url* goes there.

    An empty *desk_url* stands for the site's own address.
    """

    def __init__(self, inner: "WSGIApplication", root: str, desk_url: str) -> None:
        self._inner, self._root, self._desk_url = inner, root.rstrip("/"), desk_url

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        asked = str(environ.get("PATH_INFO", ""))
        path = asked.removeprefix(self._root)
        bodiless = environ.get("REQUEST_METHOD") in _BODILESS
        if not belongs(path) or (bodiless and lies_under(path, _COOKIELESS)):
            return self._inner(environ, start_response)
        if self._desk_url:
            return _sent_on(f"{self._desk_url}{_quoted(path)}", environ, start_response)
        if bodiless:
            return self._inner(environ, start_response)
        return _answer("421 Misdirected Request", _LACKS, (), start_response)


def belongs(path: str) -> bool:
    """Say whether *path*, below the site's own, is the second server's."""
    return any(lies_under(path, one) for one in PATHS)


def lies_under(path: str, above: str) -> bool:
    """Say whether *path* is *above* or below it."""
    return path == above or path.startswith(f"{above}/")


def _quoted(path: str) -> str:
    """Return a WSGI path as it stands in an address."""
    return quote(path.encode("latin1"), safe="/~:@!$&'()*+,;=")


def _sent_on(address: str, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    query = str(environ.get("QUERY_STRING", ""))
    where = f"{address}?{query}" if query else address
    if not where.isprintable() or " " in where:
        return _answer("400 Bad Request", "This address cannot be read.", (), start_response)
    return _answer("308 Permanent Redirect", "", (("Location", where),), start_response)


def _answer(
    status: str, text: str, headers: Iterable[tuple[str, str]], start_response: "StartResponse"
) -> Iterable[bytes]:
    body = text.encode()
    always = (
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("Referrer-Policy", "no-referrer"),
        ("Connection", "close"),
    )
    start_response(status, [*headers, *always])
    return [body]
