"""What `certs attendance` prints for the samples, with the keys and meanings of their README."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from certs.cli.attendance import attendance
from tests.unit.attendance.samples import CASES, DEMO, MARATHON, ROOT, sample

_RULES = {MARATHON: "sessions = 6\nshare = 0.5"}


def printed(case: str, folder: Path) -> Mapping[str, Any]:
    """Run the command on a case."""
    one = sample(case)
    event = folder / "event.toml"
    event.write_text(_event(case, one.expected["sessions"]), encoding="utf-8")
    home = DEMO if case == MARATHON else ROOT / case
    result = CliRunner().invoke(attendance, [str(event), *(str(home / name) for name in one.files), "--json"])
    assert not result.exception, result.output
    found: Mapping[str, Any] = json.loads(result.stdout)
    return found


def _event(case: str, sessions: list[Mapping[str, Any]]) -> str:
    """Return an event file for a case."""
    parts = ['slug = "sample"', 'title = "Sample"']
    if sessions:
        parts += ["[rule]", _RULES.get(case, "sessions = 1")]
    for entry in sessions:
        parts += ["[[sessions]]", f'id = "{entry["id"]}"', f"title = {json.dumps(entry['title'])}"]
        parts += [f'zone = "{entry["timezone"]}"']
        for key in ("start", "end"):
            local = entry[f"window_{key}_local"]
            parts.append(f"{key} = {local[:-2]}:{local[-2:]}")
    return "\n".join(parts)


@pytest.mark.parametrize("case", CASES)
def test_people_and_rows(case: str, tmp_path: Path) -> None:
    """Every person, name, number, role and question is as expected; nothing is reviewed that need not be."""
    found, expected = printed(case, tmp_path), sample(case).expected
    shown = {person["email"]: person for person in found["people"]}
    wanted = {person["email"]: _comparable(person) for person in expected["people"] if person["sessions"]}
    assert {email: {k: person.get(k) for k in wanted[email]} for email, person in shown.items()} == wanted
    assert found["needs_answer"] == expected["needs_answer"]
    assert found["review"] == expected["review"]
    assert found["by_name"] == expected.get("by_name", {})
    assert found["stated_presence"] == expected.get("stated_presence", {})


def test_rule_of_the_marathon(tmp_path: Path) -> None:
    """Everybody has the decision and a reason of one line."""
    expected = {p["email"]: p["eligible"]["6_of_8_50pct"] for p in sample(MARATHON).expected["people"]}
    people = printed(MARATHON, tmp_path)["people"]
    assert {person["email"]: person["eligible"] for person in people} == expected
    assert all(person["reason"].endswith(".") and "\n" not in person["reason"] for person in people)


def _comparable(person: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what other tests compare and what the README does not define."""
    return {key: value for key, value in person.items() if key not in ("eligible", "flags")}
