"""`certs person`: her data handed out, and she erased, as somebody types it."""

import json
import sys

import pytest

from tests.unit.cli.certified import SLUG, certified, does, served
from tests.unit.cli.conftest import Operator
from tests.unit.cli.test_imports import Terminal

ANA = "ana@example.org"
WHY = ("--reason", "her request of 3 May", "--as", "Mo")


@pytest.fixture
def numbers(operator: Operator) -> dict[str, str]:
    return certified(operator)


def test_everything_held_is_written_for_programs_and_to_be_read(operator: Operator, numbers: dict[str, str]) -> None:
    assert "rows about ana@example.org" in does(operator, "person", "export", "Ana@example.org", "--out", "ana")
    data = json.loads((operator.home / "ana/data.json").read_text())
    assert {"person", "joins", "decisions", "certificates"} <= {part["kind"] for part in data["parts"]}
    page = (operator.home / "ana/data.html").read_text()
    assert numbers["Ana"] in page
    assert "ben@example.org" not in page + json.dumps(data)
    assert (operator.home / "ana").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        (("nobody@example.org", "--out", "x"), 4, "knows nobody"),
        (("ana", "--out", "x"), 2, "no e-mail address"),
        ((ANA,), 2, "--out DIR"),
        ((ANA, "--out", "out"), 2, "there already"),
        ((ANA, "--out", "x", "--language", "de"), 2, "there is no de"),
    ],
)
def test_bad_input_is_refused_and_writes_nothing(
    operator: Operator, numbers: dict[str, str], typed: tuple[str, ...], code: int, said: str
) -> None:
    assert said in does(operator, "person", "export", *typed, code=code)
    assert not (operator.home / "x").exists()


def test_it_says_what_goes_and_what_stays_before_it_asks(
    operator: Operator, numbers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is no, and she is there as before."""
    monkeypatch.setattr(sys, "stdin", Terminal("n\n"))
    shown = does(operator, "person", "erase", ANA, *WHY, code=130)
    for sentence in ("Emptied: joins (1)", "report.csv", f"stays, withheld: {numbers['Ana']}", "Backups made before"):
        assert sentence in shown
    assert numbers["Ana"] in does(operator, "link", ANA)


def test_erased_she_is_nowhere_and_the_paper_still_verifies(operator: Operator, numbers: dict[str, str]) -> None:
    """Pages, lists, exports, trail and the register's own examination; the list in the key folder holds no name."""
    number = numbers["Ana"]
    assert "Erased." in does(operator, "person", "erase", ANA, *WHY, "--yes")
    does(operator, "export", SLUG, "--out", "after.zip")
    does(operator, "export", SLUG, "--out", "after")
    manifest = (operator.home / "after/manifest.csv").read_text()
    assert ("ana@" in manifest, "ben@" in manifest) == (False, True)
    told = [does(operator, "audit", SLUG), does(operator, "decide", SLUG, "--json"), does(operator, "names", SLUG)]
    told += [does(operator, "verify", number), does(operator, "verify", number, "--json")]
    assert [text for text in told if ANA in text or '"Ana"' in text] == []
    assert "withheld at the person" in told[-2]
    assert "Ana" not in served(f"/c/{number}")
    does(operator, "audit", "verify")
    assert len((operator.home / "signing_keys/erased").read_text().split()) == 1
    assert "listed" in does(operator, "person", "forgotten")
    does(operator, "person", "erase", ANA, *WHY, "--yes", code=4)
    does(operator, "link", ANA, code=4)


def test_a_restored_backup_forgets_her_again(operator: Operator, numbers: dict[str, str]) -> None:
    """By the list in the key folder, where the register that knew of it is lost."""
    does(operator, "backup", "b.db")
    does(operator, "person", "erase", ANA, *WHY, "--yes")
    for file in (operator.home / "instance").glob("certs.db*"):
        file.unlink()
    shown = does(operator, "restore", "b.db", "--nothing-since", "--yes", "--reason", "the disk failed")
    assert "erased again" in shown
    does(operator, "link", ANA, code=4)
    assert "withheld" in does(operator, "verify", numbers["Ana"])
