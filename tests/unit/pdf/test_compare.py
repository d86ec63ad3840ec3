"""Every attack on our own file gets its own answer, and none breaks the comparison."""

import io
import random
import re
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from certs.pdf import Design, draw_plate
from certs.pdf.compare import KINDS, compare, find_number
from tests.unit.pdf import cast


@cache
def issued() -> bytes:
    statement = cast.statement()
    plate = draw_plate(Design.load("classic"), [statement], cast.BASE_URL, cast.sealer(), with_credential=True)
    return plate.data + plate.imprint(statement, cast.claim_url(statement), b'{"type": []}').tail


def revised(change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """Return our file with a further revision."""
    writer = IncrementalPdfFileWriter(io.BytesIO(issued()))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def overlay(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    over = writer.add_object(generic.StreamObject(stream_data=b"1 g 0 0 400 300 re f"))
    page["/Contents"] = generic.ArrayObject([*page["/Contents"], over])
    writer.update_container(page)


def annotation(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    note = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/FreeText"),
            pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (50, 50, 90, 90))),
            pdf_name("/Contents"): generic.pdf_string("Another name"),
        }
    )
    page["/Annots"] = generic.ArrayObject([*page["/Annots"], writer.add_object(note)])
    writer.update_container(page)


def form_field(writer: IncrementalPdfFileWriter) -> None:
    field = generic.DictionaryObject(
        {
            pdf_name("/FT"): pdf_name("/Tx"),
            pdf_name("/T"): generic.pdf_string("Name"),
            pdf_name("/V"): generic.pdf_string("Another name"),
        }
    )
    form = writer.root["/AcroForm"]
    form["/Fields"] = generic.ArrayObject([*form["/Fields"], writer.add_object(field)])
    writer.update_container(form)


def catalog(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/OpenAction"] = generic.DictionaryObject({pdf_name("/S"): pdf_name("/Named")})
    writer.update_root()


def without_byte_range(writer: IncrementalPdfFileWriter) -> None:
    seal = writer.root["/AcroForm"]["/Fields"][0]["/V"]
    del seal["/ByteRange"]
    writer.update_container(seal)


def without_contents(writer: IncrementalPdfFileWriter) -> None:
    seal = writer.root["/AcroForm"]["/Fields"][0]["/V"]
    seal["/Contents"] = generic.ByteStringObject(bytes(100))
    writer.update_container(seal)


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("overlay", overlay),
        ("annotation", annotation),
        ("form_filled", form_field),
        ("catalog", catalog),
        ("byte_range_removed", without_byte_range),
        ("contents_removed", without_contents),
    ],
)
def test_a_further_revision_is_told_by_what_it_changes(
    kind: str, change: Callable[[IncrementalPdfFileWriter], None]
) -> None:
    """All of them leave the sealed bytes as they were."""
    assert compare(issued(), revised(change)).kind == kind


def saved_by_pikepdf(change: Callable[[pikepdf.Pdf], None]) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(issued())) as pdf:
        change(pdf)
        pdf.save(out)
    return out.getvalue()


def other_name(pdf: pikepdf.Pdf) -> None:
    own = pdf.pages[0].Contents[1]
    own.write(own.read_bytes() + b"1 g 0 0 400 300 re f")


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("rewritten", lambda pdf: None),
        ("overlay", other_name),
        ("catalog", lambda pdf: pdf.Root.__delitem__("/Perms")),
        ("byte_range_removed", lambda pdf: pdf.Root.AcroForm.Fields[0].V.__delitem__("/ByteRange")),
        ("contents_removed", lambda pdf: pdf.Root.AcroForm.Fields[0].V.__delitem__("/Contents")),
    ],
)
def test_a_file_saved_anew_is_told_by_what_it_shows(kind: str, change: Callable[[pikepdf.Pdf], None]) -> None:
    """Whatever its object numbers and compression are now."""
    assert compare(issued(), saved_by_pikepdf(change)).kind == kind


@pytest.mark.parametrize("options", [[], ["--linearize"], ["--qdf"], ["--object-streams=generate"]])
def test_a_file_rewritten_by_qpdf_looks_the_same(options: list[str], tmp_path: Path) -> None:
    """Linearised, unpacked, or packed."""
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    source.write_bytes(issued())
    subprocess.run(["qpdf", *options, str(source), str(target)], check=True)
    assert compare(issued(), target.read_bytes()).kind == "rewritten"
    assert find_number(target.read_bytes()) == cast.statement().number


def blanked(pattern: bytes, by: bytes) -> bytes:
    """Return our file with the digits of *pattern*'s group replaced."""
    match = list(re.finditer(pattern, issued()))[-1]
    start, end = match.span(1)
    return issued()[:start] + (by * (end - start))[: end - start] + issued()[end:]


def nulled(pattern: bytes, by: bytes) -> bytes:
    """Return our file with *by* and blanks in the place of *pattern*."""
    match = list(re.finditer(pattern, issued()))[-1]
    return issued()[: match.start()] + by.ljust(len(match[0])) + issued()[match.end() :]


def cut(pattern: bytes) -> bytes:
    match = list(re.finditer(pattern, issued()))[-1]
    return issued()[: match.start()] + issued()[match.end() :]


@pytest.mark.parametrize(
    ("kind", "brought"),
    [
        ("identical", issued),
        ("truncated", lambda: issued()[:-1]),
        ("truncated", lambda: issued()[:20_000]),
        ("truncated", lambda: b""),
        ("trailing_bytes", lambda: issued() + b"\n"),
        ("trailing_bytes", lambda: issued() + bytes(5000)),
        ("trailing_bytes", lambda: issued() + issued()),
        ("bytes_changed", lambda: b"?" + issued()[1:]),
        ("bytes_changed", lambda: b"\n" + issued()),
        ("bytes_changed", lambda: issued()[:30_000] + b"?" + issued()[30_001:]),
        ("byte_range_removed", lambda: blanked(rb"/ByteRange\[([^\]]*)\]", b" ")),
        ("byte_range_removed", lambda: blanked(rb"(/ByteRange\[[^\]]*\])", b" ")),
        ("byte_range_removed", lambda: blanked(rb"/ByteRange\[([^\]]*)\]", b"0 ")),
        ("byte_range_removed", lambda: nulled(rb"(?<=/ByteRange)\[[^\]]*\]", b" null")),
        ("byte_range_removed", lambda: nulled(rb"(?<=/ByteRange)\[[^\]]*\]", b"[]")),
        ("byte_range_removed", lambda: cut(rb"/ByteRange\[[^\]]*\]")),
        ("contents_removed", lambda: blanked(rb"/Contents<([0-9a-f]+)>", b"0")),
        ("contents_removed", lambda: nulled(rb"(?<=/Contents)<[0-9a-f]+>", b" null")),
        ("contents_removed", lambda: nulled(rb"(?<=/Contents)<[0-9a-f]+>", b"<>")),
        ("contents_removed", lambda: cut(rb"(?<=/Contents<)[0-9a-f]+")),
        ("contents_removed", lambda: cut(rb"/Contents<[0-9a-f]+>")),
        ("unreadable", lambda: b"not a PDF at all"),
        ("unreadable", lambda: b"%PDF-1.7\n" + bytes(50_000)),
    ],
)
def test_changed_bytes_are_told_by_where_they_are(kind: str, brought: Callable[[], bytes]) -> None:
    """Without parsing, except where nothing is alike."""
    difference = compare(issued(), brought())
    assert (difference.kind, difference.text) == (kind, KINDS[kind])


def test_another_certificate_is_no_copy() -> None:
    """Even one of the same plate."""
    statements = [cast.statement(), cast.statement("Somebody Else", 2)]
    plate = draw_plate(Design.load("classic"), statements, cast.BASE_URL, cast.sealer())
    first, second = (plate.data + plate.imprint(s, cast.claim_url(s)).tail for s in statements)
    assert compare(first, second).kind == "other_file"
    assert find_number(second) == statements[1].number


def test_any_flipped_byte_is_told() -> None:
    """Wherever it is: never identical, never an exception."""
    dice = random.Random(7)
    for _ in range(200):
        place = dice.randrange(len(issued()))
        brought = bytearray(issued())
        brought[place] ^= 1 << dice.randrange(8)
        assert compare(issued(), bytes(brought)).kind == "bytes_changed"


def test_garbled_files_break_nothing() -> None:
    """Shuffled pieces of our own file; where a parser can repair it, it still does not count as saved anew.

    Repaired by another reader it may look otherwise, so nobody may be told that it looks the same.
    """
    dice = random.Random(11)
    for _ in range(60):
        pieces = [issued()[i : i + 700] for i in range(0, len(issued()), 700)]
        for _ in range(dice.randrange(1, 9)):
            pieces.insert(dice.randrange(len(pieces)), pieces.pop(dice.randrange(len(pieces))))
        brought = b"".join(pieces)
        allowed = {"identical"} if brought == issued() else KINDS.keys() - {"identical", "rewritten"}
        assert compare(issued(), brought).kind in allowed
        find_number(brought)


def test_endless_objects_are_given_up() -> None:
    """Nesting deeper than any certificate's."""
    deep = b"[" * 5_000 + b"]" * 5_000
    body = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R/X " + deep + b">>endobj\n2 0 obj<</Kids[]/Count 0>>endobj\n"
    assert compare(issued(), body + b"trailer<</Root 1 0 R>>").kind in {"unreadable", "other_file"}


@pytest.mark.parametrize("text", [b"", b"<dc:identifier>0000-0000-0001</dc:identifier>", b"%PDF-1.7"])
def test_a_file_without_a_number_states_none(text: bytes) -> None:
    """Nor does one whose number is mistyped."""
    assert find_number(text) is None
