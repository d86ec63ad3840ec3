"""The issuer as a did:web and the document that publishes its credential keys.

Active and retired keys are listed, so that old credentials stay good. A compromised key is left out: whoever holds it
can write any date, and some verifiers look at nothing but whether a key is there. So foreign verifiers refuse all that
it signed, while the register still knows what was issued before.

Source: did:web Method Specification section 2 (resolvers always use https); Controlled Identifiers 1.0 section 2.2.2.
"""

from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from certs.credential import proof
from certs.credential.multibase import multikey
from certs.credential.rdf import Document
from certs.ground.signature import raw_public_key
from certs.model import KeyState, TrustedKey

_CONTEXTS = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1")


def did_of(base_url: str) -> str:
    """Return the did:web of the site at *base_url*: host, port after %3A, segments of the path after colons.

    Raises:
        Nothing: *base_url* was checked when the settings were read.
    """
    parts = urlsplit(base_url)
    segments = [parts.netloc.lower(), *filter(None, parts.path.split("/"))]
    return ":".join(["did:web", *(quote(segment, safe="%").replace("~", "%7E") for segment in segments)])


def did_document_path(base_url: str) -> str:
    """Return the path below the base URL where resolvers look: a site of its own has it under /.well-known."""
    return "/did.json" if urlsplit(base_url).path.strip("/") else "/.well-known/did.json"


def did_document(base_url: str, keys: Sequence[TrustedKey]) -> Document:
    """Return the DID document with those of the credential *keys* that can be believed, in their order.

    Raises:
        ValueError: a key is not Ed25519.
    """
    did = did_of(base_url)
    believed = [key for key in keys if key.state is not KeyState.COMPROMISED]
    return {
        "@context": list(_CONTEXTS),
        "id": did,
        "verificationMethod": [_verification_method(did, key) for key in believed],
        "assertionMethod": [proof.method(did, key.kid) for key in believed],
    }


def _verification_method(did: str, key: TrustedKey) -> Document:
    return {
        "id": proof.method(did, key.kid),
        "type": "Multikey",
        "controller": did,
        "publicKeyMultibase": multikey(raw_public_key(key)),
    }
