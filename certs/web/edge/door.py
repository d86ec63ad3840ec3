"""What a reverse proxy and a monitor make of a request, put right before a page sees it.

* **Host.** A plain `proxy_pass` sends the upstream's name, a health check the machine's own or none. Loopback names
  and none stand for the site's own; pages build every address from the base URL anyway. Health checks are answered
  under any name. Whatever else is not the site's name stays, and the error page refuses it and says what to set.
* **Accept.** What lies beyond its first kilobyte is not read: browsers send 200 bytes, and taking megabytes apart
  would cost seconds.
* **Scheme.** The base URL's, so that a redirect does not lead from https to http.
* **Visitor.** `X-Forwarded-For` is believed as far as proxies are configured, and only where the request comes from
  this machine or its network: who reaches the port directly from elsewhere may write into it what she likes.
"""

import ipaddress
import logging
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import SplitResult

from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
FORWARDED = "X-Certs-Forwarded"
"""Header of a health check's answer: how many proxies the request said it came through."""
_OURS = LOOPBACK | {""}
_HEALTH = frozenset({"/healthz", "/readyz"})
_VISITORS = "HTTP_X_FORWARDED_FOR"
_ACCEPT, _ACCEPT_CHARACTERS = "HTTP_ACCEPT", 1024
_log = logging.getLogger("certs.web")


class Door:
    """WSGI middleware in front of the site at *base*, behind so many *proxies*."""

    def __init__(self, inner: "WSGIApplication", base: SplitResult, proxies: int) -> None:
        self._inner = inner
        self._base = base
        self._local = (base.hostname or "") in LOOPBACK
        self._proxied = ProxyFix(inner, x_for=proxies, x_proto=0, x_host=0, x_port=0, x_prefix=0) if proxies else None
        self._silent = False

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        environ["wsgi.url_scheme"] = self._base.scheme
        if len(environ.get(_ACCEPT, "")) > _ACCEPT_CHARACTERS:
            environ[_ACCEPT] = environ[_ACCEPT][:_ACCEPT_CHARACTERS].rpartition(",")[0]
        if environ.get("PATH_INFO") in _HEALTH or (not self._local and _name(environ) in _OURS):
            environ["HTTP_HOST"] = self._base.netloc
        if self._proxied is not None:
            if is_near(environ.get("REMOTE_ADDR", "")):
                return self._proxied(environ, start_response)
        elif environ.get(_VISITORS) and not self._silent:
            self._silent = True
            _log.warning("proxy_not_configured", extra={"count": forwarded(environ)})
        return self._inner(environ, start_response)


def forwarded(environ: "WSGIEnvironment") -> int:
    """Return through how many proxies the request says it came."""
    return sum(bool(one.strip()) for one in str(environ.get(_VISITORS, "")).split(","))


@lru_cache(maxsize=1024)
def is_near(address: str) -> bool:
    """Say whether *address* is of this machine or its network, where a proxy of ours may be; a socket has none."""
    try:
        return not ipaddress.ip_address(address.partition("%")[0]).is_global
    except ValueError:
        return not address


def _name(environ: "WSGIEnvironment") -> str:
    """Return the host that the request names, without its port."""
    host = str(environ.get("HTTP_HOST", "")).strip().lower()
    return host.partition("]")[0].removeprefix("[") if host.startswith("[") else host.rpartition(":")[0] or host
