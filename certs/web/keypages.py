"""The public keys, for those who check without us: claim keys as JWKS (RFC 7517), the seal's root."""

import base64
import hashlib

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate
from flask import Blueprint, Response

from certs.errors import NotFoundError
from certs.model import Purpose, TrustedKey
from certs.signature import raw_public_key
from certs.web.shared import TEMPLATES, as_json, page, site

pages = Blueprint("keypages", __name__, template_folder=str(TEMPLATES))


@pages.get("/.well-known/jwks.json")
def jwks() -> Response:
    """Publish every claim key with its life, newest first."""
    keys = [_jwk(key) for key in site().keys.trusted(Purpose.CLAIM)]
    response = as_json({"keys": keys}, mimetype="application/jwk-set+json")
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@pages.get("/keys")
def overview() -> Response:
    """Show the keys and the roots with their fingerprints."""
    keys = site().keys
    seals = [_root(key) for key in keys.trusted(Purpose.SEAL)]
    return page("keys.html", claims=keys.trusted(Purpose.CLAIM), seals=seals)


@pages.get("/keys/<kid>.pem")
def root(kid: str) -> Response:
    """Send the root under which seal *kid* stands."""
    for key in site().keys.trusted(Purpose.SEAL):
        if key.kid == kid and key.certificates:
            pem = load_der_x509_certificate(key.certificates[-1]).public_bytes(Encoding.PEM)
            return Response(pem, mimetype="application/x-pem-file")
    raise NotFoundError("There is no such key here.")


def _jwk(key: TrustedKey) -> dict[str, object]:
    """Return *key* as a JSON Web Key (RFC 8037 section 2); the members about its life are our own."""
    jwk: dict[str, object] = {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": base64.urlsafe_b64encode(raw_public_key(key)).rstrip(b"=").decode(),
        "kid": key.kid,
        "use": "sig",
        "alg": "EdDSA",
        "state": key.state.value,
        "created_at": key.created_at.isoformat(),
    }
    for name, moment in (("retired_at", key.retired_at), ("compromised_since", key.compromised_since)):
        if moment:
            jwk[name] = moment.isoformat()
    return jwk


def _root(key: TrustedKey) -> tuple[TrustedKey, str, str]:
    """Return a seal key with the subject and the SHA-256 fingerprint of its root."""
    der = key.certificates[-1]
    digest = hashlib.sha256(der).hexdigest().upper()
    fingerprint = ":".join(digest[at : at + 2] for at in range(0, 64, 2))
    return key, load_der_x509_certificate(der).subject.rfc4514_string(), fingerprint
