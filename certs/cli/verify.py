"""`certs verify`: judge a file, the address in a QR code, or a number."""

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import click

from certs.cli.context import open_app, write_json
from certs.cli.how import JSON, How, echo, shared
from certs.errors import InputError, NotFoundError
from certs.ground import number as numbers
from certs.model import Outcome, Statement, Summary, Verdict
from certs.views import verdicts
from certs.work.verify import headline, verify_claim, verify_number, verify_pdf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from certs.build import App

OTHER_VERDICT = 1
"""Exit code of every verdict but valid."""
_MARKS = {Outcome.PASSED: "passed", Outcome.FAILED: "FAILED", Outcome.UNKNOWN: "unknown"}
_MAX_FILE = 200_000_000
_BARE_CODE = re.compile(r"[A-Z2-7]{40,}\.[A-Z2-7]{100,}")


@click.command()
@click.argument("what", metavar="FILE|URL|NUMBER")
@shared(JSON)
def verify(what: str, how: How) -> None:
    """Judge a certificate: its file, the address in its QR code, or its number. Exit code 0 means valid.

    \b
    Example:
      certs verify certificate.pdf
      certs verify 7K3M-9QXZ-2P4C
    """
    verdict = judge(open_app(), what)
    if how.wants_json:
        write_json(verdicts.verdict(verdict))
    else:
        _tell(verdict)
    if verdict.summary is not Summary.VALID:
        sys.exit(OTHER_VERDICT)


def judge(app: "App", what: str) -> Verdict:
    """Return the verdict on *what*: a file, an address of ours, a bare code, or a number.

    Raises:
        InputError: a number with a typing mistake, or a file too large to be read.
        NotFoundError: it looks like a file that is not there.
        StorageError: the register cannot be read.
    """
    now = app.clock()
    if _is_file(what):
        return verify_pdf(_read(Path(what)), app.store, app.keys, now)
    path = _path(what)
    if "/V/" in path or _BARE_CODE.fullmatch(path):
        return verify_claim(path.rpartition("/V/")[2], app.store, app.keys, now)
    if "/c/" in path:
        return verify_number(numbers.parse(path.rpartition("/c/")[2]), app.store, app.keys, now)
    if "/" in what or what.lower().endswith(".pdf"):
        raise NotFoundError(f"There is no file {what}.")
    return verify_number(numbers.parse(what), app.store, app.keys, now)


def _is_file(what: str) -> bool:
    """Say whether there is such a file; an address may be longer than any file's name."""
    try:
        return Path(what).is_file()
    except OSError:
        return False


def _path(what: str) -> str:
    try:
        return unquote(urlsplit(what).path)
    except ValueError:
        raise InputError(f"{what} is neither a file, nor an address, nor a number.") from None


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MAX_FILE:
            raise InputError(f"{path} is too large to be a certificate.")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error


def _tell(verdict: Verdict) -> None:
    title, sentence = headline(verdict)
    click.echo(f"{title.upper()}: {sentence}\n")
    if verdict.certificate and verdict.certificate.statement.event.demo:
        click.echo("  DEMO: signed with demonstration keys, this is no certificate.\n")
    echo(*(f"  {at} {_MARKS[step.outcome]:<8}{step.text}" for at, step in enumerate(verdict.steps, start=1)))
    if verdict.certificate:
        click.echo("\nWhat we issued under this number:")
        echo(*(f"  {name:<18} {value}" for name, value in _facts(verdict.certificate.statement)))


def _facts(statement: Statement) -> "Iterator[tuple[str, object]]":
    """Yield every fact that is printed on the certificate, to compare with the paper."""
    for name, value in verdicts.statement(statement).items():
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            yield name.replace("_", " "), value
    for person in statement.event.signatories:
        yield "signed by", f"{person.name}, {person.role}" if person.role else person.name
    for session in statement.event.sessions:
        there = "attended" if session.id in statement.attended else "not attended"
        yield "session", f"{session.day}  {session.title}: {there}"
