"""The bell says where it cannot ring and raises nothing; a message holds the number of a batch and nothing else."""

import sys
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from certs.cli import cli
from certs.errors import InputError
from certs.ports import Silent
from certs.queue import bell
from tests.brokers import free_port


def test_where_nobody_answers_it_is_said_once() -> None:
    """However many helpers were to be asked."""
    for scheme in ("amqp", "redis"):
        said: list[str] = []
        bell.CeleryBell(f"{scheme}://127.0.0.1:{free_port()}/", said.append).ring(1, 5)
        assert len(said) == 1
        assert "does not answer" in said[0]


def test_where_celery_is_not_installed_it_is_said_how_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Issuing goes on, a worker does not begin."""
    monkeypatch.setitem(sys.modules, "celery", None)
    said: list[str] = []
    bell.CeleryBell("redis://127.0.0.1/0", said.append).ring(1, 5)
    assert [("certs[cluster]" in one, "does everything itself" in one) for one in said] == [(True, True)]
    with pytest.raises(InputError, match=r"certs\[cluster\]"):
        bell.application("redis://127.0.0.1/0")


def test_a_message_holds_the_batch_alone_and_is_kept_until_it_was_answered() -> None:
    """So that it may be lost, doubled or late, and a dead worker's is given to another."""
    app = bell.application("memory://")
    bell.CeleryBell("memory://", pytest.fail).ring(7, 2)
    with app.connection_for_write() as connection:
        queue = connection.SimpleQueue("certs.issue")  # type: ignore[attr-defined]  # more than certs itself uses
        messages = [queue.get(timeout=5) for _ in range(2)]
    assert [message.payload[:2] for message in messages] == [[[7], {}]] * 2
    conf = app.conf
    assert (conf["task_acks_late"], conf["task_reject_on_worker_lost"], conf["worker_prefetch_multiplier"]) == (
        True,
        True,
        1,
    )
    assert (conf["accept_content"], conf["worker_enable_remote_control"]) == (["json"], False)


def test_the_default_rings_nowhere() -> None:
    Silent().ring(1, 5)


def test_a_worker_without_a_broker_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CERTS_BROKER_URL", raising=False)
    with pytest.raises(InputError, match="Set CERTS_BROKER_URL"):
        CliRunner().invoke(cli, ["work"], catch_exceptions=False)


def test_a_message_that_cannot_be_acknowledged_lets_the_worker_connect_anew() -> None:
    """Else it would stay among those that the worker has, and be the last one."""
    pytest.importorskip("celery")
    from certs.queue.taken import Taken

    taken = Taken.__new__(Taken)
    taken._message = SimpleNamespace(acknowledged=True)
    taken._demand_heard()
    taken._message = SimpleNamespace(acknowledged=False)
    with pytest.raises(ConnectionResetError):
        taken._demand_heard()
