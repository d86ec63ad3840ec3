"""`docs/attendance.md` shows every rule by an example, and each example is true."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from certs import eligibility, eventfile
from certs.errors import InputError
from certs.eventfile.keys import CONDITIONS
from certs.model import Event, Interval, Join, NearMiss, PersonKey, Role

PAGE = (Path(__file__).parents[2] / "docs" / "attendance.md").read_text(encoding="utf-8")
RULES = PAGE.partition("## Who earns a certificate")[2].partition("\n## ")[0]
HEAD = 'slug = "e"\ntitle = "Event"\nzone = "UTC"\n'
SESSIONS = "".join(
    f'[[sessions]]\nid = "{day}"\ntitle = "{title}"\nstart = 2026-10-0{day}T10:00:00\nend = 2026-10-0{day}T12:00:00\n'
    for day, title in enumerate(("First", "Second", "Third", "Fourth"), 1)
)


def blocks(text: str) -> list[tuple[str, str]]:
    """Return the indented blocks of *text* that are part of an event file, each with what follows."""
    found = re.finditer(r"(?:^    .*\n)+", text, re.MULTILINE)
    return [(block[0], text[block.end() :]) for block in found if block[0].lstrip().startswith("[")]


def examples() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield each rule of the page with what it says in words and who earns it, one for each kind."""
    for block, after in blocks(RULES):
        words = " ".join(re.split(r"\n\*\*|\n    ", after)[0].split())
        yield block, re.findall(r"\*(.+?)\* Earned by (.+?)\.", words)


def joins(event: Event) -> Iterator[Join]:
    """Yield what the page's table says: minutes from the beginning of each window, Dot's as a panelist."""
    for name, *cells in re.findall(r"^\| (\w+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", RULES, re.MULTILINE):
        role = Role.PANELIST if name == "Dot" else Role.ATTENDEE
        for session, minutes in zip(event.sessions, map(int, cells), strict=True):
            stretch = Interval(session.window.start, session.window.start + timedelta(minutes=minutes))
            if minutes:
                yield Join(session.id, PersonKey(f"{name.lower()}@example.org"), stretch, 2, name, role)


def parsed(rule: str) -> Event:
    return eventfile.parse(HEAD + rule + SESSIONS, "event.toml")


@pytest.mark.parametrize(("block", "said"), list(examples()))
def test_each_example_is_true(block: str, said: list[tuple[str, str]]) -> None:
    """It is taken, prints the words beside it, and is earned by just those whom the page names."""
    event = parsed(block)
    decisions = eligibility.decide(event, joins(event))
    true = [
        (
            eligibility.criteria(event, kind),
            ", ".join(one.name for one in decisions if one.kind == kind.name and one.eligible),
        )
        for kind in event.kinds
    ]
    assert said == true


def test_every_condition_has_an_example() -> None:
    """And roles, kinds and near misses too."""
    keys = set(re.findall(r"\b(\w+) =", "".join(block for block, _ in blocks(RULES))))
    assert keys >= {*CONDITIONS, "roles", "title", "rule"}


def test_the_defaults_of_near_misses_are_as_told() -> None:
    (block,) = (block for block, _ in blocks(PAGE) if "[near_miss]" in block)
    assert parsed("[rule]\npercent = 75\n" + block).near_miss == NearMiss()


WRONG = re.findall(r"^\| (`.+?`|nothing) \| (.+) \|$", RULES.partition("is refused with")[2], re.MULTILINE)


@pytest.mark.parametrize(("rule", "says"), WRONG)
def test_each_wrong_rule_is_refused_as_told(rule: str, says: str) -> None:
    """In one sentence, on the line where it stands."""
    with pytest.raises(InputError) as refused:
        parsed("[rule]\n" + ("" if rule == "nothing" else f"{rule.strip('`')}\n"))
    line = 4 if rule == "nothing" else 5
    assert f"event.toml:{line}: {says}" in [str(one) for one in refused.value.problems]


def test_the_table_of_wrong_rules_is_found() -> None:
    assert len(WRONG) == 12
