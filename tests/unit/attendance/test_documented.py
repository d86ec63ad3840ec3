"""`docs/attendance.md` tells an organiser everything that the reader asks, reports and refuses."""

import re
from pathlib import Path

import pytest

import certs.attendance
from certs.attendance import QuestionKind
from certs.attendance.rows import cells, markup, source
from certs.attendance.rows.workbook import container
from certs.ground import address

PAGE = (Path(__file__).parents[3] / "docs" / "attendance.md").read_text(encoding="utf-8")
CODE = "".join(path.read_text(encoding="utf-8") for path in Path(certs.attendance.__file__).parent.rglob("*.py"))


@pytest.mark.parametrize("kind", [kind for kind in QuestionKind if kind.of_file])
def test_every_question_about_a_file_has_a_row(kind: QuestionKind) -> None:
    assert re.search(rf"^\|[^|]*`{kind.value}`", PAGE, re.MULTILINE)


@pytest.mark.parametrize("reason", re.findall(r"`(\w+)`", PAGE.partition("## Rows that count")[2].partition("## ")[0]))
def test_every_reason_on_the_page_exists(reason: str) -> None:
    assert f'"{reason}"' in CODE + Path(address.__file__).read_text(encoding="utf-8")


def test_the_limits_on_the_page_are_the_ones_that_hold() -> None:
    limits = (
        f"more than {source.MAX_LINE_BYTES >> 20} MB",
        f"{cells.MAX_COLUMNS:,} columns",
        f"{cells.MAX_LINES:,} lines",
        f"more than {container.MAX_BYTES >> 20} MB",
        f"{container.MAX_UNPACKED >> 20} MB unpacked",
        f"row {container.LAST_ROW:,}",
        f"{container.MAX_CELLS:,} cells",
        f"pages of more than {markup.MAX_BYTES >> 20} MB",
        f"{markup.MAX_CELLS:,} cells",
    )
    assert [limit for limit in limits if limit not in PAGE] == []
