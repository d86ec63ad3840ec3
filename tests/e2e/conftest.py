"""The sample marathon, issued once by the real program for all tests of this folder."""

import csv
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.browsers import FLAGS
from tests.e2e.site import Deployment, Exported, free_port


@pytest.fixture(autouse=True)
def cheap_keys() -> None:
    """Keys cost here what they cost."""


@pytest.fixture(scope="session")
def marathon(tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """A deployment after `certs demo --no-serve`; tests may read it, and must leave it as it is."""
    deployment = Deployment(tmp_path_factory.mktemp("marathon"), free_port())
    deployment.certs("demo", "--no-serve")
    return deployment


@pytest.fixture(scope="session")
def exported(marathon: Deployment, tmp_path_factory: pytest.TempPathFactory) -> list[Exported]:
    """Everything that `certs export` writes."""
    out = tmp_path_factory.mktemp("exported")
    marathon.certs("export", "cgmp-2026", "--out", str(out))
    with (out / "manifest.csv").open(encoding="utf-8-sig", newline="") as manifest:
        return [Exported(row, (out / row["file"]).read_bytes()) for row in csv.DictReader(manifest)]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser; each test opens its own windows."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()
