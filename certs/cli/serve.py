"""`certs serve`, `worker`, `work` and `demo`: what runs until it is told to stop."""

import multiprocessing
import os
import signal
import sys
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import click

from certs.cli import report_defect, use
from certs.cli.declare import MOST_PORT, PORT, option
from certs.cli.hints import VOICE
from certs.cli.how import How, command, open_app
from certs.errors import InputError

if TYPE_CHECKING:
    from certs.build import App

PROCESSES = click.IntRange(1, 64)
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@command()
def serve(
    how: How,
    host: str = option("--host", "Address to listen on.", default="127.0.0.1", show_default=True),
    port: int = option("--port", "Port to listen on.", default=8000, show_default=True, type=PORT),
    workers: int | None = option("--workers", "Processes (default: one for each core, at most 8).", type=PROCESSES),
    desk_port: int | None = option(
        "--desk-port", "Port of the second server, which takes bodies and cookies (default: the next one).", type=PORT
    ),
    left_out: tuple[Literal["desk", "worker"], ...] = option("--without", "Start no second server, no worker."),
    only: Literal["desk"] | None = option("--only", "Start the second server alone, at its port."),
) -> None:
    """Serve the site until told to stop, and do what its pages ask for. Requests in progress are finished first.

    Public pages are served at one port. What takes a body or a cookie is served at the next, where slow visitors keep
    nobody waiting; without that second server, all of it is served at the first.

    Example, behind a reverse proxy:
      CERTS_BASE_URL=https://certs.example.org CERTS_PROXIES=1 certs serve --port 8000
    """
    from certs.build import keeper, server  # noqa: PLC0415 -- Flask and the database, which help does not need

    desk = desk_port or port + 1
    if desk == port or desk > MOST_PORT:
        raise InputError("The second server needs a port of its own: say which, with --desk-port.")
    _check(how, host, *((desk, "--desk-port") if only else (port, "--port")))
    if only:
        server.serve_desk(host, desk)
        return
    has_desk = "desk" not in left_out
    if has_desk:
        server.check_free(host, desk, "stop what listens there, or give another --desk-port")
        _say_where(how.app, desk)
    certs = [sys.executable, "-m", "certs"]
    second = [*certs, "serve", "--only", "desk", "--host", host, "--desk-port", str(desk)]
    parts = {"desk": second, "worker": [*certs, "worker"]}
    with keeper.beside([one for name, one in parts.items() if name not in left_out]):
        server.serve(host, port, how.app.dialect, workers, whole=not has_desk)


def _say_where(app: "App", desk: int) -> None:
    """Let workers know where the second server is: on this machine at its own port, behind a proxy at the site's."""
    base = urlsplit(app.settings.base_url)
    if not app.settings.desk_url and (base.hostname or "") in _LOOPBACK:
        host = f"[{base.hostname}]" if ":" in (base.hostname or "") else base.hostname
        os.environ["CERTS_DESK_URL"] = f"{base.scheme}://{host}:{desk}{base.path}"


def _check(how: How, host: str, port: int, named: str) -> None:
    """Fail now, with a sentence, rather than in each worker; migrates the database.

    Raises:
        InputError: a setting is wrong, or this machine has no such address.
        ConflictError: another server has the port; the system would let both listen and deal out the requests.
        SigningError: the key folder cannot be read.
        StorageError: the register is not there, out of reach, or not the one of the keys.
    """
    from certs.build import server  # noqa: PLC0415

    server.check_free(host, port, f"stop what listens there, or give another {named}")
    use.keys.demand_known(how.store, how.app.keys)
    how.app.close()


@command()
def worker(
    how: How, processes: int | None = option("--processes", "That issue (default: one for each core).", type=PROCESSES)
) -> None:
    """Do errands: read exports, count, rehearse, issue, publish. Runs until told to stop; certs serve starts one.

    Several may run, on several machines. What one leaves when it ends, another goes on with.

    Example:
      certs worker
    """
    from certs import worker as working  # noqa: PLC0415 -- fonts and keys, which help does not need

    try:
        working.work(how.app, processes or 0)
    except KeyboardInterrupt:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        how.note("The worker has ended; what waits stays in the register.")


@command()
def work(
    how: How, processes: int | None = option("--processes", "Processes (default: one for each core).", type=PROCESSES)
) -> None:
    """Help to issue batches that another machine has begun, until told to stop.

    Example, on every machine that is to help:
      CERTS_BROKER_URL=amqp://certs@broker.example.org certs work --processes 4

    The machines share the register (PostgreSQL), the keys, the version of certs, the public address and the broker. Who
    differs declines and says why. What is at work when it is told to stop is finished first.
    """
    from certs import worker as working  # noqa: PLC0415
    from certs.queue.bell import Answers, listen  # noqa: PLC0415

    url = how.app.settings.broker_url
    if not url:
        raise InputError("Set CERTS_BROKER_URL to the broker that rings: without one, certs issue does everything.")
    how.app.tools()  # fail now, with a sentence, rather than in each process
    how.app.close()
    stopping = multiprocessing.get_context("fork").Event()
    one = working.Helper(open_app, stopping.is_set, how.note, report_defect, VOICE)
    cores = processes or len(os.sched_getaffinity(0))
    click.get_current_context().exit(listen(url, cores, Answers(one.help_with, one.look, stopping.set)))


@command()
def demo(
    how: How,
    serves: bool = option(
        "--serve/--no-serve", "Serve the site afterwards (the default), or stop there.", default=True
    ),
) -> None:
    """Issue the sample marathon's certificates under demo keys and serve the site.

    Example:
      certs demo
    """
    from certs.build import sample  # noqa: PLC0415 -- fonts and keys, which help does not need

    host, port = sample.place(how.app, serves=serves)
    found = sample.prepare(how.app, lambda line: how.note(f"  {line}"))
    how.show(
        f"\nA certificate       {found.file}",
        f"What its code opens {found.verification}",
        f"By its number       {found.number}",
        f"Its personal page   {found.personal}\n",
        (f"{who} signs in at {address}" for who, address in found.desk.items()),
        f"Exports for the practice event lie in {sample.FOLDER}\n",
    )
    if serves:
        sys.stdout.flush()
        certs = [sys.executable, "-m", "certs", "serve", "--host", host, "--port", str(port)]
        os.execv(sys.executable, certs)  # noqa: S606 -- our own program
