"""The bell: a message through RabbitMQ or Redis asks other machines to help with a batch. It owns nothing.

What is to be done stands in the register, and whoever answers looks there. So messages may be lost, doubled or late;
each holds the number of a batch and nothing else. Celery carries them: an optional extra, imported only where a broker
is set.

    CeleryBell(url, tell).ring(batch, helpers=3)
    listen(url, processes, Answers(help_with=..., look=...))
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from certs.errors import InputError
from certs.wording import say

if TYPE_CHECKING:
    from celery import Celery

_log = logging.getLogger("certs.bell")
LOOK_SECONDS = 60
"""How often a worker looks by itself for batches that need help: what a lost message costs."""
_CONNECT_SECONDS = 4
_QUEUE = "certs.issue"
_HELP, _LOOK = "certs.help", "certs.look"


class CeleryBell:
    """Rings through the broker at *url*; implements `certs.ports.Bell`. *tell* hears, once, where it cannot."""

    def __init__(self, url: str, tell: Callable[[str], None]) -> None:
        self._url, self._tell = url, tell

    def ring(self, batch: int, helpers: int) -> None:
        """Ask so many others to help with *batch*. May be lost, doubled or late; where it cannot, it says so."""
        try:
            app = application(self._url)
        except InputError as error:
            self._tell(f"{error} This process does everything itself.")
            return
        from kombu.exceptions import KombuError, OperationalError  # noqa: PLC0415 -- comes with Celery

        try:
            with app.connection_for_write() as connection:
                for _ in range(helpers):
                    app.send_task(_HELP, (batch,), connection=connection, retry=False)
        except (OperationalError, KombuError, OSError) as error:
            _log.warning("bell_unreachable", exc_info=error)
            self._tell("The broker of CERTS_BROKER_URL does not answer, so nobody else was asked to help: see there.")


@dataclass(frozen=True, slots=True)
class Answers:
    """What a worker does when it rings. Each raises nothing, and is called in a process that was forked for it."""

    help_with: Callable[[int], None]
    look: Callable[[], None]
    """Called at the beginning and every minute: a message may have been lost."""
    stop: Callable[[], None]
    """Called in the parent when the worker is told to end."""


def listen(url: str, processes: int, answers: Answers) -> int:
    """Answer in so many processes until told to stop; return how it ended. What is at work then is finished first.

    Raises:
        InputError: Celery is not installed.
    """
    app = application(url)
    for name, answer in ((_HELP, answers.help_with), (_LOOK, answers.look)):
        app.task(name=name, Request="certs.queue.taken:Taken")(answer)
    _connect_signals(app, answers)
    worker = app.Worker(
        concurrency=processes,
        queues=[_QUEUE],
        without_mingle=True,
        without_gossip=True,
        without_heartbeat=True,
        quiet=True,
        redirect_stdouts=False,
    )
    worker.start()
    return int(worker.exitcode or 0)


def _connect_signals(app: "Celery", answers: Answers) -> None:
    from celery import signals  # noqa: PLC0415

    timers: list[Any] = []

    def look() -> None:
        app.send_task(_LOOK, expires=LOOK_SECONDS, retry=False)  # older ones have been overtaken

    def ready(sender: Any, **_: object) -> None:
        for timer in timers:
            timer.cancel()
        look()
        timers[:] = [sender.timer.call_repeatedly(float(LOOK_SECONDS), look)]

    signals.setup_logging.connect(lambda **_: None, weak=False)  # ours stands already
    signals.worker_ready.connect(ready, weak=False)
    signals.worker_shutting_down.connect(lambda **_: answers.stop(), weak=False)


def application(url: str) -> "Celery":
    """Return Celery set up to lose no work and to say nothing that nobody asked for.

    Raises:
        InputError: it is not installed.
    """
    try:
        from celery import Celery  # noqa: PLC0415 -- an optional extra
    except ImportError as error:
        raise InputError(
            say("CERTS_BROKER_URL is set, and what speaks to a broker is not installed: pip install 'certs[cluster]'.")
        ) from error
    app = Celery("certs", broker=url, set_as_current=False)
    redis = {"socket_timeout": 30, "socket_connect_timeout": _CONNECT_SECONDS}
    app.conf.update(
        task_default_queue=_QUEUE,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        worker_prefetch_multiplier=1,
        worker_send_task_events=False,
        worker_enable_remote_control=False,
        worker_hijack_root_logger=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_timeout=_CONNECT_SECONDS,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options=redis if url.startswith("redis") else {},
    )
    return app
