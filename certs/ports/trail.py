"""Who signs the head of the audit trail, the trail as a whole, and what a restore left unknown."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from certs.model import Act, AuditEntry, Checkpoint
from certs.model.restored import Unsettled


class Voucher(Protocol):
    """Signs heads of the trail by a key of ours, and keeps the newest where the database's owner does not write."""

    def ready(self) -> None:
        """Open the key that signs, if there is one: it takes a moment that no transaction should wait for."""
        ...

    def sign(self, entries: int, sha256: str, at: datetime) -> str | None:
        """Return the head as a note under our signature; None where no key can sign it now.

        Raises:
            SigningError: the key folder cannot be read.
        """
        ...

    def read(self, note: str) -> Checkpoint | None:
        """Return what *note* says if a key of ours signed it, one that was safe by then.

        Raises:
            SigningError: the key folder cannot be read.
        """
        ...

    def kept(self) -> str:
        """Return the note kept outside of the database, empty if there is none.

        Raises:
            SigningError: it cannot be read.
        """
        ...

    def keep(self, note: str) -> None:
        """Keep *note* outside of the database, where that is possible."""
        ...


class Trail(Protocol):
    """The audit trail as a whole, beside what it tells of."""

    def entries(self) -> Iterator[AuditEntry]:
        """Yield all entries, oldest first."""
        ...

    def head(self) -> tuple[int, str]:
        """Return the newest entry and its digest, 0 and nothing where the trail is empty."""
        ...

    def newest_checkpoint(self) -> str:
        """Return the newest checkpoint, empty if there is none."""
        ...

    def contradictions(self, voucher: Voucher, outside: Iterable[Checkpoint] = ()) -> Iterator[str]:
        """Yield what is wrong with the chain and with checkpoints, those *outside* among them."""
        ...

    def faults(self, voucher: Voucher, outside: Iterable[Checkpoint] = ()) -> Iterator[str]:
        """Yield what `contradictions` does, what nobody vouched for, and where rows and trail differ."""
        ...

    def unvouched(self) -> Sequence[AuditEntry]:
        """Return the entries that certificates rest on and that no checkpoint covers."""
        ...

    def vouch(self, voucher: Voucher, act: Act, seen: int) -> str | None:
        """Sign the head, entry *seen*, whatever stands in the way; None where no key can.

        Raises:
            ConflictError: something was appended since.
        """
        ...

    def adopt(self, act: Act, told: Sequence[str]) -> int:
        """Enter all in which rows and trail differ as it stands, and what else was *told*; return how much differed."""
        ...


class Unsettleds(Protocol):
    """What a restore left unknown: listed until somebody says that it is settled."""

    def open(self) -> Sequence[Unsettled]:
        """Return what is not settled, oldest first."""
        ...

    def settle(self, ids: Sequence[int], act: Act) -> int:
        """Mark those of *ids* that are open as settled, with the reason in the trail; return how many were."""
        ...
