"""Headers that every answer carries, and what the browser may keep.

No script, no frame, no foreign content (CSP Level 3); no referrer, because paths hold names and secrets; out of search
engines. Answers about certificates are never kept: tomorrow's may differ. A part of the site that needs more than the
public pages, such as a script of its own, has a policy under the path where it is mounted; all else is as strict as
can be.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_STRICT = (
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
)
OWN_SCRIPT = ("script-src 'self'", "connect-src 'self'")
"""What a mount says that has scripts of this site, which ask this site."""
STREAMED = "certs.streamed"
"""In the environment of a request whose answer is sent as it comes: a download, a long list."""
_ALWAYS = (
    ("Referrer-Policy", "no-referrer"),
    ("X-Robots-Tag", "noindex, nofollow"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)
_FILMS = "camera=(self), geolocation=(), microphone=()"
_CSP = "Content-Security-Policy"
_TWO_YEARS = 2 * 365 * 24 * 3600
_NEVER_KEPT = (("Cache-Control", "no-store"), ("Vary", "Accept, Accept-Language"))


class Headers:
    """WSGI middleware that adds the headers to every answer; *secure* sites also ask browsers to stay with HTTPS.

    *mounts* say, by the beginning of a path below the site's own, what the policy allows there besides, or in place of
    what it says of the same; below those of *filming* pages may use the camera.
    """

    def __init__(
        self,
        inner: "WSGIApplication",
        *,
        secure: bool,
        mounts: Mapping[str, tuple[str, ...]] | None = None,
        filming: Collection[str] = (),
    ) -> None:
        self._inner = inner
        always = [*_ALWAYS, ("Strict-Transport-Security", f"max-age={_TWO_YEARS}")] if secure else list(_ALWAYS)
        self._public = [(_CSP, "; ".join(_STRICT)), *always]
        self._mounts = [
            (path, [(_CSP, _policy(more)), *_of_mount(always, films=path in filming)])
            for path, more in (mounts or {}).items()
        ]

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        always = self._of(environ.get("PATH_INFO", "")) if self._mounts else self._public

        def start(
            status: str, headers: list[tuple[str, str]], error: "OptExcInfo | None" = None
        ) -> Callable[[bytes], object]:
            kept = any(name == "Cache-Control" for name, _ in headers)
            return start_response(status, [*headers, *always, *(() if kept else _NEVER_KEPT)], error)

        body = self._inner(environ, start)
        return body if STREAMED in environ else _whole(body)

    def _of(self, path: str) -> list[tuple[str, str]]:
        """Return the headers for *path*: those of the mount that it lies in."""
        for mount, headers in self._mounts:
            if path == mount or path.startswith(mount + "/"):
                return headers
        return self._public


def _policy(more: tuple[str, ...]) -> str:
    """Return the strict policy with *more*, in place of directives of the same name: a second one would not count."""
    named = {directive.partition(" ")[0]: directive for directive in (*_STRICT, *more)}
    return "; ".join(named.values())


def _of_mount(headers: list[tuple[str, str]], *, films: bool) -> list[tuple[str, str]]:
    """Return *headers* with the referrer told to this site alone: without any, a form says its origin is null."""
    own = {"Referrer-Policy": "same-origin"}
    if films:
        own["Permissions-Policy"] = _FILMS
    return [(name, own.get(name, value)) for name, value in headers]


def _whole(body: Iterable[bytes]) -> list[bytes]:
    """Return *body* in one piece, for a list is sent at once; pages are made before they are sent anyway."""
    try:
        return [b"".join(body)]
    finally:
        close = getattr(body, "close", None)
        if close is not None:
            close()
