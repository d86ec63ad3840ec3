"""Lines for a program to read; whatever a careless caller hands over, only known fields come out."""

import importlib
import json
import logging
from pathlib import Path

import pytest

from certs import logs
from certs.errors import StorageError


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_a_file_has_a_line_each_and_is_its_owners_alone(log: logging.Logger, tmp_path: Path) -> None:
    file = tmp_path / "certs.log"
    logs.install(str(file), logging.CRITICAL)
    log.info("act", extra={"act": "batch.order", "batch": 3})
    log.debug("too_much")
    (line,) = lines(file)
    assert (line["what"], line["level"], line["act"], line["batch"]) == ("act", "info", "batch.order", 3)
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_file_that_was_moved_away_is_begun_anew(log: logging.Logger, tmp_path: Path) -> None:
    """As logrotate does."""
    file = tmp_path / "certs.log"
    logs.install(str(file), logging.CRITICAL)
    log.info("before")
    file.rename(tmp_path / "certs.log.1")
    log.info("after")
    assert [line["what"] for line in lines(file)] == ["after"]


def test_without_a_place_only_what_must_be_seen_is_said(
    log: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.install("", logging.CRITICAL)
    log.error("refused")
    log.critical("claim_not_in_register")
    assert json.loads(capsys.readouterr().err)["what"] == "claim_not_in_register"


def test_messages_and_fields_of_other_kinds_do_not_pass(
    log: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    """The formatter is the wall, not the care of each caller."""
    logs.install(logs.STDERR, logging.CRITICAL)
    log.info("Issued to Ana Souza", extra={"email": "ana@example.org", "number": "N"})
    log.info("issued to %s", "Ana Souza")
    said = capsys.readouterr().err
    assert "Ana" not in said
    assert "example" not in said
    assert [json.loads(line)["what"] for line in said.splitlines()] == ["unnamed", "unnamed"]
    assert json.loads(said.splitlines()[0])["number"] == "N"


def test_an_exception_is_its_types_and_places(log: logging.Logger, capsys: pytest.CaptureFixture[str]) -> None:
    logs.install(logs.STDERR, logging.CRITICAL)
    try:
        try:
            raise KeyError("Ana Souza")
        except KeyError as error:
            raise StorageError("No such person: Ana Souza") from error
    except StorageError:
        log.exception("refused")
    said = capsys.readouterr().err
    line = json.loads(said)
    assert line["errors"] == ["StorageError", "KeyError"]
    assert [place.rpartition(":")[0] for place in line["trace"]] == ["tests/unit/test_logs.py"] * 2
    assert "Ana" not in said


def test_a_module_that_is_missing_is_named() -> None:
    with pytest.raises(ModuleNotFoundError) as caught:
        importlib.import_module("certs.no_such_room")
    assert logs.kinds(caught.value) == ["ModuleNotFoundError certs.no_such_room"]


def test_a_place_that_cannot_be_written_is_said_at_once(log: logging.Logger, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="CERTS_LOG cannot be written"):
        logs.install(str(tmp_path / "nowhere" / "certs.log"), logging.CRITICAL)


def test_a_full_disk_stops_nothing(log: logging.Logger, capsys: pytest.CaptureFixture[str]) -> None:
    """The work goes on, and standard error tells that lines are lost."""
    logs.install("/dev/full", logging.CRITICAL)
    log.info("act")
    assert "/dev/full cannot be written" in capsys.readouterr().err
