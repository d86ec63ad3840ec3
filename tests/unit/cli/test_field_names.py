"""Names that went wrong in the field: what must become of each, from the import to the page.

`tests/field_names/expected.csv` says it for every row; a name is issued as it was typed, asked about, or held.
"""

import csv
import json
import re
import shutil
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from certs import claim, credential
from certs.cli.how import open_app
from certs.ground import names
from certs.model import Certificate
from certs.pdf.raster import page_text
from tests.unit.cli.conftest import Operator

FIELD = Path(__file__).parents[2] / "field_names"
ROWS = list(csv.DictReader((FIELD / "expected.csv").read_text("utf-8-sig").splitlines()))
_UNSEEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""What readers add, or leave out, and nobody sees."""
Outcome = tuple[Mapping[str, tuple[Certificate, bytes]], Mapping[str, str], Mapping[str, str]]
"""By address: certificates with their files, reasons of those held, questions."""


@pytest.fixture
def outcome(operator: Operator) -> Outcome:
    """Return what became of everybody."""
    for file in FIELD.iterdir():
        shutil.copy(file, operator.home)
    tables = [str(file) for file in operator.home.glob("*.csv") if file.name != "expected.csv"]
    for purpose in ("claim", "credential", "seal", "link"):
        assert operator.types("keys", "new", purpose).code == 0
    typed = (
        ("event", "add", "event.toml"),
        ("import", "field-names", *tables, "--yes"),
        ("order", "field-names", "--yes"),
        ("approve", "field-names/1", "--yes"),
        ("issue", "field-names/1", "--workers", "1", "--yes"),
    )
    for words in typed:
        assert (words, (said := operator.types(*words)).code, said.err) == (words, 0, said.err)
    held = json.loads(operator.types("status", "field-names/1", "--json").out)["held"]
    asked = json.loads(operator.types("questions", "field-names", "--json").out)["questions"]
    store = open_app().store
    found: dict[str, tuple[Certificate, bytes]] = {}
    for one in store.batches.placed("field-names"):
        if (certificate := store.certificate(one.number)) is not None and (pdf := store.pdf(one.number)) is not None:
            found[one.person] = certificate, pdf.plate + pdf.tail
    return found, {one["email"]: one["reason"] for one in held}, {one["subject"]: one["question"] for one in asked}


def test_every_name_comes_to_what_it_must(outcome: Outcome) -> None:
    """And those issued say the name as typed wherever they say it."""
    issued, held, asked = outcome
    keys = open_app().keys
    for row in ROWS:
        person, typed, expected = row["address"], names.clean(row["name as typed"]), row["expected"]
        if person in issued:
            assert expected.startswith("issued"), row
            certificate, file = issued[person]
            assert claim.read(certificate.claim_text, keys).name == typed
            assert credential.read(credential.enclosed_in(file) or b"", keys).name == typed
            _assert_shown(file, typed)
        else:
            assert not expected.startswith("issued") or "held with a reason" in expected, row
            assert typed in held.get(person, asked.get(person, "")), row


def test_what_no_font_has_is_held_and_what_is_no_name_is_asked_about(outcome: Outcome) -> None:
    """The reason names the character, and the list the person."""
    issued, held, asked = outcome
    for row in ROWS:
        kind = row["file"].removesuffix(".csv")
        if kind in ("unassigned-and-private", "flags"):
            assert "U+" in held[row["address"]]
        elif kind in ("broken-encoding", "devices-and-placeholders", "zawgyi"):
            assert row["address"] in asked[row["address"]]
        else:
            assert row["address"] in issued
    assert all("Zawgyi" in asked[f"zawgyi-0{at}@names.example"] for at in range(5))


def _assert_shown(file: bytes, name: str) -> None:
    """Look for *name* with two readers: whole, or in a name of two directions by its words."""
    both_ways = {"L", "R"} <= {unicodedata.bidirectional(one).replace("AL", "R") for one in name}
    seen = subprocess.run(("pdftotext", "-layout", "-", "-"), input=file, capture_output=True, check=True).stdout
    for text in (seen.decode(), page_text(file)):
        plain, wanted = _seen(text), _seen(name)
        for words in wanted.split() if both_ways else [wanted]:
            if both_ways:
                assert words in plain
            else:
                assert words in plain or not Counter(words.replace(" ", "")) - Counter(plain), (name, plain)


def _seen(text: str) -> str:
    return " ".join(_UNSEEN.sub("", text).split())
