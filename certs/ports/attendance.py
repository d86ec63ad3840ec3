"""Events, the exports imported for them, the questions these raise, and what people add by hand."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol

from certs.model import (
    Act,
    Amendment,
    AskedQuestion,
    Called,
    Event,
    ExtraEvidence,
    Figures,
    FileQuestion,
    Imported,
    Join,
    Mark,
    Number,
    PersonKey,
    PictureFile,
    Received,
    Registration,
    Ruling,
    TrayFile,
    UnusableRow,
)


class Events(Protocol):
    """Events by their file."""

    def add(self, event: Event, definition: str, act: Act, before: str | None = None) -> bool:
        """Store *event* with its pictures, or its new definition; return False where the register holds it already.

        With *before*, only where the register holds that definition until then, empty for none.

        Raises:
            ConflictError: a session that has imports would vanish, or somebody else changed the event meanwhile.
        """
        ...

    def pictures(self, slug: str) -> Mapping[str, PictureFile]:
        """Return the event's pictures by the names in its file.

        Raises:
            NotFoundError: no such event; names those that exist.
        """
        ...

    def slugs(self) -> Sequence[str]:
        """Return every event's slug, in order."""
        ...

    def title(self, slug: str) -> str:
        """Return the event's title.

        Raises:
            NotFoundError: no such event; names those that exist.
        """
        ...

    def definition(self, slug: str) -> str:
        """Return the event file's text.

        Raises:
            NotFoundError: no such event; names those that exist.
        """
        ...

    def as_of(self, slug: str, *, besides_orders: bool = False) -> int:
        """Return the number of the newest entry about the event in the audit trail, 0 if there is none.

        With *besides_orders*, of those that decisions are based on: imports, answers, rules, what people said.
        """
        ...


class Imports(Protocol):
    """Exports as received, and what was read from them."""

    def listed(self, slug: str) -> Sequence[Imported]:
        """Return every reading of a file for that event, undone or not, in the order of import."""
        ...

    def figures(self, slug: str) -> Mapping[int, Figures]:
        """Count what every reading that counts for that event holds, by file."""
        ...

    def known(self, slug: str) -> Mapping[str, str]:
        """Return the SHA-256 of every file that counts for that event, with the name it came by."""
        ...

    def add(self, slug: str, files: Sequence[Received], act: Act, amendment: Amendment | None = None) -> None:
        """Make *amendment* and store all *files*, or nothing of it.

        Raises:
            ConflictError: one of them is there already, or the event changed since the amendment was agreed to.
        """
        ...

    def undo(self, slug: str, amendment: Amendment, act: Act) -> None:
        """Let imports count no longer; what was read from them stays.

        Raises:
            ConflictError: one of them is undone already, or the event changed since that was agreed to.
        """
        ...

    def people(self, slug: str) -> Sequence[PersonKey]:
        """Return whom joins and registrations of the imports that count name, each once and by address."""
        ...

    def has_more_than(self, slug: str, people: int) -> bool:
        """Say whether the imports that count name more *people* than that."""
        ...

    def countries(self, slug: str, people: Collection[PersonKey] | None = None) -> Sequence[tuple[PersonKey, str]]:
        """Return every country that registrations name for a person once, what was said last at the end.

        Of *people* alone, where given.
        """
        ...

    def records(
        self, slug: str, people: Collection[int] | None = None
    ) -> Iterator[tuple[str, Join | Registration | Mark]]:
        """Yield everything that counts for the event, each with its file's name; some joins have no person.

        Of those that have one, only what concerns the rows *people* where given; see `called`.
        """
        ...

    def by_people(self, slug: str, apart: Collection[PersonKey] = ()) -> Iterator[Sequence[Join | Registration | Mark]]:
        """Yield everything that counts in lists, each all that concerns some people: a few thousand at a time.

        The first list has everything about the people *apart*, and the joins of nobody.
        """
        ...

    def records_of(self, slug: str, imports: Collection[Imported]) -> Iterator[tuple[str, Join | Registration | Mark]]:
        """Yield in the same way everything that was read in just these *imports*, whether they count or not."""
        ...

    def staff(self, slug: str) -> Sequence[tuple[PersonKey, str]]:
        """Return who joined as host or panelist, with a name, by address."""
        ...

    def unusable(self, slug: str) -> Sequence[UnusableRow]:
        """Return every row that counts for the event and could not be credited to a person."""
        ...

    def rows_of(self, people: Collection[PersonKey]) -> frozenset[int]:
        """Return the rows that stand for those of *people* whom the register knows; see `called`."""
        ...

    def contents(self, slug: str, most_bytes: int) -> Iterator[tuple[str, bytes]]:
        """Yield the files that count for the event as they were received, each with its name, but for longer ones."""
        ...

    def called(self, slug: str) -> Iterator[Called]:
        """Yield what the files call each person who has a name, a few people at a time in memory."""
        ...


class Tray(Protocol):
    """Exports that arrived and do not count yet: they are safe here until they can be read, or are put away."""

    def put(self, slug: str, name: str, data: bytes, act: Act, replaces: str = "") -> int:
        """Keep a file, in place of the same bytes given before; return its id.

        Raises:
            NotFoundError: no such event.
        """
        ...

    def listed(self, slug: str) -> Sequence[TrayFile]:
        """Return what is there, in the order of arrival."""
        ...

    def content(self, slug: str, file: int) -> bytes:
        """Return the bytes of a file.

        Raises:
            NotFoundError: it is not there any more.
        """
        ...

    def note(self, file: int, said: Sequence[str], asked: Sequence[FileQuestion], given: Mapping[str, str]) -> None:
        """Note why a file cannot be read, what must be answered first, and the answers *given* so far."""
        ...

    def take(self, slug: str, files: Collection[int]) -> None:
        """Take files out; those that are not there any more are no fault."""
        ...


class Questions(Protocol):
    """Doubts about people, and the answers that organisers gave."""

    def all(self, slug: str) -> Sequence[AskedQuestion]:
        """Return every question ever asked about an event, answered or not.

        Raises:
            NotFoundError: no such event.
        """
        ...

    def count_open(self, slug: str) -> int:
        """Return how many questions are open and have no answer.

        Raises:
            NotFoundError: no such event.
        """
        ...

    def imports_seen(self, slug: str) -> tuple[int, int]:
        """Return the entry of the trail as of which doubts were looked for, and the newest one about imports.

        Raises:
            NotFoundError: no such event.
        """
        ...

    def ask(self, slug: str, questions: Sequence[AskedQuestion], as_of: int) -> None:
        """Make *questions* the open ones; those asked before keep their answers, those not raised now are closed.

        *as_of* is the newest entry of the trail about imports when they were looked for.

        Raises:
            NotFoundError: no such event.
        """
        ...

    def answer(self, slug: str, question: str, answer: str, act: Act) -> None:
        """Keep *answer*, in place of an earlier one.

        Raises:
            NotFoundError: no such event or question.
        """
        ...

    def say(self, slug: str, answered: Sequence[AskedQuestion], act: Act, given_up: Sequence[Number] = ()) -> None:
        """Keep the answers of *answered*, asked before or not, and give up certificates; all of it or nothing.

        Raises:
            ConflictError: one of the certificates is being issued.
            NotFoundError: no such event.
        """
        ...


class EvidenceByHand(Protocol):
    """Evidence that people add beside the exports."""

    def all(self, slug: str) -> Sequence[ExtraEvidence]:
        """Return all evidence ever added to an event, in its order, withdrawn or not.

        Raises:
            NotFoundError: no such event.
        """
        ...

    def add(self, slug: str, evidence: Sequence[ExtraEvidence], act: Act) -> Sequence[int]:
        """Keep all of *evidence* or none; return their ids.

        Raises:
            NotFoundError: no such event.
        """
        ...

    def withdraw(self, slug: str, ids: Sequence[int], act: Act) -> Sequence[Number]:
        """Let the evidence with these *ids* count no more, all of it or none; it stays in the register.

        Certificates that are ordered on it, and not issued, are given up; return their numbers.

        Raises:
            ConflictError: a certificate was issued on it and holds, or it is withdrawn already.
            NotFoundError: no such event or evidence.
        """
        ...


class Rulings(Protocol):
    """What people decided in place of the rule."""

    def all(self, slug: str) -> Sequence[Ruling]:
        """Return every ruling ever made in an event, newest last.

        Raises:
            NotFoundError: no such event.
        """
        ...

    def add(self, slug: str, rulings: Sequence[Ruling], act: Act, amendment: Amendment | None = None) -> None:
        """Keep all of *rulings*, one decision on one or many people, or none; make *amendment* with them.

        Raises:
            ConflictError: the event is not any more as it was when the amendment was agreed to.
            NotFoundError: no such event.
        """
        ...
