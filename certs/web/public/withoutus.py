"""The page that works without us, to be kept: with our keys, its manifest, and what keeps it in a browser.

It has no list of what was issued, for the web server has no key that could sign one: it tells what we signed. The page
of an archive has one (`certs archive`).
"""

import hashlib
import json
import re
from functools import lru_cache

from flask import Blueprint, Response

from certs import credential
from certs.model import Purpose
from certs.offline.page import Carried, bare, page
from certs.offline.words import WORDS
from certs.views import published
from certs.web.edge.language import language, voice
from certs.web.edge.shared import as_json, site
from certs.wording import say_marked

pages = Blueprint("withoutus", __name__, url_prefix="/offline")
_SCRIPT, _STYLE = re.findall(r"'sha256-[A-Za-z0-9+/=]+'", bare().decode())[:2]
MOUNTS = {
    "/offline": (
        f"script-src {_SCRIPT}",
        f"style-src 'self' {_STYLE}",
        "img-src 'self' blob:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
    )
}
_WORKER = """const NAME = "certs " + self.registration.scope, KEPT = NAME + " DIGEST", PAGE = "./"
self.addEventListener("install", (event) => event.waitUntil(
  caches.open(KEPT).then((kept) => kept.add(PAGE)).then(() => self.skipWaiting())))
self.addEventListener("activate", (event) => event.waitUntil(caches.keys()
  .then((names) => names.filter((name) => name.startsWith(NAME) && name !== KEPT))
  .then((old) => Promise.all(old.map((name) => caches.delete(name))))
  .then(() => self.clients.claim())))
self.addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate")
    event.respondWith(fetch(event.request).catch(() => caches.open(KEPT).then((kept) => kept.match(PAGE))))
})
"""


@pages.get("/")
def whole() -> Response:
    """Show the page."""
    return Response(_page(), content_type="text/html; charset=utf-8")


@pages.get("/manifest.json")
def manifest() -> Response:
    """Say how the page is called where it is kept."""
    root = _root()
    told = {
        "name": voice().say(say_marked(WORDS["title"])),
        "lang": language(),
        "start_url": f"{root}/offline/",
        "scope": f"{root}/offline/",
        "display": "standalone",
        "icons": [{"src": f"{root}/static/icon.svg", "sizes": "any", "type": "image/svg+xml"}],
    }
    return as_json(told, mimetype="application/manifest+json")


@pages.get("/worker.js")
def worker() -> Response:
    """Send what keeps the page in a browser; it is another one whenever the page is."""
    digest = hashlib.sha256(_page()).hexdigest()
    return Response(_WORKER.replace("DIGEST", digest), mimetype="text/javascript")


def _page() -> bytes:
    here = site()
    claims, credentials = here.keys.trusted(Purpose.CLAIM), here.keys.trusted(Purpose.CREDENTIAL)
    jwks, did = published.jwks(claims), credential.did_document(here.base_url, credentials)
    at = f"{here.clock():%Y-%m-%d}T00:00:00Z"
    return _made(here.host, at, _root(), json.dumps(jwks), json.dumps(did))


def _root() -> str:
    """Return the path of the site, empty where it has a host of its own."""
    return "/".join(["", *site().base_url.split("/")[3:]]).rstrip("/")


@lru_cache(maxsize=4)
def _made(host: str, at: str, root: str, jwks: str, did: str) -> bytes:
    """Return the page, which is made once a day."""
    served = {"manifest": f"{root}/offline/manifest.json", "worker": f"{root}/offline/worker.js"}
    return page(Carried(host, at, json.loads(jwks), json.loads(did), served=served))
