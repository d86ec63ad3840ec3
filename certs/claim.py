"""What a certificate states <-> the signed text in its QR code.

A claim text is `PAYLOAD.SIGNATURE`, both RFC 4648 base32 in capitals without padding, so that QR alphanumeric mode
applies. The payload is a deterministic CBOR array (RFC 8949 section 4.2) of twelve items:

    version, kid (5 bytes), number (7 bytes), kind, name, event, first day, last day,
    quarter-hours, sessions attended, sessions in all, issue day

Days count from 2020-01-01. A kind is an integer where `KINDS` has one, else text. The signature is Ed25519 over
`DOMAIN` and the *base32* payload. There is one way to write a claim: `read` refuses every other form of the same facts.

`reference` is the definition, an `itsdangerous.Signer`; `Writer` and `read` are the fast paths that tests prove equal.
Nothing here asks whether a certificate exists or still holds: that is `verify`.
"""

from datetime import date, timedelta
from urllib.parse import urlsplit

from itsdangerous import Signer as ItsdangerousSigner

from certs import base32
from certs import number as numbers
from certs.errors import ClaimError, ClaimFault
from certs.model import Claim, EventFacts, Kid, Purpose, Statement, TrustedKey
from certs.ports import Keys, Signer
from certs.signature import SIGNATURE_BYTES, DomainEd25519, raw_public_key

VERSION = 1
DOMAIN = b"certs claim v1\x00"
EPOCH = date(2020, 1, 1)
KINDS = ("attendance",)
"""Kinds that the payload carries as their index; append only."""
MAX_TEXT = 3000
"""Characters of a claim text; a name and a title of 200 four-byte characters each need 2,800."""
_ITEMS = 12
_KID_BYTES = 5
_EPOCH_ORDINAL = EPOCH.toordinal()
_KID_ALPHABET = numbers.ALPHABET.lower()
_KID_VALUE = {digit: value for value, digit in enumerate(_KID_ALPHABET)}


# ---------------------------------------------------------------- facts


def claim_of(statement: Statement, kid: Kid) -> Claim:
    """Return the core of *statement* that the QR code carries, to be signed by key *kid*.

    Raises:
        Nothing.
    """
    event = statement.event
    return Claim(
        kid=kid,
        number=statement.number,
        kind=statement.kind,
        name=statement.name,
        event=event.title,
        first_day=event.first_day,
        last_day=event.last_day,
        quarter_hours=statement.quarter_hours,
        sessions_attended=statement.sessions_attended,
        sessions_in_all=statement.sessions_in_all,
        issued_on=statement.issued_on,
    )


def kid_bytes(kid: Kid) -> bytes:
    """Return the five bytes that *kid* spells in Crockford base32.

    Raises:
        KeyError: *kid* has a character outside the alphabet.
    """
    bits = 0
    for digit in kid:
        bits = bits << 5 | _KID_VALUE[digit]
    return bits.to_bytes(_KID_BYTES, "big")


def kid_of_bytes(five: bytes) -> Kid:
    """Return the kid that *five* bytes spell.

    Raises:
        Nothing.
    """
    bits = int.from_bytes(five, "big")
    return Kid("".join(_KID_ALPHABET[bits >> shift & 31] for shift in range(35, -1, -5)))


def url(base_url: str, text: str) -> str:
    """Return the address in the QR code: scheme and host in capitals, the path as configured, `/V/` and *text*.

    Raises:
        Nothing: *base_url* was checked when the settings were read.
    """
    parts = urlsplit(base_url)
    return f"{parts.scheme.upper()}://{parts.netloc.upper()}{parts.path.rstrip('/')}/V/{text}"


# ---------------------------------------------------------------- writing


class Writer:
    """Writes claims under one key; a batch shares its event, so the event's bytes are made once."""

    def __init__(self, signer: Signer) -> None:
        self._sign = signer.sign
        self._head = bytes((0x80 | _ITEMS, VERSION)) + _bytes(kid_bytes(signer.key.kid)) + b"\x47"
        self._event: EventFacts | None = None
        self._title = self._days = self._in_all = b""

    def payload(self, statement: Statement) -> bytes:
        """Return the CBOR of *statement*'s claim.

        Raises:
            Nothing.
        """
        event = statement.event
        if event is not self._event:
            self._event, self._title = event, _text(event.title)
            self._days = _day(event.first_day) + _day(event.last_day)
            self._in_all = _integer(len(event.sessions))
        return b"".join(
            (
                self._head,
                numbers.to_bytes(statement.number),
                _kind(statement.kind),
                _text(statement.name),
                self._title,
                self._days,
                _integer(statement.quarter_hours),
                _integer(statement.sessions_attended),
                self._in_all,
                _day(statement.issued_on),
            )
        )

    def text(self, statement: Statement) -> str:
        """Return the signed claim of *statement*, as it stands behind `/V/`.

        Raises:
            SigningError: the private key is out of reach.
        """
        payload = base32.encode(self.payload(statement))
        return (payload + b"." + base32.encode(self._sign(DOMAIN + payload))).decode("ascii")


def encode(claim: Claim) -> bytes:
    """Return the canonical CBOR payload of *claim*.

    Raises:
        KeyError: its kid or number has a character outside the alphabet.
    """
    return b"".join(
        (
            bytes((0x80 | _ITEMS, VERSION)),
            _bytes(kid_bytes(claim.kid)),
            _bytes(numbers.to_bytes(claim.number)),
            _kind(claim.kind),
            _text(claim.name),
            _text(claim.event),
            _day(claim.first_day),
            _day(claim.last_day),
            _integer(claim.quarter_hours),
            _integer(claim.sessions_attended),
            _integer(claim.sessions_in_all),
            _day(claim.issued_on),
        )
    )


def _head(major: int, value: int) -> bytes:
    """Return the shortest CBOR head (RFC 8949 section 3) of *major* type with argument *value*."""
    kind = major << 5
    if value < 24:
        return bytes((kind | value,))
    if value < 1 << 8:
        return bytes((kind | 24, value))
    if value < 1 << 16:
        return bytes((kind | 25, *value.to_bytes(2, "big")))
    return bytes((kind | 26, *value.to_bytes(4, "big")))


def _integer(value: int) -> bytes:
    return _head(0, value) if value >= 0 else _head(1, -1 - value)


def _bytes(value: bytes) -> bytes:
    return _head(2, len(value)) + value


def _text(value: str) -> bytes:
    raw = value.encode()
    return _head(3, len(raw)) + raw


def _kind(kind: str) -> bytes:
    return _integer(KINDS.index(kind)) if kind in KINDS else _text(kind)


def _day(day: date) -> bytes:
    return _integer(day.toordinal() - _EPOCH_ORDINAL)


# ---------------------------------------------------------------- reading


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
        """Say whether *sig* is a canonical signature of *value* under one of the keys.

        Raises:
            Nothing.
        """
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


_algorithm = DomainEd25519(DOMAIN)


def read(text: str, keys: Keys) -> Claim:
    """Return the claim that *text* makes, if it has the one canonical form and one of our claim keys signed it.

    The key's state is not looked at: whether a retired or compromised key still counts is for `verify` to say.

    Raises:
        ClaimError: malformed, unknown key or wrong signature, told apart by its fault.
    """
    claim, payload, signature = _decoded(text)
    key = keys.find(Purpose.CLAIM, claim.kid)
    if key is None:
        raise ClaimError(ClaimFault.UNKNOWN_KEY, "This code names a signing key that is not ours.", claim.number)
    if not _algorithm.verify_signature(raw_public_key(key), payload, signature):
        raise ClaimError(ClaimFault.WRONG_SIGNATURE, "The signature in this code does not fit it.", claim.number)
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
        raise ClaimError(ClaimFault.MALFORMED, "This is not a code that we write: it is damaged or made up.") from error


def decode(payload: bytes) -> Claim:
    """Return the claim that *payload* encodes.

    Raises:
        ValueError: it is not the canonical CBOR of a claim.
        OverflowError: a day lies outside the calendar.
    """
    items = _Items(payload)
    items.expect(bytes((0x80 | _ITEMS, VERSION)))
    claim = Claim(
        kid=kid_of_bytes(items.bytes(_KID_BYTES)),
        number=numbers.from_bytes(items.bytes(7)),
        kind=items.kind(),
        name=items.text(),
        event=items.text(),
        first_day=items.day(),
        last_day=items.day(),
        quarter_hours=items.integer(),
        sessions_attended=items.integer(),
        sessions_in_all=items.integer(),
        issued_on=items.day(),
    )
    if encode(claim) != payload:
        raise ValueError("not the canonical form")
    return claim


class _Items:
    """Takes CBOR items off the front of a payload; what is left over is found by comparing with `encode`."""

    def __init__(self, payload: bytes) -> None:
        self._payload = payload
        self._at = 0

    def _take(self, count: int) -> bytes:
        taken = self._payload[self._at : self._at + count]
        if len(taken) != count:
            raise ValueError("ends too early")
        self._at += count
        return taken

    def _item(self) -> tuple[int, int]:
        """Return major type and argument of the next item; indefinite lengths and 64-bit arguments are refused."""
        initial = self._take(1)[0]
        major, short = initial >> 5, initial & 31
        if short < 24:
            return major, short
        if short > 26:
            raise ValueError("a form of CBOR that claims do not use")
        return major, int.from_bytes(self._take(1 << short - 24), "big")

    def expect(self, constant: bytes) -> None:
        if self._take(len(constant)) != constant:
            raise ValueError("another version or no claim")

    def bytes(self, length: int) -> bytes:
        if self._item() != (2, length):
            raise ValueError(f"{length} bytes expected")
        return self._take(length)

    def text(self) -> str:
        major, length = self._item()
        if major != 3:
            raise ValueError("text expected")
        return self._take(length).decode("utf-8")

    def integer(self) -> int:
        major, value = self._item()
        if major != 0:
            raise ValueError("an integer from 0 expected")
        return value

    def kind(self) -> str:
        if self._payload[self._at : self._at + 1] >= b"\x60":
            return self.text()
        index = self.integer()
        if index >= len(KINDS):
            raise ValueError("an unknown kind")
        return KINDS[index]

    def day(self) -> date:
        major, value = self._item()
        if major > 1:
            raise ValueError("a day expected")
        return EPOCH + timedelta(days=value if major == 0 else -1 - value)
