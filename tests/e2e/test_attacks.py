"""`certs verify`, the command, on attacked copies of an exported file: no traceback, no `valid`, each told apart."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.e2e.site import Deployment, Exported
from tests.interop.test_attacks import ATTACKS

OTHER_VERDICT = 1


def told(marathon: Deployment, file: Path) -> tuple[str, str]:
    """Return the summary, and what the command says was done to *file*."""
    said = json.loads(marathon.certs("verify", str(file), "--json", exit_code=OTHER_VERDICT))
    return said["summary"], said["steps"][-1]["text"]


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_told(marathon: Deployment, exported: list[Exported], attack: str, tmp_path: Path) -> None:
    change, words = ATTACKS[attack]
    file = tmp_path / "attacked.pdf"
    file.write_bytes(change(exported[0].data))
    summary, text = told(marathon, file)
    assert (summary, words in text) == ("altered", True), text


def test_a_copy_that_qpdf_wrote_is_told(marathon: Deployment, exported: list[Exported], tmp_path: Path) -> None:
    source, copy = tmp_path / "issued.pdf", tmp_path / "copy.pdf"
    source.write_bytes(exported[0].data)
    subprocess.run(["qpdf", "--object-streams=generate", str(source), str(copy)], check=True)
    summary, text = told(marathon, copy)
    assert (summary, "saved anew" in text) == ("altered", True), text
