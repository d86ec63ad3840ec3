"""`python -m tests.bench.crowds [COUNT…]`: whole issues of 25,000 and 100,000 invented people, and their re-signing.

On SQLite and on PostgreSQL, with one worker and with two: wall, CPU and the memory of the largest process, which must
not grow with the batch. Then an export of a million different people: imported, shown and decided.
"""

import contextlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from certs.model import Purpose
from tests import crowd, postgres
from tests.bench import reading, stored
from tests.bench.measure import Whole, whole_process
from tests.bench.whole import EVENT, Instance

COUNTS = (25_000, 100_000)
RESIGNED = 10_000
IMPORTED = 1_000_000
"""People, each with one row; their import is promised in 300 MiB."""


def main() -> None:
    """Measure and print."""
    counts = [int(count) for count in sys.argv[1:]] or list(COUNTS)
    with postgres.cluster() as cluster:
        for count in counts:
            for workers in (1, 2):
                _print("SQLite", count, workers, stored.on_sqlite(count, workers).took)
                with _database(cluster, f"w{workers}n{count}") as url:
                    _print("PostgreSQL", count, workers, stored.on_postgresql(count, workers, url))
        _print_imported("SQLite", "")
        with _database(cluster, "imported") as url:
            _print_imported("PostgreSQL", url)
    print(f"re-signing {RESIGNED:,} under a new key: {_resigned()}", flush=True)


@contextlib.contextmanager
def _database(cluster: postgres.Cluster, name: str) -> Iterator[str]:
    yield cluster.create(name)
    cluster.drop(name)


def _print(database: str, count: int, workers: int, took: Whole) -> None:
    rate = count / took.cpu_seconds
    print(f"{database:<11} {count:>7,} people  {workers} workers  {took}  {rate:,.0f} a CPU second", flush=True)


def _print_imported(database: str, url: str) -> None:
    """Print what commands take on a register of very many people who came once."""
    with tempfile.TemporaryDirectory() as folder:
        file = reading.csv_of(Path(folder, "people.csv"), IMPORTED, IMPORTED)
        instance = Instance(Path(folder, "whole"), url)
        for command in (("import", EVENT, str(file), "--zone", "UTC"), ("status", EVENT), ("decide", EVENT)):
            took = instance.measured(*command)
            print(f"{database:<11} {IMPORTED:>9,} people  {command[0]:<7} {took}", flush=True)


def _resigned() -> Whole:
    """Issue, make a new claim key, and measure replacing everything that the old one signed."""
    with tempfile.TemporaryDirectory() as folder:
        environ = crowd.environment(Path(folder))
        app = crowd.opened(environ)
        batch = crowd.approved(app, RESIGNED)
        kid = app.keys.signer(Purpose.CLAIM).key.kid
        app.engine.dispose()
        stored.issued(environ, Path(folder), batch, workers=0)
        _run(environ, Path(folder), "keys", "new", "claim")
        return _run(environ, Path(folder), "reissue", "--signed-by", kid, "--reason", "bench", "--yes")


def _run(environ: dict[str, str], folder: Path, *arguments: str) -> Whole:
    return whole_process([sys.executable, "-m", "certs", *arguments], environ, folder / "log.txt")


if __name__ == "__main__":
    main()
