"""Questions and tries are counted over all processes, in Redis; while that is away each process counts by itself."""

import logging
import os
import signal
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from limits.storage import MemoryStorage
from redis import Redis

from certs import limits
from certs.errors import InputError
from tests.brokers import Broker, broker, free_port

SITE = "https://certs.example.org"
_OPENED: list[limits.Shared] = []


@pytest.fixture(scope="module")
def server() -> Iterator[Broker]:
    with broker("redis") as running:
        yield running


@pytest.fixture
def redis(server: Broker, monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    """Return a Redis that holds nothing; somebody looks often whether it is back."""
    monkeypatch.setattr(limits, "LOOK_SECONDS", 0.01)
    server.stop()
    server.start()
    yield server
    while _OPENED:
        _OPENED.pop()._redis.storage.connection_pool.disconnect()
    for thread in threading.enumerate():
        if thread.name == "certs-limits":
            thread.join(60)


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


def shared(redis: Broker, site: str = SITE) -> limits.Shared:
    found = limits.storage(redis.url, site)
    assert isinstance(found, limits.Shared)
    _OPENED.append(found)
    return found


def test_two_processes_count_together(redis: Broker) -> None:
    one, two = shared(redis), shared(redis)
    assert [each.incr("ana", 60) for each in (one, two, one)] == [1, 2, 3]
    assert two.get("ana") == 3
    assert 0 < two.get_expiry("ana") - time.time() <= 60
    one.clear("ana")
    assert two.get("ana") == 0


def test_two_sites_on_one_redis_count_apart(redis: Broker) -> None:
    shared(redis).incr("ana", 60)
    assert shared(redis, "https://other.example.org").get("ana") == 0


def test_without_an_address_a_process_counts_by_itself() -> None:
    assert isinstance(limits.storage("", SITE), MemoryStorage)


def test_a_redis_that_dies_stops_nobody_is_said_once_and_counts_again_once_it_is_back(
    redis: Broker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "certs.limits")
    one, two = shared(redis), shared(redis)
    one.incr("ana", 60, 7)
    redis.stop()
    assert [one.incr("ana", 60) for _ in range(3)] == [1, 2, 3]
    assert (one.is_away, one.check()) == (True, False)
    assert [record.msg for record in caplog.records] == ["limits_away"]
    redis.start()
    until(lambda: not one.is_away)
    assert [record.msg for record in caplog.records] == ["limits_away", "limits_back"]
    assert [one.incr("ben", 60), two.incr("ben", 60)] == [1, 2]
    redis.stop()
    assert one.incr("ana", 60) == 1, "what was counted in the outage before is no longer true"
    redis.start()
    until(lambda: not one.is_away)


def test_a_redis_that_is_not_there_at_first_is_used_once_it_is(redis: Broker) -> None:
    redis.stop()
    early = shared(redis)
    assert early.incr("ana", 60) == 1
    redis.start()
    until(lambda: not early.is_away)
    early.incr("ben", 60)
    assert shared(redis).get("ben") == 1


def test_nobody_waits_for_a_redis_that_hangs(redis: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    """One question has a short time-out, and those after it do not ask; it is stopped, not gone."""
    counted, asked = shared(redis), Counter[str]()
    counted.incr("ana", 60)
    plain = counted._redis.incr

    def incr(key: str, expiry: int, amount: int = 1) -> int:
        asked[key] += 1
        return plain(key, expiry, amount)

    monkeypatch.setattr(counted._redis, "incr", incr)
    assert redis._process is not None
    os.kill(redis._process.pid, signal.SIGSTOP)
    try:
        assert [counted.incr("ana", 60) for _ in range(5)] == [1, 2, 3, 4, 5]
        assert (asked["ana"], counted.is_away) == (1, True)
    finally:
        os.kill(redis._process.pid, signal.SIGCONT)
    until(lambda: not counted.is_away)
    told = counted._redis.storage.connection_pool.connection_kwargs
    assert (told["socket_timeout"], told["socket_connect_timeout"]) == (0.25, 0.25)


def test_a_redis_that_answers_and_takes_nothing_is_away(redis: Broker, caplog: pytest.LogCaptureFixture) -> None:
    """A replica, or one whose memory is full: it is said once, not whenever somebody asks."""
    counted = shared(redis)
    with Redis.from_url(redis.url) as owner:
        owner.config_set("min-replicas-to-write", 1)
        assert [counted.incr("ana", 60) for _ in range(3)] == [1, 2, 3]
        assert limits.fault(redis.url) != ""
        assert counted.is_away
        assert [record.msg for record in caplog.records] == ["limits_away"]
        owner.config_set("min-replicas-to-write", 0)
        until(lambda: not counted.is_away)


def test_the_doctor_learns_why(redis: Broker) -> None:
    assert limits.fault(redis.url) == ""
    assert "refused" in limits.fault(f"redis://127.0.0.1:{free_port()}/0")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert "imeout" in limits.fault(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")


def test_what_is_not_installed_is_said_how_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the start, and not when somebody asks."""
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(InputError, match=r"certs\[cluster\]"):
        limits.storage("redis://127.0.0.1/0", SITE)
