"""What `docs/formats.md` says is enough: a program in another language, made from it alone, judges as ours do."""

import base64
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.offline import ARCHIVE, CASES, carried

ROOT = Path(__file__).parents[2]
READER = ROOT / "tests/interop/node/formats.mjs"
CLAIMS: dict[str, Any] = json.loads((ARCHIVE.parent / "claim/vectors.json").read_text(encoding="utf-8"))
ROLL: dict[str, Any] = json.loads((ARCHIVE.parent / "roll/vectors.json").read_text(encoding="utf-8"))


def read(**asked: object) -> dict[str, Any]:
    """Return what the other program says about what is *asked*, by the vectors' archive."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is missing")
    what = carried()
    archive = {"jwks": what.jwks, "did": what.did, "list": what.listed, "status": what.status}
    given = json.dumps({"archive": archive, "today": "2026-12-01", **asked})
    done = subprocess.run(
        [node, str(READER)], input=given, capture_output=True, text=True, check=True, encoding="utf-8"
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_it_judges_every_code_and_file_of_the_archive_as_we_do() -> None:
    codes = {label: case["code"] for label, case in CASES["codes"].items()}
    files = {label: base64.b64encode(case["file"].encode()).decode() for label, case in CASES["files"].items()}
    told = read(codes=codes, files=files)
    assert told["archive"] is True
    assert {label: one["summary"] for label, one in told["codes"].items()} == _summaries("codes")
    assert told["files"] == _summaries("files")


def _summaries(kind: str) -> dict[str, str]:
    return {label: case["summary"] for label, case in CASES[kind].items()}


def test_it_finds_every_fact_of_good_claims_and_refuses_bad_ones() -> None:
    good = {label: vector["url"] for label, vector in CLAIMS["good"].items()}
    told = read(codes=good | {label: vector["text"] for label, vector in CLAIMS["bad"].items()})["codes"]
    assert {label: told[label]["facts"] for label in good} == {
        label: {name: CLAIMS["good"][label][name] for name in told[label]["facts"]} for label in good
    }
    assert {len(told[label]["facts"]) for label in good} == {10}
    assert [label for label in CLAIMS["bad"] if "facts" in told[label] or told[label]["summary"] == "valid"] == []


def test_no_letter_of_a_claim_can_be_changed() -> None:
    code = CASES["codes"]["in force"]["code"]
    changed = {
        str(place): code[:place] + ("B" if letter == "A" else "A") + code[place + 1 :]
        for place, letter in enumerate(code)
    }
    told = read(codes=changed)["codes"]
    assert {one["summary"] for one in told.values()} <= {"altered", "unknown"}
    assert [place for place, one in told.items() if "facts" in one] == []


def test_it_reads_the_checkpoint_of_the_page_and_the_roll() -> None:
    """The key of the checkpoint is that of 32 bytes of value 7."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    page = (ROOT / "docs/formats.md").read_text(encoding="utf-8")
    shown = re.search(r"    certs\.example\.org/trail\n(?:    .*\n)+\n    — .*\n", page)
    assert shown
    key = Ed25519PrivateKey.from_private_bytes(bytes([7]) * 32).public_key().public_bytes_raw().hex()
    note = re.sub(r"^    ", "", shown[0], flags=re.MULTILINE)
    roll = {**ROLL, "key": CLAIMS["public"][-64:], "texts": [ROLL["texts"]]}
    wrong = {**roll, "facts": roll["facts"].replace("Geneva", "Genova")}
    told = read(checkpoints={"page": {"note": note, "key": key}}, rolls={"ours": roll, "changed": wrong})
    assert told["checkpoints"]["page"][1:2] == ["1234"]
    assert told["rolls"] == {"ours": True, "changed": False}


@pytest.mark.parametrize(
    ("old", "new"), [(" valid ", " revoked "), ("\n10\n", "\n9\n"), ("2026-11-22T", "2026-11-21T")]
)
def test_a_list_that_was_changed_opens_nothing(old: str, new: str) -> None:
    changed = carried(carried().listed.replace(old, new, 1))
    archive = {"jwks": changed.jwks, "did": changed.did, "list": changed.listed, "status": changed.status}
    told = read(archive=archive, codes={"any": CASES["codes"]["in force"]["code"]})
    assert told["archive"] is not True
    assert "codes" not in told
