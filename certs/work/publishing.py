"""Sign the status lists anew where the register says something else than they do.

A list tells foreign verifiers which credentials were revoked or superseded. It is signed when something changes, by
whoever changes it, so that the process that serves pages needs no private key. Doing it again does no harm.
"""

import logging
from collections.abc import Collection
from datetime import datetime

from certs import credential
from certs.model import Kid
from certs.ports import Signer, Store

_log = logging.getLogger("certs.publish")


def publish(store: Store, signer: Signer, base_url: str, now: datetime) -> int:
    """Bring every status list up to date, signed by the newest credential key; return how many were not.

    Raises:
        SigningError: the credential key is out of reach; lists stay as they are.
        StorageError: the database fails.
    """
    return sum(_renew(store, signer, base_url, number, now) for number in _numbers(store))


def stale(store: Store, kid: Kid, base_url: str) -> list[int]:
    """Return the numbers of the lists that are missing or out of date, if credential key *kid* signs now.

    Raises:
        StorageError: the database fails.
    """
    lists, terms = store.status_lists, _terms(base_url, kid)
    return [number for number in _numbers(store) if lists.stale(number, _indexes(number), terms)]


def _numbers(store: Store) -> range:
    """Return the numbers of all lists."""
    last_index = store.status_lists.last_index()
    return range(1, credential.list_of(last_index)[0] + 1) if last_index else range(0)


def _indexes(number: int) -> range:
    first = (number - 1) * credential.LIST_BITS
    return range(first, first + credential.LIST_BITS)


def _terms(base_url: str, kid: Kid) -> str:
    return f"{base_url} {kid}"


def _renew(store: Store, signer: Signer, base_url: str, number: int, now: datetime) -> bool:
    def edition(withdrawn: Collection[int]) -> bytes:
        _log.info("status_list_signed", extra={"list": number, "kid": signer.key.kid, "count": len(withdrawn)})
        return credential.status_list(base_url, number, withdrawn, now, signer)

    return store.status_lists.renew(number, _indexes(number), _terms(base_url, signer.key.kid), edition)
