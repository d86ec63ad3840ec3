"""The same meeting from every platform, in many languages, and saved again by other programs."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from certs import attendance
from certs.attendance import Answers, QuestionKind, Reading
from certs.errors import InputError
from certs.model import Interval, PersonKey, SessionId
from tests.unit.attendance.books import archive, cell, ods, ods_row, ods_text, table, xlsx
from tests.unit.attendance.exports import (
    ADA,
    JOSE,
    MINUTES,
    REGISTRATIONS,
    SESSION,
    TIMES,
    WITH_MINUTES,
    WITH_TIMES,
    ZOOM_MEETINGS,
    Export,
    at,
    rows,
)

NAMES = {ADA: "Ada Lovelace", JOSE: "José Núñez"}
Save = Callable[[str], bytes]


def read(data: bytes, name: str = "export.csv", registered: str = "") -> Reading:
    """Read one file of the one session, its zone known; a file called *registered* lists who registered."""
    return attendance.read(name, data, [SESSION], Answers(zone=SESSION.zone, registered=frozenset({registered})))


def times(reading: Reading) -> Mapping[PersonKey, Sequence[Interval]]:
    """Return when each person was there, in order."""
    found: dict[PersonKey, list[Interval]] = defaultdict(list)
    for join in reading.joins:
        if join.interval is not None:
            found[join.person].append(join.interval)
    return {person: sorted(intervals) for person, intervals in found.items()}


def minutes(reading: Reading) -> Mapping[PersonKey, int]:
    """Return how many minutes the export states for each person."""
    return {join.person: join.stated_seconds // 60 for join in reading.joins}


@pytest.mark.parametrize("export", WITH_TIMES, ids=str)
def test_times_are_read(export: Export) -> None:
    assert times(read(export.text.encode())) == TIMES


@pytest.mark.parametrize("export", WITH_MINUTES, ids=str)
def test_stated_minutes_are_read(export: Export) -> None:
    assert minutes(read(export.text.encode())) == MINUTES


@pytest.mark.parametrize("export", REGISTRATIONS, ids=str)
def test_registrations_are_read(export: Export) -> None:
    reading = read(export.text.encode())
    if export.label.startswith("plain"):
        assert [question.kind for question in reading.unanswered] == [QuestionKind.LIST]
        reading = read(export.text.encode(), registered="export.csv")
    assert {person.person: person.name for person in reading.registrations} == NAMES
    assert not reading.joins
    assert reading.session is None


# ---------------------------------------------------------------- saved again


def padded(text: str) -> str:
    """Return *text* as Excel saves it: every row as wide as the widest."""
    lines = text.splitlines()
    mark = "\t" if "\t" in text else ";" if ";" in lines[-1] else ","
    most = max(line.count(mark) for line in lines)
    return "".join(line + mark * (most - line.count(mark)) + "\n" for line in lines)


def with_semicolons(text: str) -> str:
    """Return *text* as Excel saves it where the comma is the decimal sign; only for texts without quoted cells."""
    return text.replace(",", ";")


SAVED: Mapping[str, Save] = {
    "utf-8 with mark": lambda text: text.encode("utf-8-sig"),
    "utf-16 le with mark": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "utf-16 be with mark": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "utf-16 le": lambda text: text.encode("utf-16-le"),
    "utf-16 be": lambda text: text.encode("utf-16-be"),
    "cr lf": lambda text: text.replace("\n", "\r\n").encode(),
    "cr": lambda text: text.replace("\n", "\r").encode(),
    "padded by excel": lambda text: padded(text).encode(),
    "no last line end": lambda text: text.rstrip("\n").encode(),
    "blank lines": lambda text: ("\n\n" + text + "\n\n").encode(),
    "blank rows of excel": lambda text: (text + ",,,,\n" * 5).encode(),
    "no-break spaces before PM": lambda text: text.replace(" AM", "\u00a0AM").replace(" PM", "\u00a0PM").encode(),
    "narrow spaces before PM": lambda text: text.replace(" AM", "\u202fAM").replace(" PM", "\u202fPM").encode(),
    "small am and pm": lambda text: text.replace(" AM", " am").replace(" PM", " p.m.").encode(),
    "sep line": lambda text: ("sep=" + ("\t" if "\t" in text else ",") + "\n" + text).encode(),
}
SOME = {
    export.label: export
    for export in WITH_TIMES
    if export.label in ("zoom meeting en", "zoom webinar en generation B", "teams report en us", "zoom meeting fr")
}


@pytest.mark.parametrize("label", SOME)
@pytest.mark.parametrize("saved", SAVED)
def test_saving_again_changes_nothing(label: str, saved: str) -> None:
    assert times(read(SAVED[saved](SOME[label].text))) == TIMES


@pytest.mark.parametrize("export", ZOOM_MEETINGS, ids=str)
def test_semicolons_change_nothing(export: Export) -> None:
    assert times(read(padded(with_semicolons(export.text)).encode())) == TIMES


@pytest.mark.parametrize(
    ("label", "encoding"),
    [
        ("zoom meeting es old", "cp1252"),
        ("zoom meeting pt", "cp1252"),
        ("zoom meeting de", "cp1252"),
        ("zoom meeting it", "cp1252"),
    ],
)
def test_the_old_encodings_of_windows_are_read(label: str, encoding: str) -> None:
    (export,) = (export for export in ZOOM_MEETINGS if export.label == label)
    data = export.text.encode(encoding, "replace")
    reading = read(data)
    assert times(reading) == TIMES
    assert {join.name for join in reading.joins} == set(NAMES.values())


@pytest.mark.parametrize(
    ("label", "encoding"),
    [("zoom meeting ru", "cp1251"), ("zoom meeting pl", "cp1250"), ("zoom meeting zh", "gb18030")],
)
def test_the_encoding_whose_titles_make_sense_is_chosen(label: str, encoding: str) -> None:
    """Names in other alphabets, for the bytes of these encodings fit several."""
    (export,) = (export for export in ZOOM_MEETINGS if export.label == label)
    local = {"cp1251": "Жозе Нуньес", "cp1250": "Józef Nuńez", "gb18030": "何塞"}[encoding]
    reading = read(export.text.replace("José Núñez", local).encode(encoding))
    assert times(reading) == TIMES
    assert local in {join.name for join in reading.joins}


# ---------------------------------------------------------------- workbooks

DAY = 46_135
"""23 April 2026, as spreadsheets count days."""


def serial(clock: str) -> float:
    """Return that moment in Zurich as a spreadsheet counts it."""
    return DAY + (at(clock) - at("00:00")) / timedelta(days=1)


HEADER = ["Name", "E-mail", "Joined", "Left"]
JOINS = [
    ("Ada Lovelace", ADA, "09:01", "10:01"),
    ("José Núñez", JOSE, "09:30", "11:00"),
    ("Ada Lovelace", ADA, "10:05", "10:50"),
]
BODY: Sequence[Sequence[str | float]] = [
    [n, mail, f"2026-04-23 {a}:00", f"2026-04-23 {b}:00"] for n, mail, a, b in JOINS
]


def test_a_workbook_with_titles_totals_and_another_sheet() -> None:
    """Titles above, empty rows between, totals below; the first sheet is no table."""
    rows = [["Attendance of the round table"], [""], HEADER, *BODY, [""], ["Total", "", "", "3"]]
    data = archive(xlsx(table([["Made by the registration desk"]]), table(rows, first_row=3)))
    reading = read(data, "book.xlsx")
    assert times(reading) == TIMES
    assert {join.line for join in reading.joins} == {6, 7, 8}


def test_a_workbook_whose_dates_are_formatted_as_numbers() -> None:
    body: list[list[str | float]] = [[n, mail, serial(a), serial(b)] for n, mail, a, b in JOINS]
    assert times(read(archive(xlsx(table([HEADER, *body]))), "book.xlsx")) == TIMES


def test_an_empty_cell_at_the_end_of_a_row_makes_no_row_short() -> None:
    """A formula whose value was never saved is an empty cell; the times beside it count."""
    rows = "".join(
        f'<row r="{line}">{cell(f"A{line}", n)}{cell(f"B{line}", mail)}'
        f'{cell(f"C{line}", serial(a), 2)}{cell(f"D{line}", serial(b), 2)}<c r="E{line}"><f>D{line}-C{line}</f></c>'
        "</row>"
        for line, (n, mail, a, b) in enumerate(JOINS, 2)
    )
    assert times(read(archive(xlsx(table([[*HEADER, "Minutes"]]) + rows)), "book.xlsx")) == TIMES


def test_an_ods_is_read_like_an_xlsx() -> None:
    lines = "".join(ods_row("".join(ods_text(str(cell)) for cell in row)) for row in [HEADER, *BODY])
    assert times(read(archive(ods(lines)), "book.ods")) == TIMES


def test_the_name_of_a_sheet_may_tell_its_day() -> None:
    """Where it does, that is assumed; it is asked all the same."""
    tomorrow = replace(SESSION, id=SessionId("s2"), window=_later(SESSION.window))
    body = [[n, mail, f"{a}:00", f"{b}:00"] for n, mail, a, b in JOINS[:1]]
    parts = xlsx(table([HEADER, *body]), table([HEADER, *body]))
    parts["xl/workbook.xml"] = (
        str(parts["xl/workbook.xml"]).replace("Sheet1", "2026-04-23").replace("Sheet2", "2026-04-24")
    )
    reading = attendance.read("book.xlsx", archive(parts), [SESSION, tomorrow], Answers(zone=SESSION.zone))
    assert [(join.session, join.interval) for join in reading.joins] == [
        ("s1", TIMES[ADA][0]),
        ("s2", _later(TIMES[ADA][0])),
    ]
    assert [question.assumed for question in reading.questions] == ["s1", "s2"]


def _later(interval: Interval) -> Interval:
    return Interval(interval.start + timedelta(days=1), interval.end + timedelta(days=1))


def test_a_sheet_that_repeats_the_data_counts_once() -> None:
    """A hidden copy of the sheet adds no seconds: intervals are united."""
    reading = read(archive(xlsx(table([HEADER, *BODY]), table([HEADER, *BODY]), states={2: "hidden"})), "book.xlsx")
    assert {person: sorted(set(found)) for person, found in times(reading).items()} == TIMES


# ---------------------------------------------------------------- found by fuzzing


def test_registration_dates_that_are_open_do_not_hold_up_times_that_are_not() -> None:
    """Day and month of a registration do not matter; those of a join do."""
    header = "First Name,Last Name,Email,Registration Time,Join Time,Leave Time\n"
    body = 'FIRST,LAST,EMAIL,03/04/2026 10:00:00,"JOIN","LEAVE"'
    reading = read((header + rows(body, "%b %d, %Y %H:%M:%S")).encode())
    assert times(reading) == TIMES
    assert not reading.questions


@pytest.mark.parametrize("day", ["Apr 99999999999999999999 2026", "Apr 31 2026", "31/04/2026", "2026-02-30", "soon"])
def test_a_day_that_does_not_exist_is_not_taken_for_the_sessions(day: str) -> None:
    """The row is reported, the others are read."""
    odd = WITH_TIMES[0].text + f"Grace,grace@example.org,{day} 10:00,{day} 11:00,60,No,,No\n"
    reading = read(odd.encode())
    assert times(reading) == TIMES
    assert [(row.line, row.reason) for row in reading.unusable] == [(5, "unreadable_time")]


# ---------------------------------------------------------------- hostile text

HEADER_LINE = "Name,Email,Join Time,Leave Time\n"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (HEADER_LINE.encode() + b"x" * (9 << 20), "a line is longer than any row"),
        (b"x" * (9 << 20), "a line is longer than any row"),
        (HEADER_LINE.encode() + b"\0" * (9 << 20), "a line is longer than any row"),
        (HEADER_LINE.encode() + b'"' * (9 << 20), "a line is longer than any row"),
        ((HEADER_LINE + '"' + "x\n" * 200_000).encode(), "quotation mark is never closed"),
        ((HEADER_LINE + "," * 3_000).encode(), "more than 2,000 columns"),
        (("c," * 1_000_000 + "\n" + HEADER_LINE).encode(), "more than 2,000 columns"),
        (HEADER_LINE.encode() + b"\n" * 30_100, "more than 30,000 lines"),
        ((HEADER_LINE + "A,a@example.org,1/1/2026 10:00,1/1/2026 11:00\n").encode() * 1_100, "more tables or dates"),
        (
            (HEADER_LINE + "".join(f"A,a@e.org,1/1/{n} 10:00,1/1/{n} 11:00\n" for n in range(20_100))).encode(),
            "more tables or dates",
        ),
    ],
    ids=["line", "line only", "nul", "quotes", "cell", "columns", "titles", "lines", "tables", "dates"],
)
def test_what_is_no_report_is_refused_before_it_costs_much(
    data: bytes, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("certs.attendance.rows.cells.MAX_LINES", 30_000)
    with pytest.raises(InputError, match=sentence):
        read(data)


def test_a_workbook_too_large_is_not_even_taken_into_memory(tmp_path: Path) -> None:
    """A sparse file of a terabyte that begins like a workbook: no memory would hold it."""
    path = tmp_path / "large.xlsx"
    with path.open("wb") as file:
        file.write(b"PK\3\4")
        file.truncate(1 << 40)
    with pytest.raises(InputError, match="more than 64 MB"):
        attendance.read(path.name, path, [SESSION])
