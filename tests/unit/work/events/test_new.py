"""The file to begin with has every key, and so have the docs."""

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from certs import eventfile
from certs.db.store import Store
from certs.errors import InputError
from certs.eventfile import keys
from certs.work import events
from certs.work.events.new import filled
from tests.register import NOW, act
from tests.unit.cli.conftest import Operator, operator
from tests.unit.work.events.test_pictures import SQUARE, png

__all__ = ["operator"]
ROOT = Path(__file__).parents[4]
TODAY = date(2026, 11, 22)
TEXT = events.new("gmp-2027", TODAY)


def told(text: str) -> dict[str, set[str]]:
    """Return the keys in *text* by their table, kinds together."""
    found: dict[str, set[str]] = {name: set() for name in keys.TABLES}
    for key, value in tomllib.loads(text).items():
        found[""].add(key)
        if key in {"rule", "near_miss"}:
            found[f"[{key}]"] |= value.keys()
        elif key == "kinds":
            found["[kinds.NAME]"] |= {name for kind in value.values() for name in kind}
            found["[rule]"] |= {name for kind in value.values() for name in conditions(kind["rule"])}
        elif isinstance(value, list):
            found[f"[[{key}]]"] |= {name for table in value for name in table}
    return found


def conditions(rule: dict[str, Any]) -> set[str]:
    """Return the keys of *rule* and of the rules inside it."""
    inner = [part for key in ("all", "any") for part in rule.get(key, ())]
    return set(rule).union(*map(conditions, inner))


def documented() -> dict[str, set[str]]:
    """Return the keys in the table of the docs."""
    page = (ROOT / "docs/event-file.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (?:`([^`]*)`)? ?\| `(\w+)` \|", page.partition("## A changed file")[0], re.MULTILINE)
    found: dict[str, set[str]] = {}
    for table, key in rows:
        assert key not in found.setdefault(table, set()), key
        found[table].add(key)
    return found


KNOWN = {table: set(names) for table, names in keys.TABLES.items()}


def test_the_new_file_has_every_key() -> None:
    assert told(filled(TEXT)) == KNOWN


def test_the_docs_have_every_key_once() -> None:
    assert documented() == KNOWN


def test_the_parser_asks_for_no_other_keys() -> None:
    """Each table is read with the keys of its list: one that is missing there would be refused."""
    asked = set()
    for file in (ROOT / "certs/eventfile").glob("*.py"):
        asked |= set(re.findall(r"\.only\(\*(.*?)\)", file.read_text(encoding="utf-8")))
    assert asked == {
        "keys.AGAIN",
        "keys.EVENT",
        "keys.KIND",
        "keys.NEAR_MISS",
        "keys.PARTNER",
        "keys.SESSION",
        "keys.SIGNATORY",
        "known",
    }


def test_filled_with_its_examples_it_is_accepted(store: Store, tmp_path: Path) -> None:
    """Nothing in it is odd, and its certificates can be printed."""
    (tmp_path / "logo.svg").write_text(SQUARE.format("#aa0000"))
    (tmp_path / "partner.svg").write_text(SQUARE.format("#00aa00"))
    (tmp_path / "signature.png").write_bytes(png())
    source = events.Source.of(filled(TEXT), tmp_path / "gmp-2027.toml")
    proposal = events.propose(store, source, NOW)
    assert proposal.questions == []
    assert events.accept(store, proposal, act())


def test_with_its_examples_unwritten_it_is_refused(store: Store) -> None:
    """Each is named."""
    with pytest.raises(InputError) as caught:
        events.propose(store, events.Source(TEXT, "gmp-2027.toml"), NOW)
    said = [problem.message for problem in caught.value.problems]
    assert len(said) == TEXT.count('"[example]')
    assert said[0] == "The title is still that of the example: [example] cGMP Training Marathon"


def test_with_its_own_words_it_is_accepted_as_it_is(store: Store) -> None:
    """What is optional may stay behind its #."""
    text = TEXT.replace("[example] ", "")
    proposal = events.propose(store, events.Source(text, "gmp-2027.toml"), NOW)
    assert (proposal.is_new, proposal.questions) == (True, [])


@pytest.mark.parametrize("slug", ["GMP-2027", "2027", "a b", "../gmp", "", "gmp_2027", "x" * 41, 'a"b', "a\nb"])
def test_a_slug_that_no_event_may_have(slug: str) -> None:
    with pytest.raises(InputError):
        events.new(slug, TODAY)


def test_it_is_written_once(operator: Operator) -> None:
    """And never over another file."""
    said = operator.types("event", "new", "gmp-2027")
    assert said.out == "gmp-2027.toml is written. Fill in what [example] marks, then: certs event add gmp-2027.toml\n"
    file = operator.home / "gmp-2027.toml"
    assert eventfile.parse(file.read_text(), file.name).slug == "gmp-2027"
    file.write_text("mine")
    again = operator.types("event", "new", "gmp-2027")
    assert (again.code, "gmp-2027.toml is there already" in again.err, file.read_text()) == (5, True, "mine")
    assert operator.types("event", "new", "GMP").code == 2
    assert [one.name for one in operator.home.glob("*.toml")] == ["gmp-2027.toml"]
