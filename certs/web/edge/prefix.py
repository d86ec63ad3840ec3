"""A site under a path: `https://example.org/certs` serves `/certs/verify`.

Whether the reverse proxy strips the path or passes it on, the application sees the rest and links carry the whole.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Prefix:
    """WSGI middleware that moves *path* from the request's path to the script name."""

    def __init__(self, inner: "WSGIApplication", path: str) -> None:
        self._inner = inner
        self._path = path.rstrip("/")

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        if self._path:
            asked = environ.get("PATH_INFO", "")
            environ["SCRIPT_NAME"] = self._path
            if asked == self._path or asked.startswith(self._path + "/"):
                environ["PATH_INFO"] = asked[len(self._path) :] or "/"
        return self._inner(environ, start_response)
