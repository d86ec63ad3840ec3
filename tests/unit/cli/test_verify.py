"""`certs verify` as a program uses it: exit code, JSON, and a sentence for what cannot be judged."""

import json

import pytest

from certs.cli import EXIT_CODES
from certs.cli.verify import _facts
from certs.ground.number import from_bits, printed
from tests.unit.cli.conftest import Operator
from tests.world import World

UNKNOWN = printed(from_bits(12_345))


@pytest.fixture(autouse=True)
def _key(operator: Operator) -> None:
    """A claim key, and a register that knows it."""
    assert operator.types("keys", "new", "claim").code == 0


def judged(operator: Operator, what: str) -> tuple[int, str]:
    said = operator.types("verify", what, "--json")
    answer = json.loads(said.out)
    assert {"summary", "steps", "statement"} <= answer.keys()
    return said.code, answer["summary"]


@pytest.mark.parametrize("form", ["{}", "https://certs.example.org/c/{}", "HTTPS://CERTS.EXAMPLE.ORG/c/{}"])
def test_a_number_may_come_as_an_address(operator: Operator, form: str) -> None:
    assert judged(operator, form.format(UNKNOWN)) == (1, "not_issued")


def test_a_code_may_come_bare(operator: Operator) -> None:
    """As a scanner's application shows it when it hides the address; longer than any file's name."""
    text = World().issue().claim_text
    for site in ("HTTPS://CERTS.EXAMPLE.ORG", "https://certs.example.org"):  # as codes had it once, and as they have it
        assert judged(operator, text) == judged(operator, f"{site}/V/{text}") == (1, "not_issued")


def test_a_code_that_is_none_is_altered(operator: Operator) -> None:
    assert judged(operator, "HTTPS://CERTS.EXAMPLE.ORG/V/ABC.DEF") == (1, "altered")


@pytest.mark.parametrize(
    ("content", "summary"), [(b"", "unknown"), (b"no PDF", "unknown"), (b"%PDF-1.7 broken", "not_issued")]
)
def test_a_file_of_any_kind_is_a_verdict(operator: Operator, content: bytes, summary: str) -> None:
    (operator.home / "file.pdf").write_bytes(content)
    assert judged(operator, "file.pdf") == (1, summary)


@pytest.mark.parametrize(
    ("what", "code", "says"),
    [
        ("nowhere.pdf", "not_found", "no file"),
        ("a/b", "not_found", "no file"),
        ("7K3M", "input", "12 letters and digits"),
        ("http://[x", "input", "neither"),
        ("x" * 5000, "input", "12"),
    ],
)
def test_what_cannot_be_judged_is_said(operator: Operator, what: str, code: str, says: str) -> None:
    said = operator.types("verify", what)
    assert (said.code, says in said.err) == (EXIT_CODES[code], True)


def test_people_get_the_verdict_first(operator: Operator) -> None:
    assert operator.types("verify", UNKNOWN).out.startswith("NOT ISSUED BY US: ")


def test_every_printed_fact_is_said() -> None:
    """Signatories and sessions too: whoever compares with the paper needs them all."""
    world = World()
    certificate = world.issue()
    statement = certificate.statement
    said = [f"{name} {value}" for name, value in _facts(statement)]
    for signatory in statement.event.signatories:
        assert f"signed by {signatory.name}, {signatory.role}" in said
    for session in statement.event.sessions:
        there = "attended" if session.id in statement.attended else "not attended"
        assert f"session {session.day}  {session.title}: {there}" in said
    assert f"name {statement.name}" in said
