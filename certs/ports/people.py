"""One person's data: all of it out, and all of it away."""

from collections.abc import Collection
from typing import Protocol

from certs.model import Act, PersonKey
from certs.model.herself import Erasable, Holding


class People(Protocol):
    """What the register holds about people, one at a time."""

    def held(self, person: PersonKey) -> Holding:
        """Return everything that is held about the person with that address.

        Raises:
            NotFoundError: nobody has that address.
        """
        ...

    def erasable(self, person: PersonKey) -> Erasable:
        """Return what erasing her would remove and what would stay.

        Raises:
            NotFoundError: nobody has that address.
        """
        ...

    def erase(self, planned: Erasable, act: Act) -> Erasable:
        """Erase her, all of it or nothing; return what was removed and what stays.

        Raises:
            ConflictError: a certificate for her is ordered and not issued, or what is held changed since *planned*.
            NotFoundError: nobody has that address any more.
        """
        ...

    def erased(self) -> Collection[str]:
        """Return every reference that was ever of somebody who was erased; they say nothing of whom."""
        ...
