"""Sign the status lists anew where the register says something else than they do.

A list tells foreign verifiers which credentials were revoked or superseded. It is signed when something changes, by
whoever changes it, so that the process that serves pages needs no private key. Doing it again does no harm.
"""

import logging
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from certs import credential
from certs.errors import InputError, SigningError
from certs.model import KeyState, Kid, Purpose, TrustedKey
from certs.ports import Clock, Keys, Signer, Store, Trusted
from certs.wording import hint, say

_log = logging.getLogger("certs.publish")
_NAMED = 10


@dataclass(frozen=True, slots=True)
class Lists:
    """The status lists of a register and the keys that sign them, for whoever changes what they tell."""

    store: Store
    keys: Keys
    base_url: str
    clock: Clock

    def publish(self) -> int:
        """Bring the lists up to date; return how many were not.

        Raises:
            SigningError: the credential key is out of reach; says what was done and what is left to do.
            StorageError: the database fails.
        """
        try:
            return publish(self.store, self.keys.signer(Purpose.CREDENTIAL), self.base_url, self.clock())
        except SigningError as error:
            raise SigningError(
                say(
                    "The register is up to date, but the status lists for foreign verifiers could not be signed, so "
                    "these do not see the change. Remove the cause, then {publish}. The cause: {error}",
                    error=error,
                    publish=hint("publish_then"),
                )
            ) from error

    def publish_under(self, key: TrustedKey) -> None:
        """Sign the lists by the credential key that signs now, after *key* came or went; nothing for other keys.

        A compromised key leaves the issuer's document, and nobody believes the lists that it signed. Where no key is
        left, its successor will sign them.

        Raises:
            SigningError: the key that signs now is out of reach.
            StorageError: the database fails.
        """
        if key.purpose is Purpose.CREDENTIAL and self._active():
            self.publish()

    def are_stale(self) -> bool:
        """Say whether a list is missing or out of date, if there is a key that could sign it.

        Raises:
            StorageError: the database fails.
        """
        active = self._active()
        return bool(active) and bool(stale(self.store, active[0].kid, self.base_url))

    def _active(self) -> list[TrustedKey]:
        return [key for key in self.keys.trusted(Purpose.CREDENTIAL) if key.state is KeyState.ACTIVE]


def publish(store: Store, signer: Signer, base_url: str, now: datetime) -> int:
    """Bring every status list up to date, signed by the newest credential key; return how many were not.

    Lists of which nothing changed are not touched, nor asked about one by one.

    Raises:
        SigningError: the credential key is out of reach; lists stay as they are.
        StorageError: the database fails.
    """
    outdated = store.status_lists.outdated(credential.LIST_BITS, _terms(base_url, signer.key.kid))
    return sum(_renew(store, signer, base_url, number, now) for number in outdated)


def stale(store: Store, kid: Kid, base_url: str) -> list[int]:
    """Return the numbers of the lists that are missing or out of date, if credential key *kid* signs now.

    Raises:
        StorageError: the database fails.
    """
    lists, terms = store.status_lists, _terms(base_url, kid)
    return [number for number in _numbers(store) if lists.stale(number, _indexes(number), terms)]


def contradictions(store: Store, keys: Trusted) -> Iterator[str]:
    """Yield in which published lists and register say different things: a list tells what was withdrawn, under our key.

    Raises:
        SigningError: the key folder cannot be read.
        StorageError: the database fails.
    """
    lists = store.status_lists
    for number in _numbers(store):
        data = store.status_list(number)
        if data is None:
            continue  # said where it is missing
        try:
            found, published = credential.read_status_list(data, keys)
        except InputError as error:
            yield say("Status list {number}: {error}", number=number, error=error)
            continue
        withdrawn, said = set(lists.withdrawn(_indexes(number))), set(published)
        if found != number:
            yield say("In the place of status list {number} is list {found}.", number=number, found=found)
        if lost := sorted(said - withdrawn):
            yield say(
                "Status list {number} says that what is at place {which} is withdrawn, and the register does not "
                "({in_all:,} in all). If the register is right, {publish}.",
                number=number,
                which=", ".join(map(str, lost[:_NAMED])),
                in_all=len(lost),
                publish=hint("publish"),
            )
        if late := sorted(withdrawn - said):
            yield say(
                "Status list {number} is older than the register, {late:,} withdrawn since: {publish}.",
                number=number,
                late=len(late),
                publish=hint("publish"),
            )


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
