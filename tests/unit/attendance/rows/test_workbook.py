"""What is read from good workbooks, and how."""

import subprocess
import sys
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from certs.attendance.rows import workbook
from certs.attendance.rows.workbook import Cell
from certs.errors import InputError
from tests.unit.attendance.books import archive, cell, ods, ods_row, ods_text, table, xls, xlsx

VECTORS = Path(__file__).parents[3] / "vectors" / "attendance"
SERIAL = 46135.390266203706
"""`MOMENT` as spreadsheets count it: days since 1900, as a decimal number."""
MOMENT = datetime(2026, 4, 23, 9, 21, 59)  # noqa: DTZ001 -- sheets have no zones


def rows(data: bytes, sheet: int = 0) -> list[tuple[int, list[Cell]]]:
    """Return all rows of one sheet."""
    return list(workbook.read_sheets("book", data)[sheet].rows)


def row(*cells: str) -> list[Cell]:
    """Return the cells of an XLSX sheet of one row."""
    [(_, found)] = rows(archive(xlsx(f'<row r="1">{"".join(cells)}</row>')))
    return found


def test_rows_bear_the_sheets_own_numbers_and_columns() -> None:
    """A table that begins in C4 keeps its place; empty rows are left out, trailing empty cells too."""
    sheet = (
        '<row r="4">' + cell("C4", "Name") + cell("D4", "Email") + '</row><row r="7">' + cell("C7", "Ada") + "</row>"
    )
    assert rows(archive(xlsx(sheet))) == [(4, ["", "", "Name", "Email"]), (7, ["", "", "Ada"])]


def test_rows_can_be_gone_through_twice() -> None:
    sheet = workbook.read_sheets("book", archive(xlsx(table([["a"], ["b"]]))))[0]
    assert len(sheet.rows) == 2
    assert list(sheet.rows) == list(sheet.rows)


def test_numbers_dates_times_and_durations_are_told_apart() -> None:
    """The number format decides; without one a date stays a number."""
    values = [
        cell(f"{c}1", v, s) for c, v, s in zip("ABCDEF", (SERIAL, 46135, SERIAL, 1.5, 0.5, 0.25), range(6), strict=True)
    ]
    assert row(*values) == [
        SERIAL,
        MOMENT.replace(hour=0, minute=0, second=0),
        MOMENT,
        timedelta(hours=36),
        0.5,
        time(6),
    ]


def test_a_moment_is_rounded_to_the_second_that_the_sheet_shows() -> None:
    """Five decimals of a serial number are off by a third of a second."""
    assert row(cell("A1", 46135.390262, 2), cell("B1", 0.9999999, 5)) == [MOMENT, time(23, 59, 59)]


def test_dates_count_from_1904_where_the_workbook_says_so() -> None:
    parts = xlsx(f'<row r="1">{cell("A1", SERIAL - 1462, 2)}</row>', workbook='<workbookPr date1904="1"/>')
    assert rows(archive(parts)) == [(1, [MOMENT])]


def test_a_date_as_text_stays_text() -> None:
    assert row(cell("A1", "2026-04-23 09:21:59")) == ["2026-04-23 09:21:59"]


def test_text_keeps_its_spaces_lines_and_signs() -> None:
    """Nothing is trimmed, not even what a formula could begin with."""
    assert row(cell("A1", " =SUM(1)\nJosé &amp; Ὀδυσσεύς "), cell("B1", "x")) == [" =SUM(1)\nJosé & Ὀδυσσεύς ", "x"]


def test_truth_values_errors_and_numbers_that_are_none() -> None:
    odd = '<c r="A1" t="b"><v>1</v></c><c r="B1" t="e"><v>#N/A</v></c><c r="C1"><v>NaN</v></c>'
    assert row(odd, cell("D1", "x")) == [True, "", "", "x"]


def test_a_formula_gives_its_cached_value_or_nothing() -> None:
    formulas = '<c r="A1"><f>1+1</f></c><c r="B1"><f>1+1</f><v>2</v></c><c r="C1" t="str"><f>A1</f><v>two</v></c>'
    assert row(formulas) == ["", 2.0, "two"]


def test_merged_cells_hold_their_value_once() -> None:
    parts = xlsx(
        table([["Title", "", ""], ["Name", "E-mail", "Minutes"]]),
        after='<mergeCells><mergeCell ref="A1:C1"/></mergeCells>',
    )
    assert rows(archive(parts)) == [(1, ["Title"]), (2, ["Name", "E-mail", "Minutes"])]


def test_hidden_sheets_are_marked_and_kept_in_order() -> None:
    parts = xlsx(table([["a"]]), table([["b"]]), table([["c"]]), states={1: "hidden", 2: "veryHidden"})
    assert [(s.name, s.hidden) for s in workbook.read_sheets("book", archive(parts))] == [
        ("Sheet1", True),
        ("Sheet2", True),
        ("Sheet3", False),
    ]


def test_an_empty_sheet_has_no_rows() -> None:
    assert rows(archive(xlsx("", table([["x"]])))) == []


def test_styled_empty_cells_at_the_end_of_the_world_cost_nothing() -> None:
    """People format whole columns; that is no reason to refuse a workbook."""
    last = '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert rows(archive(xlsx(table([["x"]]) + last))) == [(1, ["x"])]


def test_the_declared_dimension_is_not_believed() -> None:
    assert rows(archive(xlsx(table([["x"]]), before='<dimension ref="A1:XFD1048576"/>'))) == [(1, ["x"])]


def test_ods_repeats_cells_and_rows() -> None:
    """LibreOffice fills a sheet up to its last row and column with one repeated empty cell."""
    empty = ods_row(
        '<table:table-cell table:number-columns-repeated="16384"/>', ' table:number-rows-repeated="1048570"'
    )
    twice = ods_row(ods_text("P", ' table:number-columns-repeated="3"'), ' table:number-rows-repeated="2"')
    assert rows(archive(ods(ods_row("<table:table-cell/>") + twice + empty))) == [(2, ["P"] * 3), (3, ["P"] * 3)]


def test_ods_values_have_their_types() -> None:
    def typed(kind: str, attribute: str, value: str) -> str:
        return f'<table:table-cell office:value-type="{kind}" office:{attribute}="{value}"/>'

    cells = typed("date", "date-value", "2026-04-23T09:21:59") + typed("date", "date-value", "2026-04-23")
    cells += typed("percentage", "value", "0.5") + typed("time", "time-value", "PT01H02M03S")
    midnight = MOMENT.replace(hour=0, minute=0, second=0)
    assert rows(archive(ods(ods_row(cells)))) == [(1, [MOMENT, midnight, 0.5, time(1, 2, 3)])]


def test_ods_hidden_sheet_is_marked() -> None:
    style = '<style:style style:name="ta1"><style:table-properties table:display="false"/></style:style>'
    [sheet] = workbook.read_sheets("book", archive(ods(ods_row(ods_text("x")), styles=style, style="ta1")))
    assert sheet.hidden


def test_xls_is_read() -> None:
    data = xls([(0, 0, "Grüße"), (2, 0, 7), (2, 1, SERIAL)], date_columns=[1])
    assert rows(data) == [(1, ["Grüße"]), (3, [7.0, MOMENT])]


def test_the_ending_of_the_name_does_not_matter() -> None:
    """What a file is, its bytes say."""
    sheets = workbook.read_sheets("list.xls", archive(xlsx(table([["x"]]))))
    assert list(sheets[0].rows) == [(1, ["x"])]


@pytest.mark.parametrize("data", [b"Name,Email\r\n", b"", b"\xff\xfeN\0", b"<html><table>"])
def test_what_is_no_workbook_is_not_called_one(data: bytes) -> None:
    assert not workbook.is_workbook(data)


def test_the_sample_is_read_as_a_person_sees_it(sample: bytes) -> None:
    about, people = workbook.read_sheets("Round table participants.xlsx", sample)
    assert (about.name, people.name) == ("About", "Participants")
    lines = dict(people.rows)
    assert lines[4] == ["Name", "E-mail", "Joined", "Left", "Minutes", "Waiting room"]
    assert lines[12][1:] == [
        "lucia.arrieta@example.com",
        MOMENT.replace(minute=25, second=48),
        MOMENT.replace(hour=10, minute=50, second=18),
        85.0,
        "No",
    ]


@pytest.fixture
def sample() -> bytes:
    """Return the sample workbook: merged titles, a first sheet without data, dates as dates and as text."""
    return (VECTORS / "p14_xlsx_plain_table" / "Round table participants.xlsx").read_bytes()


def test_the_child_imports_nothing_of_certs() -> None:
    """It must be up in milliseconds and must not reach keys or the register."""
    child = Path(workbook.__file__).with_name("child.py")
    code = (
        f"import runpy, sys; runpy.run_path({str(child)!r}); print([m for m in sys.modules if m.startswith('certs')])"
    )
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_parent_does_not_import_calamine() -> None:
    """An abort must never hit the process that serves."""
    code = "import certs.attendance.rows.workbook, sys; print('python_calamine' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_an_error_names_the_file() -> None:
    with pytest.raises(InputError, match=r"^list\.xlsx: This is a ZIP archive"):
        workbook.read_sheets("list.xlsx", archive({"a.csv": "x"}))
