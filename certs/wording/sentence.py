"""A sentence: English text that remembers the message and the facts it was made from.

Facts stand in braces with Python's format specifications, of which another language takes `,` and `%` as "by its own
rules". A fact may itself be spoken: a hint, a list, a day, another sentence.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Protocol, Self, runtime_checkable


class Speaker(Protocol):
    """Who says a sentence: its language, and what it puts for hints. `Voice` is the one there is."""

    def message(self, message: str, facts: Mapping[str, object]) -> str:
        """Return *message* in the speaker's language, with its facts."""
        ...

    def counted(self, one: str, many: str, n: int, facts: Mapping[str, object]) -> str:
        """Return the form of a message that suits *n*, with its facts."""
        ...

    def hinted(self, key: str, facts: Mapping[str, object]) -> str:
        """Return what stands for a hint."""
        ...

    def listed(self, items: tuple[str, ...], *, either: bool) -> str:
        """Return *items* as a list."""
        ...

    def dated(self, on: date) -> str:
        """Return a day in full."""
        ...

    def dated_briefly(self, on: date, *, with_year: bool) -> str:
        """Return a day as short as lists want it."""
        ...

    def spanned(self, first: date, last: date) -> str:
        """Return the days from *first* to *last*."""
        ...

    def say(self, text: str) -> str:
        """Return *text* as this speaker says it; plain text as it is."""
        ...


@runtime_checkable
class Speakable(Protocol):
    """What can be said anew: a `Spoken`, or an error that stands in a sentence as a fact."""

    def said_by(self, speaker: Speaker) -> str:
        """Return it as *speaker* says it."""
        ...

    def parts_within(self) -> Iterable[object]:
        """Return what it was made from: facts, or texts."""
        ...


class Spoken(str):
    """English text that a `Voice` can say anew; a plain `str` to everybody else."""

    __slots__ = ()

    def said_by(self, speaker: Speaker) -> str:
        """Return the text as *speaker* says it."""
        raise NotImplementedError

    def parts_within(self) -> Iterable[object]:
        """Return what the text was made from: facts, or texts."""
        return ()


class Sentence(Spoken):
    """A message with its facts; *many* and *n* where its form depends on a count."""

    __slots__ = ("facts", "many", "message", "n")
    message: str
    many: str
    n: int
    facts: Mapping[str, object]

    @classmethod
    def of(cls, text: str, message: str, facts: Mapping[str, object], many: str = "", n: int = 0) -> Self:
        """Return *text*, made from *message* and *facts*."""
        self = cls(text)
        self.message, self.facts, self.many, self.n = message, facts, many, n
        return self

    def said_by(self, speaker: Speaker) -> str:
        """Return the sentence as *speaker* says it."""
        if self.many:
            return speaker.counted(self.message, self.many, self.n, self.facts)
        return speaker.message(self.message, self.facts)

    def parts_within(self) -> Iterable[object]:
        """Return the facts."""
        return self.facts.values()


def say(message: str, /, **facts: object) -> Sentence:
    """Return *message* with its facts in their braces.

    Raises:
        KeyError: *message* has braces for which there is no fact.
    """
    return Sentence.of(message.format_map(facts), message, facts)


def say_n(one: str, many: str, n: int, /, **facts: object) -> Sentence:
    """Return the message that suits *n*, which stands in it as `{n}`: *one* for 1, *many* for all else.

    Other languages have as many forms as their grammar has.

    Raises:
        KeyError: the message has braces for which there is no fact.
    """
    facts["n"] = n
    return Sentence.of((one if n == 1 else many).format_map(facts), one, facts, many, n)


def mark(message: str) -> str:
    """Return *message* as it is; it is found by extraction, and said later."""
    return message


def say_marked(message: str, /, **facts: object) -> Sentence:
    """Return a message that `mark` has marked, with its facts in their braces.

    Raises:
        KeyError: *message* has braces for which there is no fact.
    """
    return Sentence.of(message.format_map(facts), message, facts)


def facts_in(text: object) -> Mapping[str, object]:
    """Return the facts of a sentence by their names, those of sentences within it as well; none of plain text."""
    if not isinstance(text, Speakable):
        return {}
    parts = [facts_in(part) for part in text.parts_within()]
    within = {name: fact for facts in parts for name, fact in facts.items()}
    return {**within, **text.facts} if isinstance(text, Sentence) else within
