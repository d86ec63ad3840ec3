"""Private keys that never leave their token: the session, the signer, and making a key pair inside.

`pkcs11.uri` in a key's folder takes the place of `private.pem`; see `uri` for what it says. The PIN comes from
`CERTS_PKCS11_PIN` or `CERTS_PKCS11_PIN_FILE`, is asked only to sign, and shows in no message. A process logs in to a
token once, when it first signs; a forked child does so anew, as PKCS#11 demands (v2.40 base, section 2.5). A wrong PIN
is never tried twice by itself, because tokens lock.

ECDSA signatures come from a token as r and s side by side and leave here as DER (RFC 3279 section 2.2.3).
"""

import fcntl
import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Protocol

import pkcs11
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass

from certs.errors import ConflictError, SigningError
from certs.keyring.private import ED25519, P256, RSA3072, PublicKey, fits
from certs.keyring.uri import Reference
from certs.model import TrustedKey
from certs.wording import say

Pin = Callable[[], bytes]
_CURVES = {P256: bytes.fromhex("06082a8648ce3d030107"), ED25519: bytes.fromhex("06032b6570")}
"""DER of the object identifiers of prime256v1 (RFC 5480 section 2.1.1.1) and Ed25519 (RFC 8410 section 3)."""
_PROBE = b"certs probe"
"""Signed once when a key is opened, to see that it fits its public part; no claim, credential or seal begins so."""


class _InToken(Protocol):
    """A private key's handle, as python-pkcs11 gives it."""

    def sign(self, data: bytes, mechanism: Mechanism) -> bytes: ...


class TokenSigner:
    """`ports.Signer` on a private key inside a token; opened on first use in each process."""

    def __init__(self, key: TrustedKey, reference: Reference, pin: Pin) -> None:
        self._key, self._reference, self._pin = key, reference, pin
        self._opened: tuple[pkcs11.Session, _InToken] | None = None

    @property
    def key(self) -> TrustedKey:
        """The public part."""
        return self._key

    def check(self) -> None:
        """Open the private key and see that it fits its public part.

        Raises:
            SigningError: see `sign`.
        """
        with _logins.lock, _token_errors(self._reference):
            self._private()

    def sign(self, message: bytes) -> bytes:
        """Return the signature of *message*; see `ports.Signer`.

        Raises:
            SigningError: the token is out of reach, refuses, or holds another key under that name.
        """
        with _logins.lock, _token_errors(self._reference):
            return _sign(self._key.algorithm, self._private(), message)

    def _private(self) -> _InToken:
        session = _logins.session(self._reference, self._pin)
        if self._opened is None or self._opened[0] is not session:
            private = _find(session, self._reference, ObjectClass.PRIVATE_KEY)
            if not fits(self._key, _sign(self._key.algorithm, private, _PROBE), _PROBE):
                raise SigningError(
                    say(
                        "{reference} is another key than {kid}: name the right one.",
                        reference=self._reference,
                        kid=self._key.kid,
                    )
                )
            self._opened = session, private
        return self._opened[1]


def public_key(reference: Reference, pin: Pin) -> PublicKey:
    """Return the public part of the key that *reference* names.

    Raises:
        SigningError: the token is out of reach, holds no such key, or one of a kind that certs does not use.
    """
    with _logins.lock, _token_errors(reference):
        public = _find(_logins.session(reference, pin), reference, ObjectClass.PUBLIC_KEY)
        return _public(public, reference)


def make_key_pair(reference: Reference, algorithm: str, pin: Pin) -> None:
    """Make a key pair inside the token, which will never give its private part away.

    Raises:
        ConflictError: the token holds a key of that name already.
        SigningError: the token is out of reach or refuses; says so where it does not know the algorithm.
    """
    with _logins.lock, _token_errors(reference):
        _logins.leave(reference)
        with _logins.log_in(reference, pin, writing=True) as session:
            if list(session.get_objects(_named(reference))):
                raise ConflictError(
                    say("Token {token} holds a key of that name already; nothing was made.", token=reference.token)
                )
            _make(session, reference, algorithm)


# ---------------------------------------------------------------- sessions


class _Logins:
    """The sessions of this process, one for each token, and the lock under which they are used."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._sessions: dict[tuple[str, str], pkcs11.Session] = {}
        self._inherited: set[str] = set()
        self._loaded: set[str] = set()

    def session(self, reference: Reference, pin: Pin) -> pkcs11.Session:
        """Return the logged-in session of that token."""
        place = (reference.module, reference.token)
        if place not in self._sessions:
            self._sessions[place] = self.log_in(reference, pin)
        return self._sessions[place]

    def log_in(self, reference: Reference, pin: Pin, *, writing: bool = False) -> pkcs11.Session:
        """Open a session of its own on that token."""
        with _alone(reference.module):
            if reference.module in self._inherited:
                self._inherited.remove(reference.module)
                _initialize_in_child(reference.module)
            self._loaded.add(reference.module)
            token = pkcs11.lib(reference.module).get_token(token_label=reference.token)
            return token.open(rw=writing, user_pin=_text(pin()))

    def leave(self, reference: Reference) -> None:
        """Log out of that token; the next use logs in again."""
        session = self._sessions.pop((reference.module, reference.token), None)
        if session is not None:
            session.close()

    def forget(self, reference: Reference) -> None:
        """Drop the session of that token as it is, because the token has gone away."""
        self._sessions.pop((reference.module, reference.token), None)

    def begin_anew(self) -> None:
        """Leave the parent's sessions and lock to the parent; a forked child initializes its modules itself."""
        self._inherited |= self._loaded
        self._sessions = {}
        self.lock = threading.Lock()


_logins = _Logins()
os.register_at_fork(after_in_child=_logins.begin_anew)


@contextmanager
def _alone(module: str) -> Iterator[None]:
    """Let the processes of this machine log in one after another: SoftHSM2 fails where several do so at once."""
    try:
        descriptor = os.open(module, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise SigningError(
            say("The PKCS#11 module {module} cannot be used: {why}.", module=module, why=error.strerror)
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)  # closing alone leaves it to a child that was forked meanwhile
        os.close(descriptor)


def _initialize_in_child(module: str) -> None:
    """Initialize *module* after a fork; some modules have noticed the fork and refuse to end what the parent began."""
    library = pkcs11.lib(module)
    with suppress(pkcs11.PKCS11Error):
        library.finalize()
    library.initialize()


def _text(pin: bytes) -> str:
    try:
        return pin.decode()
    except UnicodeDecodeError:
        raise SigningError(say("The PIN is not UTF-8, which tokens demand: correct CERTS_PKCS11_PIN_FILE.")) from None


@contextmanager
def _token_errors(reference: Reference) -> Iterator[None]:
    """Turn what a module raises into a SigningError that says what to do; none repeats a PIN."""
    try:
        yield
    except pkcs11.PKCS11Error as error:
        _logins.forget(reference)
        raise SigningError(_sentence(error, reference)) from error


def _sentence(error: pkcs11.PKCS11Error, reference: Reference) -> str:
    token = reference.token
    if isinstance(error, pkcs11.NoSuchToken):
        return f"There is no token labelled {token} behind {reference.module}: is it plugged in and its label right?"
    if isinstance(error, pkcs11.MultipleTokensReturned):
        return f"Several tokens are labelled {token}: give each a label of its own."
    if isinstance(error, pkcs11.PinLocked):
        return f"Token {token} has locked its PIN: its security officer must set a new one."
    if isinstance(error, pkcs11.PinIncorrect | pkcs11.PinLenRange | pkcs11.PinInvalid):
        return f"The PIN does not open token {token}: put the right one into the file of CERTS_PKCS11_PIN_FILE."
    if isinstance(error, pkcs11.MechanismInvalid):
        return f"Token {token} does not know this kind of key. For seals, ECDSA P-256 and RSA-3072 are usual."
    if type(error) is pkcs11.PKCS11Error:
        return f"The PKCS#11 module {reference.module} cannot be used: {error}."
    return f"Token {token} refuses with {type(error).__name__}: look at its own log."


# ---------------------------------------------------------------- objects


def _named(reference: Reference) -> dict[Attribute, Any]:
    named: dict[Attribute, Any] = {}
    if reference.label:
        named[Attribute.LABEL] = reference.label
    if reference.id:
        named[Attribute.ID] = reference.id
    return named


def _find(session: pkcs11.Session, reference: Reference, kind: ObjectClass) -> Any:
    """Return the one object of that *kind* that *reference* names."""
    found = list(session.get_objects({Attribute.CLASS: kind, **_named(reference)}))
    if len(found) != 1:
        count, what = (len(found) or "no"), kind.name.lower().replace("_", " ")
        raise SigningError(
            say(
                "Token {token} holds {count} {what} that {reference} names: it must be one.",
                token=reference.token,
                count=count,
                what=what,
                reference=reference,
            )
        )
    return found[0]


def _sign(algorithm: str, private: _InToken, message: bytes) -> bytes:
    if algorithm == ED25519:
        return private.sign(message, mechanism=Mechanism.EDDSA)
    if algorithm == RSA3072:
        return private.sign(message, mechanism=Mechanism.SHA256_RSA_PKCS)
    raw = private.sign(hashlib.sha256(message).digest(), mechanism=Mechanism.ECDSA)
    half = len(raw) // 2
    return encode_dss_signature(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))


def _public(public: Any, reference: Reference) -> PublicKey:
    """Return *public* as a key of ours; points come from tokens as DER octet strings or bare, so the end counts."""
    kind = public.key_type
    if kind is KeyType.RSA:
        exponent, modulus = (int.from_bytes(public[at], "big") for at in (Attribute.PUBLIC_EXPONENT, Attribute.MODULUS))
        return rsa.RSAPublicNumbers(exponent, modulus).public_key()
    if kind is KeyType.EC and public[Attribute.EC_PARAMS] == _CURVES[P256]:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public[Attribute.EC_POINT][-65:])
    if kind is KeyType.EC_EDWARDS:
        return ed25519.Ed25519PublicKey.from_public_bytes(public[Attribute.EC_POINT][-32:])
    raise SigningError(
        say(
            "{reference} is a kind of key that certs does not use: ECDSA P-256, RSA-3072 or Ed25519.",
            reference=reference,
        )
    )


def _make(session: pkcs11.Session, reference: Reference, algorithm: str) -> None:
    kept: dict[str, Any] = {
        "store": True,
        "label": reference.label or None,
        "id": reference.id or hashlib.sha256(reference.label.encode()).digest()[:8],
        "capabilities": MechanismFlag.SIGN | MechanismFlag.VERIFY,
        "private_template": {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
    }
    if algorithm == RSA3072:
        session.generate_keypair(KeyType.RSA, 3072, **kept)
        return
    kind = KeyType.EC if algorithm == P256 else KeyType.EC_EDWARDS
    how = Mechanism.EC_KEY_PAIR_GEN if algorithm == P256 else Mechanism.EC_EDWARDS_KEY_PAIR_GEN
    curve = session.create_domain_parameters(kind, {Attribute.EC_PARAMS: _CURVES[algorithm]}, local=True)
    curve.generate_keypair(mechanism=how, **kept)
