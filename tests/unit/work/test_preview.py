"""Specimens: as certificates will look, and worth nothing."""

import io
from dataclasses import replace
from random import Random

import pypdfium2
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from certs import claim
from certs.attendance import Answers
from certs.db.store import Store
from certs.errors import InputError, NotFoundError
from certs.ground.number import from_bits
from certs.model import Kid, Statement, Summary
from certs.pdf import specimen
from certs.pdf.raster import look
from certs.work import imports, orders, preview
from certs.work.verify.codes import verify_claim
from tests.register import AUCKLAND, EVENT, NOW, act
from tests.unit.work.test_amend import export
from tests.world import EVENT as FACTS
from tests.world import MemoryKeys

BASE = "https://certs.example.org"
PRESS = preview.Press(BASE, NOW, Random(3))
NAMES = ("Ana Souza", "Björn Öttinghaus", "美咲 五十嵐", "현우 제갈", "مريم الزهراء", "Мария Иванова", "Ana Li")


def statement(name: str, serial: int, kind: str = "attendance") -> Statement:
    """Return what the certificate of somebody of that name may say."""
    attended = frozenset(one.id for one in FACTS.sessions)
    return Statement(FACTS, from_bits(serial), kind, name, "", attended, 8, NOW.date())


@pytest.fixture
def held(store: Store) -> Store:
    """Return a register in which Ana earns a certificate, and Ben does not."""
    store.events.add(EVENT, AUCKLAND, act())
    imports.add_files(store, EVENT.slug, [export(ana=120, ben=10)], Answers(), act())
    return store


def pages(file: bytes) -> list[bytes]:
    """Return each page of *file* as a file."""
    found = []
    whole = pypdfium2.PdfDocument(file)
    for number in range(len(whole)):
        one, out = pypdfium2.PdfDocument.new(), io.BytesIO()
        one.import_pages(whole, [number])  # type: ignore[call-arg]
        one.save(out)
        found.append(out.getvalue())
    return found


def test_a_specimen_says_so_across_the_page_and_in_its_code(held: Store) -> None:
    """There is no seal, no credential and no link in it, and nothing is reserved or ordered."""
    before = held.events.as_of(EVENT.slug)
    made = preview.preview(held, EVENT.slug, ["Ana@example.org"], PRESS)
    seen = look(made.files[0])
    assert seen is not None
    assert "SPECIMEN" in seen.text
    assert "Ana" in seen.text
    assert seen.code.startswith(f"{BASE}/V/SPECIMEN.SPECIMEN.")
    reader = PdfFileReader(io.BytesIO(made.files[0]))
    assert not reader.embedded_signatures
    assert not {"/AcroForm", "/AF", "/Names", "/Perms"} & set(reader.root)
    assert not any(what in made.files[0] for what in (b"/Subtype/Link", b"/FT/Sig", b"/Subtype/Widget"))
    assert not held.batches.of_event(EVENT.slug)
    assert held.events.as_of(EVENT.slug) == before


def test_the_code_of_a_specimen_is_as_large_as_the_real_one() -> None:
    """So that what is looked at is what will be printed."""
    one = claim.claim_of(statement("Ana Souza", 1), Kid("0" * 8))
    assert len(claim.specimen(one)) == len(claim.unsigned(one))


@pytest.mark.parametrize("text", ["SPECIMEN.SPECIMEN.SPEC", "specimen.specimen", "SPECIMEN."])
def test_its_code_is_called_a_specimen_and_nothing_else(store: Store, text: str) -> None:
    """Not a damaged code, let alone a valid one."""
    verdict = verify_claim(text, store, MemoryKeys(), NOW)
    assert verdict.summary is Summary.NOT_ISSUED
    assert [step.text for step in verdict.steps] == [
        "This is a specimen: a page to look at before an order. It certifies nothing."
    ]


def test_no_claim_begins_like_a_specimen() -> None:
    """Whatever it says: its first byte is the version."""
    kid = Kid("0" * 8)
    assert not any(claim.is_specimen(claim.unsigned(claim.claim_of(statement(n, 1), kid))) for n in NAMES)


def test_who_is_not_eligible_has_none_and_is_told_why(held: Store) -> None:
    """With the decision's reason; with nobody left there is no file."""
    made = preview.preview(held, EVENT.slug, ["ana@example.org", "ben@example.org"], PRESS)
    assert [one.name for one in made.people] == ["Ana Doe"]
    (said,) = made.left_out
    assert said.startswith("Ben Doe (ben@example.org) would have no certificate.")
    with pytest.raises(InputError, match="would have no certificate"):
        preview.preview(held, EVENT.slug, ["ben@example.org"], PRESS)


def test_who_is_not_known_or_no_address_is_refused(held: Store) -> None:
    """Each with a sentence."""
    with pytest.raises(NotFoundError, match="nobody with the address cy@"):
        preview.preview(held, EVENT.slug, ["cy@example.org"], PRESS)
    with pytest.raises(InputError, match="Ana Doe is no e-mail address"):
        preview.preview(held, EVENT.slug, ["Ana Doe"], PRESS)


def test_before_anybody_is_eligible_there_is_nothing_to_print(store: Store) -> None:
    """And that is said."""
    store.events.add(EVENT, AUCKLAND, act())
    with pytest.raises(InputError, match="Nobody is eligible yet"):
        preview.preview(store, EVENT.slug, [], PRESS)


def test_the_hardest_are_the_longest_of_each_script_and_kind() -> None:
    """And some by lot, each once."""
    crowd = [statement(name, serial) for serial, name in enumerate(NAMES)]
    crowd += [statement(f"Ana {'abcdefghijklmnopqrstuvwxyz'[n]}o", 100 + n) for n in range(26)]
    crowd += [statement("Li", 200, "speaker"), statement("Xu", 201, "speaker")]
    chosen = preview.hardest(crowd, Random(1))
    assert len(chosen) == len(set(chosen)) == preview.MOST
    assert {specimen.group(one) for one in chosen} == {specimen.group(one) for one in crowd}
    assert {one.kind for one in chosen} == {"attendance", "speaker"}
    assert "Björn Öttinghaus" in {one.name for one in chosen}
    others = [set(preview.hardest(crowd, Random(seed))) for seed in range(9)]
    assert any(one != others[0] for one in others)
    assert preview.hardest(crowd[:2], Random(1)) == sorted(crowd[:2], key=lambda one: -len(one.name))


def test_every_script_stands_on_its_page() -> None:
    """One page for each, in their order."""
    crowd = [(statement(name, serial), f"{BASE}/V/SPECIMEN.") for serial, name in enumerate(NAMES[:4])]
    file = specimen.specimens(crowd, BASE)
    seen = [look(one) for one in pages(file)]
    assert [one.code for one in seen if one] == [f"{BASE}/V/SPECIMEN."] * 4
    assert all("SPECIMEN" in one.text for one in seen if one)
    assert "Ana Souza" in seen[0].text  # type: ignore[union-attr]


def test_whom_no_font_can_print_is_told_and_not_printed(store: Store) -> None:
    """As a check will hold her back."""
    store.events.add(EVENT, AUCKLAND, act())
    upload = export(ana=120, odd=120)
    assert isinstance(upload.data, bytes)
    odd = replace(upload, data=upload.data.replace(b"Odd", "𐀀𐀁".encode()))
    imports.add_files(store, EVENT.slug, [odd], Answers(), act())
    made = preview.preview(store, EVENT.slug, [], PRESS)
    assert [one.name for one in made.people] == ["Ana Doe"]
    assert "would be held back" in made.left_out[0]
    assert orders.survey(store, EVENT.slug).due
