"""README, the organiser: each block, word for word, in a fresh folder beside the demo, on both databases.

Whoever changes README changes this test, and the other way round. The answers are what the organiser of the demo's
event would type.
"""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import postgres
from tests.e2e.terminal import Terminal

ROOT = Path(__file__).parents[2]
SETUP = "make setup && . .venv/bin/activate"
ADDRESS, WHO = "https://certs.meridian.example.org", "Meridian Institute for Medicines Quality"
PEOPLE = 1244


def blocks() -> list[list[str]]:
    """Return the indented blocks of README's organiser part, each as lines."""
    part = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n### The organiser\n")[2].partition("\n### ")[0]
    return [
        [line[4:] for line in block.splitlines()]
        for block in re.split(r"\n\n(?=\S)|\n\n(?= {4})", part)
        if block.strip("\n").startswith("    ")
    ]


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """Yield what an organiser answers about the register: nothing, or a database that an ordinary role owns."""
    if kind == "sqlite":
        yield ""
        return
    with postgres.cluster() as cluster:
        yield cluster.create("story").replace("postgresql+psycopg://", "postgresql://")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """Yield the folder in which README was followed, and all that the screen showed."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "demo", folder / "demo")
    with database(request.param, folder) as url:
        answers = [
            ("Public address", ADDRESS),
            ("organisation behind", WHO),
            ("Where the register lives", url),
            ("Folder of the keys", ""),
            ("File of the passphrase", ""),
            ("[y/N]", "y"),
        ]
        setup, *rest = blocks()
        assert [line.partition("  #")[0].rstrip() for line in setup] == [SETUP]
        yield folder, Terminal(folder, environ(folder), answers).runs([line for block in rest for line in block])


def environ(folder: Path) -> dict[str, str]:
    """Return what the terminal of somebody has who has done the first block, on a machine of her own."""
    temporary = folder / "tmp"
    temporary.mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CERTS_")}
    activated = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return kept | {
        "PATH": activated,
        "TERM": "dumb",
        "COLUMNS": "200",
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(temporary),
    }


def certs(story: tuple[Path, str], *arguments: str) -> str:
    """Run one more command in the organiser's folder."""
    command = [sys.executable, "-m", "certs", *arguments]
    where = story[0] / "marathon"
    done = subprocess.run(command, cwd=where, env=environ(story[0]), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def manifest(folder: Path) -> list[dict[str, str]]:
    with (folder / "manifest.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_blocks_begin_with_init_and_name_each_step() -> None:
    """What stands there is what is run."""
    lines = [line.partition("  #")[0].rstrip() for block in blocks()[1:] for line in block]
    assert lines[1] == "certs init"
    steps = [line.split()[1] for line in lines if line.startswith("certs ")]
    expected = ("init doctor event import check names decide preview order approve issue export backup "
                "correct approve issue revoke reinstate report audit event")  # fmt: skip
    assert steps == expected.split()


def test_it_goes_through_and_the_doctor_is_content(story: tuple[Path, str]) -> None:
    assert "WRONG" not in story[1]
    assert "LOOK" not in story[1]
    assert "Traceback" not in story[1]
    assert "WRONG" not in certs(story, "doctor")


def test_everybody_who_earned_one_has_a_certificate_under_the_public_address(story: tuple[Path, str]) -> None:
    rows = manifest(story[0] / "marathon/certificates")
    assert len(rows) == len(list((story[0] / "marathon/certificates").glob("*.pdf"))) == PEOPLE
    assert all(row["verify_url"].lower().startswith(f"{ADDRESS}/v/") for row in rows)


def test_what_happened_afterwards_is_what_the_certificates_say(story: tuple[Path, str]) -> None:
    """One is replaced by a corrected one, one was revoked and counts again; the trail is whole."""
    first, second, *_ = manifest(story[0] / "marathon/certificates")
    out = story[0] / "marathon/again"
    certs(story, "export", "cgmp-2026", "--out", str(out))
    rows = {row["number"]: row for row in manifest(out)}
    assert len(rows) == PEOPLE
    assert first["number"] not in rows
    assert "Anna Example" in [row["name"] for row in rows.values()]
    assert second["number"] in rows
    assert json.loads(certs(story, "verify", second["number"], "--json"))["summary"] == "valid"
    certs(story, "audit", "verify")


def test_the_backup_is_a_register(story: tuple[Path, str]) -> None:
    assert (story[0] / "marathon/register.db").read_bytes()[:15] == b"SQLite format 3"


def test_a_second_edition_goes_into_the_same_register(story: tuple[Path, str]) -> None:
    """Its numbers are other ones, and those of the first stay valid."""
    where = story[0] / "marathon"
    text = (story[0] / "demo/marathon.toml").read_text(encoding="utf-8")
    edition = text.replace('"cgmp-2026"', '"cgmp-2026b"').replace("Marathon 2026", "Marathon 2026, second edition")
    (where / "second.toml").write_text(edition, encoding="utf-8")
    exports = sorted(str(path) for path in (story[0] / "demo").glob("*.csv"))
    certs(story, "event", "add", "second.toml", "--yes")
    certs(story, "import", "cgmp-2026b", *exports)
    for step in ("order cgmp-2026b --as Ana --yes", "approve cgmp-2026b/1 --as Ben --yes", "issue cgmp-2026b/1",
                 "export cgmp-2026b --out second"):  # fmt: skip
        certs(story, *step.split())
    rows = manifest(where / "second")
    assert len(rows) == PEOPLE
    assert not {row["number"] for row in rows} & {row["number"] for row in manifest(where / "certificates")}
