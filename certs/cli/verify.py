"""`certs verify`: judge a file, the address in a QR code, or a number."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from certs.cli.declare import argument
from certs.cli.how import JSON, How, command
from certs.model import Outcome, Statement, Summary, Verdict
from certs.views import verdicts
from certs.work.verify import headline, verify_typed

if TYPE_CHECKING:
    from certs.build import App

OTHER_VERDICT = 1
"""Exit code of every verdict but valid."""
_MARKS = {Outcome.PASSED: "passed", Outcome.FAILED: "FAILED", Outcome.UNKNOWN: "unknown"}


@command(JSON)
def verify(how: How, what: str = argument("FILE|URL|NUMBER")) -> int:
    """Judge a certificate: its file, the address in its QR code, or its number. Exit code 0 means valid.

    Example:
      certs verify certificate.pdf
      certs verify 7K3M-9QXZ-2P4C
    """
    verdict = judge(how.app, what)
    how.tell(verdicts.verdict(verdict), _told(verdict))
    return 0 if verdict.summary is Summary.VALID else OTHER_VERDICT


def judge(app: "App", what: str) -> Verdict:
    """Return the verdict on *what* somebody types; see `verify_typed` for what it raises."""
    return verify_typed(what, app.store, app.keys, app.clock())


def _told(verdict: Verdict) -> Iterator[str]:
    title, sentence = headline(verdict)
    yield f"{title.upper()}: {sentence}\n"
    if verdict.certificate and verdict.certificate.statement.event.demo:
        yield "  DEMO: signed with demonstration keys, this is no certificate.\n"
    yield from (f"  {at} {_MARKS[step.outcome]:<8}{step.text}" for at, step in enumerate(verdict.steps, start=1))
    if verdict.certificate:
        yield "\nWhat we issued under this number:"
        yield from (f"  {name:<18} {value}" for name, value in _facts(verdict.certificate.statement))


def _facts(statement: Statement) -> Iterator[tuple[str, object]]:
    """Yield every fact that is printed on the certificate, to compare with the paper."""
    for name, value in verdicts.statement(statement).items():
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            yield name.replace("_", " "), value
    for person in statement.event.signatories:
        yield "signed by", f"{person.name}, {person.role}" if person.role else person.name
    for session in statement.event.sessions:
        there = "attended" if session.id in statement.attended else "not attended"
        yield "session", f"{session.day}  {session.title}: {there}"
