"""Parts of sentences: lists, days, and sentences one after the other; in English as CLDR has them for `en_GB`."""

from collections.abc import Iterable
from datetime import date
from typing import Self

from certs.wording.sentence import Speaker, Spoken

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class Listing(Spoken):
    """Things of which all, or one of several, are meant."""

    __slots__ = ("either", "items")
    items: tuple[str, ...]
    either: bool

    @classmethod
    def of(cls, items: tuple[str, ...], *, either: bool) -> Self:
        """Return *items* in English: "a, b and c"."""
        self = cls(english_list(items, either=either))
        self.items, self.either = items, either
        return self

    def said_by(self, speaker: Speaker) -> str:
        """Return the list as *speaker* says it."""
        return speaker.listed(tuple(speaker.say(one) for one in self.items), either=self.either)

    def parts_within(self) -> Iterable[object]:
        """Return the things listed."""
        return self.items


class Day(Spoken):
    """A day in full: "6 October 2026"."""

    __slots__ = ("on",)
    on: date

    @classmethod
    def of(cls, of: date) -> Self:
        """Return the day *of* in English."""
        self = cls(f"{of.day} {MONTHS[of.month - 1]} {of.year}")
        self.on = of
        return self

    def said_by(self, speaker: Speaker) -> str:
        """Return the day as *speaker* says it."""
        return speaker.dated(self.on)


class Joined(Spoken):
    """Texts one after the other, each said by itself."""

    __slots__ = ("between", "texts")
    between: str
    texts: tuple[str, ...]

    @classmethod
    def of(cls, texts: tuple[str, ...], between: str) -> Self:
        """Return *texts* with *between* between them."""
        self = cls(between.join(texts))
        self.texts, self.between = texts, between
        return self

    def said_by(self, speaker: Speaker) -> str:
        """Return the texts as *speaker* says each."""
        return self.between.join(speaker.say(one) for one in self.texts)

    def parts_within(self) -> Iterable[object]:
        """Return the texts."""
        return self.texts


def english_list(items: tuple[str, ...], *, either: bool) -> str:
    """Return "a, b and c", or "a, b or c" where one of them is meant; nothing of nothing."""
    last = " or " if either else " and "
    return last.join((", ".join(items[:-1]), items[-1])) if len(items) > 1 else "".join(items)


def listing(items: Iterable[str], *, either: bool = False) -> Listing:
    """Return *items* as a list: of all, or of *either* one or the other."""
    return Listing.of(tuple(items), either=either)


def day(of: date) -> Day:
    """Return a day in full."""
    return Day.of(of)


def joined(texts: Iterable[str], between: str = " ") -> Joined:
    """Return *texts* with *between* between them: sentences, or with a line break lines."""
    return Joined.of(tuple(texts), between)
