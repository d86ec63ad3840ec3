"""Credentials of before are what we write today, byte for byte, and 1EdTech's context files are unchanged."""

import hashlib
import json
from pathlib import Path

import pytest

from certs.credential import rdf
from tests.vectors.credential.make import FILE, VECTORS, credential_of

GOLDEN: dict[str, str] = json.loads(FILE.read_text(encoding="utf-8"))
CONTEXTS = Path(rdf.__file__).with_name("contexts")


@pytest.mark.parametrize("label", VECTORS)
def test_a_vector_is_written_again_to_the_byte(label: str) -> None:
    assert credential_of(VECTORS[label]) == GOLDEN[label]


def test_the_documentation_shows_the_first_vector() -> None:
    """Whoever writes a reader from the page can test it on the page's own example."""
    page = (Path(__file__).parents[3] / "docs/formats.md").read_text(encoding="utf-8")
    assert GOLDEN["whole hours"] in page


def test_contexts_are_the_ones_their_readme_names() -> None:
    """A changed context would change what every signature covers."""
    readme = (CONTEXTS / "README.md").read_text(encoding="utf-8")
    digests = [hashlib.sha256(file.read_bytes()).hexdigest() for file in CONTEXTS.glob("*.json")]
    assert len(digests) == 2
    assert [digest for digest in digests if digest not in readme] == []
