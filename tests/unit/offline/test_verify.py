"""`verify.py` as somebody uses it who has an archive and nothing else of ours."""

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from certs import offline
from certs.offline import verify
from tests.vectors.archive import make

ARCHIVE = Path(make.__file__).parent
CASES: dict[str, dict[str, dict[str, str]]] = json.loads((ARCHIVE / "cases.json").read_text(encoding="utf-8"))
CLAIMS: dict[str, Any] = json.loads((ARCHIVE.parent / "claim/vectors.json").read_text(encoding="utf-8"))
PROGRAM = Path(offline.__file__).with_name("verify.py")
TODAY = "2026-12-01"


@pytest.fixture(scope="module")
def archive() -> verify.Archive:
    return verify.open_archive(ARCHIVE)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Return an archive that a test may damage."""
    folder = tmp_path / "archive"
    shutil.copytree(ARCHIVE, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__", "cases.json"))
    shutil.copy(PROGRAM, folder)
    return folder


@pytest.mark.parametrize("label", CASES["codes"])
def test_a_code_is_what_the_archive_says(label: str, archive: verify.Archive) -> None:
    case = CASES["codes"][label]
    assert verify.judge_code(case["code"], archive, TODAY).summary == case["summary"]


@pytest.mark.parametrize("label", CASES["files"])
def test_a_file_is_what_the_archive_says(label: str, archive: verify.Archive) -> None:
    case = CASES["files"][label]
    assert verify.judge_file(case["file"].encode(), archive, TODAY).summary == case["summary"]


def test_a_key_that_signs_something_else_signs_no_code(archive: verify.Archive) -> None:
    """Its set has keys of receipts, too; nothing that one of these signed is shown as a certificate's facts."""
    answer = verify.judge_code(CASES["codes"]["under a key that signs receipts"]["code"], archive, TODAY)
    assert (answer.summary, answer.steps[-1][0], answer.facts) == ("unknown", "key", None)


def test_the_archive_is_what_we_write_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The vectors are remade to the byte."""
    monkeypatch.setattr(make, "HERE", tmp_path)
    make.main()
    files = ("list.txt", "jwks.json", "did.json", "cases.json", "status/1")
    assert [name for name in files if (tmp_path / name).read_bytes() != (ARCHIVE / name).read_bytes()] == []


@pytest.mark.parametrize("label", CLAIMS["good"])
def test_it_reads_every_fact_of_a_claim(label: str) -> None:
    vector = CLAIMS["good"][label]
    text, _, facts = verify.read_code(vector["url"])
    hours = facts.pop("hours")
    assert (text, hours) == (vector["text"], vector["quarter_hours"] / 4)
    number = facts.pop("number").replace("-", "")
    assert facts == {name: vector.get(name, CLAIMS["kid"]) for name in facts}
    assert (number, len(facts)) == (vector["number"], 9)


@pytest.mark.parametrize("label", CLAIMS["bad"])
def test_it_refuses_what_the_server_refuses(label: str, archive: verify.Archive) -> None:
    """By the same step; that a key is not here is unknown to it, for it may be a newer one."""
    vector = CLAIMS["bad"][label]
    step = {"malformed": "form", "wrong_signature": "signature", "unknown_key": "key"}[vector["fault"]]
    answer = verify.judge_code(vector["text"], archive, TODAY)
    assert (answer.summary, answer.steps[-1][0]) == ("unknown" if step == "key" else "altered", step)


def test_no_bit_of_a_claim_can_be_changed(archive: verify.Archive) -> None:
    """Every bit of both parts, as a letter: what the server refuses, it refuses."""
    code = CASES["codes"]["in force"]["code"]
    accepted = []
    for place, letter in enumerate(code):
        for bit in range(5) if letter != "." else ():
            other = verify.BASE32[verify.BASE32.index(letter) ^ 1 << bit]
            answer = verify.judge_code(code[:place] + other + code[place + 1 :], archive, TODAY)
            accepted += [(place, bit)] if answer.summary in {"valid"} or answer.facts else []
    assert accepted == []


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("list.txt", " valid ", " revoked "),
        ("list.txt", "2026-11-22T12", "2026-11-23T12"),
        ("list.txt", "cgmp-2026\n", "cgmp-2027\n"),
        ("list.txt", " 2026-11-21 ", " 2028-11-21 "),
        ("status/1", "2026-11-25T09:30:00Z", "2026-11-26T09:30:00Z"),
        ("status/1", '"encodedList":"uH', '"encodedList":"uI'),
        ("status/1", "z", "y"),
        ("status/1", "did:web:certs.example.org#", "did:web:certs.example.com#"),
        ("did.json", "did:web:certs.example.org", "did:web:certs.example.com"),
        ("jwks.json", "{", "["),
    ],
)
def test_an_archive_of_which_something_was_changed_says_nothing(copied: Path, file: str, old: str, new: str) -> None:
    place = copied / file
    text = place.read_text(encoding="utf-8")
    assert old in text
    place.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(verify.DamagedError):
        verify.open_archive(copied)


def test_no_byte_of_the_list_can_be_changed() -> None:
    """Each is under the signature, or is the signature."""
    keys = verify.keys_of(json.loads((ARCHIVE / "did.json").read_text(encoding="utf-8")))
    note = (ARCHIVE / "list.txt").read_bytes().rstrip(b"\n")
    assert verify.read_list(note.decode(), keys)[1] == "2026-11-22T12:00:00Z"
    assert [place for place in range(len(note)) if reads(note, place, keys)] == []


def reads(note: bytes, place: int, keys: dict[str, bytes]) -> bool:
    """Say whether the list is read with a bit changed at *place*."""
    changed = bytearray(note)
    changed[place] ^= 1
    try:
        verify.read_list(changed.decode("utf-8"), keys)
    except (verify.DamagedError, UnicodeDecodeError):
        return False
    return True


def test_a_status_list_older_than_the_list_takes_nothing_back(archive: verify.Archive) -> None:
    """Somebody was reinstated since."""
    older = archive._replace(withdrawn={1: ("2026-11-22T11:59:59Z", archive.withdrawn[1][1])})
    code = CASES["codes"]["withdrawn after the list"]["code"]
    assert verify.judge_code(code, older, TODAY).summary == "valid"


def run(copied: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program that lies in the archive, by a Python that finds nothing of ours."""
    program = [sys.executable, "-I", str(copied / "verify.py"), *arguments]
    return subprocess.run(program, capture_output=True, text=True, check=False, cwd=copied, encoding="utf-8")


def test_it_is_a_program_of_its_own(copied: Path) -> None:
    """It says facts and steps; 0 is valid alone, 1 anything else, 2 an archive that is worth nothing."""
    (copied / "a.pdf").write_text(CASES["files"]["in force"]["file"], encoding="utf-8")
    good = run(copied, "a.pdf", CASES["codes"]["in force"]["code"])
    assert (good.returncode, good.stdout.count("VALID as of 2026-11-22")) == (0, 2)
    assert "Zoë Ångström" in good.stdout
    told = run(copied, "--json", CASES["codes"]["withdrawn"]["code"])
    assert (told.returncode, json.loads(told.stdout)["summary"]) == (1, "revoked")
    (copied / "list.txt").write_text("nothing", encoding="utf-8")
    assert run(copied, "a.pdf").returncode == 2


def test_an_old_list_is_told(copied: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """From 91 days on."""
    for day, told in ((datetime(2027, 2, 20, tzinfo=UTC), ""), (datetime(2027, 2, 21, tzinfo=UTC), "91 days old")):
        moment = day.timetuple()
        monkeypatch.setattr("time.gmtime", lambda moment=moment: moment)
        verify.main(["--archive", str(copied), CASES["codes"]["in force"]["code"]])
        warned = capsys.readouterr().err
        assert told in warned
        assert bool(warned) == bool(told)
