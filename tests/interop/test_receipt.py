"""A receipt's PDF, as foreign programs see it: archival, accessible, sealed over all of it, with the JWS inside."""

import io

import pikepdf
import pytest

from certs.errors import InputError
from certs.model import Purpose
from certs.work import receipts
from certs.work.verify import verify_number
from tests.interop.judges import hanko, poppler, qpdf, verapdf
from tests.world import NOW, World


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.fixture(scope="module")
def given(world: World) -> receipts.Given:
    """One of more than a page, with every kind of answer."""
    world.keys.new(Purpose.RECEIPT)
    verdict = verify_number(world.issue().number, world.register, world.keys, NOW)
    items = [receipts.item({"number": "7K3M-9QXZ-2P40"}, verdict)] * 60
    items += [receipts.unread({"text_sha256": "ab" * 32}, "input")]
    return receipts.give(items, "https://certs.example.org", world.register.receipts, world.keys, NOW)


@pytest.fixture(scope="module")
def file(world: World, given: receipts.Given) -> bytes:
    return receipts.as_pdf(given, world.keys)


def test_verapdf_and_qpdf_have_no_complaint(file: bytes) -> None:
    """PDF/A-3a and PDF/UA-1, over two pages."""
    assert [(one.flavour, one.failures) for one in verapdf.judge({"receipt": file}) if not one.passed] == []
    assert qpdf.complaints(file) == ""


def test_its_seal_is_valid_over_the_total_document_and_trusted_under_our_root(world: World, file: bytes) -> None:
    said = poppler.seal_lines(file)
    assert (said.valid, said.total_document) == (True, True), said.text
    roots = [key.certificates[-1] for key in world.keys.trusted(Purpose.SEAL)]
    assert hanko.seal(file, roots) == hanko.Seal(
        intact=True, valid=True, trusted=True, entire_file=True, no_changes_allowed=True, no_changes_made=True
    )


def test_the_jws_inside_is_the_receipt_and_every_row_stands_on_a_page(given: receipts.Given, file: bytes) -> None:
    with pikepdf.open(io.BytesIO(file)) as document:
        assert document.attachments["receipt.jws"].get_file().read_bytes() == given.jws.encode()
        assert len(document.pages) == 2
    assert receipts.found_in(file) == given.jws


def test_one_byte_altered_in_the_page_or_in_the_jws_is_seen(world: World, given: receipts.Given, file: bytes) -> None:
    """The seal does not hold over it, and the JWS is none of ours."""
    inside = file.index(given.jws.encode()) + len(given.jws) // 2
    for at in (2_000, inside):
        spoilt = file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :]
        assert not poppler.seal_lines(spoilt).valid
    with pytest.raises(InputError):
        receipts.confirmed(receipts.found_in(spoilt), given.receipt.number, world.register.receipts, world.keys)
