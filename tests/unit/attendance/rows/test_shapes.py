"""Text that programs and people have spoilt on its way: what of it is still certain, and what is refused."""

import pytest

from certs.attendance import QuestionKind
from certs.errors import InputError
from tests.unit.attendance.exports import ADA, TIMES, rows
from tests.unit.attendance.test_variants import read, times

HEADER = "Name,Email,Join time,Leave time\n"
TABLE = HEADER + rows("NAME,EMAIL,JOIN,LEAVE", "%Y-%m-%d %H:%M:%S")


def quoted(text: str) -> str:
    """Return *text* with each line as one quoted cell."""
    return "".join('"' + line.replace('"', '""') + '"\n' for line in text.splitlines())


def spaced(text: str) -> str:
    """Return *text* as a program writes it that puts a space behind each comma and quotes every cell."""
    return "".join(", ".join(f'"{cell}"' for cell in line.split(",")) + "\n" for line in text.splitlines())


@pytest.mark.parametrize(
    "text",
    [
        quoted(TABLE),
        quoted(TABLE.replace("Ada Lovelace", '"Ada, Lovelace"')),
        quoted(TABLE.replace(",", ";")),
        spaced(TABLE),
        spaced(TABLE).replace(",", ";"),
        TABLE.replace("\n", "\r\r\n"),
        TABLE.replace(HEADER, HEADER * 2),
        TABLE + TABLE,
        "\ufeff\ufeff" + TABLE,
    ],
    ids=["a cell a line", "quotes in it", "semicolons in it", "spaces", "spaces and semicolons", "two returns",
         "header twice", "file twice", "mark twice"],
)  # fmt: skip
def test_a_spoilt_table_is_read_all_the_same(text: str) -> None:
    found = {person: sorted(set(intervals)) for person, intervals in times(read(text.encode())).items()}
    assert found == TIMES


def test_a_quotation_mark_that_nothing_closes_is_told_by_its_line() -> None:
    with pytest.raises(InputError, match="a quoted cell is not closed") as refusal:
        read((HEADER + '"Ada' + TABLE.removeprefix(HEADER)).encode())
    assert refusal.value.problems[0].line == 2


def test_rows_of_another_file_behind_a_table_are_reported() -> None:
    """Their delimiter is another one, so nobody knows their columns; but somebody is in them."""
    reading = read(
        f"{TABLE}\nName;Email;Joined;Left\nGrace;grace@example.org;2026-04-23 09:01;2026-04-23 10:01\n".encode()
    )
    assert times(reading) == TIMES
    assert (7, "short_row") in [(row.line, row.reason) for row in reading.unusable]


def test_times_under_titles_that_nobody_knows_make_no_list_of_absent_people() -> None:
    text = TABLE.replace("Join time,Leave time", "Tulo,Meno")
    with pytest.raises(InputError, match='"Tulo" and "Meno" hold times'):
        read(text.encode())


def test_answers_to_a_form_may_be_registrations_or_not() -> None:
    """Forms note when somebody began and ended filling them in: to register, to sign in, to say how it was."""
    text = f"ID,Start time,Completion time,Email,Name\n1,4/1/26 10:00:00,4/1/26 10:05:00,{ADA},Ada Lovelace\n"
    assert [question.kind for question in read(text.encode()).unanswered] == [QuestionKind.LIST]
    assert [one.person for one in read(text.encode(), registered="export.csv").registrations] == [ADA]


def test_a_table_of_days_makes_no_list_of_absent_people() -> None:
    """Whether 1 is an hour, a mark or a seat nobody knows."""
    with pytest.raises(InputError, match='"23/04/2026" to "24 Apr 2026" are days'):
        read(f"Name,Email,23/04/2026,24 Apr 2026\nAda,{ADA},1,1\n".encode())


def test_an_apostrophe_before_a_time_is_no_part_of_it() -> None:
    text = TABLE.replace(",2026", ",'2026")
    assert times(read(text.encode())) == TIMES
