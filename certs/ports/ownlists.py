"""Lists of one's own certificates, asked for by address and opened by a link that was mailed."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from certs.model import Act, Letter, PersonKey
from certs.model.ownlist import ListLink, Opened


class OwnLists(Protocol):
    """Who asked, and the links that were mailed."""

    def ask(self, address: PersonKey, language: str, at: datetime) -> None:
        """Keep that somebody typed *address*; whose it is, is looked up later."""
        ...

    def waits(self) -> bool:
        """Say whether anybody asked and was not answered."""
        ...

    def answer(self, letter: Callable[[PersonKey, str], tuple[bytes, Letter]], act: Act) -> int:
        """Queue a *letter* to everybody who asked and is known, with the digest of its link; return how many.

        Who asked and is not known gets nothing, and whoever had some today already gets no more.
        """
        ...

    def stands(self, digest: bytes, now: datetime) -> ListLink:
        """Return how the link of that digest stands; nothing is changed."""
        ...

    def open(self, digest: bytes, now: datetime) -> Opened | ListLink:
        """Use the link up and return whose list it opens; how it stands, where it opens none."""
        ...
