"""`python -m tests.bench.cluster [PEOPLE]`: what a certificate costs when another machine helps, beside the local pool.

The same number of processes makes as many certificates on one PostgreSQL: two of a local pool, or one that issues and
one that a broker calls, which has run before. CPU of the clients alone, taking turns; medians of five.
"""

import os
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests import brokers, crowd, postgres
from tests.bench.measure import ROUNDS, whole_process
from tests.e2e.test_cluster import Machines, until

PEOPLE = 5_000
_TIMES = slice(11, 15)
"""Of what follows a process's name in `stat`: its own time and its children's, of users and of the system."""
_SESSION = 3


def main() -> None:
    """Measure and print."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    for kind in brokers.KINDS:
        alone, together = _compared(kind, people)
        ratio = statistics.median(together) / statistics.median(alone)
        said = " ".join(f"{one / people * 1e6:.0f}" for one in (*alone, *together))
        print(f"{kind:<9} {ratio:.3f} of the local pool; µs a certificate, alone and together: {said}", flush=True)


def _compared(kind: str, people: int) -> tuple[list[float], list[float]]:
    """Return the CPU seconds of each round, of the local pool and of two machines."""
    alone, together = list[float](), list[float]()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        cluster = stack.enter_context(postgres.cluster())
        broker = stack.enter_context(brokers.broker(kind))
        environ = crowd.environment(folder, cluster.create("shared")) | {"CERTS_BROKER_URL": broker.url}
        app = crowd.opened(environ)
        machines = Machines(folder, environ, app, cluster, broker)
        stack.callback(app.engine.dispose)
        stack.callback(machines.end)
        helper = machines.another()
        worker = machines.work(helper)
        for turn in range(ROUNDS + 1):  # the first warms up
            used = _issued(machines, people, 2 * turn * people, "--workers", "2", broker="")
            helped = machines.helped(helper)
            before = _session_seconds(worker.pid)
            both = _issued(machines, people, (2 * turn + 1) * people, "--workers", "1", broker=broker.url)
            until(lambda known=helped: machines.helped(helper) > known)  # type: ignore[misc]
            if turn:
                alone.append(used)
                together.append(both + _session_seconds(worker.pid) - before)
    return alone, together


def _issued(machines: Machines, people: int, first: int, *options: str, broker: str) -> float:
    """Issue a batch of *people* more; return the CPU seconds of the process that runs it."""
    batch = crowd.approved(machines.app, people, first)
    environ = {name: value for name, value in machines.environ.items() if name != "CERTS_BROKER_URL"}
    command = [sys.executable, "-m", "certs", "issue", str(batch), *options]
    given = environ | ({"CERTS_BROKER_URL": broker} if broker else {})
    return whole_process(command, given, machines.folder / "log.txt").cpu_seconds


def _session_seconds(session: int) -> float:
    """Return the CPU seconds of all processes of a session."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[_SESSION]) == session:
            ticks += sum(map(int, fields[_TIMES]))
    return ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
