"""Tables in HTML, and in the XML of Excel 2003, which platforms and programs save under the name of a workbook.

Both are gone through as text in one pass: `tr` or `Row` begins a row, `td`, `th` or `Cell` a cell. Nothing is expanded
but character references, nothing is fetched, and what stands outside cells is dropped. A row's line is its number in
the sheet, as a spreadsheet program shows it.
"""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

MAX_BYTES = 8 << 20
MAX_CELLS = 300_000
_TOKEN = re.compile(r"<(/?)([A-Za-z][\w:]*)([^<>]*)>|([^<]+)")
_ATTRIBUTE = re.compile(r"\b([A-Za-z]+)\s*=\s*[\"']?([^\"'\s]{1,60})")
_MARKUP = re.compile(rb"<(?:html|table|!doctype html|\?xml|meta|head|body|style|div)\b", re.IGNORECASE)
_HEAD_BYTES = 1_024
_MOST_ATTRIBUTES = 500
"""Signs of an element's attributes that are looked at."""
_MOST_EMPTY = 702
"""Empty cells that a number of a column, or a width of several, may stand for."""


@dataclass
class Sheet:
    """The rows of one sheet with their numbers; HTML has one sheet without a name."""

    name: str = ""
    rows: list[tuple[int, list[str]]] = field(default_factory=list)


class MarkupError(ValueError):
    """There are more cells than any report has."""


def is_markup(head: bytes) -> bool:
    """Say whether a file begins like HTML or XML, in an encoding of one byte a sign or in UTF-16."""
    plain = head[:_HEAD_BYTES].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return _MARKUP.match(plain) is not None


def sheets(lines: Iterable[str]) -> list[Sheet]:
    """Return the sheets that *lines* hold, those without a row left out.

    Raises:
        MarkupError: there are too many cells.
    """
    reader = _Reader()
    for line in lines:
        for token in _TOKEN.finditer(line):
            closing, tag, attributes, text = token.groups()
            if text:
                reader.text(text)
            else:
                reader.tag(tag.rpartition(":")[2].lower(), attributes, opens=not closing)
    reader.end_row()
    return [sheet for sheet in reader.sheets if sheet.rows]


class _Reader:
    """Where we are in the document."""

    def __init__(self) -> None:
        self.sheets = [Sheet()]
        self._number = 0
        self._row: list[str] = []
        self._cell: list[str] | None = None
        self._cells = 0
        self._wide = 0

    def text(self, text: str) -> None:
        """Take text; outside a cell it is nothing."""
        if self._cell is not None:
            self._cell.append(text)

    def tag(self, name: str, attributes: str, *, opens: bool) -> None:
        """Take the beginning or the end of an element."""
        if name in ("tr", "row"):
            self.end_row()
            if opens:
                self._number = max(_number(attributes, "index"), self._number + 1)
        elif name in ("td", "th", "cell"):
            self._end_cell()
            if opens:
                self._begin_cell(attributes)
        elif name == "worksheet" and opens:
            self.sheets.append(Sheet(_name(attributes)))
            self._number = 0
        elif name in ("br", "p", "div", "li"):
            self.text(" ")

    def end_row(self) -> None:
        """Close the row."""
        self._end_cell()
        if any(self._row):
            self.sheets[-1].rows.append((self._number, self._row))
        self._row = []

    def _begin_cell(self, attributes: str) -> None:
        if attributes.endswith("/"):
            self._row.append("")
            return
        empty = min(_number(attributes, "index") - 1, _MOST_EMPTY) - len(self._row)
        self._row.extend([""] * empty)
        self._cell = []
        self._wide = min(max(_number(attributes, "colspan") - 1, _number(attributes, "mergeacross")), _MOST_EMPTY)

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        self._row.append(" ".join(html.unescape("".join(self._cell)).split()))
        self._row.extend([""] * self._wide)
        self._cell = None
        self._cells += 1 + self._wide
        if self._cells > MAX_CELLS:
            raise MarkupError("more cells than any report has")


def _name(attributes: str) -> str:
    """Return the name of a sheet, which may hold spaces."""
    found = re.search(r'\bName\s*=\s*"([^"]*)"', attributes[:_MOST_ATTRIBUTES])
    return html.unescape(found[1]) if found else ""


def _number(attributes: str, name: str) -> int:
    """Return the whole number that an attribute holds, 0 where there is none."""
    if not attributes:
        return 0
    found = {key.lower(): value for key, value in _ATTRIBUTE.findall(attributes[:_MOST_ATTRIBUTES])}.get(name, "")
    return int(found) if found.isascii() and found.isdigit() and len(found) < 7 else 0
