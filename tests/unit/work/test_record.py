"""What is told of certificates whose facts could not be checked."""

import logging

import pytest

from certs.model import Certificate, Outcome
from certs.work import record
from tests.world import World


@pytest.fixture
def world() -> World:
    return World()


def looked_at(world: World, certificate: Certificate, times: int) -> None:
    for _ in range(times):
        assert record.recorded(certificate, world.register, world.keys).outcome is Outcome.UNKNOWN


def test_looks_at_what_is_on_no_roll_are_told_once_in_a_while_with_a_count(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an upgrade that is every look at every certificate, until the worker has enrolled them."""
    now = [1_000.0]
    monkeypatch.setattr(record, "_lull", record._Lull())
    monkeypatch.setattr("certs.work.record.time.monotonic", lambda: now[0])
    ana = world.issue("Ana")
    world._change(ana.number, enrolment=None)
    before = world.register.certificates[ana.number]
    looked_at(world, before, 5)
    now[0] += record._SILENT_SECONDS
    looked_at(world, before, 2)
    told = [vars(one)["count"] for one in caplog.records if one.levelno == logging.CRITICAL]
    assert told == [1, 5]


def test_looks_at_what_somebody_changed_are_each_told(world: World, caplog: pytest.LogCaptureFixture) -> None:
    ana = world.issue("Ana")
    world.tamper(ana, "Eve")
    looked_at(world, world.register.certificates[ana.number], 3)
    told = [vars(one)["code"] for one in caplog.records if one.levelno == logging.CRITICAL]
    assert told == ["differs"] * 3
