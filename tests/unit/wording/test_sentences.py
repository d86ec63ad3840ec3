import pickle
from datetime import date

import pytest
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from certs.errors import ConflictError, InputError, Problem
from certs.wording import ENGLISH, Voice, clause, day, hint, joined, listing, period, say, say_n, short_day
from certs.wording import voice as voices

LOUD = Voice(hinting=lambda key, facts: f"<{key}>")
FRENCH = Voice("fr")


class Catalogue:
    """A French catalogue that knows what these tests say."""

    def gettext(self, message: str) -> str:
        known = {
            "Who came on {day}: {who}.": "Présents le {day} : {who}.",
            "{part:.0%} of {whole:,}": "{part:.0%} de {whole:,}",
        }
        return known.get(message, message)

    def ngettext(self, one: str, many: str, n: int) -> str:
        if one == "{n:,} session":
            return "{n:,} séance" if n < 2 else "{n:,} séances"
        return one if n == 1 else many


@pytest.fixture(autouse=True)
def french(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voices, "_catalogue", lambda language: Catalogue())


def test_a_sentence_is_its_english_text() -> None:
    assert say("{n:,} of {name}", n=1234, name="Zoë") == "1,234 of Zoë"


def test_a_fact_is_never_read_as_a_template() -> None:
    sentence = say("No {what}.", what="{n} {0.__class__}")
    assert sentence == LOUD.say(sentence) == FRENCH.say(sentence) == "No {n} {0.__class__}."


def test_a_missing_fact_is_a_defect_at_once() -> None:
    with pytest.raises(KeyError):
        say("{n} of {all}", n=1)


@pytest.mark.parametrize(
    ("n", "said"), [(0, "0 sessions"), (1, "1 session"), (2, "2 sessions"), (1000, "1,000 sessions")]
)
def test_english_has_one_form_for_one(n: int, said: str) -> None:
    assert say_n("{n:,} session", "{n:,} sessions", n) == said


@pytest.mark.parametrize(
    ("n", "said"), [(0, "0 séance"), (1, "1 séance"), (2, "2 séances"), (1000, "1\u202f000 séances")]
)
def test_another_language_counts_by_its_own_rules(n: int, said: str) -> None:
    assert FRENCH.say(say_n("{n:,} session", "{n:,} sessions", n)) == said


def test_days_lists_and_shares_follow_the_language() -> None:
    who = say("Who came on {day}: {who}.", day=day(date(2026, 10, 6)), who=listing(["Ana", "Ben", "Zoë"]))
    assert who == "Who came on 6 October 2026: Ana, Ben and Zoë."
    assert FRENCH.say(who) == "Présents le 6 octobre 2026 : Ana, Ben et Zoë."
    assert FRENCH.say(say("{part:.0%} of {whole:,}", part=0.5, whole=12345)) == "50\u00a0% de 12\u202f345"


@pytest.mark.parametrize(
    ("first", "last", "english", "french"),
    [
        (date(2026, 10, 6), date(2026, 10, 6), "6 October 2026", "6 octobre 2026"),
        (date(2026, 10, 6), date(2026, 10, 29), "6–29 October 2026", "6–29 oct. 2026"),
        (date(2026, 10, 30), date(2026, 11, 2), "30 October – 2 November 2026", "30 oct. – 2 nov. 2026"),
        (
            date(2026, 12, 30),
            date(2027, 1, 2),
            "30 December 2026 – 2 January 2027",
            "30 déc. 2026 – 2 janv. 2027",
        ),
    ],
)
def test_what_days_of_a_period_share_is_said_once(first: date, last: date, english: str, french: str) -> None:
    assert period(first, last) == english
    assert FRENCH.say(period(first, last)).replace("\u2009", " ") == french


def test_a_short_day_has_its_year_where_it_is_wanted() -> None:
    on = date(2026, 9, 6)
    assert (short_day(on), short_day(on, with_year=True)) == ("6 Sep", "6 Sep 2026")
    assert (FRENCH.say(short_day(on)), FRENCH.say(short_day(on, with_year=True))) == ("6 sept.", "6 sept. 2026")


def test_a_sentence_stands_in_another_one_without_its_full_stop() -> None:
    outer = say("{first}; it ends.", first=clause(say("Who came on {day}: {who}.", day="1", who="Ana")))
    assert outer == "Who came on 1: Ana; it ends."
    assert FRENCH.say(outer) == "Présents le 1 : Ana; it ends."


def test_a_broken_number_is_written_by_the_rules_of_the_language() -> None:
    assert say("{n:,} %", n=49.9) == "49.9 %"
    assert FRENCH.say(say("{n:,} %", n=49.9)) == "49,9 %"


def test_what_a_catalogue_lacks_is_said_in_english() -> None:
    assert FRENCH.say(say("Nobody said that.")) == "Nobody said that."


def test_a_hint_is_said_by_the_edge_wherever_it_stands() -> None:
    why = say("Say why, with {by}.", by=hint("reason"))
    assert ENGLISH.say(why) == why == "Say why, with a reason."
    assert (
        LOUD.say(joined([say("Two things. {first}", first=why), "plain"], "\n"))
        == "Two things. Say why, with <reason>.\nplain"
    )


def test_a_sentence_survives_the_way_to_another_process() -> None:
    sent = pickle.loads(pickle.dumps(say("Say why, with {by}.", by=hint("reason"))))
    assert LOUD.say(sent) == "Say why, with <reason>."


def test_a_language_without_catalogue_is_refused() -> None:
    with pytest.raises(ValueError, match="no catalogue of 'tlh'"):
        Voice("tlh")


@pytest.mark.parametrize("items", [[], ["a"], ["a", "b"], ["a", "b", "c"]])
def test_english_lists_are_those_of_cldr(items: list[str]) -> None:
    assert listing(items) == format_list(items, "standard", locale="en_GB")
    assert listing(items, either=True) == format_list(items, "or", locale="en_GB")


@pytest.mark.parametrize("month", range(1, 13))
def test_english_days_are_those_of_cldr(month: int) -> None:
    of = date(2026, month, month)
    assert day(of) == format_date(of, "long", locale="en_GB")


@pytest.mark.parametrize("number", [0, 999, 1000, 1234567, -5000])
def test_english_numbers_are_those_of_cldr(number: int) -> None:
    assert say("{n:,}", n=number) == format_decimal(number, locale="en_GB")


def test_an_error_has_facts_and_hints_of_all_its_problems() -> None:
    error = InputError(
        Problem(say("No {what}.", what="name"), "people.csv", 3), say("Say why, with {by}.", by=hint("reason"))
    )
    assert (error.facts["what"], error.hints, error.hint) == ("name", ("reason",), "reason")
    assert str(error) == "people.csv:3: No name.\nSay why, with a reason."
    assert error.said_by(LOUD) == "people.csv:3: No name.\nSay why, with <reason>."


def test_an_error_may_stand_in_a_sentence() -> None:
    inner = InputError(say("Say why, with {by}.", by=hint("reason")))
    outer = ConflictError(say("Nothing was done. {error}", error=inner))
    assert outer.said_by(LOUD) == "Nothing was done. Say why, with <reason>."
    assert (outer.hint, str(outer)) == ("reason", "Nothing was done. Say why, with a reason.")


def test_an_error_of_plain_text_has_no_facts() -> None:
    error = ConflictError("No.")
    assert (error.facts, error.hint, error.said_by(LOUD)) == ({}, "", "No.")
