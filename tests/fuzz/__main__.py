"""`make fuzz`: damaged exports must be read or refused, and quickly.

    python -m tests.fuzz [--count 100000] [--from 0] [--processes 2]

Nothing but `InputError` may come out of the reader, and no input may take more than two seconds of CPU, children
included. A finding is printed with its number and written to a folder of its own; `--from NUMBER --count 1` repeats it.
"""

import argparse
import os
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import islice
from pathlib import Path

from certs.errors import InputError
from tests.fuzz import whole
from tests.fuzz.corpus import corpus
from tests.fuzz.mutate import mutant

LONGEST_SECONDS = 2.0
_BATCH = 500


def main() -> int:
    """Try the inputs asked for and return 1 if there is a finding."""
    options = argparse.ArgumentParser(prog="python -m tests.fuzz")
    options.add_argument("--count", type=int, default=100_000)
    options.add_argument("--from", dest="first", type=int, default=0)
    options.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    given = options.parse_args()
    numbers = iter(range(given.first, given.first + given.count))
    batches: Iterator[list[int]] = iter(lambda: list(islice(numbers, _BATCH)), [])
    totals: Counter[str] = Counter()
    slowest = 0.0
    with ProcessPoolExecutor(given.processes) as pool:
        for outcomes, seconds in pool.map(_batch, batches):
            totals += outcomes
            slowest = max(slowest, seconds)
            print(f"\r{totals.total():,} inputs: {dict(totals)}, slowest {slowest:.2f} s", end="", flush=True)
    print()
    return 1 if totals["finding"] or totals["slow"] else 0


def _batch(numbers: list[int]) -> tuple[Counter[str], float]:
    """Try some inputs; return how many ended how, and the seconds of the slowest."""
    totals: Counter[str] = Counter()
    slowest = 0.0
    for number in numbers:
        data = mutant(_corpus(), number)
        begin = _cpu_seconds()
        outcome = attempt(number, data)
        seconds = _cpu_seconds() - begin
        if seconds > LONGEST_SECONDS:
            outcome = "slow"
            _keep(number, data, f"took {seconds:.2f} s")
        totals[outcome] += 1
        slowest = max(slowest, seconds)
    return totals, slowest


def _cpu_seconds() -> float:
    """Return what this process and its children have used so far: a busy machine makes nothing slow."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def attempt(number: int, data: bytes) -> str:
    """Read one input and say how that ended."""
    try:
        whole.read(f"fuzz-{number}.csv", data)
    except InputError:
        return "refused"
    except Exception:  # noqa: BLE001 -- whatever else comes out is the finding
        _keep(number, data, traceback.format_exc())
        return "finding"
    return "read"


def _keep(number: int, data: bytes, why: str) -> None:
    """Print a finding and store its input."""
    path = Path(tempfile.gettempdir(), "certs-fuzz", f"{number}.bin")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    print(f"\ninput {number}, in {path}:\n{why}", file=sys.stderr)


_corpus = cache(corpus)

if __name__ == "__main__":
    sys.exit(main())
