"""A checkpoint: the head of the audit trail under our signature, short enough to be kept anywhere.

    certs.example.org/trail                          whose trail: host and path of the base URL, then /trail
    1234                                             how many entries it has
    6Jx0mKq4…=                                       SHA-256 of the newest entry, base64
    2026-11-30T16:52:17.000000+00:00                 when it was signed, UTC

    — certs.example.org/trail Az3grlXn…              one signature

The form is that of a signed note (C2SP signed-note v1.0.0), so foreign tools read it: the text, an empty line, then
lines with a dash, a key's name and, in base64, four bytes of the key's identity and an Ed25519 signature over the text.
The newest credential key signs, which also signs the status lists. Those signatures are over 64 bytes of digests, this
one is over lines of text, so neither stands in for the other.
"""

import base64
import binascii
import hashlib
import re
from datetime import datetime
from urllib.parse import urlsplit

from certs.errors import InputError
from certs.ground.signature import DomainEd25519, raw_public_key
from certs.model import Checkpoint, Purpose, TrustedKey
from certs.ports import Signer, Trusted
from certs.wording import say

MAX_CHARACTERS = 4_000
_ED25519 = b"\x01"
"""The signature type of C2SP signed-note."""
_ID_BYTES = 4
_ENTRIES = re.compile(r"[1-9][0-9]{0,17}")
_DIGEST_BYTES = 32
_UNPREFIXED = DomainEd25519(b"")


def origin_of(base_url: str) -> str:
    """Return the name of the trail of the deployment at *base_url*.

    Raises:
        Nothing.
    """
    parts = urlsplit(base_url)
    return f"{parts.netloc}{parts.path.rstrip('/')}/trail"


def sign(checkpoint: Checkpoint, signer: Signer) -> str:
    """Return *checkpoint* as a note signed by *signer*.

    Raises:
        SigningError: the private key is out of reach.
    """
    text = _text(checkpoint)
    signature = _identity(checkpoint.origin, signer.key) + signer.sign(text.encode())
    return f"{text}\n— {checkpoint.origin} {base64.b64encode(signature).decode()}\n"


def read(note: str) -> Checkpoint:
    """Return what *note* says, whoever signed it.

    Raises:
        InputError: it is no checkpoint.
    """
    text, _, _ = _parted(note)
    origin, entries, digest, at = text.splitlines()
    if not _ENTRIES.fullmatch(entries):
        raise InputError(_NO_CHECKPOINT)
    try:
        sha256, moment = base64.b64decode(digest, validate=True), datetime.fromisoformat(at)
    except (ValueError, binascii.Error):
        raise InputError(_NO_CHECKPOINT) from None
    found = Checkpoint(origin, int(entries), sha256.hex(), moment)
    if len(sha256) != _DIGEST_BYTES or moment.tzinfo is None or _text(found) != text:
        raise InputError(_NO_CHECKPOINT)
    return found


def signer_of(note: str, keys: Trusted) -> TrustedKey | None:
    """Return which credential key of *keys* signed *note*; None where none did, or one that was not safe by then.

    Raises:
        InputError: it is no checkpoint.
        SigningError: the key folder cannot be read.
    """
    checkpoint = read(note)
    text, name, signed = _parted(note)
    for key in keys.trusted(Purpose.CREDENTIAL):
        safe = key.compromised_since is None or checkpoint.at < key.compromised_since
        named = name == checkpoint.origin and signed[:_ID_BYTES] == _identity(name, key)
        signature = signed[_ID_BYTES:]
        if safe and named and _UNPREFIXED.verify_signature(raw_public_key(key), text.encode(), signature):
            return key
    return None


_NO_CHECKPOINT = say("This is no checkpoint of an audit trail, whole and as it was printed.")


def _text(checkpoint: Checkpoint) -> str:
    digest = base64.b64encode(bytes.fromhex(checkpoint.sha256)).decode()
    at = checkpoint.at.isoformat(timespec="microseconds")
    return f"{checkpoint.origin}\n{checkpoint.entries}\n{digest}\n{at}\n"


def _identity(name: str, key: TrustedKey) -> bytes:
    """Return the four bytes by which a note names *key* (C2SP signed-note, "Signatures")."""
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + raw_public_key(key)).digest()[:_ID_BYTES]


def _parted(note: str) -> tuple[str, str, bytes]:
    """Return the text of *note*, the name of the key that signed it, and identity with signature.

    Raises:
        InputError: it has not that form.
    """
    text, _, last = note.replace("\r\n", "\n").partition("\n\n")
    words = last.strip("\n").split(" ")
    if len(note) > MAX_CHARACTERS or text.count("\n") != 3 or len(words) != 3 or words[0] != "—":
        raise InputError(_NO_CHECKPOINT)
    try:
        return f"{text}\n", words[1], base64.b64decode(words[2], validate=True)
    except (ValueError, binascii.Error):
        raise InputError(_NO_CHECKPOINT) from None
