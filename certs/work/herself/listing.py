"""The list of one's own certificates without an account: an address typed, a link mailed, opened once within a day.

Whoever types an address is told the same in the same time, be it known or not: the page only writes it down, and a
worker looks whose it is. The secret in a link is kept as its SHA-256 alone, beside the message that waits to be sent.
"""

import hashlib
import secrets
from datetime import datetime

from certs.model import Act, Letter, MessageKind, PersonKey
from certs.model.ownlist import ListLink, Opened
from certs.ports import Store
from certs.work.herself.held import person

SECRET_CHARACTERS = 43
"""32 random bytes in base64url."""
_ACTOR = "somebody who gave her address"


def ask(store: Store, typed: str, language: str, now: datetime) -> None:
    """Keep that somebody wants the list of the address *typed*.

    Raises:
        InputError: it is no address, whoever's.
        StorageError: the database fails.
    """
    store.own_lists.ask(person(typed), language, now)


def answer(store: Store, base_url: str, now: datetime) -> int:
    """Queue a mail to everybody who asked and is known; return how many.

    Raises:
        StorageError: the database fails; they wait.
    """
    if not store.own_lists.waits():
        return 0

    def letter(whose: PersonKey, language: str) -> tuple[bytes, Letter]:
        secret = secrets.token_urlsafe(32)
        digest = digest_of(secret)
        link = f"{base_url}/mine/{secret}"
        return digest, Letter(MessageKind.LIST, whose, digest.hex(), language=language, link=link)

    return store.own_lists.answer(letter, Act(_ACTOR, now))


def stands(store: Store, secret: str, now: datetime) -> ListLink:
    """Return how the link with *secret* stands; nothing is changed.

    Raises:
        StorageError: the database fails.
    """
    return store.own_lists.stands(digest_of(secret), now) if _is_one(secret) else ListLink.NONE


def opened(store: Store, secret: str, now: datetime) -> Opened | ListLink:
    """Use up the link with *secret* and return whose list it opens; how it stands, where it opens none.

    Raises:
        StorageError: the database fails.
    """
    return store.own_lists.open(digest_of(secret), now) if _is_one(secret) else ListLink.NONE


def digest_of(secret: str) -> bytes:
    """Return by what the register knows a link."""
    return hashlib.sha256(secret.encode()).digest()


def _is_one(secret: str) -> bool:
    return len(secret) == SECRET_CHARACTERS and secret.isascii()
