"""Attacks on our own sealed file, judged as a stranger brings them: never valid, each told apart, never an error."""

import io
import random
import re
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from cryptography.x509 import load_der_x509_certificate
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from certs.model import Certificate, Purpose, Summary, Verdict
from certs.work.verify import files, verify_pdf
from tests.interop.people import PEOPLE
from tests.interop.sealed import seal_all
from tests.unit.pdf import test_compare as revisions
from tests.world import World

Revision = Callable[[IncrementalPdfFileWriter], None]


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.fixture(scope="module")
def ana(world: World) -> Certificate:
    """Somebody with a real sealed file in the register."""
    (sealed,) = seal_all(world, PEOPLE[:1]).values()
    world.register.plate_bytes = 36_000
    return world.register_file(sealed.statement, sealed.claim_url.rpartition("/V/")[2], sealed.data)


@pytest.fixture(scope="module")
def issued(world: World, ana: Certificate) -> bytes:
    return world.register.pdfs[ana.number]


def judged(world: World, data: bytes) -> Verdict:
    return verify_pdf(data, world.register, world.keys, world.now)


def stranger() -> World:
    """Return somebody with keys and numbers of their own."""
    other = World()
    for _ in range(1000):
        other.statement()
    return other


def said(verdict: Verdict, step: str) -> str:
    return next(s.text for s in verdict.steps if s.name == step)


def revised(data: bytes, change: Revision) -> bytes:
    writer, out = IncrementalPdfFileWriter(io.BytesIO(data)), io.BytesIO()
    change(writer)
    writer.write(out)
    return out.getvalue()


def blanked(data: bytes, pattern: bytes) -> bytes:
    """Return *data* with the last match of *pattern* overwritten by blanks."""
    start, end = list(re.finditer(pattern, data))[-1].span()
    return data[:start] + b" " * (end - start) + data[end:]


def nulled(data: bytes, pattern: bytes) -> bytes:
    """Return *data* with the last value that *pattern* finds replaced by null."""
    match = list(re.finditer(pattern, data))[-1]
    return data[: match.start()] + b" null".ljust(len(match[0])) + data[match.end() :]


def packed(data: bytes) -> bytes:
    """Return *data* saved by another program, everything in object streams, the page as it was."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


ATTACKS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "overlay": (lambda data: revised(data, revisions.overlay), "printed on the page was changed"),
    "annotation": (lambda data: revised(data, revisions.annotation), "note or mark"),
    "form": (lambda data: revised(data, revisions.form_field), "form field"),
    "catalog": (lambda data: revised(data, revisions.catalog), "Settings or attachments"),
    "byte range removed": (lambda data: revised(data, revisions.without_byte_range), "list of what it covers"),
    "byte range blanked": (lambda data: blanked(data, rb"/ByteRange\[[^\]]*\]"), "list of what it covers"),
    "contents removed": (lambda data: revised(data, revisions.without_contents), "seal was removed"),
    "contents blanked": (lambda data: blanked(data, rb"(?<=/Contents<)[0-9a-f]+"), "seal was removed"),
    "byte range nulled": (lambda data: nulled(data, rb"(?<=/ByteRange)\[[^\]]*\]"), "list of what it covers"),
    "contents nulled": (lambda data: nulled(data, rb"(?<=/Contents)<[0-9a-f]+>"), "seal was removed"),
    "first byte": (lambda data: b"?" + data[1:], "Bytes inside"),
    "byte flip": (lambda data: data[:30_000] + bytes([data[30_000] ^ 1]) + data[30_001:], "Bytes inside"),
    "trailing bytes": (lambda data: data + b"\n%", "after the end"),
    "truncation": (lambda data: data[:-100], "cut off"),
    "rewritten": (packed, "saved anew"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_each_attack_is_altered_and_told_apart(world: World, ana: Certificate, issued: bytes, attack: str) -> None:
    change, words = ATTACKS[attack]
    verdict = judged(world, change(issued))
    assert (verdict.summary, verdict.certificate) == (Summary.ALTERED, ana)
    assert words in said(verdict, "difference")


@pytest.mark.parametrize("size", [files.BEGINNING_BYTES, 20_000, 0.5, 0.7])
def test_a_file_cut_off_before_it_says_whose_it_is_is_altered_too(world: World, issued: bytes, size: float) -> None:
    cut = issued[: int(size if size > 1 else size * len(issued))]
    verdict = judged(world, cut)
    assert (verdict.summary, verdict.certificate) == (Summary.ALTERED, None)
    assert "cut off" in said(verdict, "register")


def test_a_beginning_that_anybody_may_have_is_not_issued(world: World, issued: bytes) -> None:
    """Too short to say where it comes from, or not ours to its last byte."""
    short, foreign = issued[: files.BEGINNING_BYTES - 1], issued[:20_000] + b"?"
    assert {judged(world, data).summary for data in (short, foreign)} == {Summary.NOT_ISSUED}


def test_the_file_itself_is_valid(world: World, ana: Certificate, issued: bytes) -> None:
    assert judged(world, issued).summary is Summary.VALID


def test_an_added_revision_leaves_the_seal_intact_but_no_longer_whole(
    world: World, issued: bytes, ana: Certificate
) -> None:
    """What viewers call `signature valid`: the reason why the seal alone never decides here."""
    verdict = judged(world, revised(issued, revisions.overlay))
    assert "something was added" in said(verdict, "seal")


def test_a_flipped_byte_breaks_the_seal(world: World, issued: bytes, ana: Certificate) -> None:
    verdict = judged(world, issued[:30_000] + bytes([issued[30_000] ^ 1]) + issued[30_001:])
    assert "seal is broken" in said(verdict, "seal")


@pytest.mark.parametrize("options", [["--linearize"], ["--qdf"], ["--object-streams=generate"]])
def test_qpdf_cannot_hide_whose_certificate_it_is(
    world: World, ana: Certificate, issued: bytes, options: list[str], tmp_path: Path
) -> None:
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    source.write_bytes(issued)
    subprocess.run(["qpdf", *options, str(source), str(target)], check=True)
    verdict = judged(world, target.read_bytes())
    assert (verdict.summary, verdict.certificate) == (Summary.ALTERED, ana)
    assert "saved anew" in said(verdict, "difference")


def test_a_copy_locked_with_a_password_is_neither_forged_nor_valid(world: World, issued: bytes) -> None:
    """It may be genuine or not; one that anybody can open is a changed copy like others."""
    summaries = []
    for password in ("secret", ""):
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(issued)) as document:
            document.save(out, encryption=pikepdf.Encryption(user=password, owner="owner"))
        summaries.append(judged(world, out.getvalue()).summary)
    assert summaries == [Summary.UNKNOWN, Summary.ALTERED]


def test_no_two_kinds_of_attack_get_one_answer() -> None:
    """Removed, blanked and nulled are one kind; a first byte is any byte; all others are told apart."""
    alike = {"byte range": 3, "contents": 3, "Bytes inside": 2}
    answers = Counter(words for _, words in ATTACKS.values())
    assert sorted(answers.values()) == [1] * (len(ATTACKS) - sum(alike.values())) + sorted(alike.values())


def test_a_file_sealed_by_us_that_the_register_does_not_hold_is_not_issued_and_logged(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """The seal key leaked, or the register lost a row."""
    (sealed,) = seal_all(world, PEOPLE[1:2]).values()
    verdict = judged(world, sealed.data)
    assert verdict.summary is Summary.NOT_ISSUED
    assert "file_signed_by_us_but_not_in_register" in caplog.text
    assert sealed.statement.name not in caplog.text


def test_a_file_by_a_stranger_with_the_same_design_is_not_issued(world: World, ana: Certificate) -> None:
    (sealed,) = seal_all(stranger(), PEOPLE[2:3]).values()
    verdict = judged(world, sealed.data)
    assert verdict.summary is Summary.NOT_ISSUED
    assert "no seal of ours" in said(verdict, "seal")


def test_any_flipped_bit_is_altered(world: World, ana: Certificate, issued: bytes) -> None:
    """A few places, because each takes a process; the comparison's own test has hundreds."""
    dice = random.Random(11)
    for _ in range(3):
        place = dice.randrange(len(issued))
        brought = bytearray(issued)
        brought[place] ^= 1 << dice.randrange(8)
        assert judged(world, bytes(brought)).summary is Summary.ALTERED


def test_the_seal_key_is_pinned_not_its_name(world: World, ana: Certificate) -> None:
    """A stranger's root and leaf may bear our names to the letter."""
    theirs = stranger()
    names = [
        load_der_x509_certificate(w.keys.signer(Purpose.SEAL).key.certificates[0]).subject for w in (theirs, world)
    ]
    assert names[0] == names[1]
    (sealed,) = seal_all(theirs, PEOPLE[3:4]).values()
    assert "no seal of ours" in said(judged(world, sealed.data), "seal")
