"""Headers that every answer carries, and what the browser may keep.

No script, no frame, no foreign content (CSP Level 3); no referrer, because paths hold names and secrets; out of search
engines. Answers about certificates are never kept: tomorrow's may differ.
"""

from flask import Flask, Response

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


def install(flask: Flask, *, secure: bool) -> None:
    """Add the headers to every answer; *secure* sites also ask browsers to stay with HTTPS.

    Raises:
        Nothing.
    """
    always = [*_ALWAYS, ("Strict-Transport-Security", f"max-age={_TWO_YEARS}")] if secure else list(_ALWAYS)

    @flask.after_request
    def add(response: Response) -> Response:
        headers = response.headers
        headers.extend(always)
        if "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-store"
            headers["Vary"] = "Accept"
        return response
