"""A table as a workbook to be filled in: every cell is text, and a column of it offers what may be chosen.

No cell can run as a formula, turn into a number or be followed as a link, whatever people called themselves. What may
be chosen stands in a hidden sheet: a list in the cell itself has room for 255 letters only. Something else may be
typed.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

_CHOICES = "choices"
_MOST_LETTERS = 32_000
"""Excel takes 32,767 in a cell."""
_AS_TEXT = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "in_memory": True}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table, and what may be chosen in the last of its cells."""

    cells: Sequence[str]
    choices: Sequence[str]


def as_workbook(header: Sequence[str], lines: Sequence[Line], widths: Sequence[int], sheet_name: str) -> bytes:
    """Return the table as XLSX, its columns *widths* letters wide, in a sheet of that name."""
    from xlsxwriter import Workbook  # noqa: PLC0415 -- a table is asked for seldom

    out = io.BytesIO()
    book = Workbook(out, _AS_TEXT)
    sheet = book.add_worksheet(sheet_name)
    choices = book.add_worksheet(_CHOICES) if any(line.choices for line in lines) else sheet
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    if choices is not sheet:
        choices.hide()
    for at, (title, width) in enumerate(zip(header, widths, strict=True)):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, title, bold)
    sheet.freeze_panes(1, 0)
    last = len(header) - 1
    for number, line in enumerate(lines, 1):
        for at, cell in enumerate(line.cells):
            sheet.write_string(number, at, cell[:_MOST_LETTERS], wrapped)
        for at, choice in enumerate(line.choices):
            choices.write_string(number, at, choice[:_MOST_LETTERS])
        if line.choices:
            source = f"={_CHOICES}!$A${number + 1}:${_column(len(line.choices) - 1)}${number + 1}"
            offered = {"validate": "list", "source": source, "show_error": False}
            sheet.data_validation(number, last, number, last, offered)
    book.close()
    return out.getvalue()


def _column(at: int) -> str:
    """Return the letters of a column, counted from 0."""
    return (chr(ord("A") + at // 26 - 1) if at >= 26 else "") + chr(ord("A") + at % 26)
