"""Workbooks for tests, written by hand: ZIP and XML for XLSX and ODS, an OLE file of BIFF8 records for XLS.

Each function gives the bytes of a small, good workbook; the keyword arguments put something else into one place of it.
"""

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"

STYLES = ("0", "14", "22", "46", "9", "21")
"""Number formats of the cell styles 0-5: general, date, date and time, [h]:mm:ss, percent, time."""


def archive(parts: Mapping[str, str | bytes], *, stored: bool = False) -> bytes:
    """Return a ZIP archive of *parts*."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as file:
        for path, content in parts.items():
            file.writestr(path, content)
    return out.getvalue()


def cell(ref: str, value: str | float, style: int = 0) -> str:
    """Return one cell of an XLSX sheet."""
    if isinstance(value, str):
        return f'<c r="{ref}" t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'
    return f'<c r="{ref}" s="{style}"><v>{value}</v></c>'


def table(rows: Iterable[Sequence[str | float]], first_row: int = 1) -> str:
    """Return rows of an XLSX sheet, from column A and *first_row* on; empty text makes no cell."""
    return "".join(
        f'<row r="{number}">{"".join(cell(f"{chr(65 + i)}{number}", v) for i, v in enumerate(row) if v != "")}</row>'
        for number, row in enumerate(rows, first_row)
    )


def xlsx(
    *sheets: str, states: Mapping[int, str] = {}, before: str = "", after: str = "", workbook: str = ""
) -> dict[str, str | bytes]:
    """Return the parts of an XLSX whose sheets `Sheet1`... hold the rows *sheets*.

    *before* and *after* stand around the sheets' rows, *workbook* in the workbook's part, *states* hides sheets.
    """
    numbers = range(1, len(sheets) + 1)
    entries = "".join(
        f'<sheet name="Sheet{n}" sheetId="{n}" r:id="rId{n}" {f"state={states[n]!r}" if n in states else ""}/>'
        for n in numbers
    )
    relations = "".join(_relation(f"rId{n}", f"{_OFFICE}/worksheet", f"worksheets/sheet{n}.xml") for n in numbers)
    xfs = "".join(f'<xf numFmtId="{code}"/>' for code in STYLES)
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": _relations(_relation("rId1", f"{_OFFICE}/officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{workbook}'
        f"<sheets>{entries}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relations(relations + _relation("rIdS", f"{_OFFICE}/styles", "styles.xml")),
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs count="{len(STYLES)}">{xfs}</cellXfs></styleSheet>',
    }
    for n, rows in enumerate(sheets, 1):
        parts[f"xl/worksheets/sheet{n}.xml"] = (
            f'<worksheet xmlns="{_MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
        )
    return parts


def _relation(identifier: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{identifier}" Type="{kind}" Target="{target}"/>'


def _relations(inner: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def ods_text(value: str, attributes: str = "") -> str:
    """Return one cell of text of an ODS sheet."""
    return f'<table:table-cell office:value-type="string"{attributes}><text:p>{value}</text:p></table:table-cell>'


def ods_row(cells: str, attributes: str = "") -> str:
    """Return one row of an ODS sheet."""
    return f"<table:table-row{attributes}>{cells}</table:table-row>"


def ods(rows: str, *, styles: str = "", style: str = "", manifest: str = "") -> dict[str, str | bytes]:
    """Return the parts of an ODS with one sheet of *rows*; *style* names the sheet's among *styles*."""
    names = " ".join(f'xmlns:{n}="{_OASIS}:{n}:1.0"' for n in ("office", "table", "text", "style"))
    sheet = f'<table:table table:name="Sheet1" table:style-name="{style}">{rows}</table:table>'
    return {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{_OASIS}:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="content.xml">{manifest}</manifest:file-entry></manifest:manifest>',
        "content.xml": f"<office:document-content {names}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body></office:document-content>",
    }


def _record(kind: int, *body: bytes) -> bytes:
    data = b"".join(body)
    return struct.pack("<HH", kind, len(data)) + data


def xls(cells: Iterable[tuple[int, int, str | float]], *, date_columns: Sequence[int] = ()) -> bytes:
    """Return an XLS (BIFF8) with one sheet of *cells*, row and column from 0; *date_columns* hold dates with times."""
    begin = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)
    formats = b"".join(_record(0xE0, struct.pack("<HH", 0, code), bytes(16)) for code in (0, 22))
    head = _record(0x809, begin) + _record(0x42, struct.pack("<H", 1200)) + formats
    name = b"\x06\x00Sheet1"
    sheet_at = len(head) + 4 + 6 + len(name) + 4
    book = head + _record(0x85, struct.pack("<IBB", sheet_at, 0, 0), name) + _record(0x0A)
    body = b"".join(_biff_cell(row, column, value, column in date_columns) for row, column, value in cells)
    return _ole(book + _record(0x809, begin[:2] + b"\x10\x00" + begin[4:]) + body + _record(0x0A))


def _biff_cell(row: int, column: int, value: str | float, is_date: bool) -> bytes:
    place = struct.pack("<HHH", row, column, is_date)
    if isinstance(value, str):
        return _record(0x204, place, struct.pack("<HB", len(value), 1), value.encode("utf-16-le"))
    return _record(0x203, place, struct.pack("<d", value))


def _ole(stream: bytes, name: str = "Workbook") -> bytes:
    """Return a compound file with one stream: header, FAT, directory, then the stream's sectors."""
    sector, end, free = 512, 0xFFFFFFFE, 0xFFFFFFFF
    stream = stream.ljust(max(4096, -len(stream) % sector + len(stream)), b"\0")
    count = len(stream) // sector
    chain = [0xFFFFFFFD, end, *range(3, count + 2), end]
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(sector, b"\xff")
    assert len(fat) == sector, "too much for one FAT sector"
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0, 0)
    directory = _ole_entry("Root Entry", 5, 1, end, 0) + _ole_entry(name, 2, free, 2, len(stream))
    return header.ljust(sector, b"\xff") + fat + directory.ljust(sector, b"\0") + stream


def _ole_entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    ids = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text), kind, 1)
        + ids
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def encrypted() -> bytes:
    """Return an XLSX locked with a password, as far as anyone can see: an OLE file with an encrypted package."""
    return _ole(bytes(range(256)) * 16, "EncryptedPackage")
