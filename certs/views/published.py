"""What is public about keys, for those who check without us: JWKs of claims and receipts, roots of seals.

A JSON Web Key here has `kty`, `crv` and `x` (RFC 8037 section 2), `kid`, `use` and `alg`, and members of our own: its
`purpose`, and of its life `state`, `created_at`, and where they apply `retired_at`, `compromised_since` and `demo`. RFC
7517 section 4 lets a reader ignore members that it does not know; one that knows ours asks the register about whatever
a compromised key signed. Pure: public parts in, JSON values out.
"""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate, load_der_x509_certificate

from certs.ground.signature import raw_public_key
from certs.model import TrustedKey


@dataclass(frozen=True, slots=True)
class Root:
    """The last X.509 certificate of a seal's chain: our own root, or the top of what an authority gave."""

    seal: TrustedKey
    subject: str
    fingerprint: str
    """SHA-256 of the DER, as readers show it: upper-case pairs of hex digits with colons."""
    pem: bytes
    own: bool
    """True where one of our roots signed the seal, so that PDF readers do not know it by themselves."""


def jwks(keys: Iterable[TrustedKey]) -> dict[str, object]:
    """Return the JWK set of *keys*, in their order.

    Raises:
        ValueError: a key is not Ed25519.
    """
    return {"keys": [jwk(key) for key in keys]}


def jwk(key: TrustedKey) -> dict[str, object]:
    """Return an Ed25519 *key* as a JSON Web Key.

    Raises:
        ValueError: it is of another algorithm.
    """
    members: dict[str, object] = {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": base64.urlsafe_b64encode(raw_public_key(key)).rstrip(b"=").decode(),
        "kid": key.kid,
        "use": "sig",
        "alg": "EdDSA",
        "purpose": key.purpose.value,
        "state": key.state.value,
        "created_at": key.created_at.isoformat(),
    }
    for name, moment in (("retired_at", key.retired_at), ("compromised_since", key.compromised_since)):
        if moment is not None:
            members[name] = moment.isoformat()
    return members | {"demo": True} if key.demo else members


def roots(seals: Iterable[TrustedKey], own: Iterable[TrustedKey]) -> Sequence[Root]:
    """Return the root of each of *seals* that has X.509 certificates; *own* are our root keys."""
    ours = {der for root in own for der in root.certificates}
    return [_root(seal, load_der_x509_certificate(seal.certificates[-1]), ours) for seal in seals if seal.certificates]


def _root(seal: TrustedKey, top: Certificate, ours: set[bytes]) -> Root:
    der = top.public_bytes(Encoding.DER)
    digest = hashlib.sha256(der).hexdigest().upper()
    fingerprint = ":".join(digest[at : at + 2] for at in range(0, len(digest), 2))
    return Root(seal, top.subject.rfc4514_string(), fingerprint, top.public_bytes(Encoding.PEM), der in ours)
