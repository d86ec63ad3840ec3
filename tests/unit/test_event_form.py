"""The form of an event file: what it shows, and what editing it leaves as it was."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from certs import eventfile
from certs.errors import InputError
from certs.eventfile import form, writing
from certs.model import SessionsRule

MARATHON = (Path(__file__).parents[2] / "demo/marathon.toml").read_text(encoding="utf-8")
TODAY = date(2026, 11, 30)
HARD = """slug = "e-1"
title = "Event"
zone = "Asia/Dhaka"
[rule]
any = [{ percent = 75 }, { sessions = 1, share = 1 }]
[[sessions]]
id = "1"
title = "Night"
start = 2026-10-06T23:00:00
end = 2026-10-07T01:00:00
again = [{ start = 2026-10-07T23:00:00, end = 2026-10-08T01:00:00 }]
"""


def edited(text: str, **typed: str) -> str:
    found, wrong = writing.edited(text, {name.replace("__", "."): word for name, word in typed.items()})
    assert wrong == {}
    return found


def test_what_nobody_touched_leaves_every_byte() -> None:
    assert writing.edited(MARATHON, form.read(MARATHON).fields) == (MARATHON, {})


def test_a_changed_title_leaves_comments_and_order() -> None:
    text = edited(MARATHON, title="cGMP Marathon", rule__percent="62.5")
    assert (
        text.replace('"cGMP Marathon"', '"cGMP Training Marathon 2026"').replace("0.625", "0.5").split()
        == MARATHON.split()
    )
    assert "# … each for at least half of its window" in text
    assert eventfile.parse(text, "e").rule == SessionsRule(6, Fraction(5, 8))


def test_times_are_those_of_the_zone_and_stay_at_their_hours_in_another() -> None:
    shown = form.read(MARATHON).fields
    assert (shown["sessions.0.from"], shown["sessions.6.from"]) == ("13:00", "13:00")
    moved = edited(MARATHON, zone="Asia/Tokyo")
    assert form.read(moved).fields["sessions.6.from"] == "13:00"
    assert eventfile.parse(moved, "e").sessions[0].window.start.hour == 4


def test_an_end_before_the_beginning_is_on_the_next_day() -> None:
    assert form.read(HARD).fields["sessions.0.to"] == "01:00"
    later = eventfile.parse(edited(MARATHON, sessions__0__from="23:00", sessions__0__to="01:00"), "e")
    assert next(one for one in later.sessions if one.id == "1").window_seconds == 2 * 3600


def test_a_rule_that_two_numbers_cannot_say_has_no_fields() -> None:
    found = form.read(HARD)
    assert [one.simple for one in found.kinds] == [False]
    assert "rule.sessions" not in found.fields
    assert found.sessions[0].further == 1


def test_what_cannot_be_written_is_said_at_its_field_and_the_rest_is_done() -> None:
    typed = {"sessions.0.day": "soon", "sessions.1.from": "25:00", "rule.percent": "half", "title": "New"}
    text, wrong = writing.edited(MARATHON, typed)
    assert wrong.keys() == typed.keys() - {"title"}
    assert form.read(text).fields["title"] == "New"
    assert form.read(text).fields["sessions.0.day"] == "2026-10-06"


@pytest.mark.parametrize(
    "typed", [{"sessions.99.title": "x"}, {"sessions": "x"}, {"kinds.none.title": "x"}, {"do": "x"}]
)
def test_a_field_that_nobody_was_shown_changes_nothing(typed: dict[str, str]) -> None:
    assert writing.edited(MARATHON, typed) == (MARATHON, {})


def test_rows_come_and_go() -> None:
    text = writing.with_signatory(writing.with_session(MARATHON, TODAY))
    shown = form.read(text)
    assert (shown.fields["sessions.8.id"], shown.fields["sessions.8.day"]) == ("9", "2026-11-05")
    assert (len(shown.sessions), shown.signatories) == (9, 3)
    back = writing.without(writing.without(text, "sessions", "8"), "signatories", "2")
    assert eventfile.parse(back, "e") == eventfile.parse(MARATHON, "e")


def test_a_kind_is_added_with_a_rule_of_its_own_and_taken_out() -> None:
    text = writing.with_kind(MARATHON, "distinction")
    text = edited(text, kinds__distinction__sessions="8", kinds__distinction__title="With distinction")
    kinds = eventfile.parse(text, "e").kinds
    assert [(one.name, one.rule) for one in kinds][1] == ("distinction", SessionsRule(8, Fraction(1, 2)))
    assert eventfile.parse(writing.without(text, "kinds", "distinction"), "e").kinds == kinds[:1]


@pytest.mark.parametrize("name", ["attendance", "", "With Spaces", "distinction"])
def test_a_kind_that_cannot_be_is_refused(name: str) -> None:
    with pytest.raises(InputError):
        writing.with_kind(writing.with_kind(MARATHON, "distinction"), name)


@pytest.mark.parametrize(("what", "which"), [("sessions", "8"), ("sessions", "x"), ("kinds", "none"), ("title", "0")])
def test_a_row_that_is_not_there_is_not_taken_out(what: str, which: str) -> None:
    with pytest.raises(InputError):
        writing.without(MARATHON, what, which)


def test_problems_are_told_at_the_fields_that_they_are_about() -> None:
    text = edited(MARATHON, title="", zone="Mars", sessions__3__title="", rule__sessions="9", signatories__0__name="")
    with pytest.raises(InputError) as caught:
        eventfile.parse(text, "e")
    fields, rest = form.fields_of(text, caught.value.problems)
    assert fields.keys() == {"title", "zone", "sessions.3.title", "rule.sessions", "signatories.0.name"}
    assert rest == []


def test_the_next_edition_keeps_hours_and_days_of_the_week() -> None:
    """From summer time into winter time as well: hours are those of the clocks."""
    text = writing.moved(edited(MARATHON, valid_until="2028-02-29"), 364, 1)
    old, new = form.read(MARATHON).fields, form.read(text).fields
    assert (new["sessions.0.day"], new["sessions.7.day"]) == ("2027-10-05", "2027-10-28")
    assert {key: new[key] for key in new if key.endswith((".from", ".to"))} == {
        key: old[key] for key in old if key.endswith((".from", ".to"))
    }
    assert new["valid_until"] == "2029-02-28"
    night = eventfile.parse(writing.moved(HARD, 7), "e").sessions[0]
    assert night.again[0].start.day == 14


def test_a_day_in_no_year_is_refused() -> None:
    with pytest.raises(InputError):
        writing.moved(MARATHON, 4_000_000)


@pytest.mark.parametrize(
    "text", ["title = ", "sessions = 3\n", 'sessions = ["x"]\nrule = 1\nkinds = 2\nnear_miss = []\n']
)
def test_whatever_is_sent_is_shown_or_refused(text: str) -> None:
    try:
        shown = form.read(text)
    except InputError:
        return
    assert shown.sessions == []
    typed = {"title": "T", "near_miss.sessions": "2", "zone": "UTC", "sessions.0.day": "2026-01-01"}
    assert 'title = "T"' in writing.edited(text, typed)[0]
    with pytest.raises(InputError):
        writing.with_kind(writing.with_session(text, TODAY), "other")
