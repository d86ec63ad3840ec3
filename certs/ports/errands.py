"""Errands in the register, which workers take, and whether a worker is there."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Protocol

from certs.model import Act, Errand, ErrandFile, ErrandKind, Wish


class Errands(Protocol):
    """Long work that was asked for: stored first, then taken by one worker at a time under a lease."""

    def ask(self, wish: Wish, act: Act, files: Sequence[ErrandFile] = ()) -> Errand:
        """Keep *wish* with *files* for a worker; return the errand, the one of before where the same was asked.

        A kind that catches up is done once more if the same was begun already.

        Raises:
            NotFoundError: no such event.
            StorageError: the database is out of reach; nothing was kept.
        """
        ...

    def get(self, errand: int) -> Errand:
        """Return the errand.

        Raises:
            NotFoundError: there is none.
            StorageError: the database is out of reach.
        """
        ...

    def of_event(self, slug: str, most: int = 20) -> Sequence[Errand]:
        """Return the errands of an event, newest first.

        Raises:
            StorageError: the database is out of reach.
        """
        ...

    def newest(self, kind: ErrandKind, slug: str = "", *, found: bool = False) -> Errand | None:
        """Return the errand of *kind* that was asked for last, of the event; None if none was.

        With *found*, the last that left an outcome.

        Raises:
            StorageError: the database is out of reach.
        """
        ...

    def waiting(self) -> int:
        """Count the errands that have not ended.

        Raises:
            StorageError: the database is out of reach.
        """
        ...

    def files(self, errand: int) -> Sequence[ErrandFile]:
        """Return the files of an errand, in their order; none once it ended.

        Raises:
            StorageError: the database is out of reach.
        """
        ...

    def claim(self, token: str, lease: timedelta) -> Errand | None:
        """Take the oldest errand that nobody holds, under *token* for so long; None where nothing waits.

        Raises:
            StorageError: the database is out of reach.
        """
        ...

    def leases(self) -> Collection[str]:
        """Return the tokens under which errands are held now.

        Raises:
            StorageError: the database is out of reach.
        """
        ...

    def extend(self, token: str, lease: timedelta) -> bool:
        """Let the errand held under *token* stay so; return False where none is, and nothing changes.

        Raises:
            StorageError: the database is out of reach.
        """
        ...

    def tell(self, token: str, done: int, total: int) -> bool:
        """Note how far the errand held under *token* is; return False where none is.

        Raises:
            StorageError: the database is out of reach.
        """
        ...

    def give_back(self, token: str, *, died: bool = False) -> None:
        """Let others have the errand held under *token* at once; that its holder *died* counts as a try.

        Raises:
            StorageError: the database is out of reach.
        """
        ...

    def end(self, token: str, sentence: str, code: str = "", outcome: str = "") -> bool:
        """Note how the errand held under *token* ended; return False where another holds it now.

        With an *outcome* those of earlier errands of the kind, of the event, go. What catches up and was asked for
        meanwhile waits again instead. Its files go once it has ended.

        Raises:
            StorageError: the database is out of reach.
        """
        ...

    def beat(self, holder: str) -> None:
        """Note that the worker *holder* is there.

        Raises:
            StorageError: the database is out of reach.
        """
        ...

    def silence(self) -> timedelta | None:
        """Return how long ago a worker was last heard of, by the database's clock; None if none ever was.

        Raises:
            StorageError: the database is out of reach.
        """
        ...
