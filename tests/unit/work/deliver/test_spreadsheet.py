"""CSV that spreadsheets open without changing what people wrote."""

import csv
import io
import random
import re
from datetime import date

import pytest

from certs.ground import number
from certs.work.deliver.spreadsheet import BOM, Cell, Verbatim, as_csv, neutral


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1", "+1", "-1", "@x", "\tx", "＝1", " =1",  # formulas
        "1E5", "1e10", "007", "42", "3,14", "1.000,50", "12 %", "€ 5", "(12)", "1'000",  # numbers
        "1/2", "3-4", "2026-10-06", "6.10.2026", "12:30", "1:30 PM", "Mar 5", "5 March", "5-Mar-26", "may-2026/1",
        "Dec/1", "5 mai", "TRUE", "false", "Wahr",
    ],
)  # fmt: skip
def test_what_a_spreadsheet_would_change_is_marked_as_text(cell: str) -> None:
    assert neutral(cell) == f"'{cell}"


@pytest.mark.parametrize(
    "cell",
    [
        "Ana Souza", "Jean-Luc 2", "May Li", "Mark", "April Jones", "Augusta Dec", "O'Neill", "王芳", "محمد",
        "Nina 3rd", "ana@example.org", "gmp-2026/1", "1E10-9QXZ-2P4C", "x=1", "Session 1", "2 of 8 sessions needed.",
        "", "true story",
    ],
)  # fmt: skip
def test_what_it_leaves_alone_is_left_alone(cell: str) -> None:
    assert neutral(cell) == cell


def test_no_printed_number_of_a_certificate_looks_like_something_else() -> None:
    """Three groups of four are no date, no number and no time; those that are all digits are none either."""
    dice = random.Random(7)
    for _ in range(2_000):
        printed = number.printed(number.from_bits(dice.getrandbits(number.RANDOM_BITS)))
        assert not re.fullmatch(r"\d{1,2}[-/.]\w+[-/.]\d{2,4}|\d+([.,]\d+)?(E\d+)?", printed)


def test_a_file_begins_with_the_mark_and_ends_its_lines_as_excel_does() -> None:
    rows: list[list[Cell]] = [["Zoë", 5, date(2026, 10, 6), None, Verbatim("0001-0002-0003"), 2.5]]
    data = as_csv(["name", "seconds", "day", "none", "number", "hours"], rows)
    assert data.startswith(BOM.encode())
    assert data.decode("utf-8-sig") == (
        "name,seconds,day,none,number,hours\r\nZoë,5,2026-10-06,,0001-0002-0003,2.5\r\n"
    )


def test_a_cell_may_hold_anything() -> None:
    cells = ['a"b', "a,b", "a\r\nb", "a\nb", "ё"]
    text = as_csv(list("abcde"), [cells]).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text, newline="")))[1] == cells
