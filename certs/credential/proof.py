"""eddsa-rdfc-2022: what is signed, and proofs over whole documents.

Signed are the SHA-256 of the canonical proof options followed by the SHA-256 of the canonical document, 64 bytes.
Options carry the document's contexts but not the proof value.

Source: Data Integrity EdDSA Cryptosuites 1.0 section 3.2.
"""

import hashlib
from datetime import datetime

from certs.credential.multibase import base58
from certs.credential.rdf import Document, canonical
from certs.ground.signature import DomainEd25519, raw_public_key
from certs.model import Kid, TrustedKey
from certs.ports import Signer

SUITE = "eddsa-rdfc-2022"
_VERIFY = DomainEd25519(b"")
"""A Data Integrity proof knows no domain prefix; credentials have a key of their own."""


def method(did: str, kid: Kid) -> str:
    """Return the address of key *kid* in the DID document of *did*."""
    return f"{did}#{kid}"


def moment(at: datetime) -> str:
    """Return *at*, an aware UTC datetime, as XML Schema writes it, in whole seconds."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def options(verification_method: str, created: str) -> dict[str, str]:
    """Return a proof without its value."""
    return {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": created,
        "verificationMethod": verification_method,
        "proofPurpose": "assertionMethod",
    }


def options_digest(document: Document, proof_options: Document) -> bytes:
    """Return the first half of what is signed for *document*.

    Raises:
        InputError: see `rdf.canonical`.
    """
    return _sha256(canonical({"@context": document["@context"], **proof_options}))


def signed_bytes(document: Document, proof_options: Document) -> bytes:
    """Return what is signed for *document*, itself without a proof.

    Raises:
        InputError: see `rdf.canonical`.
    """
    return options_digest(document, proof_options) + _sha256(canonical(document))


def add_proof(document: Document, did: str, created: datetime, signer: Signer) -> Document:
    """Return *document* with a proof in a one-element array, as the 1EdTech schema and all verifiers read it.

    Raises:
        SigningError: the private key is out of reach.
    """
    proof_options = options(method(did, signer.key.kid), moment(created))
    value = base58(signer.sign(signed_bytes(document, proof_options)))
    return {**document, "proof": [{**proof_options, "proofValue": value}]}


def fits(key: TrustedKey, signed: bytes, signature: bytes) -> bool:
    """Say whether *signature* is that of *signed* by *key*.

    Raises:
        ValueError: *key* is of another algorithm.
    """
    return _VERIFY.verify_signature(raw_public_key(key), signed, signature)


def _sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
