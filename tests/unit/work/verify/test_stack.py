"""A pasted text or anybody's table becomes a list of what is asked, and nothing of it gets lost."""

import io
import zipfile

import pytest
from xlsxwriter import Workbook

from certs.errors import InputError
from certs.ground.number import from_bits, printed
from certs.work.verify import asked_in_table, asked_in_text, asked_on_lines

NUMBERS = [printed(from_bits(1 + 7919**4 * at % 2**55)) for at in range(6)]
TYPO = NUMBERS[0][:-1] + ("2" if NUMBERS[0][-1] != "2" else "3")
LINKS = [f"https://certs.example.org/c/{number}" for number in NUMBERS]
NAMES = ["Ada Lovelace", "Ана Соуза", "Alexanderson", "O'Neil, Pat", "=1+1", "Zoë"]


def table(mark: str, heading: str = "") -> str:
    lines = [f'"{name}"{mark}{number}{mark}2026' for name, number in zip(NAMES, NUMBERS, strict=True)]
    return "\r\n".join(([heading] if heading else []) + lines)


def workbook(**sheets: list[list[str]]) -> bytes:
    out = io.BytesIO()
    book = Workbook(out)
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write_string(at, column, cell)
        if name == "hidden":
            sheet.hide()
    book.close()
    return out.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(NUMBERS),
        "\r\n\r\n".join(NUMBERS) + "\r\n",
        ", ".join(NUMBERS),
        ";".join(NUMBERS),
        " ".join(NUMBERS),
        "\t".join(NUMBERS),
        "Name\tCertificate\n" + "\n".join(map("\t".join, zip(NAMES, NUMBERS, strict=True))),
    ],
)
def test_a_pasted_text_is_a_list_or_rows_of_a_table(text: str) -> None:
    assert asked_in_text(text) == NUMBERS


def test_a_number_may_be_spelled_with_spaces_and_a_link_is_one_entry() -> None:
    spaced = NUMBERS[1].replace("-", " ")
    assert asked_in_text(f"{spaced}\n{LINKS[0]}?lang=fr") == [spaced, f"{LINKS[0]}?lang=fr"]


@pytest.mark.parametrize("text", ["nonsense", f"{TYPO}\nnonsense", "a, b"])
def test_what_cannot_be_read_stays_in_the_list(text: str) -> None:
    assert asked_in_text(text) == text.replace(", ", "\n").split("\n")


def test_an_empty_text_asks_nothing() -> None:
    assert asked_in_text(" \n\t\n") == []


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("title", ["", "number"])
def test_the_column_of_a_csv_is_found_by_what_it_holds(mark: str, code: str, title: str) -> None:
    heading = mark.join(["name", title, "year"]) if title else ""
    assert asked_in_table("hired.csv", table(mark, heading).encode(code)) == NUMBERS


def test_a_list_without_commas_is_a_table_too() -> None:
    assert asked_in_table("list.txt", "\n".join(LINKS).encode()) == LINKS


def test_a_first_cell_that_was_meant_as_a_number_is_no_heading() -> None:
    """One with a mistake in it is told, not left out; so is an address."""
    for first in (TYPO, "https://certs.example.org/c/oops"):
        assert asked_in_table("list.csv", "\n".join([first, *NUMBERS]).encode()) == [first, *NUMBERS]


@pytest.mark.parametrize("heading", ["Certificates", "certificate number", "No", "Nº", "證書編號"])
def test_a_heading_is_none_of_the_entries(heading: str) -> None:
    assert asked_in_table("list.csv", "\n".join([heading, *NUMBERS]).encode()) == NUMBERS


def test_of_two_such_columns_the_fuller_counts_and_of_two_alike_the_first() -> None:
    """As a list of ours has the number, its address, and for some the one that replaced it."""
    rows = [f"{number},{link}," for number, link in zip(NUMBERS, LINKS, strict=True)]
    rows[0] += NUMBERS[5]
    assert asked_in_table("list.csv", "\n".join(rows).encode()) == NUMBERS


def test_the_sheets_that_are_shown_are_read() -> None:
    rows: list[list[str]] = [["who", "number"], *map(list, zip(NAMES, NUMBERS, strict=True))]
    data = workbook(notes=[["nothing", "1"]], first=rows[:4], hidden=[[NUMBERS[4]]], second=rows[4:])
    assert asked_in_table("list.xlsx", data) == NUMBERS


@pytest.mark.parametrize(
    "data", [b"", b"a,b\n1,2\n", b"%PDF-1.7\n\x00\xff\xfe", b"PK\x03\x04", "\n".join([NUMBERS[0], "x", "y"]).encode()]
)
def test_what_is_no_table_of_certificates_is_refused_by_its_name(data: bytes) -> None:
    with pytest.raises(InputError, match=r"^upload\.bin: This (table|file) "):
        asked_in_table("upload.bin", data)


def test_a_hostile_workbook_is_refused_with_what_to_do() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b"\0" * (200 << 20))
    with pytest.raises(InputError, match="save it as CSV"):
        asked_in_table("bomb.xlsx", out.getvalue())


def test_lines_are_taken_as_they_are() -> None:
    """What a page sends back is not divided anew."""
    assert asked_on_lines("a, b\n\n c \n") == ["a, b", "c"]
