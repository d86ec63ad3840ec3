"""An event whose people are certified already, for what comes afterwards."""

import csv
import json
from collections.abc import Sequence

from certs import web
from tests.register import AUCKLAND
from tests.unit.cli.conftest import Operator
from tests.web.cast import Browser

SLUG = "gmp-2026"
HEAD = "Name,E-mail,Joined,Left\n"
ONE = "{name},{name}@example.org,2026-10-06 13:00,2026-10-06 {left}\n"
PEOPLE = ("Ana", "Ben", "Cy")


def report(operator: Operator, file: str, *rows: str) -> str:
    """Write an export."""
    (operator.home / file).write_text(HEAD + "".join(rows))
    return file


def attended(name: str, left: str = "15:00") -> str:
    """Return a row of somebody who attended session 1."""
    return ONE.format(name=name, left=left)


def does(operator: Operator, *arguments: str, code: int = 0) -> str:
    """Run a command that must end with *code*; return what it printed, out and err."""
    said = operator.types(*arguments)
    assert said.code == code, (arguments, said)
    return said.out + said.err


def certified(operator: Operator, people: Sequence[str] = PEOPLE, approval: str = "one") -> dict[str, str]:
    """Bring an event to certificates for *people*; return the number of each."""

    def make() -> None:
        (operator.home / "event.toml").write_text(f'issuer = "Institute"\napproval = "{approval}"\n{AUCKLAND}')
        for purpose in ("claim", "credential", "link"):
            does(operator, "keys", "new", purpose)
        does(operator, "keys", "new", "seal", "--organisation", "Institute")
        does(operator, "event", "add", "event.toml")
        does(operator, "import", SLUG, report(operator, "report.csv", *map(attended, people)))
        does(operator, "order", SLUG, "--yes", "--accept", "session_missing:2", "--reason", "it is still to come")
        does(operator, "approve", "1", "--yes", "--as", "ben")
        does(operator, "issue", "1", "--workers", "1")
        exported(operator)

    operator.prepare(("certified", tuple(people), approval), make)
    return numbers_in(operator)


def exported(operator: Operator) -> dict[str, str]:
    """Return the number of everybody's certificate in force, by name."""
    does(operator, "export", SLUG, "--out", "out.zip")
    does(operator, "export", SLUG, "--out", "out")
    return numbers_in(operator)


def numbers_in(operator: Operator) -> dict[str, str]:
    """Return the number of everybody's certificate, by name, as the last export has it."""
    with (operator.home / "out" / "manifest.csv").open(encoding="utf-8-sig", newline="") as manifest:
        return {row["name"]: row["number"] for row in csv.DictReader(manifest)}


def served(*paths: str, accept: str = "*/*") -> str:
    """Return what the site answers at *paths*, one after the other."""
    flask = web.create()
    flask.test_client_class = Browser
    client = flask.test_client()
    answers = [client.get(path, headers={"Accept": accept}) for path in paths]
    assert {answer.status_code for answer in answers} == {200}
    return "\n".join(answer.get_data(as_text=True) for answer in answers)


def everything_public(number: str) -> str:
    """Return every page and document about a certificate that the site serves, one after the other."""
    pages = served(f"/c/{number}", f"/verify?number={number}", f"/c/{number}/credential.json", "/status/1")
    return pages + served(f"/c/{number}", accept="application/json")


def status_list() -> str:
    """Return the bits of the status list."""
    return str(json.loads(served("/status/1"))["credentialSubject"]["encodedList"])
