"""The trail in words."""

import re
from pathlib import Path

import pytest

import certs
from certs.web.console import acts
from tests.web.console.conftest import SLUG, Desk
from tests.web.console.exports import ANA, report, send

ROOMS = ("db", "work")
NOT_OF_EVENTS = ("key", "user")
_ACT = re.compile(r'Change\(\s*"([a-z]+\.[a-z_]+)"')


def test_every_act_on_an_event_has_words() -> None:
    """Acts on keys and on people who sign in stand in no event's trail, but for roles."""
    package = Path(certs.__file__).parent
    named = {one for room in ROOMS for file in (package / room).rglob("*.py") for one in _ACT.findall(file.read_text())}
    assert len(named) > 20
    of_events = {one for one in named if one.partition(".")[0] not in NOT_OF_EVENTS}
    assert [one for one in sorted({*of_events, "user.give", "user.take"}) if acts.act(one) == one] == []


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("", '{"title": "A"}', [("title", "", "A")]),
        ('{"title": "A", "place": "B"}', '{"title": "C", "place": "B"}', [("title", "A", "C")]),
        ('{"count": 1}', "", [("count", "1", "")]),
        ("", '{"sessions": ["1", "2"]}', [("sessions", "", '["1", "2"]')]),
        ("", "no JSON <b>", [("", "", "no JSON <b>")]),
        ("", "[1]", [("", "", "[1]")]),
        ("", "", []),
    ],
)
def test_what_differs_is_shown_field_by_field(old: str, new: str, shown: list[tuple[str, str, str]]) -> None:
    assert list(acts.changes(old, new)) == shown


def test_a_long_text_is_cut() -> None:
    ((_, _, after),) = acts.changes("", '{"text": "' + 1000 * "x" + '"}')
    assert len(after) < 200
    assert after.endswith("…")


def test_the_page_speaks_her_language(desk: Desk) -> None:
    ana = desk.browser("ana@example.org")
    send(ana, ("one.csv", report(ANA)))
    for language, words in (("en", "file read"), ("fr", "fichier lu")):
        page = ana.get(f"/desk/{SLUG}/trail?lang={language}").text
        assert f"<td>{words}<small><code>import.add</code></small></td>" in page
    assert "<pre>" not in page
