"""Logs that an operator can read and a stranger cannot use."""

import logging
import re
from collections.abc import Iterator

import pytest

from certs import claim
from certs.model import Purpose
from certs.web import logs
from tests.web.cast import visitor
from tests.world import World


@pytest.fixture
def installed() -> Iterator[None]:
    """The handler of a worker process, taken away afterwards."""
    log = logging.getLogger("certs")
    before = (log.handlers[:], log.level, log.propagate)
    logs.install()
    yield
    log.handlers[:], log.level, log.propagate = before


@pytest.mark.usefixtures("installed")
def test_a_leaked_key_is_one_line_with_number_and_kid(capsys: pytest.CaptureFixture[str]) -> None:
    world = World()
    logs.install()
    statement = world.statement("Leaked Name")
    signer = world.keys.signer(Purpose.CLAIM)
    visitor(world).get(f"/V/{claim.Writer(signer).text(statement)}")
    (line,) = capsys.readouterr().err.splitlines()
    form = r"at=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z level=CRITICAL room=certs\.verify process=\d+ (\w+) (.+)"
    found = re.fullmatch(form, line)
    assert found
    assert found[1] == "claim_not_in_register"
    assert found[2] == f"number={statement.number} kid={signer.key.kid}"


@pytest.mark.usefixtures("installed")
def test_a_visit_leaves_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    world = World()
    logs.install()
    client = visitor(world)
    for path in (f"/V/{world.issue().claim_text}", "/me/x", "/nope", "/verify?number=7"):
        client.get(path)
    assert capsys.readouterr().err == ""
