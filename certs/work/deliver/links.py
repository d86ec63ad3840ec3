"""Personal links: itsdangerous tokens under the link keys, Ed25519, without expiry.

A token is `REFERENCE.SIGNATURE`; the reference is random and says nothing about its person. Every link key that was not
compromised verifies, so links outlive the rotation of keys; verifying needs no private key.
"""

from itsdangerous import BadData, BadSignature, Signer
from itsdangerous.encoding import base64_decode, base64_encode

from certs.errors import NotFoundError
from certs.ground.signature import DomainEd25519, raw_public_key
from certs.model import KeyState, Purpose
from certs.ports import Keys
from certs.wording import say

DOMAIN = b"certs link v1\x00"
MAX_TOKEN = 200
"""Characters; a reference has at most 64 and a signature 86."""


class Links:
    """Writes and reads personal links."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def token(self, person_ref: str) -> str:
        """Return the token of the person behind *person_ref*.

        Raises:
            SigningError: the link key is out of reach.
        """
        signer = self._keys.signer(Purpose.LINK)
        return _itsdangerous([raw_public_key(signer.key)], DomainEd25519(DOMAIN, signer.sign)).sign(person_ref).decode()

    def person_ref(self, token: str) -> str:
        """Return whose token this is.

        Raises:
            NotFoundError: no link key of ours signed it, or the one that did is compromised.
        """
        trusted = [key for key in self._keys.trusted(Purpose.LINK) if key.state is not KeyState.COMPROMISED]
        oldest_first = [raw_public_key(key) for key in reversed(trusted)]
        try:
            if not oldest_first or len(token) > MAX_TOKEN or not _is_canonical(token):
                raise BadSignature("not a token of ours")
            return _itsdangerous(oldest_first, DomainEd25519(DOMAIN)).unsign(token).decode("ascii")
        except (BadData, UnicodeError):
            raise NotFoundError(say("This personal link is not complete: open it again from the message.")) from None


def _itsdangerous(public_keys: list[bytes], algorithm: DomainEd25519) -> Signer:
    return Signer(public_keys, sep=".", key_derivation="none", algorithm=algorithm)


def _is_canonical(token: str) -> bool:
    """Say whether the signature is spelled in the one way that itsdangerous writes; base64 would allow others."""
    signature = token.rpartition(".")[2]
    return token.isascii() and base64_encode(base64_decode(signature)).decode() == signature
