"""The event file: every problem at once, with its line."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest

from certs import eventfile
from certs.errors import InputError
from certs.model import AllOf, AnyOf, Approval, Event, MinutesRule, PercentRule, RequiredRule, Role, SessionsRule

HEAD = 'slug = "e-1"\ntitle = "Event"\n'
RULE = "[rule]\nsessions = 1\nshare = 0.5\n"
SESSION = """[[sessions]]
id = "1"
title = "First"
zone = "Europe/Zurich"
start = 2026-10-06T13:00:00+02:00
end = 2026-10-06T15:00:00+02:00
"""


def parsed(text: str) -> Event:
    """Read *text*."""
    return eventfile.parse(text, "e.toml")


def problems(text: str) -> list[str]:
    """Return what is wrong with *text*."""
    with pytest.raises(InputError) as caught:
        parsed(text)
    return [str(problem) for problem in caught.value.problems]


def test_defaults() -> None:
    """Everything but slug, title, rule and sessions may be left out."""
    event = parsed(HEAD + RULE + SESSION)
    assert (event.zone, event.language, event.design, event.approval) == (
        "Europe/Zurich",
        "en",
        "classic",
        Approval.ONE,
    )
    assert event.issuer == "The organisers of Event"
    assert event.rule == SessionsRule(1, Fraction(1, 2))


def test_naive_times_are_local_to_the_zone() -> None:
    """Without an offset the session's zone holds, summer time included."""
    text = SESSION.replace("+02:00", "")
    assert parsed(HEAD + RULE + text).sessions[0].window.start == datetime(2026, 10, 6, 11, tzinfo=UTC)


def test_offset_that_contradicts_the_zone() -> None:
    """After the clocks went back +02:00 is wrong in Zurich; the file must not be guessed at."""
    found = problems(HEAD + RULE + SESSION.replace("2026-10-06", "2026-12-06"))
    assert found[0].startswith('e.toml:10: "start" contradicts the zone Europe/Zurich')


def test_naive_times_without_a_zone() -> None:
    """There is nothing to read them in."""
    text = SESSION.replace("+02:00", "").replace('zone = "Europe/Zurich"\n', "")
    assert "has no offset and there is no zone" in problems(HEAD + RULE + text)[0]


def test_a_zone_that_does_not_exist_is_said_once() -> None:
    """Its times are not complained about as well; neither are local ones."""
    for text in (SESSION, SESSION.replace("+02:00", "")):
        (found,) = problems(HEAD + 'zone = "Europe/Zurrich"\n' + RULE + text.replace('zone = "Europe/Zurich"\n', ""))
        assert found.startswith('e.toml:3: "Europe/Zurrich" is no IANA time zone')


def test_certificates_that_would_never_be_valid() -> None:
    """They would expire before the last session; on its day they may."""
    assert parsed(HEAD + "valid_until = 2026-10-06\n" + RULE + SESSION).valid_until is not None
    (found,) = problems(HEAD + "valid_until = 2026-10-05\n" + RULE + SESSION)
    assert found.startswith('e.toml:3: "valid_until" is before the last session')


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('title = "Event"', 'titel = "Event"', 'e.toml:2: Unknown key "titel". Did you mean "title"?'),
        ("sessions = 1", "sesions = 1", 'e.toml:4: Unknown key "sesions". Did you mean "sessions"?'),
        ("share = 0.5", "share = 50", 'e.toml:5: "share" must be'),
        (
            "sessions = 1",
            "sessions = 2",
            'e.toml:4: "sessions" must be the number of sessions to attend, between',
        ),
        ("share = 0.5", "percent = 0.75", 'e.toml:5: "percent" must be the percentage of all windows, 75 for 75 %'),
        ("end = 2026-10-06T15", "end = 2026-10-06T12", 'e.toml:11: Session "1" ends before it begins'),
        ("Europe/Zurich", "Europe/Zurch", 'e.toml:9: "Europe/Zurch" is no IANA time zone'),
        ('slug = "e-1"', 'slug = "E 1"', 'e.toml:1: "slug" must be lower-case letters'),
        ("sessions = 1", 'required = ["7"]', 'e.toml:4: "required" names session "7"'),
        ("share = 0.5", "share = nan", 'e.toml:5: "share" must be a number'),
        ("[rule]", "[rule", "e.toml:3:6: This is not TOML"),
    ],
)
def test_problems_have_lines(old: str, new: str, says: str) -> None:
    """A typo is found where it stands and the nearest word is offered."""
    text = HEAD + RULE + SESSION
    assert old in text
    assert any(found.startswith(says) for found in problems(text.replace(old, new, 1)))


def test_all_problems_at_once() -> None:
    """Nobody has to run the command three times."""
    assert len(problems('slug = "E"\ntitel = "x"\n[rule]\nshare = 3\n')) >= 4


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("[[rule]]\nsessions = 1\n", 'e.toml:3: "rule" must be a table: [rule].'),
        ('[rule]\nroles = "host"\nsessions = 1\n', 'e.toml:4: "roles" must be a list like ["attendee"].'),
        ("[rule]\nrequired = [true]\n", 'e.toml:4: "required" must be a list like ["1", "2"].'),
        ("[rule]\nany = [{}]\n", "e.toml:4: This rule demands nothing"),
        ("[rule]\nall = []\n", 'e.toml:4: "all" needs at least one condition.'),
        ("[rule]\nany = [{ percent = 5 }, { sesions = 1 }]\n", 'e.toml:4: Unknown key "sesions". Did you mean "sess'),
        ("[rule]\n[[rule.any]]\npercent = 200\n", 'e.toml:5: "percent" must be the percentage of all windows'),
        ("kinds = 3\n", 'e.toml:3: "kinds" must be a table: [kinds].'),
        ("[kinds.speaker]\nrule = 3\n", 'e.toml:4: "rule" must be a table: [kinds.speaker.rule].'),
        ('[kinds.speaker]\ntitle = "x"\n', 'e.toml:3: The kind "speaker" has no rule: add [kinds.speaker.rule].'),
        ("[kinds.attendance.rule]\nsessions = 1\n", "e.toml:3: A kind is named in lower-case letters"),
        (RULE + "[near_miss]\npercent = 200\n", 'e.toml:7: "percent" must be the percentage of a threshold, between'),
    ],
)
def test_a_wrong_rule_is_one_problem_on_its_line(rule: str, says: str) -> None:
    """However it is wrong; nothing is said twice."""
    (found,) = problems(HEAD + rule + SESSION)
    assert found.startswith(says)


def test_id_given_twice() -> None:
    """Whatever its case."""
    text = SESSION.replace('"1"', '"A"') + SESSION.replace('"1"', '"a"')
    assert 'The id "a" is given twice' in problems(HEAD + RULE + text)[0]


def test_rules_combine() -> None:
    """Conditions of one table hold together; any and all nest."""
    rule = "[rule]\nminutes = 60\nrequired = [1]\nany = [{ percent = 75 }, { sessions = 1, share = 0.5 }]\n"
    expected = AllOf(
        (
            RequiredRule((parsed(HEAD + RULE + SESSION).sessions[0].id,), Fraction(0)),
            MinutesRule(60),
            AnyOf((PercentRule(Fraction(75)), SessionsRule(1, Fraction(1, 2)))),
        )
    )
    assert parsed(HEAD + rule + SESSION).rule == expected


def test_kinds_and_roles() -> None:
    """One event gives several kinds of certificate."""
    kinds = '[kinds.speaker]\ntitle = "Contribution"\n[kinds.speaker.rule]\nsessions = 1\nroles = ["panelist"]\n'
    event = parsed(HEAD + RULE + kinds + SESSION)
    assert [(kind.name, kind.roles) for kind in event.kinds][1] == ("speaker", frozenset({Role.PANELIST}))


def test_shares_are_exact() -> None:
    """0.1 is a tenth, not the float next to it."""
    assert parsed(HEAD + RULE.replace("0.5", "0.1") + SESSION).rule == SessionsRule(1, Fraction(1, 10))


def test_for_reading_only() -> None:
    """Exports can be looked at with an event that has neither rule nor sessions."""
    assert eventfile.parse(HEAD, "e.toml", for_reading=True).sessions == ()
    assert len(problems(HEAD)) == 2


def test_a_kind_says_its_title_and_what_its_people_did() -> None:
    """The main kind may as well; what is not said is the design's."""
    event = parsed(HEAD + RULE + 'title = "Certificate of completion"\nattended = "completed"\n' + SPEAKERS + SESSION)
    main, speaker, led = event.kinds
    assert (main.title, main.attended, main.spoke) == ("Certificate of completion", "completed", False)
    assert (speaker.title, speaker.attended, speaker.spoke) == ("", "", True)
    assert (led.title, led.attended, led.spoke) == ("", "led", False)


SPEAKERS = """[kinds.speaker]
rule = { sessions = 1, roles = ["panelist"] }
[kinds.moderator]
attended = "led"
rule = { sessions = 1, roles = ["host"] }
"""


def test_a_speaker_who_may_have_only_listened_did_not_speak() -> None:
    """Where presence as an attendee counts, the design's words for speakers would be untrue."""
    text = SPEAKERS.replace('["panelist"]', '["panelist", "attendee"]')
    assert not parsed(HEAD + RULE + text + SESSION).kinds[1].spoke


PLACES = """[kinds.a]
instead_of = "{a}"
rule = {{ sessions = 1 }}
[kinds.b]
instead_of = "{b}"
rule = {{ sessions = 1 }}
"""


def test_a_kind_in_place_of_another() -> None:
    """And of what that one stands in place of."""
    event = parsed(HEAD + RULE + PLACES.format(a="b", b="attendance") + SESSION)
    assert event.above("attendance") == ("a", "b")
    assert (event.above("b"), event.below("a"), event.below("b")) == (("a",), ("b", "attendance"), ("attendance",))


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        ("silver", "attendance", 'e.toml:7: "instead_of" names "silver"; the kinds are attendance, a, b.'),
        ("a", "attendance", 'e.toml:7: "a" would stand in place of itself: nobody could be given any of these.'),
        ("b", "a", 'e.toml:7: "a" would stand in place of itself: nobody could be given any of these.'),
        ("b", "b", 'e.toml:10: "b" would stand in place of itself: nobody could be given any of these.'),
    ],
)
def test_a_kind_in_place_of_none_or_of_itself(a: str, b: str, said: str) -> None:
    """An unknown kind, itself, each other; who leads into a circle is not in it."""
    assert problems(HEAD + RULE + PLACES.format(a=a, b=b) + SESSION)[0] == said


def test_the_event_s_own_rule_stands_in_place_of_nothing() -> None:
    assert "Unknown key" in problems(HEAD + RULE + 'instead_of = "a"\n' + SESSION)[0]


@pytest.mark.parametrize("start", ["0001-01-01T00:00:00", "9999-12-31T23:00:00"])
def test_a_year_at_the_end_of_time(start: str) -> None:
    """There is no such moment in some zones."""
    (found,) = problems(HEAD + RULE + SESSION.replace("2026-10-06T13:00:00+02:00", start))
    assert f'"start" is in the year {int(start[:4])}: check it.' in found
