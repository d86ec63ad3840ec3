"""The issuer as a did:web and the document that publishes its credential keys."""

from collections.abc import Mapping, Sequence

from certs.model import TrustedKey


def did_of(base_url: str) -> str:
    """Return the did:web of the site at *base_url*.

    Raises:
        Nothing: *base_url* was checked when the settings were read.
    """
    raise NotImplementedError


def did_document_path(base_url: str) -> str:
    """Return the path on the *host* where resolvers look for the DID document.

    Raises:
        Nothing.
    """
    raise NotImplementedError


def did_document(base_url: str, keys: Sequence[TrustedKey]) -> Mapping[str, object]:
    """Return the DID document with all credential *keys*, newest first.

    Raises:
        ValueError: a key is not Ed25519.
    """
    raise NotImplementedError
