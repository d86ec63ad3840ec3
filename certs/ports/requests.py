"""What participants ask for, from the asking to the answer."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from certs.model import Act, Asked, Attached, Page, PersonKey, Request, RequestsSought, RequestState


class Requests(Protocol):
    """Requests of participants; none ever goes."""

    def ask(self, slug: str, asked: Asked, act: Act, attached: Attached | None = None) -> int:
        """Keep what is *asked*, with a file; return its id.

        Raises:
            ConflictError: the same person asked the like in this event and nobody answered yet.
            NotFoundError: no such event, or the register does not know the person.
        """
        ...

    def of_person(self, person: PersonKey) -> Sequence[Request]:
        """Return what *person* ever asked for, the newest first."""
        ...

    def listed(self, slug: str, sought: RequestsSought, after: str = "", limit: int = 50) -> Page[Request]:
        """Return some requests of an event, the oldest first, from the cursor *after* on.

        Raises:
            InputError: that is no cursor of this list.
        """
        ...

    def get(self, slug: str, id_: int) -> Request:
        """Return one.

        Raises:
            NotFoundError: the event has none of that id.
        """
        ...

    def content(self, slug: str, id_: int) -> bytes:
        """Return the file that came with one.

        Raises:
            NotFoundError: the event has none of that id, or it has no file.
        """
        ...

    def end(self, slug: str, id_: int, state: RequestState, answer: str, act: Act) -> None:
        """Answer one.

        Raises:
            ConflictError: somebody answered it already.
            NotFoundError: the event has none of that id.
        """
        ...

    def waiting(self, slugs: Collection[str]) -> Mapping[str, tuple[int, datetime]]:
        """Return for each event in which requests wait for an answer how many, and since when the oldest."""
        ...
