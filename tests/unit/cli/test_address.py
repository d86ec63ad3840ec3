"""The manifest repeats what a code holds, byte for byte, wherever the site has moved."""

import csv
import json

import pytest

from tests.unit.cli.conftest import Operator
from tests.unit.cli.test_secrets import EVENT, REPORT


def test_the_manifest_and_the_files_agree_after_the_site_moved(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The link of the real file holds the code's address."""
    (operator.home / "small.toml").write_text(EVENT)
    (operator.home / "attendee_small.csv").write_text(REPORT)
    monkeypatch.setenv("CERTS_BASE_URL", "https://first.example/Certs")
    for command in (
        "keys new claim", "keys new credential", "keys new link", "keys new seal", "event add small.toml",
        "import small attendee_small.csv --zone UTC", "order small --yes", "approve 1 --yes", "issue 1 --workers 1",
    ):  # fmt: skip
        assert operator.types(*command.split()).code == 0, command
    monkeypatch.setenv("CERTS_BASE_URL", "https://second.example")
    assert operator.types("export", "small", "--out", "out", "--yes").code == 0
    with (operator.home / "out" / "manifest.csv").open(encoding="utf-8-sig", newline="") as manifest:
        (row,) = csv.DictReader(manifest)
    assert row["verify_url"].startswith("https://first.example/Certs/V/")
    assert f"/URI({row['verify_url']})".encode() in (operator.home / "out" / row["file"]).read_bytes()
    assert row["personal_url"].startswith("https://second.example/me/")
    assert json.loads(operator.types("status", "1", "--json").out)["base_url"] == "https://first.example/Certs"
