"""The built wheel, installed somewhere else and run from another folder: it has everything that a clone has."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder into which the wheel was unpacked, as pip does; what it needs comes from our environment."""
    built = tmp_path_factory.mktemp("built")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    wheel = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(built), str(ROOT)]
    subprocess.run(wheel, check=True, timeout=600)
    (file,) = built.glob("*.whl")
    site = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(file) as archive:
        archive.extractall(site)
    return site


def run(site: Path, folder: Path, *words: str) -> str:
    """Run the installed program in *folder* and return what it prints."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("CERTS_", "PYTHON"))}
    done = subprocess.run(
        [sys.executable, "-P", *words],
        cwd=folder,
        env=environ | {"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_is_the_installed_one_that_runs(installed: Path, tmp_path: Path) -> None:
    assert run(installed, tmp_path, "-c", "import certs; print(certs.__file__)").startswith(str(installed))


def test_the_sample_marathon_is_issued_and_its_page_answers(installed: Path, tmp_path: Path) -> None:
    """Migrations, fonts, designs, contexts, the sample's exports and the pages travel with it."""
    said = run(installed, tmp_path, "-m", "certs", "demo", "--no-serve")
    (number,) = (line.split()[-1].rpartition("/")[2] for line in said.splitlines() if line.startswith("By its number"))
    (file,) = (tmp_path / "instance").glob("*.pdf")
    assert '"summary": "valid"' in run(installed, tmp_path, "-m", "certs", "verify", str(file), "--json")
    page = f"from certs.web import create; print(create().test_client().get('/c/{number}').text)"
    assert "<h1" in run(installed, tmp_path, "-c", page)


def test_it_holds_no_key_and_nothing_private(installed: Path) -> None:
    """What a developer's folder may hold stays there."""
    names = {path.relative_to(installed).name for path in installed.rglob("*") if "__pycache__" not in path.parts}
    assert not [name for name in names if name.endswith((".pem", ".db", "passphrase")) or name == "instance"]
