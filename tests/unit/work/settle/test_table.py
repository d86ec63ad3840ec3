"""Many answers at a time: a table, suggestions, another event, one session apart; all or nothing."""

import io
import json
import zipfile

import pytest

from certs.work.deliver.spreadsheet import as_csv
from certs.work.settle import HEADER
from tests.unit.cli.conftest import Operator, operator
from tests.unit.cli.test_evidence import EVENT

__all__ = ["operator"]

TABLE = """Name,E-mail,Joined,Left
Ana Souza,office@example.org,2026-10-06 11:00,2026-10-06 13:00
Kwame Mensah,office@example.org,2026-10-06 11:00,2026-10-06 13:00
Cy Twombly,cy@example.org,2026-10-06 11:00,2026-10-06 13:00
Cy Twombly,ccy@example.org,2026-10-08 11:00,2026-10-08 13:00
Dot Lee,,2026-10-06 11:00,2026-10-06 13:00
Dot Lee,,2026-10-08 11:00,2026-10-08 13:00
=Eve Hill,,2026-10-08 11:00,2026-10-08 13:00
iPhone,,2026-10-08 11:00,2026-10-08 13:00
"""
REGISTERED = "First Name,Last Name,Email,Registration Time\nDot,Lee,dot@example.org,2026-09-01\n"


@pytest.fixture
def doubtful(operator: Operator) -> Operator:
    """Return somebody with questions of each kind."""
    (operator.home / "small.toml").write_text(EVENT)
    (operator.home / "other.toml").write_text(EVENT.replace('slug = "small"', 'slug = "other"'))
    (operator.home / "table.csv").write_text(TABLE)
    (operator.home / "registered.csv").write_text(REGISTERED)
    for slug in ("small", "other"):
        assert operator.types("event", "add", f"{slug}.toml", "--yes").code == 0
        assert operator.types("import", slug, "table.csv", "registered.csv", "--zone", "UTC").code == 0
    return operator


def asked(doubtful: Operator, slug: str = "small") -> dict[str, dict[str, str]]:
    """Return the questions by what they are about."""
    found = json.loads(doubtful.types("questions", slug, "--all", "--json").out)["questions"]
    return {one["subject"]: one for one in found}


def fills(doubtful: Operator, **answers: str) -> str:
    """Write a table with these answers by question; return its name."""
    rows = [[id_, *[""] * (len(HEADER) - 2), given] for id_, given in answers.items()]
    (doubtful.home / "filled.csv").write_bytes(as_csv(HEADER, rows))
    return "filled.csv"


def test_a_table_offers_the_answers_and_runs_no_formula(doubtful: Operator) -> None:
    """Candidates by name, in a list that belongs to the row; a name that begins like a formula is text."""
    assert "5 questions are in all.xlsx" in doubtful.types("questions", "small", "--sheet", "all.xlsx").out
    parts = zipfile.ZipFile(io.BytesIO((doubtful.home / "all.xlsx").read_bytes()))
    sheet, texts = (parts.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet1", "sharedStrings"))
    assert "<f>" not in sheet
    assert sheet.count("<dataValidation ") == 5
    assert "=Eve Hill" in texts
    assert "Dot Lee &lt;dot@example.org&gt;" in texts
    assert "the same name, registered, this address joined no session; then 2 of" in texts
    assert 'state="hidden"' in parts.read("xl/workbook.xml").decode()


def test_a_table_as_csv_is_safe_and_is_not_written_over(doubtful: Operator) -> None:
    assert doubtful.types("questions", "small", "--sheet", "all.csv").code == 0
    text = (doubtful.home / "all.csv").read_text("utf-8-sig")
    assert ",'=Eve Hill," in text
    assert "is there already" in doubtful.types("questions", "small", "--sheet", "all.csv").err
    assert "something.xlsx or something.csv" in doubtful.types("questions", "small", "--sheet", "all.ods").err


def test_what_was_written_is_taken_back(doubtful: Operator) -> None:
    """As chosen, by name and address, and what is left empty stays open; taken again it changes nothing."""
    one = asked(doubtful)
    ids = {name: one[name]["id"] for name in one}
    given = {
        f"#{ids['Dot Lee']}": "Dot Lee <dot@example.org>",
        ids["iPhone"]: "nobody",
        ids["office@example.org"]: "one",
        ids["=Eve Hill"]: "",
    }
    said = doubtful.types("answer", "small", "--sheet", fills(doubtful, **given), "--yes")
    assert said.code == 0
    assert sum(line.startswith("  ") for line in said.out.splitlines()) == 3
    assert "3 answers taken. 2 questions are open." in said.out
    assert {name: one["answer"] for name, one in asked(doubtful).items() if one["answer"]} == {
        "Dot Lee": "dot@example.org",
        "iPhone": "nobody",
        "office@example.org": "one",
    }
    assert "0 answers taken" in doubtful.types("answer", "small", "--sheet", "filled.csv").out


def test_a_wrong_row_changes_nothing(doubtful: Operator) -> None:
    """Every one is said with its line."""
    ids = {name: one["id"] for name, one in asked(doubtful).items()}
    given = {ids["Dot Lee"]: "dot@example.org", ids["office@example.org"]: "perhaps", "000000000000": "nobody"}
    said = doubtful.types("answer", "small", "--sheet", fills(doubtful, **given), "--yes")
    assert said.code != 0
    assert "filled.csv:3: Answer with one of: one, several." in said.err
    assert 'filled.csv:4: There is no question "000000000000"' in said.err
    assert not any(one["answer"] for one in asked(doubtful).values())


def test_suggestions_are_shown_and_taken(doubtful: Operator) -> None:
    """Nobody is there to be asked: then nothing is done."""
    said = doubtful.types("answer", "small", "--suggested", "exact")
    assert "Take 1 answer?" in said.err
    assert "Dot Lee <dot@example.org> (the same name, registered, this address joined no session)" in said.out
    assert asked(doubtful)["Dot Lee"]["answer"] == ""
    assert (
        "1 answer taken. 4 questions are open."
        in doubtful.types("answer", "small", "--suggested", "exact", "--yes").out
    )
    assert asked(doubtful)["Dot Lee"]["answer"] == "dot@example.org"


def test_answers_of_another_event_are_taken_on_request(doubtful: Operator) -> None:
    """What is about one session's rows, and an address that is unknown here, is not."""
    other = asked(doubtful, "other")
    for name, given in (
        ("Dot Lee", "dot@example.org"),
        ("office@example.org", "several"),
        ("=Eve Hill", "eve@example.org"),
        ("iPhone", "nobody"),
    ):
        assert doubtful.types("answer", "other", other[name]["id"], given).code == 0
    assert "2 answers taken" in doubtful.types("answer", "small", "--from", "other", "--yes").out
    assert {name for name, one in asked(doubtful).items() if one["answer"]} == {"Dot Lee", "office@example.org"}


def test_one_session_may_be_answered_apart(doubtful: Operator) -> None:
    """Where two people have the name: each is asked about, and each answer is kept."""
    id_ = asked(doubtful)["Dot Lee"]["id"]
    sessions = [line.split('"')[1] for line in EVENT.splitlines() if line.startswith("id =")]
    assert doubtful.types("answer", "small", id_, "nobody", "--session", sessions[0]).code == 0
    found = json.loads(doubtful.types("questions", "small", "--all", "--json").out)["questions"]
    mine = {one["session"]: one["answer"] for one in found if one["subject"] == "Dot Lee" and one["open"]}
    assert mine == {sessions[0]: "nobody", None: ""}
    assert "it has" in doubtful.types("answer", "small", id_, "nobody", "--session", "99").err


@pytest.mark.parametrize(
    "typed",
    [[], ["abc"], ["abc", "one", "--suggested", "exact"], ["--suggested", "exact", "--from", "other"]],
)
def test_one_way_at_a_time(doubtful: Operator, typed: list[str]) -> None:
    assert "Say QUESTION and ANSWER, or one of" in doubtful.types("answer", "small", *typed).err


def test_a_screenful_of_each_kind(operator: Operator) -> None:
    """Of 300 rows of devices a few are shown, with how many more there are and how to see and settle them."""
    (operator.home / "small.toml").write_text(EVENT)
    rows = [f"iPhone,,2026-10-06 11:{n % 60:02}:{n // 60:02},2026-10-06 13:00:00" for n in range(300)]
    (operator.home / "table.csv").write_text("\n".join(("Name,E-mail,Joined,Left", *rows, TABLE.splitlines()[1])))
    assert operator.types("event", "add", "small.toml", "--yes").code == 0
    assert operator.types("import", "small", "table.csv", "--zone", "UTC").code == 0
    lines = operator.types("questions", "small").out.splitlines()
    assert len(lines) < 40
    assert any("more: certs questions small --kind no_email" in line for line in lines)
    assert "300 questions." in operator.types("questions", "small", "--kind", "no_email").out
