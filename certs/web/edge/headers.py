"""Headers that every answer carries, and what the browser may keep.

No script, no frame, no foreign content (CSP Level 3); no referrer, because paths hold names and secrets; out of search
engines. Answers about certificates are never kept: tomorrow's may differ.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
_ALWAYS = (
    ("Content-Security-Policy", _POLICY),
    ("Referrer-Policy", "no-referrer"),
    ("X-Robots-Tag", "noindex, nofollow"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)
_TWO_YEARS = 2 * 365 * 24 * 3600
_NEVER_KEPT = (("Cache-Control", "no-store"), ("Vary", "Accept"))


class Headers:
    """WSGI middleware that adds the headers to every answer; *secure* sites also ask browsers to stay with HTTPS."""

    def __init__(self, inner: "WSGIApplication", *, secure: bool) -> None:
        self._inner = inner
        self._always = [*_ALWAYS, ("Strict-Transport-Security", f"max-age={_TWO_YEARS}")] if secure else list(_ALWAYS)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""

        def start(
            status: str, headers: list[tuple[str, str]], error: "OptExcInfo | None" = None
        ) -> Callable[[bytes], object]:
            kept = any(name == "Cache-Control" for name, _ in headers)
            return start_response(status, [*headers, *self._always, *(() if kept else _NEVER_KEPT)], error)

        return _whole(self._inner(environ, start))


def _whole(body: Iterable[bytes]) -> list[bytes]:
    """Return *body* in one piece, for a list is sent at once; pages are made before they are sent anyway."""
    try:
        return [b"".join(body)]
    finally:
        close = getattr(body, "close", None)
        if close is not None:
            close()
