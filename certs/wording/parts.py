"""Parts of sentences: lists, days, and sentences one after the other; in English as CLDR has them for `en_GB`."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Self

from certs.wording.sentence import Speaker, Spoken

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_FULL_STOPS = ".。"


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


class ShortDay(Spoken):
    """A day for lists: "6 Oct", with its year where several years meet."""

    __slots__ = ("on", "with_year")
    on: date
    with_year: bool

    @classmethod
    def of(cls, of: date, *, with_year: bool) -> Self:
        """Return the day *of* in English."""
        self = cls(f"{of.day} {MONTHS[of.month - 1][:3]}" + (f" {of.year}" if with_year else ""))
        self.on, self.with_year = of, with_year
        return self

    def said_by(self, speaker: Speaker) -> str:
        """Return the day as *speaker* says it."""
        return speaker.dated_briefly(self.on, with_year=self.with_year)


class Period(Spoken):
    """The days from the first to the last, what they share said once: "6–29 October 2026"."""

    __slots__ = ("first", "last")
    first: date
    last: date

    @classmethod
    def of(cls, first: date, last: date) -> Self:
        """Return the days in English."""
        self = cls(english_period(first, last))
        self.first, self.last = first, last
        return self

    def said_by(self, speaker: Speaker) -> str:
        """Return the days as *speaker* says them."""
        return speaker.spanned(self.first, self.last)


class Clause(Spoken):
    """A sentence without its full stop, as a part of a longer one."""

    __slots__ = ("whole",)
    whole: str

    @classmethod
    def of(cls, whole: str) -> Self:
        """Return *whole* without its full stop."""
        self = cls(whole.rstrip("."))
        self.whole = whole
        return self

    def said_by(self, speaker: Speaker) -> str:
        """Return the clause as *speaker* says it."""
        return speaker.say(self.whole).rstrip(_FULL_STOPS)

    def parts_within(self) -> Iterable[object]:
        """Return the sentence."""
        return (self.whole,)


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


def english_period(first: date, last: date) -> str:
    """Return the days from *first* to *last* in English."""
    end = str(Day.of(last))
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    if first.year == last.year:
        return f"{first.day} {MONTHS[first.month - 1]} – {end}"
    return f"{Day.of(first)} – {end}"


def listing(items: Iterable[str], *, either: bool = False) -> Listing:
    """Return *items* as a list: of all, or of *either* one or the other."""
    return Listing.of(tuple(items), either=either)


def day(of: date) -> Day:
    """Return a day in full; of a moment, the day that its zone has."""
    return Day.of(of.date() if isinstance(of, datetime) else of)


def short_day(of: date, *, with_year: bool = False) -> ShortDay:
    """Return a day as short as lists want it."""
    return ShortDay.of(of, with_year=with_year)


def period(first: date, last: date) -> Period:
    """Return the days from *first* to *last*."""
    return Period.of(first, last)


def clause(sentence: str) -> Clause:
    """Return *sentence* without its full stop, to stand in a longer one."""
    return Clause.of(sentence)


def joined(texts: Iterable[str], between: str = " ") -> Joined:
    """Return *texts* with *between* between them: sentences, or with a line break lines."""
    return Joined.of(tuple(texts), between)
