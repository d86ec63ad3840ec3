"""Messages in the register, which workers take and send, and what takes mail."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from certs.model import Act, Letter, Mail, Message, MessageKind, MessageState, Page, PersonKey, Reply


class Post(Protocol):
    """Takes mail: a connection to a mail server, kept from one mail to the next."""

    def send(self, mail: Mail) -> Reply:
        """Give *mail* to the mail server; whatever happens is the reply."""
        ...

    def close(self) -> None:
        """End the connection, if there is one."""
        ...


class Messages(Protocol):
    """Mails that are meant, under way, or done with: stored first, then taken by one worker at a time.

    What a worker took and did not bring to an end is `unknown`, and never sent again by itself.
    """

    def queue(self, letters: Sequence[Letter], act: Act) -> int:
        """Keep *letters* to be sent, those alone that were never meant before; return how many these are.

        Raises:
            NotFoundError: no such event.
            StorageError: the database is out of reach; nothing was kept.
        """
        ...

    def get(self, message: int) -> Message:
        """Return the message.

        Raises:
            NotFoundError: there is none.
            StorageError: the database is out of reach.
        """
        ...

    def known(self, slug: str, kind: MessageKind) -> Collection[tuple[PersonKey, str]]:
        """Return to whom, and on which occasions, letters of *kind* were meant of an event.

        Raises:
            StorageError: the database is out of reach.
        """
        ...

    def claim(self, token: str, lease: timedelta, per_minute: int) -> Message | None:
        """Take the next message that is due, under *token*; None where none is, or so many were begun within a minute.

        Raises:
            StorageError: the database is out of reach.
        """
        ...

    def settle(self, token: str, reply: Reply, next_at: datetime | None = None) -> bool:
        """Note what came of the message held under *token*; return False where none is.

        Raises:
            StorageError: the database is out of reach.
        """
        ...

    def strand(self, gone: Callable[[str], bool]) -> int:
        """Let the fate be unknown of what is held by holders that are *gone*, or for too long; return of how many.

        Raises:
            StorageError: the database is out of reach.
        """
        ...

    def counts(self, slug: str) -> Mapping[MessageKind, Mapping[MessageState, int]]:
        """Count the messages of an event by kind and state.

        Raises:
            StorageError: the database is out of reach.
        """
        ...

    def listed(
        self, slug: str, kind: MessageKind | None, state: MessageState | None, after: str = "", limit: int = 50
    ) -> Page[Message]:
        """Return messages of an event, newest first.

        Raises:
            InputError: *after* is no place in that list.
            StorageError: the database is out of reach.
        """
        ...

    def of_person(self, person: PersonKey) -> Sequence[Message]:
        """Return every message to *person*, oldest first.

        Raises:
            StorageError: the database is out of reach.
        """
        ...

    def again(self, slug: str, messages: Collection[int], act: Act) -> int:
        """Let messages of an event be sent again whose fate is settled or unknown; return how many.

        Raises:
            StorageError: the database is out of reach.
        """
        ...

    def bounce(self, token: str, said: str, act: Act) -> Message | None:
        """Note that the mail whose `Message-ID` begins with *token* was returned; None if we sent none such.

        Raises:
            StorageError: the database is out of reach.
        """
        ...

    def paused(self, slug: str) -> bool:
        """Say whether the mails of an event wait until somebody lets them go on.

        Raises:
            StorageError: the database is out of reach.
        """
        ...

    def pause(self, slug: str, act: Act, *, paused: bool) -> None:
        """Let the mails of an event wait, or go on.

        Raises:
            NotFoundError: no such event.
            StorageError: the database is out of reach.
        """
        ...

    def decline(self, person: PersonKey, act: Act) -> None:
        """Note that *person* wants no mail but what she asks for.

        Raises:
            StorageError: the database is out of reach.
        """
        ...

    def forget(self, person: PersonKey) -> int:
        """Forget everything in messages to *person* but that there were some; return how many.

        Raises:
            StorageError: the database is out of reach.
        """
        ...
