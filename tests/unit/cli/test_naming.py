"""Names before issue: what to look at is listed, and what somebody says is printed and remembered."""

import json

import pytest

from tests.unit.cli.conftest import Operator
from tests.unit.cli.test_evidence import EVENT

TABLE = """Name,E-mail,Joined,Left
Zoom user,zoom@example.org,{day} 11:00,{day} 13:00
MARIA KELLER,maria@example.org,{day} 11:00,{day} 13:00
Sukarno .,sukarno@example.org,{day} 11:00,{day} 13:00
Will Nash (RIT Student),will@example.org,{day} 11:00,{day} 13:00
Anna\ue000 Roux,anna@example.org,{day} 11:00,{day} 13:00
Kwame Mensah,kwame@example.org,{day} 11:00,{day} 13:00
"""


@pytest.fixture
def named(operator: Operator) -> Operator:
    """Return somebody whose event has names of every kind to look at, and one that is plain."""
    (operator.home / "small.toml").write_text(EVENT)
    assert operator.types("event", "add", "small.toml").code == 0
    for day in ("2026-10-06", "2026-10-08"):
        (operator.home / f"{day}.csv").write_text(TABLE.format(day=day))
        assert operator.types("import", "small", f"{day}.csv", "--zone", "UTC").code == 0
    return operator


def looked(named: Operator) -> dict[str, dict[str, list[str]]]:
    return {one["email"]: one for one in json.loads(named.types("names", "small", "--json").out)["names"]}


def test_names_to_look_at_are_listed_with_why_and_what_instead(named: Operator) -> None:
    """Each kind; a plain name is not among them."""
    found = looked(named)
    assert list(found) == [f"{one}@example.org" for one in ("anna", "maria", "sukarno", "will", "zoom")]
    assert "U+E000" in found["anna@example.org"]["reasons"][0]
    assert found["maria@example.org"]["reasons"] == ["is in capitals"]
    assert found["maria@example.org"]["suggestions"] == ["Maria Keller"]
    assert found["sukarno@example.org"]["suggestions"] == ["Sukarno"]
    assert "Will Nash (RIT Student)" in found["will@example.org"]["reasons"][0]
    assert found["zoom@example.org"]["reasons"] == ["is no person's name"]


def test_a_name_that_is_said_is_remembered_whatever_is_imported(named: Operator) -> None:
    """It answers the question, stands in the trail, and is looked at no more."""
    said = named.types("name", "small", "zoom@example.org", "Zoë Keller")
    assert said.code == 0
    assert "“Zoom user” → “Zoë Keller”" in said.out
    (named.home / "more.csv").write_text("Name,E-mail\niPhone,zoom@example.org\n")
    assert named.types("import", "small", "more.csv", "--registered", "more.csv").code == 0
    assert "zoom@example.org" not in looked(named)
    assert named.types("questions", "small").out == "No question is open.\n"
    assert "Zoë Keller" in named.types("audit", "small", "--json").out


@pytest.mark.parametrize(
    ("email", "name", "said"),
    [
        ("zoom@example.org", "iPhone", "--insist"),
        ("zoom@example.org", "Zo\ue000", "U+E000"),
        ("nobody@example.org", "Zoë Keller", "No import"),
        ("zoom@example.org", " ", "say the name"),
    ],
)
def test_a_name_that_cannot_be_is_refused_and_nothing_changes(
    named: Operator, email: str, name: str, said: str
) -> None:
    """With the reason."""
    before = looked(named)
    refused = named.types("name", "small", email, name)
    assert refused.code != 0
    assert said in refused.err
    assert looked(named) == before


def test_insisted_on_is_what_looks_like_no_name(named: Operator) -> None:
    """Somebody may be called so."""
    assert named.types("name", "small", "zoom@example.org", "Null", "--insist").code == 0
    assert named.types("questions", "small").out == "No question is open.\n"


def test_a_table_goes_out_and_comes_back(named: Operator) -> None:
    """Filled in, it changes what it has new names for, each shown; wrong in one row it changes nothing."""
    assert named.types("names", "small", "--sheet", "names.csv").code == 0
    table = named.home / "names.csv"
    assert table.stat().st_mode & 0o777 == 0o600
    text = table.read_text("utf-8-sig").replace("maria@example.org,,", "maria@example.org,Maria Keller,")
    table.write_text(text.replace("zoom@example.org,,", "zoom@example.org,iPad,"))
    assert named.types("names", "small", "--sheet", "names.csv", "--yes").code != 0
    assert "maria@example.org" in looked(named)
    table.write_text(text.replace("zoom@example.org,,", "zoom@example.org,Zoë Keller,"))
    said = named.types("names", "small", "--sheet", "names.csv", "--yes")
    assert "“MARIA KELLER” → “Maria Keller”" in said.out
    assert "2 names changed." in said.out
    assert not {"maria@example.org", "zoom@example.org"} & looked(named).keys()


def test_fillers_are_dropped_on_request_and_shown(named: Operator) -> None:
    """Asked before; only they."""
    refused = named.types("names", "small", "--drop-fillers")
    assert refused.code != 0
    assert "sukarno@example.org" in looked(named)
    said = named.types("names", "small", "--drop-fillers", "--yes")
    assert "“Sukarno .” → “Sukarno”" in said.out
    assert "1 name changed." in said.out


def test_what_is_ordered_is_given_up_and_what_is_issued_stays(named: Operator) -> None:
    """A held certificate too; for an issued one it says how to correct it."""
    for purpose in ("claim", "credential", "seal", "link"):
        assert named.types("keys", "new", purpose).code == 0
    assert named.types("order", "small", "--yes").code == 0
    given_up = json.loads(named.types("name", "small", "maria@example.org", "Maria Keller", "--json").out)["changed"]
    assert [len(one["given_up"]) for one in given_up] == [1]
    assert named.types("approve", "small/1", "--yes").code == 0
    assert named.types("issue", "small/1", "--workers", "1", "--yes").code == 0
    held = named.types("status", "small/1").out
    assert "(anna@example.org)" in held
    assert "certs name small EMAIL" in held
    assert named.types("name", "small", "anna@example.org", "Anna Roux").code == 0
    said = named.types("name", "small", "kwame@example.org", "Kwame K. Mensah")
    assert "does not change" in said.err
    assert "certs correct" in said.err
    assert named.types("order", "small", "--yes").code == 0
    ordered = json.loads(named.types("status", "small/2", "--json").out)
    assert ordered["counts"]["ordered"] == 2
