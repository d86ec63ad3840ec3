"""The sample marathon without the addresses of one person in ten, settled in an evening: one look, one table."""

import json
from pathlib import Path

import pytest

from certs.work import sheet
from certs.work.deliver.spreadsheet import as_csv
from certs.work.settle import HEADER
from tests.nameless import DEMO, Rewritten, rewritten
from tests.unit.cli.conftest import Operator, operator

__all__ = ["operator"]


def imported(operator: Operator, slug: str, files: list[Path]) -> None:
    text = (DEMO / "marathon.toml").read_text().replace('slug = "cgmp-2026"', f'slug = "{slug}"')
    (operator.home / f"{slug}.toml").write_text(text)
    assert operator.types("event", "add", f"{slug}.toml", "--yes").code == 0
    assert operator.types("import", slug, *map(str, files)).code == 0


def eligible(operator: Operator, slug: str) -> set[str]:
    found = json.loads(operator.types("decide", slug, "--json").out)["people"]
    return {one["email"] for one in found if one["eligible"]}


def right(truth: Rewritten, cells: dict[str, str]) -> str:
    """Return what somebody who knows everybody fills in."""
    whose = truth.truth.get(cells["about"], set())
    return next(iter(whose)) if len(whose) == 1 else "nobody"


@pytest.mark.timeout(600)
def test_it_is_settled_by_one_look_and_one_table(operator: Operator, tmp_path: Path) -> None:
    """Then everybody has what she has in the marathon as it was, in which nobody lost an address."""
    truth = rewritten(tmp_path)
    imported(operator, "lost", [truth.registration, *truth.sessions])
    before = operator.types("questions", "lost").out
    assert len(before.splitlines()) <= 50
    assert "certs answer lost --suggested exact" in before
    said = operator.types("answer", "lost", "--suggested", "exact", "--yes").out
    assert len(said.splitlines()) <= 20
    found = json.loads(operator.types("questions", "lost", "--all", "--json").out)["questions"]
    answered = [one for one in found if one["answer"]]
    assert len(answered) >= 190
    assert [one["subject"] for one in answered if truth.truth[one["subject"]] != {one["answer"]}] == []
    left = [one for one in found if one["open"] and not one["answer"]]
    assert len(left) <= 120
    assert len(operator.types("questions", "lost").out.splitlines()) <= 400

    assert operator.types("questions", "lost", "--sheet", "todo.xlsx").code == 0
    data = (operator.home / "todo.xlsx").read_bytes()
    rows = [dict(row.cells) for row in sheet.read("todo.xlsx", data, dict.fromkeys(HEADER, ()))]
    assert len(rows) == len(left)
    filled = [[row.get(title, "") for title in HEADER[:-1]] + [right(truth, row)] for row in rows]
    (operator.home / "done.csv").write_bytes(as_csv(HEADER, filled))
    taken = operator.types("answer", "lost", "--sheet", "done.csv", "--yes").out
    assert f"{len(left)} answers taken. 0 questions are open." in taken
    assert taken.count("\n") == len(left) + 2

    imported(operator, "whole", [*DEMO.glob("registration*.csv"), *sorted(DEMO.glob("attendee*.csv"))])
    assert eligible(operator, "lost") == eligible(operator, "whole")
