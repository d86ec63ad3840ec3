"""CSV that a spreadsheet opens with everything intact: what a person wrote stays what she wrote.

UTF-8 with a byte order mark, without which Excel takes it for the country's old code page; lines end in CRLF (RFC
4180). A cell of text that a spreadsheet would run as a formula, or turn into a number, a date or a truth value (`1E5`,
`Mar 5`, `007`, `1/2`), gets an apostrophe in front. What is a number or a date here is written bare, so that one can
count; what programs read back byte for byte and no spreadsheet changes (numbers of certificates, digests, addresses of
pages) is `Verbatim`.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import IO


class Verbatim(str):
    """Text of which we know that no spreadsheet takes it for something else."""

    __slots__ = ()


Cell = str | int | float | date | None
BOM = "\ufeff"
_FORMULA = "=+-@\t\r\n＝＋－＠"
"""What makes a spreadsheet take a cell for a formula when it comes first."""
_MONTH = (
    "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|fev|fév|avr|mai|juin|juil|aou|aoû|déc|ene|abr|ago|dic|mär|mrz"
    "|okt|dez|gen|mag|giu|lug|set|ott|out|mrt|mei"
)
_TAKEN_FOR_ELSE = re.compile(
    r"[\s$€£¥(]*\d[\d\s.,'’:/-]*(?:e[+-]?\d+)?[\s%€$£¥)]*(?:[ap]\.?m\.?)?"  # numbers, dates, times, fractions, money
    rf"|(?:\d{{1,4}}[\s./-]*)?(?:{_MONTH})[^\W\d_]{{0,8}}\.?[\s,./-]*\d{{1,4}}(?:[\s,./-]+\d{{1,4}})?"  # 5 Mar 26
    rf"|\d{{1,4}}[\s./-]+(?:{_MONTH})[^\W\d_]{{0,8}}\.?"  # 5 March
    r"|true|false|wahr|falsch|vrai|faux|verdadero|falso|verdadeiro|vero",
    re.IGNORECASE,
)


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a table as a file."""
    out = io.BytesIO()
    write_csv(out, header, rows)
    return out.getvalue()


def write_csv(out: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a table to *out*, a row after the other."""
    text = io.TextIOWrapper(out, "utf-8", newline="")
    try:
        text.write(BOM)
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow([_written(cell) for cell in row])
    finally:
        text.detach()  # flushes, and leaves *out* open


def neutral(cell: str) -> str:
    """Return *cell* so that no spreadsheet takes it for a formula, a number, a date or a truth value."""
    first = cell.lstrip(" ")[:1]
    if first and (first in _FORMULA or _TAKEN_FOR_ELSE.fullmatch(cell.strip())):
        return f"'{cell}"
    return cell


def _written(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        raise TypeError("a truth value is written in words")
    if isinstance(cell, date):
        return cell.isoformat()
    return neutral(cell) if isinstance(cell, str) and not isinstance(cell, Verbatim) else cell
