"""The page of an archive: one file that judges codes, photos and PDFs in a browser, and asks nobody.

`page.html` is bundled from `page/` (`make page`), with the hashes of its script and style in its policy. Here its data
is put in: keys, the signed list and status lists, and the words of every language. The same file works from disk, where
its policy lets it fetch nothing at all, and at `/offline/`, where it may keep itself for later by a service worker.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources

from markupsafe import escape

from certs import offline
from certs.offline.words import WORDS, needs_script, words

NAMES = {"en": "English", "ar": "العربية", "es": "Español", "fr": "Français", "ru": "Русский", "zh": "中文"}
_GAP = re.compile(r"\{\{(\w+)\}\}")
_SERVED = "; worker-src 'self'; manifest-src 'self'; connect-src 'self'"


@dataclass(frozen=True, slots=True)
class Carried:
    """What a page carries; without a *listed* note it tells what was signed, and nothing of what holds."""

    host: str
    at: str
    """The moment, UTC, as the list has it."""
    jwks: object
    did: object
    listed: str = ""
    status: Sequence[object] = ()
    event: str = ""
    """The title of the event that the list is about."""
    served: Mapping[str, str] = field(default_factory=dict)
    """Addresses of the `manifest` and of the `worker`, where a site serves the page."""


def page(carried: Carried) -> bytes:
    """Return the page.

    Raises:
        Nothing.
    """
    data = {
        "host": carried.host,
        "at": carried.at,
        "jwks": carried.jwks,
        "did": carried.did,
        "list": carried.listed,
        "status": carried.status,
        "event": carried.event,
        "worker": carried.served.get("worker", ""),
        "words": words(),
        "names": NAMES,
    }
    manifest = carried.served.get("manifest", "")
    parts = {
        "policy": _SERVED if carried.served else "",
        "head": f'<link rel="manifest" href="{escape(manifest)}">\n' if manifest else "",
        "title": escape(WORDS["title"]),
        "intro": escape(WORDS["intro"]),
        "noscript": f"<p>{escape(needs_script())}</p>",
        "data": json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
    }
    return _GAP.sub(lambda gap: str(parts[gap[1]]), bare().decode()).encode()


def bare() -> bytes:
    """Return the page as it is bundled."""
    return resources.files(offline).joinpath("page.html").read_bytes()


def licences() -> bytes:
    """Return the licences of what is bundled into the page."""
    return resources.files(offline).joinpath("LICENCES.txt").read_bytes()
