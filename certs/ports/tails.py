"""Where the bytes of certificates are kept outside the register, in packs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class KeptPack:
    """A pack that is there: its name is the SHA-256 of what it should hold."""

    sha256: str
    size: int
    at: datetime
    """Since when."""


class Tails(Protocol):
    """A store of packs, each called by its SHA-256; none ever changes.

    A pack holds the plate of a sheet and the tails made on it; the register says what lies where in it.
    """

    @property
    def place(self) -> str:
        """What people call the store."""
        ...

    def keep(self, sha256: str, data: bytes) -> None:
        """Keep *data* under its digest, and return once it is there; one that is there already is as good.

        Raises:
            AwayError: the store does not answer, or refuses.
            StorageError: something else is there under that name.
        """
        ...

    def read(self, sha256: str, start: int, length: int) -> bytes:
        """Return *length* bytes of a pack, from *start* on; what they are worth, their reader finds out.

        Raises:
            AwayError: the store does not answer, or refuses.
            StorageError: there is no such pack, or it has not so many bytes there.
        """
        ...

    def all(self) -> Iterator[KeptPack]:
        """Yield every pack that is there.

        Raises:
            AwayError: the store does not answer, or refuses.
        """
        ...
