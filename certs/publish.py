"""Sign the status lists anew where the register says something else than they do.

A list tells foreign verifiers which credentials were revoked or superseded. It is signed when something changes, by
whoever changes it, so that the process that serves pages needs no private key. Doing it again does no harm.
"""

import logging
from collections.abc import Collection
from datetime import datetime

from certs import credential
from certs.ports import Signer, Store

_log = logging.getLogger("certs.publish")


def publish(store: Store, signer: Signer, base_url: str, now: datetime) -> int:
    """Bring every status list up to date, signed by the newest credential key; return how many were not.

    Raises:
        SigningError: the credential key is out of reach; lists stay as they are.
        StorageError: the database fails.
    """
    last_index = store.status_lists.last_index()
    if not last_index:
        return 0
    last, _ = credential.list_of(last_index)
    return sum(_renew(store, signer, base_url, number, now) for number in range(1, last + 1))


def _renew(store: Store, signer: Signer, base_url: str, number: int, now: datetime) -> bool:
    first = (number - 1) * credential.LIST_BITS

    def edition(withdrawn: Collection[int]) -> bytes:
        _log.info("status_list_signed", extra={"list": number, "kid": signer.key.kid, "count": len(withdrawn)})
        return credential.status_list(base_url, number, withdrawn, now, signer)

    indexes = range(first, first + credential.LIST_BITS)
    return store.status_lists.renew(number, indexes, f"{base_url} {signer.key.kid}", edition)
