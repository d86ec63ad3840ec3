"""A voice says sentences in one language and puts what an edge has for hints.

English is the language of the source and is always there. Others come from `catalogues/` (gettext, read by the standard
library) and say numbers, days and lists by CLDR (Babel, loaded when one is spoken). A sentence that a catalogue lacks
is said in English; a hint's facts are never translated.
"""

import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from certs.wording.hints import neutral
from certs.wording.parts import Day, ShortDay, english_list, english_period
from certs.wording.sentence import Speakable, Spoken

if TYPE_CHECKING:
    import gettext

LANGUAGES = ("en", "ar", "es", "fr", "ru", "zh")
"""What there are catalogues of, whole or not; the first is the language of the source."""
_SOURCE = LANGUAGES[0]
_RIGHT_TO_LEFT = frozenset({"ar"})
_ISOLATE, _END_OF_ISOLATE = "\u2068", "\u2069"
"""First strong isolate and its end (Unicode Standard Annex 9)."""
Hinting = Callable[[str, Mapping[str, object]], str]
"""What an edge puts for a hint of some key and facts."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One of `LANGUAGES` and what stands for hints; `say` is what edges call."""

    language: str = _SOURCE
    hinting: Hinting | None = None

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise ValueError(f"there is no catalogue of {self.language!r}, only of {', '.join(LANGUAGES)}")

    def say(self, text: str) -> str:
        """Return *text* as this voice says it; plain text as it is."""
        if self.language == _SOURCE and self.hinting is None:
            return text  # it is English with neutral hints already
        return text.said_by(self) if isinstance(text, Spoken) else text

    def message(self, message: str, facts: Mapping[str, object]) -> str:
        """Return *message* in this language, with its facts."""
        return self._filled(self.message_as_it_is(message), facts)

    def message_as_it_is(self, message: str) -> str:
        """Return *message* in this language, its braces unfilled."""
        return message if self._is_source else _catalogue(self.language).gettext(message)

    def counted(self, one: str, many: str, n: int, facts: Mapping[str, object]) -> str:
        """Return the form of a message that suits *n*, with its facts."""
        return self._filled(self.counted_as_it_is(one, many, n), facts)

    def counted_as_it_is(self, one: str, many: str, n: int) -> str:
        """Return the form of a message that suits *n* in this language, its facts unfilled."""
        if self._is_source:
            return one if n == 1 else many
        return _catalogue(self.language).ngettext(one, many, n)

    def hinted(self, key: str, facts: Mapping[str, object]) -> str:
        """Return what stands for a hint: the edge's own, else neutral words in this language."""
        return self.hinting(key, facts) if self.hinting else self.message(neutral(key), facts)

    def listed(self, items: tuple[str, ...], *, either: bool) -> str:
        """Return *items* as a list."""
        if self._is_source:
            return english_list(items, either=either)
        from babel.lists import format_list  # noqa: PLC0415 -- only where another language is spoken

        return format_list(items, "or" if either else "standard", locale=self.language)

    def dated(self, on: date) -> str:
        """Return a day in full."""
        return str(Day.of(on)) if self._is_source else _dated(on, self.language)

    def dated_briefly(self, on: date, *, with_year: bool) -> str:
        """Return a day as short as lists want it."""
        if self._is_source:
            return str(ShortDay.of(on, with_year=with_year))
        from babel.dates import format_skeleton  # noqa: PLC0415

        return format_skeleton("yMMMd" if with_year else "MMMd", on, locale=self.language)

    def spanned(self, first: date, last: date) -> str:
        """Return the days from *first* to *last*."""
        if self._is_source:
            return english_period(first, last)
        if first == last:
            return self.dated(last)
        from babel.dates import format_interval  # noqa: PLC0415

        return format_interval(first, last, "yMMMMd", locale=self.language)

    @property
    def _is_source(self) -> bool:
        return self.language == _SOURCE

    def _filled(self, template: str, facts: Mapping[str, object]) -> str:
        if not facts and "{" not in template:
            return template
        own = {name: self._fact(fact) for name, fact in facts.items()}
        return template.format_map(own) if self._is_source else _localised(self.language).vformat(template, (), own)

    def _fact(self, fact: object) -> object:
        """Return *fact* as it stands in a sentence; a name or number keeps its own direction among Arabic words."""
        if isinstance(fact, Speakable):
            return fact.said_by(self)
        if self.language in _RIGHT_TO_LEFT and isinstance(fact, str):
            return f"{_ISOLATE}{fact}{_END_OF_ISOLATE}"
        return fact


ENGLISH = Voice()
"""Says English, and hints in neutral words."""


class _Localised(string.Formatter):
    """Writes numbers with `,` and `%` by the rules of a language, everything else as Python does."""

    def __init__(self, language: str) -> None:
        self._language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        """Return one fact."""
        from babel.numbers import format_decimal, format_percent  # noqa: PLC0415

        if format_spec == "," and isinstance(value, int | float):
            return format_decimal(value, locale=self._language)
        if format_spec == ".0%":
            return format_percent(value, locale=self._language)
        return format(value, format_spec)


@lru_cache(maxsize=4096)
def _dated(on: date, language: str) -> str:
    """Return a day in full; the same days come again and again, and CLDR's patterns take a tenth of a millisecond."""
    from babel.dates import format_date  # noqa: PLC0415

    return format_date(on, "long", locale=language)


@cache
def _localised(language: str) -> _Localised:
    return _Localised(language)


@cache
def _catalogue(language: str) -> "gettext.NullTranslations":
    """Return the catalogue of *language*."""
    import gettext  # noqa: PLC0415
    from importlib import resources  # noqa: PLC0415

    place = resources.files("certs.wording") / "catalogues" / language / "LC_MESSAGES" / "certs.mo"
    with place.open("rb") as file:
        return gettext.GNUTranslations(file)
