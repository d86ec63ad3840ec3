"""Many certificates on one page, as an employer without a script sees them, and what the script asks for."""

import csv
import io
import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from certs.attendance.rows.workbook import read_sheets
from certs.errors import StorageError
from certs.ground.number import printed
from certs.model import Certificate
from certs.ports import Register
from certs.web.edge.shared import SITE
from certs.wording import LANGUAGES
from tests.web.cast import BASE, visitor
from tests.world import World

STACK = "/verify/stack"


@pytest.fixture
def employer(world: World) -> FlaskClient:
    return visitor(world)


@pytest.fixture
def ana(world: World) -> Certificate:
    return world.issue("Ana Souza")


def away() -> Register:
    raise StorageError("away")


def rows(page: TestResponse) -> list[tuple[str, str]]:
    """Return the summary and the text of every row."""
    assert page.status_code == 200, page.text
    found = re.findall(r'(?s)<tr class="(\w+)">(.*?)</tr>', page.text)
    return [(summary, " ".join(re.sub(r"<[^>]+>", " ", cells).split())) for summary, cells in found]


def sent(visitor: FlaskClient, entries: str, **fields: object) -> TestResponse:
    return visitor.post(STACK, data={"entries": entries, **fields})


def test_every_entry_has_its_row_in_order(world: World, employer: FlaskClient) -> None:
    """By number, by address, by the code's address; what cannot be read is among them."""
    old, new, gone = world.issue("Ana"), world.issue("Ana"), world.issue("Ben")
    world.supersede(old, new)
    world.revoke(gone)
    nobody = printed(world.statement().number)
    asked = [printed(new.number), f"{BASE}/c/{old.number}", f"{BASE}/V/{gone.claim_text}", nobody, "7K3M-9QXZ-2P49"]
    found = rows(sent(employer, "\n".join(asked)))
    assert [summary for summary, _ in found] == ["valid", "replaced", "revoked", "not_issued", "unread"]
    assert f"Replaced by {printed(new.number)}." in found[1][1]
    assert "Withdrawn on " in found[2][1]
    assert found[3][1].startswith(f"4 {nobody} Not issued")
    assert "7K3M-9QXZ-2P49 Not read This number contains a typing mistake" in found[4][1]


def test_a_table_is_read(employer: FlaskClient, ana: Certificate) -> None:
    data = f"name;number\nAna;{ana.number}\n".encode()
    answer = sent(employer, "", file=(io.BytesIO(data), "hired.csv"))
    assert [summary for summary, _ in rows(answer)] == ["valid"]


@pytest.mark.parametrize(
    ("entries", "file", "said"),
    [
        ("", None, "There is no number and no address"),
        ("7K3M", b"x", "Paste a text or choose a file"),
        ("", b"a;b\n1;2\n", "has no column"),
        ("7K3M\n" * 501, None, "That is 501 at once: send at most 500."),
    ],
)
def test_what_cannot_be_answered_is_refused_and_the_text_stays(
    employer: FlaskClient, entries: str, file: bytes | None, said: str
) -> None:
    fields = {"file": (io.BytesIO(file), "<b>.csv")} if file else {}
    answer = sent(employer, entries, **fields)
    assert answer.status_code == 400
    assert said in answer.text
    assert entries.strip() in answer.text
    assert "<b>" not in answer.text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_answers_are_a_table_in_which_nothing_runs(world: World, employer: FlaskClient, kind: str) -> None:
    evil = world.issue("=HYPERLINK(1)")
    asked = f"{evil.number}\n=1+1\n"
    answer = employer.post(f"{STACK}/table", data={"entries": asked, "as": kind})
    assert answer.headers["Content-Disposition"].endswith(f'.{kind}"')
    if kind == "csv":
        table = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
        assert [row[4] for row in table] == ["name", "'=HYPERLINK(1)", ""]
        assert table[2][0] == "'=1+1"
    else:
        (sheet,) = read_sheets("answers.xlsx", answer.data)
        table = [[str(cell) for cell in cells] for _, cells in sheet.rows]
        assert [row[0] for row in table] == ["asked", evil.number, "=1+1"]  # text: a formula would have no value
    assert table[0][1:4] == ["item", "number", "summary"]
    assert table[1][2:4] == [printed(evil.number), "valid"]
    assert table[2][3] == "unread"


def test_the_script_gets_entries_and_then_rows(employer: FlaskClient, ana: Certificate) -> None:
    """Places go on where the ones before ended."""
    said = employer.post(f"{STACK}/entries", data={"entries": f"{ana.number},{ana.number}\noops"})
    assert said.json == {"entries": [ana.number, ana.number, "oops"]}
    found = rows(employer.post(f"{STACK}/rows", data={"entries": f"{ana.number}\noops", "first": "201"}))
    assert [(summary, text.split()[0]) for summary, text in found] == [("valid", "201"), ("unread", "202")]


def test_the_script_is_told_what_is_wrong_and_bounds_hold(employer: FlaskClient) -> None:
    said = employer.post(f"{STACK}/entries", data={"entries": ""}, headers={"Accept-Language": "fr"})
    assert said.status_code == 400
    assert said.json
    assert said.json["wrong"].startswith("Il n’y a ni")
    assert employer.post(f"{STACK}/rows", data={"entries": "x\n" * 201}).status_code == 413
    assert employer.post(f"{STACK}/rows", data={"entries": ""}).status_code == 413
    assert employer.post(f"{STACK}/table", data={"entries": "x", "as": "exe"}).status_code == 400


def test_misses_are_counted_and_what_is_there_is_answered_all_the_same(
    world: World, employer: FlaskClient, ana: Certificate
) -> None:
    """Thirty in a minute, as by number; the rest is not read."""
    nobody = [world.statement().number for _ in range(40)]
    found = [summary for summary, _ in rows(sent(employer, "\n".join([*nobody, ana.number])))]
    assert found == ["not_issued"] * 30 + ["unread"] * 10 + ["valid"]


def test_a_register_that_is_away_is_no_verdict(world: World, employer: FlaskClient, ana: Certificate) -> None:
    object.__setattr__(employer.application.extensions[SITE], "opened", away)
    found = rows(sent(employer, f"{ana.number}\n{ana.number}"))
    assert [summary for summary, _ in found] == ["unread", "unread"]
    assert "We could not check at the moment" in found[0][1]


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_file_of_the_machine_is_ever_read(employer: FlaskClient, code: str) -> None:
    """A path is not a number, in whatever language that is said."""
    answer = sent(employer, "/etc/passwd\npyproject.toml", lang=code)
    assert [summary for summary, _ in rows(answer)] == ["unread", "unread"]


def test_its_script_may_run_here_and_nowhere_else(employer: FlaskClient) -> None:
    assert "script-src 'self'" in employer.get(STACK).headers["Content-Security-Policy"]
    assert "script-src" not in employer.get("/verify").headers["Content-Security-Policy"]
    assert "script-src" not in employer.get("/verify/stacked").headers["Content-Security-Policy"]
