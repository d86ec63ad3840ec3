"""Words fit the event and the language."""

from dataclasses import replace
from datetime import date

import pytest

from certs.errors import InputError
from certs.pdf import Design, draw_plate
from certs.pdf.words import event_facts, fill
from tests.unit.pdf import cast

CLASSIC = Design.load("classic")
ENGLISH, FRENCH, SPANISH = (CLASSIC.language(tag) for tag in ("en", "fr-CH", "es"))


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 10, 6), date(2026, 10, 6), "6 October 2026"),
        (date(2026, 10, 6), date(2026, 10, 29), "6–29 October 2026"),
        (date(2026, 9, 30), date(2026, 10, 2), "30 September – 2 October 2026"),
        (date(2026, 12, 30), date(2027, 1, 2), "30 December 2026 – 2 January 2027"),
    ],
)
def test_a_period_says_no_more_than_it_needs(first: date, last: date, said: str) -> None:
    """One day, one month, one year, two years."""
    assert ENGLISH.period(first, last) == said


def test_french_days_and_numbers_are_french() -> None:
    """The first of a month has a word of its own; decimals have a comma."""
    assert FRENCH.day(date(2026, 8, 1)) == "1er août 2026"
    assert FRENCH.hours(55) == "13,75 heures"


@pytest.mark.parametrize(("quarters", "said"), [(0, "0 hours"), (1, "0.25 hours"), (4, "1 hour"), (6, "1.5 hours")])
def test_hours_have_as_many_decimals_as_they_need(quarters: int, said: str) -> None:
    """A single hour is singular."""
    assert ENGLISH.hours(quarters) == said


@pytest.mark.parametrize(
    ("quarters", "french", "spanish"),
    [
        (0, "0 heure", "0 horas"),
        (1, "0,25 heure", "0,25 horas"),
        (4, "1 heure", "1 hora"),
        (6, "1,5 heure", "1,5 horas"),
        (7, "1,75 heure", "1,75 horas"),
        (8, "2 heures", "2 horas"),
    ],
)
def test_each_language_has_its_own_singular(quarters: int, french: str, spanish: str) -> None:
    """French counts everything below two as one."""
    assert (FRENCH.hours(quarters), SPANISH.hours(quarters)) == (french, spanish)


def test_what_an_event_does_not_say_is_left_out() -> None:
    """Without a place the second wording counts; without a last day of validity none does."""
    nowhere = replace(cast.EVENT, place="")
    facts = event_facts(nowhere, ENGLISH, cast.BASE_URL)
    assert ENGLISH.pattern("when", nowhere, facts) == "{dates}"
    assert ENGLISH.pattern("valid_until", nowhere, facts) == ""


def test_every_language_has_the_words_of_the_others() -> None:
    """So that none fails where another works."""
    optional = {"first_of_month"}
    assert {frozenset(words.texts.keys() - optional) for words in CLASSIC.words.values()} == {
        frozenset(ENGLISH.texts.keys() - optional)
    }


def test_a_missing_word_is_said() -> None:
    """With its name and language."""
    with pytest.raises(InputError, match=r"“nothing” in \[es\]"):
        SPANISH.pattern("nothing", cast.EVENT, {})


def test_braces_and_percent_signs_in_a_fact_mean_nothing() -> None:
    """A title may look like a place for a fact; it is printed as it is, in the document's title too."""
    assert fill("{event}: 100 % of {name}", {"event": "{name} %s", "name": "Ana"}) == "{name} %s: 100 % of Ana"
    event = replace(cast.EVENT, title="{hours} of 50% {name}")
    statement = replace(cast.statement(), event=event)
    plate = draw_plate(CLASSIC, [statement], cast.BASE_URL, cast.sealer())
    imprint = plate.imprint(statement, cast.claim_url(statement))
    assert b"{hours} of 50% {name}" in imprint.tail
