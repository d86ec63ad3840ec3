"""Good exports to start from: samples of `tests/vectors/attendance` cut to a few rows, small workbooks, a web page."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from certs.model import Interval, Session, SessionId
from tests.unit.attendance.books import archive, ods, ods_row, ods_text, table, xls, xlsx

VECTORS = Path(__file__).parents[1] / "vectors" / "attendance"
_MOST_BYTES = 6_000
"""Of a sample: headers and some rows; more would make inputs slower, not odder."""
_TEXTS_FOR_A_BOOK = 3
"""How often texts are there for each workbook, since each workbook costs a process."""

SESSIONS = (
    Session(
        SessionId("1"),
        "First",
        "Europe/Zurich",
        Interval(datetime(2026, 10, 6, 11, tzinfo=UTC), datetime(2026, 10, 6, 13, tzinfo=UTC)),
    ),
    Session(
        SessionId("2"),
        "Second",
        "America/New_York",
        Interval(datetime(2026, 10, 8, 11, tzinfo=UTC), datetime(2026, 10, 8, 13, tzinfo=UTC)),
    ),
)


def corpus() -> Sequence[bytes]:
    """Return the exports, texts several times."""
    return [*_texts() * _TEXTS_FOR_A_BOOK, *_books()]


def _texts() -> list[bytes]:
    paths = (path for path in sorted(VECTORS.glob("*/*")) if path.suffix in (".csv", ".txt"))
    return [_beginning(path.read_bytes()) for path in paths]


def _beginning(data: bytes) -> bytes:
    """Return whole lines from the start of *data*."""
    end = data.find(b"\n", _MOST_BYTES)
    return data if end < 0 else data[: end + 1 + data[end + 1 : end + 2].count(b"\0")]


def _books() -> list[bytes]:
    rows = [["Name", "E-mail", "Joined", "Left"], ["Ada", "ada@example.org", "2026-10-06 13:00", "2026-10-06 14:00"]]
    cells = [(line, column, value) for line, row in enumerate(rows) for column, value in enumerate(row)]
    lines = "".join(ods_row("".join(map(ods_text, row))) for row in rows)
    page = "".join("<tr>" + "".join(f"<td colspan=1>{cell}</td>" for cell in row) + "</tr>\n" for row in rows)
    books = [archive(xlsx(table(rows))), archive(ods(lines)), archive(ods(lines), stored=True), xls(cells)]
    return [*books, f"<html><table>{page}</table></html>".encode()]
