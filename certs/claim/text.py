"""A claim's text, `PAYLOAD.SIGNATURE`: written under the newest key, read under any of ours.

Both parts are RFC 4648 base32 in capitals without padding, so that QR alphanumeric mode applies. The signature is
Ed25519 over `DOMAIN` and the *base32* payload. `reference` is the definition, an `itsdangerous.Signer`; `Writer` and
`read` are the fast paths that tests prove equal.
"""

from urllib.parse import urlsplit

from itsdangerous import Signer as ItsdangerousSigner

from certs.claim.payload import Payloads, decode, encode
from certs.errors import ClaimError, ClaimFault
from certs.ground import base32
from certs.ground.signature import SIGNATURE_BYTES, DomainEd25519, raw_public_key
from certs.model import Claim, Purpose, Statement, TrustedKey
from certs.ports import Signer, Trusted
from certs.wording import say

DOMAIN = b"certs claim v1\x00"
SPECIMEN = "SPECIMEN."
"""How the codes of specimens begin, and go on."""
MAX_TEXT = 3000
"""Characters of a claim text; a name and a title of 200 four-byte characters each need 2,800."""
_VERIFIER = DomainEd25519(DOMAIN)


def url(base_url: str, text: str) -> str:
    """Return the address in the QR code: scheme and host in small letters, the path as configured, `/V/` and *text*.

    Raises:
        Nothing: *base_url* was checked when the settings were read.
    """
    parts = urlsplit(base_url)
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}{parts.path.rstrip('/')}/V/{text}"


def unsigned(claim: Claim) -> str:
    """Return a text as long as that of *claim*, which nobody has signed: to see whether a QR code can hold it.

    Raises:
        KeyError: its kid or number has a character outside the alphabet.
    """
    return (base32.encode(encode(claim)) + b"." + base32.encode(bytes(SIGNATURE_BYTES))).decode("ascii")


def specimen(claim: Claim) -> str:
    """Return a text as long as that of *claim* which says that it is none, for pages to look at before an order.

    Raises:
        KeyError: as `unsigned`.
    """
    length = len(unsigned(claim))
    return (SPECIMEN * (length // len(SPECIMEN) + 1))[:length]


def is_specimen(text: str) -> bool:
    """Say whether *text* is that of a specimen; a claim has no such beginning, for its first byte is its version."""
    return text[: len(SPECIMEN)].upper().startswith(SPECIMEN)


class Writer:
    """Writes claims under one key; what a batch shares is made once."""

    def __init__(self, signer: Signer) -> None:
        self._sign = signer.sign
        self._payloads = Payloads(signer.key.kid)

    def text(self, statement: Statement) -> str:
        """Return the signed claim of *statement*, as it stands behind `/V/`.

        Raises:
            SigningError: the private key is out of reach.
        """
        payload = base32.encode(self._payloads.payload(statement))
        return (payload + b"." + base32.encode(self._sign(DOMAIN + payload))).decode("ascii")


class Base32Signer(ItsdangerousSigner):
    """An itsdangerous signer whose signatures are canonical base32 instead of base64."""

    def get_signature(self, value: str | bytes) -> bytes:
        """Return the base32 signature of *value*.

        Raises:
            SigningError: the private key is out of reach.
        """
        raw = value.encode() if isinstance(value, str) else value
        return base32.encode(self.algorithm.get_signature(self.derive_key(), raw))

    def verify_signature(self, value: str | bytes, sig: str | bytes) -> bool:
        """Say whether *sig* is a canonical signature of *value* under one of the keys."""
        raw = value.encode() if isinstance(value, str) else value
        try:
            signature = base32.decode(sig.encode() if isinstance(sig, str) else sig)
        except ValueError:
            return False
        return any(self.algorithm.verify_signature(key, raw, signature) for key in self.secret_keys)


def reference(key: TrustedKey, signer: Signer | None = None) -> Base32Signer:
    """Return the itsdangerous signer that defines claims under *key*; without *signer* it only verifies.

    Raises:
        ValueError: *key* is no Ed25519 key.
    """
    algorithm = DomainEd25519(DOMAIN, signer.sign if signer else None)
    return Base32Signer(raw_public_key(key), sep=b".", key_derivation="none", algorithm=algorithm)


def read(text: str, keys: Trusted) -> Claim:
    """Return the claim that *text* makes, if it has the one canonical form and one of our claim keys signed it.

    The key's state is not looked at: whether a retired or compromised key still counts is for `verify` to say.

    Raises:
        ClaimError: malformed, unknown key or wrong signature, told apart by its fault.
    """
    claim, payload, signature = _decoded(text)
    key = keys.find(Purpose.CLAIM, claim.kid)
    if key is None:
        raise ClaimError(ClaimFault.UNKNOWN_KEY, say("This code names a signing key that is not ours."), claim.number)
    if not _VERIFIER.verify_signature(raw_public_key(key), payload, signature):
        raise ClaimError(ClaimFault.WRONG_SIGNATURE, say("The signature in this code does not fit it."), claim.number)
    return claim


def decode_text(text: str) -> Claim:
    """Return what *text* says, its signature's form checked but not the signature itself: unproven.

    Raises:
        ClaimError: malformed.
    """
    return _decoded(text)[0]


def _decoded(text: str) -> tuple[Claim, bytes, bytes]:
    """Return the claim, the base32 payload that was signed, and the raw signature."""
    try:
        if len(text) > MAX_TEXT:
            raise ValueError("too long")
        payload, _, spelled = text.encode("ascii").partition(b".")
        signature = base32.decode(spelled)
        if len(signature) != SIGNATURE_BYTES:
            raise ValueError("a signature has 64 bytes")
        return decode(base32.decode(payload)), payload, signature
    except (ValueError, OverflowError) as error:
        raise ClaimError(
            ClaimFault.MALFORMED, say("This is not a code that we write: it is damaged or made up.")
        ) from error
