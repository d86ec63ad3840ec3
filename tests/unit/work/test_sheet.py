"""Tables that people write: read for sure, or refused with a line."""

import pytest

from certs.errors import InputError
from certs.work import sheet
from tests.unit.attendance.books import archive, table, xlsx

COLUMNS = {"number": ("certificate number",), "name": ("new name",)}


def read(data: bytes) -> list[tuple[int, dict[str, str]]]:
    return [(row.line, dict(row.cells)) for row in sheet.read("s.csv", data, COLUMNS)]


@pytest.mark.parametrize(
    "data",
    [
        "number,name\n7K3M,Zoë\n".encode(),
        "number;name\r\n7K3M;Zoë\r\n".encode(),
        "number\tname\n7K3M\tZoë".encode(),
        "NUMBER,New Name\n7K3M,Zoë\n".encode("utf-8-sig"),
        "number\tnew_name\n7K3M\tZoë\n".encode("utf-16"),
        '"Certificate-Number","name"\n"7K3M","Zoë"\n'.encode(),
        " number , name \n 7K3M , Zoë \n".encode(),
        archive(xlsx(table([["number", "name"], ["7K3M", "Zoë"]]))),
        archive(xlsx(table([["name", "number"], ["Zoë", "7K3M"]]), "")),
        archive(xlsx(table([["number", "name"], ["7K3M", "Zoë"]]), table([["x"]]), states={2: "hidden"})),
    ],
)
def test_however_a_program_writes_it(data: bytes) -> None:
    assert read(data) == [(2, {"number": "7K3M", "name": "Zoë"})]


def test_lines_are_those_of_the_file_and_empty_cells_are_left_out() -> None:
    """Empty rows count, and so do line ends inside a cell."""
    data = b'\n number,name\n\nA,\n"B","one\ntwo"\n,C\n,\n'
    assert read(data) == [
        (4, {"number": "A"}),
        (5, {"number": "B", "name": "one\ntwo"}),
        (7, {"name": "C"}),
    ]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no rows"),
        (b"number,name\n", "no rows"),
        (b"number,remark\nA,b\n", 's.csv:1: The column "remark" is not known: take it out. Known are number, name.'),
        (b"7K3M,Eve\n9QXZ,Ana\n", 's.csv:1: The column "7K3M" is not known'),
        (b"name,new name\nA,B\n", 's.csv:1: Two columns say "name".'),
        (b"number,name\nA,B,C\n", "s.csv:2: A value stands beneath no heading."),
        (b"number,,name\nA,x,B\n", "s.csv:2: A value stands beneath no heading."),
        ("number,name\nA,Zoë\n".encode("cp1252"), "not in UTF-8"),
        (b'number,name\nA,"B\n', "s.csv:2: This line cannot be read as CSV"),
        (archive(xlsx(table([["number"], ["A"]]), table([["number"], ["B"]]))), "2 sheets of this workbook have rows"),
    ],
)
def test_what_is_not_understood_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(InputError) as refused:
        read(data)
    assert says in str(refused.value)
