"""`python -m tests.bench.steady [COUNT]`: whether issuing keeps its pace over a million certificates on PostgreSQL.

A cluster of its own, `certs issue` with two workers, and a look at certain times: how many are stored, how much CPU the
program and the database's server took since the look before, how far the write-ahead log has come, and what each
process holds. A busy machine spoils certificates a second; those of a CPU second stay comparable.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, create_engine, text

from tests import crowd, postgres

COUNT = 1_000_000
EVERY_SECONDS = 15.0
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Look:
    """How far the issue is, and what it took until then; sizes in bytes, CPU in seconds."""

    wall_seconds: float
    stored: int
    program_cpu: float
    server_cpu: float
    log_bytes: int
    database_bytes: int
    peak_bytes: int

    def since(self, before: "Look") -> str:
        """Return one line about what happened since *before*."""
        made = self.stored - before.stored
        wall, cpu = self.wall_seconds - before.wall_seconds, self.program_cpu - before.program_cpu
        server = self.server_cpu - before.server_cpu
        rates = f"{made / wall:>6,.0f} a second  {made / max(cpu, 0.01):>6,.0f} a CPU second of the program"
        return (
            f"{self.wall_seconds:>5,.0f} s {self.stored:>10,}  {rates}  {made / max(server, 0.01):>6,.0f} of the server"
            f"  log {(self.log_bytes - before.log_bytes) / max(made, 1):>6,.0f} bytes each"
            f"  largest process {self.peak_bytes / 2**20:,.0f} MiB"
        )


def main() -> None:
    """Issue and print a line for each look, then the whole."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    with postgres.cluster() as cluster, tempfile.TemporaryDirectory() as folder:
        environ = crowd.environment(Path(folder), cluster.create("steady"))
        app = crowd.opened(environ)
        batch = crowd.approved(app, count)
        app.engine.dispose()
        engine = create_engine(cluster.url("steady", role="postgres"))
        command = [sys.executable, "-m", "certs", "issue", str(batch), "--workers", "2"]
        with subprocess.Popen(command, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as issuing:
            _print(list(_looks(engine, issuing, cluster.process())))
        engine.dispose()


def _print(looks: list[Look]) -> None:
    first, last = looks[0], looks[-1]
    print("whole:", last.since(first))
    grown = (last.database_bytes - first.database_bytes) / max(last.stored - first.stored, 1)
    print(f"the database grew by {grown:,.0f} bytes a certificate to {last.database_bytes / 2**30:.2f} GiB")


def _looks(engine: Engine, issuing: subprocess.Popen[bytes], server: int) -> Iterator[Look]:
    """Yield a look before the first certificate, one at certain times, and one at the end; print what each shows."""
    begin, programs, servers, peak = time.monotonic(), dict[int, float](), dict[int, float](), 0
    looked = _look(engine, begin, 0.0, 0.0, 0)
    yield looked
    while issuing.poll() is None:
        until = time.monotonic() + EVERY_SECONDS
        while issuing.poll() is None and time.monotonic() < until:
            peak = max(peak, _note(programs, _family(issuing.pid)))
            _note(servers, _family(server))
            time.sleep(0.5)
        now = _look(engine, begin, sum(programs.values()), sum(servers.values()), peak)
        print(now.since(looked), flush=True)
        looked = now
        yield now
    if issuing.returncode:
        raise SystemExit(f"issuing ended with {issuing.returncode}")


def _look(engine: Engine, begin: float, program_cpu: float, server_cpu: float, peak: int) -> Look:
    with engine.connect() as connection:
        stored = connection.execute(text("SELECT count(*) FROM certificate WHERE state = 'issued'")).scalar_one()
        log = connection.execute(text("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")).scalar_one()
        size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    return Look(time.monotonic() - begin, int(stored), program_cpu, server_cpu, int(log), int(size), peak)


def _family(process: int) -> list[int]:
    """Return *process* and all that descend from it."""
    found, open_ones = [], [process]
    while open_ones:
        one = open_ones.pop()
        found.append(one)
        try:
            open_ones += map(int, Path(f"/proc/{one}/task/{one}/children").read_text().split())
        except OSError:
            continue  # it ended meanwhile
    return found


def _note(spent: dict[int, float], family: list[int]) -> int:
    """Note each process's CPU seconds so far in *spent*; return the peak of the largest, in bytes."""
    peak = 0
    for one in family:
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            status = Path(f"/proc/{one}/status").read_text()
        except OSError:
            continue
        spent[one] = (int(fields[11]) + int(fields[12])) / _TICKS
        held = [line for line in status.splitlines() if line.startswith("VmHWM")]
        peak = max(peak, int(held[0].split()[1]) * 1024 if held else 0)
    return peak


if __name__ == "__main__":
    main()
