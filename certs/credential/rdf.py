"""JSON-LD -> canonical N-Quads (RDFC-1.0), with the two contexts that lie in `contexts/` and no others.

pyld does it: right but slow, hence once per batch and per brought credential. It is imported when first needed, for
that takes longer than everything else at the start of a process.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from types import ModuleType

from certs.errors import InputError
from certs.wording import say

Json = Mapping[str, "Json"] | Sequence["Json"] | str | int | float | bool | None
Document = Mapping[str, Json]

VC_CONTEXT = "https://www.w3.org/ns/credentials/v2"
BADGE_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
_FILES = {VC_CONTEXT: "credentials-v2.json", BADGE_CONTEXT: "open-badges-3.0.3.json"}
_FOLDER = Path(__file__).parent / "contexts"


def canonical(document: Document) -> str:
    """Return the canonical N-Quads of *document*, one per line, in code point order.

    Raises:
        InputError: a member that no context defines: it would not be signed.
        ValueError: a context that is not ours.
    """
    jsonld = _pyld()
    dropped: list[str | None] = []
    expanded = jsonld.expand(document, {"documentLoader": _load}, on_property_dropped=dropped.append)
    if dropped:
        raise InputError(say("The credential has a member that no context defines: {dropped}.", dropped=dropped[0]))
    quads: str = jsonld.normalize(expanded, {"algorithm": "URDNA2015", "format": "application/n-quads"})
    return quads


@cache
def _pyld() -> ModuleType:
    """Import pyld without the HTTP clients that it would take along: nothing is ever fetched, and they take 0.1 s."""
    clients = [client for client in ("aiohttp", "requests") if client not in sys.modules]
    sys.modules.update(dict.fromkeys(clients))  # type: ignore[arg-type]  # None makes importing it fail, as documented
    try:
        from pyld import jsonld  # noqa: PLC0415 - slow, see above
    finally:
        for client in clients:
            del sys.modules[client]
    return jsonld


def compact_json(document: Document) -> str:
    """Return *document* as JSON without spaces, every script as it is."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=len(_FILES))
def _context(url: str) -> Document:
    context: Document = json.loads((_FOLDER / _FILES[url]).read_text(encoding="utf-8"))
    return context


def _load(url: str, _options: object) -> Mapping[str, object]:
    """Be pyld's document loader."""
    if url not in _FILES:
        raise ValueError(f"the context {url} is not one of ours")
    return {"contextUrl": None, "documentUrl": url, "document": _context(url), "contentType": "application/ld+json"}
