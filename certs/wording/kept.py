"""Sentences as texts for a register, from which they come back with message and facts, to be said by any voice.

    read_again(written(say("{n} of {least} needed.", n=5, least=6)))

Plain text stands as it is. A spoken one is a JSON list, of which the first item says what it is:

    ["say", message, {fact: …}]  ["say_n", one, many, n, {fact: …}]  ["hint", key, {fact: …}]
    ["listing", either, [item, …]]  ["joined", between, [text, …]]  ["clause", text]
    ["day", "2026-10-06"]  ["short", "2026-10-06", with_year]  ["period", "2026-10-06", "2026-10-29"]

A fact is a string (of a path, too), a number, true, false, null, one of these lists, or ["at",
"2026-10-06T11:00:00+00:00"] for a moment and ["on", "2026-10-06"] for a date that is no spoken day. Plain text that
looks like a list is ["plain", text].
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import PurePath
from typing import Any

from certs.wording.hints import Hint
from certs.wording.parts import (
    Clause,
    Day,
    Joined,
    Listing,
    Period,
    ShortDay,
    clause,
    day,
    joined,
    listing,
    period,
    short_day,
)
from certs.wording.sentence import Sentence, Spoken

_LIST = '["'


def written(text: str) -> str:
    """Return *text* as a text that `read_again` understands.

    Raises:
        TypeError: a fact in it is of a kind that has no form here.
    """
    if isinstance(text, Spoken):
        return json.dumps(_form(text), ensure_ascii=False, separators=(",", ":"))
    return json.dumps(["plain", text], ensure_ascii=False) if text.startswith(_LIST) else text


def written_or_plain(text: str) -> str:
    """Return *text* as `written` does, or in plain English where a fact of it has no form: what ends must not fail."""
    try:
        return written(text)
    except TypeError:
        return written(str(text))


@lru_cache(maxsize=4096)
def read_again(kept: str) -> str:
    """Return the text that `written` made *kept* from; the same object for the same text.

    Raises:
        ValueError: it is none that `written` makes.
    """
    if not kept.startswith(_LIST):
        return kept
    try:
        text = _value(json.loads(kept))
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError(f"no kept sentence: {kept!r}") from error
    if not isinstance(text, str):
        raise ValueError(f"no kept sentence: {kept!r}")
    return text


def _form(fact: object) -> object:
    """Return *fact* as JSON has it.

    Raises:
        TypeError: it is of a kind that has no form here.
    """
    match fact:
        case Sentence() if fact.many:
            return ["say_n", fact.message, fact.many, fact.n, _forms(fact.facts, besides="n")]
        case Sentence():
            return ["say", fact.message, _forms(fact.facts)]
        case Hint():
            return ["hint", fact.key, _forms(fact.facts)]
        case Listing():
            return ["listing", fact.either, [_form(one) for one in fact.items]]
        case Joined():
            return ["joined", fact.between, [_form(one) for one in fact.texts]]
        case Clause():
            return ["clause", _form(fact.whole)]
        case Day() | ShortDay() | Period():
            return _days(fact)
        case datetime():
            return ["at", fact.isoformat()]
        case date():
            return ["on", fact.isoformat()]
        case PurePath():
            return str(fact)
        case None | bool() | int() | float() | str():
            return fact
        case _:
            raise TypeError(f"a fact of type {type(fact).__name__} cannot be kept: {fact!r}")


def _days(fact: Day | ShortDay | Period) -> object:
    match fact:
        case Day():
            return ["day", fact.on.isoformat()]
        case ShortDay():
            return ["short", fact.on.isoformat(), fact.with_year]
        case Period():
            return ["period", fact.first.isoformat(), fact.last.isoformat()]


def _forms(facts: Mapping[str, object], besides: str = "") -> dict[str, object]:
    return {name: _form(fact) for name, fact in facts.items() if name != besides}


def _value(form: Any) -> object:
    """Return the fact that *form* stands for.

    Raises:
        ValueError, KeyError, TypeError, IndexError: it stands for none.
    """
    if not isinstance(form, list):
        return form
    what, *rest = form
    match what:
        case "say":
            return _sentence(rest[0], rest[0], rest[1])
        case "say_n":
            one, many, n, facts = rest
            return _sentence(one if n == 1 else many, one, facts | {"n": n}, many, n)
        case "hint":
            return Hint.of(rest[0], _values(rest[1]))
        case "listing":
            return listing(map(_text, rest[1]), either=rest[0])
        case "joined":
            return joined(map(_text, rest[1]), rest[0])
        case "clause":
            return clause(_text(rest[0]))
        case "day" | "short" | "period":
            return _of_days(what, rest)
        case "at":
            return datetime.fromisoformat(rest[0])
        case "on":
            return date.fromisoformat(rest[0])
        case "plain":
            return rest[0]
        case _:
            raise ValueError(f"no kept sentence: {form!r}")


def _of_days(what: str, rest: list[Any]) -> object:
    match what:
        case "day":
            return day(date.fromisoformat(rest[0]))
        case "short":
            return short_day(date.fromisoformat(rest[0]), with_year=rest[1])
        case _:
            return period(*map(date.fromisoformat, rest))


def _sentence(form: str, message: str, facts: Mapping[str, Any], many: str = "", n: int = 0) -> Sentence:
    values = _values(facts)
    return Sentence.of(form.format_map(values), message, values, many, n)


def _values(forms: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(form) for name, form in forms.items()}


def _text(form: Any) -> str:
    value = _value(form)
    if not isinstance(value, str):
        raise TypeError(f"no text: {form!r}")
    return value
