"""Looks at a workbook's bytes as a stream before anything opens it, and refuses what no spreadsheet program writes.

XLSX and ODS are ZIP archives of XML. Each entry is unpacked piece by piece and thrown away; sizes are counted, never
believed. What slips through meets the limits of the child process: this look makes refusals early, cheap and clear.
"""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import NoReturn

from certs.errors import InputError, Problem
from certs.wording import say

LAST_ROW = 299_999
"""A value below this row is refused: 200,000 rows are promised, and this bound is a pattern of digits."""
MAX_BYTES = 64 << 20
MAX_UNPACKED = 192 << 20
"""Of all entries together; 200,000 rows of 15 full columns are 120 MB."""
MAX_RATIO = 100
"""Unpacked to packed size of one entry, as Apache POI's ZipSecureFile has it; spreadsheets reach about 20."""
MAX_CELLS = 4_000_000
"""Of one sheet; more do not fit into the memory that the reader may use."""
MAX_ENTRIES = 2_000
_SMALL = 1 << 20
"""Entries up to this unpacked size may have any ratio."""
_PIECE = 256 << 10
_OVERLAP = 512
"""Bytes of a piece looked at again with the next, for patterns that a border cuts."""

_ZIP = b"PK\3\4"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCAL = struct.Struct("<4s2xH18xHH")
"""Of a local file header: signature, flags, and how long the name and the extra field after it are."""
_UNIX_MODE = 16
"""Bits to the right of which external attributes hold the mode of a file."""
_ENCRYPTED = 1
_PROLOGUE = 64
_DTD = (b"<!DOCTYPE", b"<!ENTITY")
_FAR_CELL = re.compile(
    rb' r="(?:[A-Z]{3}|[A-Z]+(?:[3-9]\d{5}|\d{7}))'  # beyond column ZZ or row 299,999 ...
    rb'[^<>]{0,200}>\s{0,200}<(?:\w+:)?(?:v|is|f)\b'  # ... with a value: styles alone are harmless and common
)  # fmt: skip
_FAR_REPEAT = re.compile(
    rb'<table:(?:covered-)?table-cell\b(?=[^<>]*\soffice:)[^<>]* table:number-columns-repeated="\d{4}'
    rb'|<table:table-row\b[^<>]* table:number-rows-repeated="(?:[3-9]\d{5}|\d{7})[^<>]*>'
    rb"\s*(?:<table:table-cell\b(?![^<>]*\soffice:)[^<>]*/>\s*)*<table:table-cell\b[^<>]*\soffice:"
)
"""The same in ODS: a value, or a row with one, repeated so often."""
_ODS_MIME = b"application/vnd.oasis.opendocument.spreadsheet"
AS_CSV = say("save the sheet with the attendance as CSV and import that file")
LOCKED_TEXT = say("This workbook is locked with a password; save it without one and import that file.")
DAMAGED_TEXT = say("This workbook is damaged or cut short; fetch or save it again.")


class Format(StrEnum):
    """The formats of workbooks, by the ending that says so."""

    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"


@dataclass(frozen=True, slots=True)
class Container:
    """A workbook that was looked at; *weight* is the number of bytes its reader has to go through."""

    format: Format
    weight: int


def is_workbook(data: bytes) -> bool:
    """Say whether *data* begins like a ZIP archive (XLSX, ODS) or an OLE file (XLS), whatever its name."""
    return data.startswith((_ZIP, _OLE))


def look(name: str, data: bytes) -> Container:
    """Return what kind of workbook *data*, called *name*, is.

    Raises:
        InputError: it is none, or is locked, damaged, hostile or too large.
    """
    try:
        if len(data) > MAX_BYTES:
            raise _Refused(say("This workbook has more than {n} MB; {as_csv}.", n=MAX_BYTES >> 20, as_csv=AS_CSV))
        return _look_ole(data) if data.startswith(_OLE) else _look_zip(data)
    except _Refused as refused:
        raise InputError(Problem(refused.args[0], name)) from None


class _Refused(Exception):  # noqa: N818 -- its text is the sentence for the person
    """Why a container is not read on."""


def _look_ole(data: bytes) -> Container:
    """Tell an XLS from an encrypted XLSX, which hides in the same kind of file."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise _Refused(LOCKED_TEXT)
    return Container(Format.XLS, len(data))


def _look_zip(data: bytes) -> Container:
    """Check the directory, then every entry's content."""
    entries = _entries(data)
    for entry in entries:
        _check_entry(entry)
    if len({entry.filename for entry in entries}) < len(entries):
        raise _Refused(
            say(
                "This workbook holds a part twice, as no spreadsheet program writes it; {as_csv}.",
                as_csv=AS_CSV,
            )
        )
    weight = 0
    parts = {entry.filename: _packed(data, entry) for entry in entries}
    _check_overlap(parts.values(), len(data))
    for entry in entries:
        weight += _check_content(data, entry, parts[entry.filename], MAX_UNPACKED - weight)
    return Container(_format(data, entries, parts), weight)


def _entries(data: bytes) -> Sequence[zipfile.ZipInfo]:
    """Return the directory; the count of its signatures bounds what reading it may cost."""
    if data.count(b"PK\1\2") > MAX_ENTRIES:
        raise _Refused(
            say(
                "This archive has more than {n} parts, so it is no workbook; {as_csv}.",
                n=MAX_ENTRIES,
                as_csv=AS_CSV,
            )
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, struct.error):
        _damaged()


def _check_entry(entry: zipfile.ZipInfo) -> None:
    """Refuse what only a crafted archive says about an entry."""
    path = entry.filename.replace("\\", "/")
    if path.startswith("/") or ".." in path.split("/"):
        raise _Refused(say("This archive holds a part with the path {path!r}, so it is no workbook.", path=path[:80]))
    if stat.S_ISLNK(entry.external_attr >> _UNIX_MODE):
        raise _Refused(say("This archive holds a symbolic link, so it is no workbook."))
    if entry.flag_bits & _ENCRYPTED:
        raise _Refused(LOCKED_TEXT)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _Refused(say("This archive is packed in a way that no workbook is; {as_csv}.", as_csv=AS_CSV))


def _packed(data: bytes, entry: zipfile.ZipInfo) -> range:
    """Return where the packed bytes of *entry* lie, after a look at its local header."""
    begin = entry.header_offset
    header = data[begin : begin + _LOCAL.size]
    if begin < 0 or len(header) < _LOCAL.size:
        _damaged()
    signature, flags, name_bytes, extra_bytes = _LOCAL.unpack(header)
    if signature != _ZIP or flags & _ENCRYPTED:
        _damaged()
    begin += _LOCAL.size + name_bytes + extra_bytes
    return range(begin, begin + entry.compress_size)


def _check_overlap(parts: Iterable[range], size: int) -> None:
    """Refuse entries that share packed bytes: the trick of bombs that unpack the same bytes again and again."""
    for one, next_one in pairwise([*sorted(parts, key=lambda part: part.start), range(size, size)]):
        if one.stop > next_one.start:
            raise _Refused(say("Parts of this archive overlap, so it is damaged or no workbook; save it anew."))


def _check_content(data: bytes, entry: zipfile.ZipInfo, packed: range, room: int) -> int:
    """Unpack one entry piece by piece, look at each, and return the unpacked size, at most *room*."""
    size, checksum, cells, seen, xml = 0, 0, 0, b"", False
    for piece in _pieces(data, packed, entry.compress_type):
        if not size:
            xml = _is_xml(entry.filename, piece)
        size += len(piece)
        checksum = zlib.crc32(piece, checksum)
        if size > _SMALL and size > MAX_RATIO * len(packed):
            raise _Refused(
                say(
                    "A part of this workbook unpacks to more than {n} times its size; {as_csv}.",
                    n=MAX_RATIO,
                    as_csv=AS_CSV,
                )
            )
        if size > room:
            raise _Refused(
                say(
                    "This workbook unpacks to more than {n} MB; {as_csv}.",
                    n=MAX_UNPACKED >> 20,
                    as_csv=AS_CSV,
                )
            )
        if xml:
            cells += piece.count(b"<c ")
            seen = seen[-_OVERLAP:] + piece
            _check_xml(seen)
        if cells > MAX_CELLS:
            raise _Refused(
                say(
                    "A sheet of this workbook has more than {n:,} cells; {as_csv}.",
                    n=MAX_CELLS,
                    as_csv=AS_CSV,
                )
            )
    if size != entry.file_size or checksum != entry.CRC:
        _damaged()
    return size


def _pieces(data: bytes, packed: range, method: int) -> Iterator[bytes]:
    """Unpack one entry, at most `_PIECE` bytes at a time."""
    source = memoryview(data)[packed.start : packed.stop]
    if method == zipfile.ZIP_STORED:
        yield from (bytes(source[at : at + _PIECE]) for at in range(0, len(source), _PIECE))
        return
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    for at in range(0, len(source), _PIECE):
        rest: bytes | memoryview = source[at : at + _PIECE]
        while rest and not inflate.eof:
            try:
                piece = inflate.decompress(rest, _PIECE)
            except zlib.error:
                _damaged()
            rest = inflate.unconsumed_tail
            yield piece
    if not inflate.eof:
        _damaged()
    yield inflate.flush()


def _is_xml(path: str, beginning: bytes) -> bool:
    """Say whether a part is XML.

    Raises:
        _Refused: it is XML in another encoding than UTF-8, which could hide what must be seen.
    """
    if path.lower().endswith((".xml", ".rels")) and b"\0" in beginning[:_PROLOGUE]:
        raise _Refused(say("A part of this workbook is not written in UTF-8; {as_csv}.", as_csv=AS_CSV))
    return beginning.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def _check_xml(text: bytes) -> None:
    """Refuse entities and cells that would stretch a sheet far beyond what is promised."""
    if any(word in text for word in _DTD):
        raise _Refused(
            say(
                "This workbook defines XML entities, as no spreadsheet program does; {as_csv}.",
                as_csv=AS_CSV,
            )
        )
    if _FAR_CELL.search(text) or _FAR_REPEAT.search(text):
        raise _Refused(say("A sheet reaches beyond row {n:,} or column ZZ; {as_csv}.", n=LAST_ROW, as_csv=AS_CSV))
    if b"<manifest:encryption-data" in text:
        raise _Refused(LOCKED_TEXT)


def _format(data: bytes, entries: Sequence[zipfile.ZipInfo], parts: Mapping[str, range]) -> Format:
    """Tell the formats apart by the parts that each must have."""
    for entry in entries:
        if entry.filename == "mimetype" and _ODS_MIME in _pieces(data, parts["mimetype"], entry.compress_type):
            return Format.ODS
    if "xl/workbook.bin" in parts:
        raise _Refused(say("This is an XLSB workbook, which certs does not read; save it as XLSX or CSV."))
    if any(path.startswith("xl/") for path in parts):
        return Format.XLSX
    raise _Refused(say("This is a ZIP archive, not a workbook; unpack it and import the files in it one by one."))


def _damaged() -> NoReturn:
    raise _Refused(DAMAGED_TEXT)
