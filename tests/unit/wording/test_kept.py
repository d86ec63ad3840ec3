"""Sentences come back from a register as they were."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certs.errors import InputError
from certs.wording import (
    Spoken,
    Voice,
    clause,
    day,
    facts_in,
    hint,
    hints_in,
    joined,
    listing,
    period,
    read_again,
    say,
    say_n,
    short_day,
    written,
)

LOUD = Voice(hinting=lambda key, facts: f"<{key}>")
AT = datetime(2026, 11, 22, 12, 0, tzinfo=timezone(timedelta(hours=5.5)))
TEXTS = [
    "",
    "plain",
    "[1] of 8",
    '["say","{n}",{}]',
    say("{n:,} of {part:.0%} {x!r}", n=1234, part=0.5, x="a"),
    say("{when:%Y-%m-%d %H:%M %z} {none} {yes} {on:%d}", when=AT, none=None, yes=True, on=date(2026, 1, 2)),
    say_n("{n:,} session of {name}", "{n:,} sessions of {name}", 1, name="Zoë"),
    say_n("{n:,} session", "{n:,} sessions", 2),
    hint("status", event="gmp-2026"),
    listing(["a", say("{b}", b="{b}")], either=True),
    day(date(2026, 10, 6)),
    short_day(date(2026, 10, 6)),
    short_day(date(2026, 10, 6), with_year=True),
    period(date(2026, 10, 6), date(2026, 10, 29)),
    clause(say("Say why, with {by}.", by=hint("reason"))),
    joined([say("Say why, with {by}.", by=hint("reason")), "Then."], "\n"),
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_comes_back_with_all_it_was_made_from(text: str) -> None:
    """The same to read, to another voice, and to programs that want facts and hints."""
    again = read_again(written(text))
    assert (again, type(again)) == (text, type(text))
    assert LOUD.say(again) == LOUD.say(text)
    assert facts_in(again) == facts_in(text)
    assert list(hints_in(again)) == list(hints_in(text))
    assert written(again) == written(text)


@given(st.text(), st.text(), st.integers())
def test_whatever_stands_in_facts_comes_back(text: str, name: str, n: int) -> None:
    sentence = joined([text, say("{name} {n:,}", name=name, n=n)])
    assert (read_again(written(text)), read_again(written(sentence))) == (text, sentence)


def test_plain_text_stands_as_it_is() -> None:
    """What an older program kept is read as well, and so is what a person looks for in the database."""
    assert written("5 of 6.") == "5 of 6." == read_again("5 of 6.")
    assert not isinstance(read_again("5 of 6."), Spoken)


def test_a_fact_without_a_form_is_a_defect_at_once() -> None:
    """Nothing is kept that would come back as something else."""
    for fact in (InputError("x"), b"x", UTC, timedelta(1), [1]):
        with pytest.raises(TypeError, match="cannot be kept"):
            written(say("{fact}", fact=fact))


@pytest.mark.parametrize(
    "kept",
    [
        '["',
        '["say"]',
        '["say","{n}",{}]',
        '["say","{n",{"n":1}]',
        '["hint","nothing",{}]',
        '["day","2026"]',
        '["at","2026-10-06T11:00:00+00:00"]',
        '["plain",1]',
        '["what","x"]',
        '["listing",true,[1]]',
        '["say_n","{n}"]',
    ],
)
def test_what_was_never_written_is_refused(kept: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- by several parsers, each with its words
        read_again(kept)
