"""The page that works without the site is what its source says, and its cryptography accepts what it must."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from certs import offline
from certs.ground.signature import DomainEd25519
from certs.offline import verify
from tests.e2e.browsers import FLAGS
from tests.once import once

HERE = Path(offline.__file__).parent
GROUPS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "vectors/wycheproof/ed25519_test.json").read_text(encoding="utf-8")
)["testGroups"]
CASES = [
    (group["publicKey"]["pk"], test["sig"], test["msg"], test["result"], test["tcId"])
    for group in GROUPS for test in group["tests"]
]  # fmt: skip
_NATIVE = """async (cases) => Promise.all(cases.map(async ([key, signature, message]) => {
  const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16))
  return ed25519(bytes(key), bytes(signature), bytes(message))
}))"""


_JUDGED_BY = "() => ed25519(new Uint8Array(32), new Uint8Array(64), new Uint8Array()).then(() => own.by())"
"""Whose cryptography is asked once a signature was judged: a browser that lacks Ed25519 says so only then."""


@pytest.fixture(scope="session")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the page made anew, and `crypto.js`, its cryptography alone."""
    if shutil.which("npm") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("npm is missing")
        pytest.skip("npm is missing: the page cannot be bundled here")
    return once(tmp_path_factory, "page", _bundle)


def _bundle(folder: Path) -> None:
    source = folder / "page"
    shutil.copytree(HERE / "page", source, ignore=shutil.ignore_patterns("node_modules"))
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    _run(source, "npm", "ci", *quiet)
    _run(source, "node", "build.mjs", str(folder))
    entry = ("crypto.mjs", "--bundle", "--format=iife", "--global-name=own", f"--outfile={folder}/crypto.js")
    _run(source, str(source / "node_modules/.bin/esbuild"), *entry)


def _run(folder: Path, *command: str) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode and command[0] == "npm" and os.environ.get("CI") != "true":
        pytest.skip(f"npm gives nothing here: {done.stderr.strip()[-200:]}")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["page.html", "LICENCES.txt"])
def test_what_is_committed_is_what_the_source_makes(bundled: Path, name: str) -> None:
    """Else: make page."""
    assert (bundled / name).read_bytes() == (HERE / name).read_bytes()


@pytest.fixture
def tab(bundled: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A browser that has the page's cryptography, with its own under it or without."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        made = browser.new_page()
        made.goto(f"file://{bundled}/page.html")
        if request.param == "page":
            made.evaluate("() => Object.defineProperty(globalThis.crypto, 'subtle', { value: undefined })")
        script = f"{(bundled / 'crypto.js').read_text(encoding='utf-8')}\nglobalThis.ed25519 = own.ed25519; own.by()"
        assert made.evaluate(script) == request.param
        yield made
        assert (
            made.evaluate(
                "() => ed25519(new Uint8Array(32), new Uint8Array(64), new Uint8Array()).then(() => own.by())"
            )
            == request.param
        )
        browser.close()


def judged(accepted: list[bool]) -> list[int]:
    """Return the cases that were judged otherwise than Project Wycheproof does."""
    found = zip(CASES, accepted, strict=True)
    return [one[4] for one, good in found if good != (one[3] == "valid") and not (good and one[3] == "acceptable")]


@pytest.mark.parametrize("tab", ["browser", "page"], indirect=True)
def test_a_browser_accepts_the_signatures_that_it_must_and_no_other(tab: Page) -> None:
    accepted: list[bool] = tab.evaluate(_NATIVE, [case[:3] for case in CASES])
    assert judged(accepted) == []


def test_the_server_and_the_program_do_likewise() -> None:
    server = DomainEd25519(b"")
    raw = [tuple(map(bytes.fromhex, case[:3])) for case in CASES]
    assert len(raw) > 100
    assert judged([server.verify_signature(key, message, signature) for key, signature, message in raw]) == []
    assert judged([verify.fits(key, signature, message) for key, signature, message in raw]) == []
