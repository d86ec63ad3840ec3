"""HTML and XML under the name of a workbook."""

from collections.abc import Mapping
from time import process_time

import pytest

from certs import attendance
from certs.attendance import Answers
from certs.errors import InputError
from tests.unit.attendance.exports import ADA, SESSION, TIMES, rows
from tests.unit.attendance.test_variants import read, times

CELLS = rows(
    "<tr><td>NAME</td><td><a href='mailto:EMAIL'>EMAIL</a><td>JOIN</td><td>LEAVE</td></tr>", "%Y-%m-%d&nbsp;%H:%M:%S"
)
PAGE = (
    '<html><head><meta charset="utf-8"><style>td{color:red}</style></head><body><h1>Attendance</h1><table border="1">'
    '<tr><th colspan="4">Report of the day</th></tr><tr><th>Name<th>Email<th>Join&nbsp;Time<th>Leave Time</tr>\n'
    f"{CELLS}<tr><td colspan=2>Total</td><td>3</td></tr></table><script>if (1<2) run()</script></body></html>"
)


def _data(value: str) -> str:
    kind = "DateTime" if value.startswith("2026") else "String"
    return f'<Cell><Data ss:Type="{kind}">{value}</Data></Cell>'


def _row(*values: str, index: int = 0) -> str:
    place = f' ss:Index="{index}"' if index else ""
    return f'<Row{place}><Cell ss:Index="2"/>{"".join(map(_data, values))}</Row>'


BOOK = (
    '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
    '<Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">\n<Worksheet ss:Name="About"><Table>'
    f'{_row("Made by the registration desk")}</Table></Worksheet><Worksheet ss:Name="Day 1"><Table>'
    f"{_row('Name', 'Email', 'Joined', 'Left', index=3)}"
    + "".join(_row(*line.split("|")) for line in rows("NAME|EMAIL|JOIN|LEAVE", "%Y-%m-%dT%H:%M:%S.000").splitlines())
    + "</Table></Worksheet></Workbook>"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_a_web_page_is_read(encoding: str) -> None:
    reading = read(PAGE.encode(encoding), "report.xls")
    assert times(reading) == TIMES
    assert {join.name for join in reading.joins} == {"Ada Lovelace", "José Núñez"}
    assert [(row.line, row.reason) for row in reading.unusable] == [(6, "totals_row")]


def test_the_xml_of_excel_is_read() -> None:
    """Rows and cells may say their own numbers; the line is the sheet's row."""
    reading = read(BOOK.encode(), "report.xls")
    assert times(reading) == TIMES
    assert [join.line for join in reading.joins] == [4, 5, 6]


def test_a_sheet_of_it_can_be_given_a_session() -> None:
    answers = Answers(zone=SESSION.zone, sessions={"report.xls:Day 1": SESSION.id})
    assert attendance.read("report.xls", BOOK.encode(), [SESSION], answers).session == SESSION.id


HOSTILE: Mapping[str, bytes] = {
    "marks": b"<html>" + b"<" * 7_000_000,
    "tables in tables": b"<html>" + b"<table><tr><td>" * 500_000,
    "wide cells": b"<table><tr>" + b"<td colspan=999999>x" * 100_000,
    "quotes": b"<table " + b'a="' * 2_000_000,
    "references": b"<table><tr><td>" + b"&" * 7_000_000,
    "entities": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">'
    + b'<!ENTITY a "&a;&a;">' * 1_000
    + b"]><Row>&a;</Row>",
    "size": b"<html>\n" + b"<tr><td>x</td></tr>\n" * 900_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_page_is_refused_soon(kind: str) -> None:
    began = process_time()
    with pytest.raises(InputError):
        read(HOSTILE[kind], "report.xls")
    assert process_time() - began < 3


@pytest.mark.parametrize("beginning", [b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"\x1f\x8b\x08"])
def test_what_is_no_table_at_all_is_called_by_its_name(beginning: bytes) -> None:
    with pytest.raises(InputError, match="not a table: export the report as CSV"):
        read(beginning + ADA.encode(), "report.xls")
