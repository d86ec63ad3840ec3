"""Keep what a participant asks for, for a person to look at."""

from dataclasses import replace

from certs.errors import ConflictError, InputError
from certs.model import Act, Asked, Attached, RequestKind
from certs.ports import Store
from certs.wording import say

MAX_WORDS = 2_000
_MOST = 20
"""Requests of one person in one event, answered or not."""


def ask(store: Store, slug: str, asked: Asked, act: Act, file: Attached | None = None) -> int:
    """Keep what is *asked*, with a *file*; return its id.

    Raises:
        InputError: attendance is asked about without a word.
        ConflictError: she asked the like and nobody answered yet, or very often.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    said = words(asked.words)
    if asked.kind is RequestKind.ATTENDANCE and not said:
        raise InputError(say("Say what we missed: which session, and how you took part."))
    if sum(one.slug == slug for one in store.requests.of_person(asked.person)) >= _MOST:
        raise ConflictError(say("You asked very often already. Write to the organiser."))
    return store.requests.ask(slug, replace(asked, words=said), act, file)


def words(typed: str) -> str:
    """Return what somebody wrote, without what cannot be seen; lines stay.

    Raises:
        InputError: it is too long.
    """
    lines = typed.replace("\r\n", "\n").replace("\r", "\n").strip()
    said = "".join(letter for letter in lines if letter == "\n" or letter.isprintable())
    if len(said) > MAX_WORDS:
        raise InputError(say("Write at most {most:,} characters.", most=MAX_WORDS))
    return said
