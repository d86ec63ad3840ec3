"""An archive as an operator writes it, and what it says to somebody who has nothing else."""

import hashlib
import json
from pathlib import Path

import pytest

from certs.offline import verify
from certs.work import archive
from tests.unit.cli.certified import SLUG, certified, does
from tests.unit.cli.conftest import Operator

TODAY = "2026-11-23"


@pytest.fixture
def numbers(operator: Operator) -> dict[str, str]:
    return certified(operator)


def archived(operator: Operator, out: str = "archive", *more: str, code: int = 0) -> Path:
    """Write an archive."""
    does(operator, "archive", SLUG, "--out", out, *more, code=code)
    return operator.home / out


def revoke(operator: Operator, number: str) -> None:
    does(operator, "revoke", number, "--class", "error", "--said", "Another course.", "--note", "x", "--yes")


def test_what_was_issued_is_valid_by_it_and_what_was_withdrawn_is_not(
    operator: Operator, numbers: dict[str, str]
) -> None:
    """The same summary as the register gives, by code, by file, and by a copy of the file."""
    revoke(operator, numbers["Ben"])
    opened = verify.open_archive(archived(operator))
    for name, summary in (("Ana", "valid"), ("Ben", "revoked"), ("Cy", "valid")):
        data = (operator.home / "out" / f"{name} {numbers[name]}.pdf").read_bytes()
        told = verify.judge_file(data, opened, TODAY)
        asked = does(operator, "verify", numbers[name], "--json", code=0 if summary == "valid" else 1)
        assert (told.summary, json.loads(asked)["summary"]) == (summary, summary)
        assert told.facts
        assert (told.facts["name"], told.facts["number"]) == (name, numbers[name])
        code = verify.CODE_IN_FILE.findall(data)[0].decode()
        assert verify.judge_code(code, opened, TODAY).summary == summary
        assert verify.judge_file(data + b"\n", opened, TODAY).summary == "altered"


def test_a_newer_status_list_withdraws_what_an_older_archive_has(operator: Operator, numbers: dict[str, str]) -> None:
    old = archived(operator)
    revoke(operator, numbers["Ana"])
    new = archived(operator, "new")
    (old / "status/1").write_bytes((new / "status/1").read_bytes())
    data = (operator.home / "out" / f"Ana {numbers['Ana']}.pdf").read_bytes()
    answer = verify.judge_file(data, verify.open_archive(old), TODAY)
    assert (answer.summary, answer.steps[-1][0]) == ("revoked", "status")


def test_the_readme_has_the_digest_of_every_file_in_six_languages(operator: Operator, numbers: dict[str, str]) -> None:
    folder = archived(operator, "archive", "--with-pdfs")
    text = (folder / "README.txt").read_text(encoding="utf-8")
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    del files["README.txt"]
    lines = (line.partition("  ") for line in text.partition("SHA-256\n\n")[2].splitlines())
    listed = {name: digest for digest, _, name in lines}
    assert listed == {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}
    assert len([name for name in files if name.startswith("certificates/")]) == len(numbers)
    assert all(f"== {name} ==" in text for name in ("English", "العربية", "Español", "Français", "Русский", "中文"))
    assert folder.stat().st_mode & 0o077 == 0


def test_without_files_it_names_nobody(operator: Operator, numbers: dict[str, str]) -> None:
    folder = archived(operator)
    held = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    known = [*numbers, *numbers.values(), *(number.replace("-", "") for number in numbers.values()), "@example.org"]
    assert [word for word in known if len(word) > 3 and word.encode() in held] == []
    assert not (folder / "certificates").exists()


@pytest.mark.usefixtures("numbers")
def test_nothing_is_written_over(operator: Operator) -> None:
    """An empty folder gives way; a full one, a file and a link stay as they are."""
    (operator.home / "empty").mkdir()
    folder = archived(operator, "empty")
    (operator.home / "file").write_text("mine")
    (operator.home / "link").symlink_to("nowhere")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for out in ("empty", "file", "link"):
        archived(operator, out, code=5)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert ((operator.home / "file").read_text(), (operator.home / "link").is_symlink()) == ("mine", True)


@pytest.mark.usefixtures("numbers")
def test_one_that_breaks_off_leaves_nothing(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """At its last file."""

    def full(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    before = sorted(operator.home.iterdir())
    monkeypatch.setattr(archive, "readme", full)
    assert "No space left" in does(operator, "archive", SLUG, "--out", "archive", code=7)
    assert sorted(operator.home.iterdir()) == before


def test_lists_that_are_not_up_to_date_are_published_first(
    operator: Operator, numbers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a certificate would be withdrawn by one file and hold by another."""
    with monkeypatch.context() as away:
        away.setattr("certs.work.publishing.Lists.publish", lambda _: 0)
        revoke(operator, numbers["Ana"])
    assert "certs publish" in does(operator, "archive", SLUG, "--out", "archive", code=5)
    does(operator, "publish")
    archived(operator)


def test_an_event_without_certificates_has_no_archive(operator: Operator, numbers: dict[str, str]) -> None:
    other = (operator.home / "event.toml").read_text().replace("gmp-2026", "gmp-2027").replace("Marathon 2026", "Days")
    (operator.home / "other.toml").write_text(other)
    does(operator, "event", "add", "other.toml")
    assert "Nothing was issued" in does(operator, "archive", "gmp-2027", "--out", "archive", code=4)
    assert "gmp-2026" in does(operator, "archive", "gmp-2028", "--out", "archive", code=4)
    assert not (operator.home / "archive").exists()
    assert len(numbers) == 3
