"""The public keys as the files of an archive: what the site publishes at its addresses, byte for byte."""

import json
from collections.abc import Iterator

from certs import credential
from certs.model import Purpose
from certs.ports import Trusted
from certs.views import published


def keys(base_url: str, known: Trusted) -> dict[str, bytes]:
    """Return the files of the keys that are *known*, by name.

    Raises:
        SigningError: the key folder cannot be read.
    """
    did = credential.did_document(base_url, known.trusted(Purpose.CREDENTIAL))
    return {
        "jwks.json": _json(published.jwks(known.trusted(Purpose.CLAIM))),
        "did.json": _json(did),
        "roots.pem": "\n".join(_roots(known)).encode(),
    }


def _roots(known: Trusted) -> Iterator[str]:
    """Yield the roots under which seals stand, each once and with its fingerprint."""
    found = published.roots(known.trusted(Purpose.SEAL), known.trusted(Purpose.ROOT))
    for fingerprint, root in {one.fingerprint: one for one in found}.items():
        yield f"{root.subject}\nSHA-256 {fingerprint}\n{root.pem.decode()}"


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
