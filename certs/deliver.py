"""How a certificate reaches its person: links that never expire, file names, and the export of a whole event."""

from certs.model import Certificate
from certs.ports import Keys


class Links:
    """Writes and reads personal links: itsdangerous tokens under the link keys, Ed25519, without expiry."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def token(self, person_ref: str) -> str:
        """Return the token of the person behind *person_ref*.

        Raises:
            SigningError: the link key is out of reach.
        """
        raise NotImplementedError

    def person_ref(self, token: str) -> str:
        """Return whose token this is.

        Raises:
            NotFoundError: no link key of ours signed it.
        """
        raise NotImplementedError


def file_name(certificate: Certificate) -> str:
    """Return a readable file name, safe on every file system and in every script.

    Raises:
        Nothing.
    """
    raise NotImplementedError
