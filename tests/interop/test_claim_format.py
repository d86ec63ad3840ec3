"""The claim's format is what its documentation says: a reader written from the documentation reads ours."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature

from tests.interop import claim_reader

ROOT = Path(__file__).parents[2]
VECTORS: dict[str, Any] = json.loads((ROOT / "tests/vectors/claim/vectors.json").read_text(encoding="utf-8"))
KEYS = {VECTORS["kid"]: bytes.fromhex(VECTORS["public"])[-32:]}


@pytest.mark.parametrize("label", VECTORS["good"])
def test_the_second_reader_finds_every_fact(label: str) -> None:
    vector = VECTORS["good"][label]
    seen = claim_reader.read(vector["url"], KEYS)
    stated = {name: value.isoformat() if isinstance(value, date) else value for name, value in seen.facts.items()}
    assert (seen.kid, seen.number, seen.kind) == (VECTORS["kid"], vector["number"], vector["kind"])
    assert stated == {name: vector[name] for name in stated}
    assert len(stated) == 8


@pytest.mark.parametrize("label", VECTORS["bad"])
def test_the_second_reader_refuses_what_ours_refuses(label: str) -> None:
    with pytest.raises((ValueError, KeyError, InvalidSignature)):
        claim_reader.read(VECTORS["bad"][label]["text"], KEYS)


def test_the_documentation_shows_the_first_vector() -> None:
    """Whoever writes a reader from the page can test it on the page's own example."""
    page = (ROOT / "docs/formats.md").read_text(encoding="utf-8")
    vector = VECTORS["good"]["latin"]
    shown = [VECTORS["seed"], VECTORS["public"][-64:], VECTORS["kid"], vector["payload"], vector["text"], vector["url"]]
    assert [value for value in shown if value not in page] == []
