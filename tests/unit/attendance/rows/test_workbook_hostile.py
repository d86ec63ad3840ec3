"""What is refused: each way to harm a reader of workbooks, and damage by chance."""

import io
import random
import struct
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certs.attendance.rows import workbook
from certs.errors import InputError
from tests.unit.attendance.books import archive, cell, encrypted, ods, ods_row, ods_text, table, xls, xlsx

GOOD = xlsx(table([["Name", "Email"], ["Ada", "ada@example.org"]]))
SHEET = "xl/worksheets/sheet1.xml"


def read(data: bytes) -> None:
    """Read all rows of all sheets."""
    for sheet in workbook.read_sheets("book", data):
        list(sheet.rows)


def refusal(data: bytes) -> str:
    """Return the one sentence with which *data* is refused."""
    with pytest.raises(InputError) as caught:
        read(data)
    [problem] = caught.value.problems
    assert problem.file == "book"
    return problem.message


def with_part(path: str, content: str | bytes, parts: Mapping[str, str | bytes] = GOOD) -> bytes:
    """Return a workbook with one part put in or replaced."""
    return archive({**parts, path: content})


def with_entry(change: Callable[[zipfile.ZipInfo], None]) -> bytes:
    """Return a good workbook with one more entry, whose description is changed."""
    out = io.BytesIO(archive(GOOD))
    with zipfile.ZipFile(out, "a") as file:
        entry = zipfile.ZipInfo("docProps/app.xml")
        change(entry)
        file.writestr(entry, "<Properties/>")
    return out.getvalue()


def in_directory(data: bytes, offset: int, field: bytes, entry: int = 0) -> bytes:
    """Return *data* with one field of the directory's entry number *entry* overwritten."""
    at = -1
    for _ in range(entry + 1):
        at = data.index(b"PK\1\2", at + 1)
    at += offset
    return data[:at] + field + data[at + len(field) :]


# ---------------------------------------------------------------- bombs


def test_a_part_that_unpacks_a_thousandfold_is_refused() -> None:
    """150 MB of XML in 1.3 MB never reaches the reader."""
    assert "100 times its size" in refusal(with_part(SHEET, b"<worksheet>" + b" " * (8 << 20)))


def test_too_much_in_all_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many parts below the bound of one add up."""
    monkeypatch.setattr("certs.attendance.rows.workbook.container.MAX_UNPACKED", 3 << 20)
    noise = random.Random(1).randbytes(1 << 20)
    assert "unpacks to more than 3 MB" in refusal(archive({**GOOD, **{f"xl/media/{n}.png": noise for n in range(3)}}))


def test_a_file_too_large_is_refused_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("certs.attendance.rows.workbook.container.MAX_BYTES", 1 << 20)
    assert "more than 1 MB" in refusal(b"PK\3\4" + bytes(1 << 20))


@pytest.mark.parametrize("ref", ["XFD1048576", "A1048576", "AAA1", "B300000"])
def test_a_value_far_away_is_refused(ref: str) -> None:
    """python-calamine makes a dense grid, and aborts where there is no memory for it."""
    assert "beyond row 299,999 or column ZZ" in refusal(archive(xlsx(cell("A1", "x") + cell(ref, 1.0))))


def test_a_far_value_cut_by_a_piece_is_seen() -> None:
    """The bytes before a border are looked at again."""
    for shift in range(0, 80, 8):
        padding = " " * ((256 << 10) - 600 - shift)
        noise = random.Random(2).randbytes(450).hex()[: 400 + shift]
        parts = xlsx(f"<row>{padding}<!--{noise}-->{cell('XFD1048576', 1.0)}</row>")
        assert "beyond row" in refusal(archive(parts))


def test_a_far_value_that_the_look_misses_dies_in_the_child() -> None:
    """Single quotes are good XML too; the limits of the child hold without the look."""
    far = "<c r='A1'><v>1</v></c><c r='XFD1048576'><v>1</v></c>"
    assert "needs more memory or time" in refusal(archive(xlsx(far)))


@pytest.mark.parametrize(
    "rows",
    [
        ods_row(ods_text("x", ' table:number-columns-repeated="16384"')),
        ods_row("<table:table-cell/>" + ods_text("x"), ' table:number-rows-repeated="1048576"'),
    ],
)
def test_ods_values_repeated_without_end_are_refused(rows: str) -> None:
    assert "beyond row 299,999 or column ZZ" in refusal(archive(ods(rows)))


@pytest.mark.parametrize(
    "rows",
    [
        ods_row(ods_text("x"))
        + ods_row("<table:table-cell/>", ' table:number-rows-repeated="9999999"')
        + ods_row(ods_text("x")),
        ods_row(ods_text("x", ' table:number-columns-repeated="900"')) * 900,
        ods_row(ods_text('<text:s text:c="400000000"/>')),
    ],
)
def test_ods_that_grows_in_the_reader_dies_in_the_child(rows: str) -> None:
    assert "needs more memory or time" in refusal(archive(ods(rows)))


def test_xls_with_a_value_in_the_last_corner_dies_in_the_child() -> None:
    assert "needs more memory or time" in refusal(xls([(0, 0, "x"), (65535, 255, 1.0)]))


def test_repeated_text_longer_than_the_output_may_be_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """One shared string in every cell: small in the file, large where it is written out."""
    monkeypatch.setattr("certs.attendance.rows.workbook._OUTPUT_MOST", 100_000)
    assert "needs more memory or time" in refusal(archive(xlsx(table([["x" * 1000]] * 200))))


def test_too_many_cells_are_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet that would only die in the child, slowly."""
    monkeypatch.setattr("certs.attendance.rows.workbook.container.MAX_CELLS", 1_000)
    assert "more than 1,000 cells" in refusal(archive(xlsx(table([["x", "y"]] * 501))))


def test_too_many_parts_are_refused() -> None:
    """The directory itself is a bomb where each entry becomes an object."""
    assert "more than 2000 parts" in refusal(archive({f"{n}": b"" for n in range(2001)}))


# ---------------------------------------------------------------- XML


@pytest.mark.parametrize(
    "prologue",
    [
        '<!DOCTYPE a [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]>',
        '<!DOCTYPE a [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a SYSTEM "http://example.org/a.dtd">',
    ],
)
@pytest.mark.parametrize("path", [SHEET, "xl/sharedStrings.xml", "docProps/core.xml"])
def test_entities_are_refused_in_every_part(path: str, prologue: str) -> None:
    assert "defines XML entities" in refusal(with_part(path, f'<?xml version="1.0"?>\n{prologue}<a/>'))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_xml_in_an_encoding_that_hides_is_refused(encoding: str) -> None:
    assert "not written in UTF-8" in refusal(with_part(SHEET, "<!DOCTYPE a><a/>".encode(encoding)))


@pytest.mark.parametrize(
    "content", ["<worksheet><sheetData><row><c", "<worksheet><sheetData><row r='x'/>", "", "\0" * 10]
)
def test_broken_xml_is_refused(content: str) -> None:
    assert refusal(with_part(SHEET, content))


# ---------------------------------------------------------------- ZIP


@pytest.mark.parametrize("path", ["../evil.xml", "xl/../../evil.xml", "/etc/passwd", "xl\\..\\..\\evil.xml"])
def test_paths_that_lead_out_are_refused(path: str) -> None:
    assert "so it is no workbook" in refusal(with_part(path, "<a/>"))


def test_a_symbolic_link_is_refused() -> None:
    def link(entry: zipfile.ZipInfo) -> None:
        entry.external_attr = 0o120777 << 16

    assert "symbolic link" in refusal(with_entry(link))


def test_other_packings_are_refused() -> None:
    """Excel knows only deflate; LZMA and bzip2 reach higher ratios."""

    def bzip2(entry: zipfile.ZipInfo) -> None:
        entry.compress_type = zipfile.ZIP_BZIP2

    assert "packed in a way" in refusal(with_entry(bzip2))


def test_one_name_twice_is_refused() -> None:
    """Two readers could see two workbooks."""

    def same(entry: zipfile.ZipInfo) -> None:
        entry.filename = SHEET

    with pytest.warns(UserWarning, match="Duplicate name"):
        data = with_entry(same)
    assert "a part twice" in refusal(data)


def test_overlapping_parts_are_refused() -> None:
    """Two entries of the directory that point to the same bytes."""
    good = archive(GOOD, stored=True)
    first = good.index(b"PK\1\2")
    second = good.index(b"PK\1\2", first + 1)
    assert "overlap" in refusal(
        good[:second] + good[first + 42 : first + 46].join([good[second : second + 42], good[second + 46 :]])
    )


@pytest.mark.parametrize(
    ("offset", "field"),
    [(24, struct.pack("<I", 5)), (16, b"\0\0\0\0"), (20, struct.pack("<I", 5)), (42, struct.pack("<I", 7))],
    ids=["size", "checksum", "packed size", "place"],
)
def test_a_directory_that_lies_is_refused(offset: int, field: bytes) -> None:
    """Sizes are counted, not believed."""
    assert "damaged or cut short" in refusal(in_directory(archive(GOOD), offset, field, entry=2))


def test_an_archive_in_an_archive_is_not_opened() -> None:
    assert "not a workbook; unpack it" in refusal(archive({"book.xlsx": archive(GOOD)}))


def test_a_locked_archive_is_refused_as_locked() -> None:
    assert "password" in refusal(in_directory(archive(GOOD), 8, b"\1\0"))


# ---------------------------------------------------------------- no workbook, locked, damaged


def test_a_locked_xlsx_is_refused_as_locked() -> None:
    assert "locked with a password" in refusal(encrypted())


def test_a_locked_ods_is_refused_as_locked() -> None:
    assert "locked with a password" in refusal(archive(ods("", manifest="<manifest:encryption-data/>")))


def test_an_xlsb_is_refused_by_name() -> None:
    assert "XLSB" in refusal(archive({"xl/workbook.bin": b"\x83\1\0", "xl/theme/theme1.xml": "<a/>"}))


@pytest.mark.parametrize(
    "data", [b"PK\3\4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", archive(GOOD)[:-30], xls([(0, 0, "x")])[:1500]]
)
def test_what_is_cut_short_is_refused(data: bytes) -> None:
    assert "damaged or cut short" in refusal(data)


def test_a_child_that_sends_nonsense_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what a sheet can hold comes back, whoever wrote it."""
    for lines in (
        b'[["S",false,0,1]]',
        b'{"at":"x"}',
        b"[[1]]",
        b"[" * 100_000,
        b'[1,[2]]\n[["S",false,0,1]]',
        b'[1,{"at":1}]\n[["S",false,0,1]]',
    ):
        monkeypatch.setattr("certs.attendance.rows.workbook._run", lambda *_, lines=lines: lines)
        assert "damaged" in refusal(archive(GOOD))


# ---------------------------------------------------------------- chance

FORMATS = {"xlsx": GOOD, "ods": ods(ods_row(ods_text("Name")) + ods_row(ods_text("Ada")))}
FUZZ = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def damaged(data: bytes, flips: list[tuple[float, int]], keep: float) -> bytes:
    """Return *data* with bytes changed at some shares of its length, and cut at another."""
    changed = bytearray(data)
    for where, mask in flips:
        changed[int(where * (len(data) - 1))] ^= mask
    return bytes(changed[: max(1, int(keep * len(data)))])


SHARE = st.floats(0, 1)
FLIPS = st.lists(st.tuples(SHARE, st.integers(1, 255)), max_size=8)
KEEP = st.just(1.0) | SHARE


@FUZZ
@given(st.sampled_from([archive(GOOD), archive(FORMATS["ods"]), xls([(0, 0, "x"), (1, 0, 5.0)])]), FLIPS, KEEP)
def test_any_damage_to_the_file_is_read_or_refused(data: bytes, flips: list[tuple[float, int]], keep: float) -> None:
    with suppress(InputError):
        read(damaged(data, flips, keep))


@FUZZ
@given(st.sampled_from(sorted(FORMATS)), st.data(), FLIPS, KEEP)
def test_any_damage_to_a_part_is_read_or_refused(
    kind: str, pick: st.DataObject, flips: list[tuple[float, int]], keep: float
) -> None:
    """The archive is whole, so that the damage reaches the reader."""
    parts = FORMATS[kind]
    path = pick.draw(st.sampled_from(sorted(parts)))
    content = parts[path]
    raw = content.encode() if isinstance(content, str) else content
    with suppress(InputError):
        read(with_part(path, damaged(raw, flips, keep), parts))
