"""How things are measured: CPU time of this process, or wall, CPU and memory of a child.

Linux counts towards a process's peak memory what its parent held when it was forked. So a child is started by a small
interpreter in between: `python -I measure.py COMMAND…` runs the command and prints its figures as JSON.
"""

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROUNDS = 5
"""Medians are of so many rounds, the contestants taking turns in each."""


def cpu_seconds() -> float:
    """Return user and system time of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


@dataclass(frozen=True, slots=True)
class Contestant:
    """*work* makes *count* certificates each time it is called."""

    name: str
    count: int
    work: Callable[[], None]


def in_turns(contestants: Sequence[Contestant], rounds: int = ROUNDS) -> dict[str, float]:
    """Return the median CPU seconds per certificate of each contestant, all warmed up, taking turns."""
    for contestant in contestants:
        contestant.work()
    spent: dict[str, list[float]] = {contestant.name: [] for contestant in contestants}
    for _ in range(rounds):
        for contestant in contestants:
            begin = cpu_seconds()
            contestant.work()
            spent[contestant.name].append((cpu_seconds() - begin) / contestant.count)
    return {name: statistics.median(times) for name, times in spent.items()}


@dataclass(frozen=True, slots=True)
class Whole:
    """A process from start to end, its children included; memory is that of its largest process."""

    wall_seconds: float
    cpu_seconds: float
    peak_mib: float

    def __str__(self) -> str:
        return f"{self.wall_seconds:6.2f} s wall  {self.cpu_seconds:6.2f} s CPU  {self.peak_mib:5.0f} MiB"


def whole_process(
    command: Sequence[str | Path], environment: Mapping[str, str], log: Path, folder: Path | None = None
) -> Whole:
    """Run *command* in *folder* to its end, its output into *log*.

    Raises:
        RuntimeError: it failed; shows what it wrote.
    """
    between = [sys.executable, "-I", __file__, *command]
    with log.open("ab") as out:
        done = subprocess.run(
            between,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=out,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{log.read_text()}")
    return Whole(*json.loads(done.stdout))


def _run(command: Sequence[str]) -> int:
    """Run *command*, all it says going to standard error; print its wall and CPU seconds and its peak in MiB."""
    begin = time.perf_counter()
    code = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False).returncode
    wall = time.perf_counter() - begin
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps([wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
    return code


if __name__ == "__main__":
    sys.exit(_run(sys.argv[1:]))
