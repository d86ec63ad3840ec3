"""A table to be filled in, as the workbook that spreadsheets open."""

import io
import zipfile

import pytest

from certs.work.deliver.workbook import Line, as_workbook


@pytest.mark.parametrize(("choices", "last"), [(1, "A"), (26, "Z"), (27, "AA"), (51, "AY"), (53, "BA")])
def test_every_choice_of_a_row_is_offered(choices: int, last: str) -> None:
    """Also where fifty addresses have one name."""
    line = Line(("=1+1", ""), [f"person {number}" for number in range(choices)])
    parts = zipfile.ZipFile(io.BytesIO(as_workbook(("about", "answer"), [line], (10, 10), "questions")))
    sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert f"<formula1>choices!$A$2:${last}$2</formula1>" in sheet
    assert "<f>" not in sheet
    assert "=1+1" in parts.read("xl/sharedStrings.xml").decode()
