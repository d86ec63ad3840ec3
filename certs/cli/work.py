"""`certs work`: help other machines to issue, whenever the bell rings."""

import logging
import multiprocessing
import os
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

import click

from certs.cli import report_defect
from certs.cli.context import open_app
from certs.cli.hints import VOICE
from certs.errors import CertsError, InputError

if TYPE_CHECKING:
    from certs.build import App

_log = logging.getLogger("certs.bell")


class _Helper:
    """What one process does when it rings; the program is opened in each, once."""

    def __init__(self, stopped: Callable[[], bool]) -> None:
        self._stopped = stopped
        self._said: set[str] = set()

    @cached_property
    def _app(self) -> "App":
        return open_app()

    def look(self) -> None:
        """Help with whatever was begun: a message may have been lost."""
        found: list[int] = []
        self._answered(lambda: found.extend(self._app.store.batches.begun()))
        for batch in found:
            self.help_with(batch)

    def help_with(self, batch: int) -> None:
        """Help with *batch*, if it needs help and this machine can give it."""
        self._answered(lambda: self._help(batch))

    def _help(self, batch: int) -> None:
        from certs.queue import Queue  # noqa: PLC0415
        from certs.work import issue  # noqa: PLC0415

        app = self._app
        if not self._stopped():
            issue.assist(issue.Office(app.store, Queue(1), app.clock), app.tools(), batch, self._stopped)

    def _answered(self, work: Callable[[], object]) -> None:
        """Do *work*; say once why it is declined, for it is asked every minute."""
        try:
            work()
        except CertsError as error:
            _log.warning("help_declined", extra={"code": error.code}, exc_info=error)
            said = error.said_by(VOICE)
            if said not in self._said:
                self._said.add(said)
                click.echo(f"certs: {said}", err=True)
        except Exception as error:  # noqa: BLE001 -- the edge of the process: what it says may hold names
            report_defect(error)


@click.command()
@click.option("--processes", type=click.IntRange(1, 64), help="Processes (default: one for each core).")
def work(processes: int | None) -> None:
    """Help to issue batches that another machine has begun, until told to stop.

    \b
    Example, on every machine that is to help:
      CERTS_BROKER_URL=amqp://certs@broker.example.org certs work --processes 4

    The machines share the register (PostgreSQL), the keys, the version of certs, the public address and the broker. Who
    differs declines and says why. What is at work when it is told to stop is finished first.
    """
    from certs.queue.bell import Answers, listen  # noqa: PLC0415

    app = open_app()
    url = app.settings.broker_url
    if not url:
        raise InputError("Set CERTS_BROKER_URL to the broker that rings: without one, certs issue does everything.")
    app.tools()  # fail now, with a sentence, rather than in each process
    app.close()
    stopping = multiprocessing.get_context("fork").Event()
    helper = _Helper(stopping.is_set)
    code = listen(url, processes or len(os.sched_getaffinity(0)), Answers(helper.help_with, helper.look, stopping.set))
    click.get_current_context().exit(code)
