"""The words of a certificate in the event's language: texts with facts in braces, dates, hours.

A design's `words.toml` has one table for each language. A text is a string, or a list of strings of which the first
counts whose facts are all there (`["{dates} · {place}", "{dates}"]`). With a single session the key with `_single` is
preferred, for a person who attended all of several sessions the one with `_all`. Before these endings stands `_spoke`
for speakers, `_did` where the event says in its own words what people did (`{did}`). Dates follow the patterns `date`,
`days` (in one month), `months` (in one year) and `years`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from certs.errors import InputError
from certs.ground.number import ALPHABET
from certs.model import EventFacts
from certs.wording import say

OWN_FACTS = frozenset({"name", "number", "attended", "hours", "issued"})
"""Facts of one person: a text that holds one is printed by the tail, all others stand on the plate."""
_SINGULAR_BELOW_TWO = frozenset({"fr"})
"""Languages in which 0 and 1.5 are singular; the others that designs speak say so of 1 alone."""
_FACT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """One language of a design."""

    language: str
    texts: Mapping[str, tuple[str, ...]]
    month_names: tuple[str, ...]
    months_short: tuple[str, ...]

    def pattern(self, key: str, event: EventFacts, facts: Mapping[str, str]) -> str:
        """Return the text *key* that suits *event*: the first whose event facts are all there, else nothing.

        Raises:
            InputError: the language has no such text.
        """
        chosen = self._chosen(key, event, *(("_single", "") if len(event.sessions) == 1 else ("",)))
        if chosen is None:
            raise InputError(say("words.toml has no text “{key}” in [{language}].", key=key, language=self.language))
        return next((text for text in chosen if all(facts.get(fact) for fact in facts_in(text) - OWN_FACTS)), "")

    def pattern_of_all(self, key: str, event: EventFacts) -> str:
        """Return the text *key* for a person who attended all of several sessions, or nothing if there is none."""
        return (self._chosen(key, event, "_all") or ("",))[0]

    def _chosen(self, key: str, event: EventFacts, *endings: str) -> tuple[str, ...] | None:
        """Return the text *key* with the first of *endings* that there is, what people did at *event* going before."""
        own = "_did" if event.attended else "_spoke" if event.spoke else ""
        keys = [f"{key}{did}{ending}" for did in dict.fromkeys((own, "")) for ending in endings]
        return next((self.texts[one] for one in keys if one in self.texts), None)

    def has(self, key: str) -> bool:
        """Say whether the language has the text *key*."""
        return key in self.texts

    def text(self, key: str) -> str:
        """Return the text *key*, which has no alternatives and does not depend on the event."""
        return self._text(key)

    def _text(self, key: str) -> str:
        """Return a text that has no alternatives."""
        return self.texts[key][0]

    def _ordinal(self, day: date) -> str:
        """Return the day of the month; some languages have a word of their own for the first."""
        return self._text("first_of_month") if day.day == 1 and "first_of_month" in self.texts else str(day.day)

    @lru_cache(maxsize=512)  # noqa: B019 -- words live as long as the process
    def day(self, day: date) -> str:
        """Return a date in full."""
        return self._text("date").format(day=self._ordinal(day), month=self.month_names[day.month - 1], year=day.year)

    def short_day(self, day: date) -> str:
        """Return a date without year."""
        return self._text("short_date").format(day=self._ordinal(day), month=self.months_short[day.month - 1])

    def period(self, first: date, last: date) -> str:
        """Return the days from *first* to *last*."""
        if first == last:
            return self.day(first)
        if first.year != last.year:
            return self._text("years").format(first=self.day(first), last=self.day(last))
        key = "days" if first.month == last.month else "months"
        names = self.month_names
        return self._text(key).format(
            first_day=self._ordinal(first),
            first_month=names[first.month - 1],
            last_day=self._ordinal(last),
            last_month=names[last.month - 1],
            year=last.year,
        )

    @lru_cache(maxsize=512)  # noqa: B019
    def hours(self, quarter_hours: int) -> str:
        """Return a time in hours, with as many decimals as it needs."""
        whole, quarters = divmod(quarter_hours, 4)
        decimals = ("", "25", "5", "75")[quarters]
        count = f"{whole}{self._text('decimal')}{decimals}" if decimals else str(whole)
        return self._text("hour" if self.is_one(quarter_hours / 4) else "hours").format(count=count)

    def is_one(self, count: float) -> bool:
        """Say whether so many of something are singular in this language, after the rules of Unicode CLDR."""
        return count < 2 if self.language.partition("-")[0] in _SINGULAR_BELOW_TWO else count == 1


def facts_in(text: str) -> frozenset[str]:
    """Return the names of the facts in *text*."""
    return frozenset(_FACT.findall(text))


def fill(text: str, facts: Mapping[str, str]) -> str:
    """Return *text* with its facts filled in; braces in a fact mean nothing."""
    return _template(text) % facts


@lru_cache(maxsize=512)
def _template(text: str) -> str:
    """Return *text* for the operator %, which fills in quicker than a search does."""
    return _FACT.sub(r"%(\1)s", text.replace("%", "%%"))


def event_facts(event: EventFacts, words: Words, base_url: str) -> dict[str, str]:
    """Return the facts that all certificates of *event* share; empty where the event says nothing."""
    return {
        "event": event.title,
        "kind": event.heading,
        "did": event.attended,
        "issuer": event.issuer,
        "place": event.place,
        "dates": words.period(event.first_day, event.last_day),
        "criteria": event.criteria,
        "in_all": str(len(event.sessions)),
        "short_title": event.short_title,
        "times": event.sessions[0].times if len(event.sessions) == 1 else "",
        "valid_until": words.day(event.valid_until) if event.valid_until else "",
        "site": base_url.partition("://")[2].rstrip("/"),
    }


def attended_facts(sessions: int, quarter_hours: int, issued_on: date, words: Words) -> dict[str, str]:
    """Return the facts that all who attended so many sessions for so long share; those of `OWN_FACTS` but two."""
    return {"attended": str(sessions), "hours": words.hours(quarter_hours), "issued": words.day(issued_on)}


def specimen(words: Words) -> dict[str, str]:
    """Return facts that hold every character of anybody's number, counts, hours and dates; the name is blank."""
    digits = "0123456789"
    hours = [words.hours(4), *(words.hours(4 * int(digits[::-1]) + quarters) for quarters in range(4))]
    days = [words.day(date(2000, month, day)) for month in range(1, 13) for day in (1, 2)]
    return {
        "name": " ",
        "number": f"{ALPHABET}-",
        "attended": digits,
        "hours": " ".join(hours),
        "issued": " ".join([digits, *days]),
    }
