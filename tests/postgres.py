"""A throw-away PostgreSQL: a cluster in a temporary folder, reached by a socket in it, stopped at the end.

The cluster's superuser makes databases and roles, nothing else. Tests connect as `OWNER`, an ordinary role that owns
its database, as a database administrator would give one, or as roles of `role`.

PostgreSQL refuses to run as root, so root starts it as user postgres. On CI (`CI=true`) it must be there; elsewhere its
absence skips the tests that want it, with the reason.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

_USER = "postgres"
OWNER = "certs"
"""Owns each database, and may nothing else."""


class Cluster:
    """A running cluster; *folder* holds its data and its socket."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self._folder, self._programs = folder, programs

    def url(self, database: str, role: str = OWNER) -> str:
        """Return the SQLAlchemy address of *database* for *role*."""
        return f"postgresql+psycopg://{role}@/{database}?host={self._folder}"

    def create(self, database: str, template: str = "template0") -> str:
        """Create *database* and return its address."""
        self._sql(f'CREATE DATABASE "{database}" OWNER {OWNER} TEMPLATE "{template}" ENCODING UTF8')
        return self.url(database)

    def role(self, name: str) -> str:
        """Create an ordinary role that owns nothing, and return its name."""
        self._sql(f'CREATE ROLE "{name}" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS')
        return name

    def run_file(self, file: Path, environ: Mapping[str, str], without: str) -> None:
        """Run the statements of *file* under *environ* in a cluster from which the role *without* is gone."""
        self._sql(f'DROP ROLE "{without}"')
        names = [f"{name}={value}" for name, value in environ.items()]
        connect = ["-h", str(self._folder), "-U", _USER, "-d", "postgres", "-q", "-v", "ON_ERROR_STOP=1"]
        done = subprocess.run(
            ["env", *names, str(self._programs / "psql"), *connect],
            input=file.read_bytes(),
            user=_USER if os.getuid() == 0 else None,
            cwd="/",
            capture_output=True,
            check=False,
            timeout=600,
        )
        if done.returncode:
            raise RuntimeError(f"psql failed: {done.stderr.decode()}")

    def give_schema_away(self, database: str) -> None:
        """Let the schema of *database* belong to the administrator, as it did before PostgreSQL 15."""
        self._sql("ALTER SCHEMA public OWNER TO postgres; GRANT USAGE, CREATE ON SCHEMA public TO PUBLIC", database)

    def add_table(self, database: str, table: str) -> None:
        """Add a table of somebody else's to *database*."""
        self._sql(f"CREATE TABLE public.{table} (id integer)", database)

    def drop(self, database: str) -> None:
        """Drop *database*, whoever is connected."""
        self._sql(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = f"-c listen_addresses='' -c fsync=off -c max_connections=60 -k {self._folder}"
        log = self._folder / "log"
        self._run("pg_ctl", "-w", "-D", str(self._folder / "data"), "-l", str(log), "-o", options, "start")

    def stop(self) -> None:
        """Stop the server at once; connections are cut."""
        self._run("pg_ctl", "-w", "-m", "immediate", "-D", str(self._folder / "data"), "stop")

    @contextmanager
    def replica(self) -> Iterator["Cluster"]:
        """Yield a running copy that follows this one and takes no changes."""
        folder = Path(tempfile.mkdtemp(prefix="certs-pg-"))
        if os.getuid() == 0:
            shutil.chown(folder, _USER)
        copy = Cluster(folder, self._programs)
        try:
            host = str(self._folder)
            copy._run("pg_basebackup", "-h", host, "-U", _USER, "-D", str(folder / "data"), "-R", "-c", "fast", "-N")
            copy.start()
            yield copy
            copy.stop()
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def hold(self) -> None:
        """Let a replica take in nothing more of what it is sent; it answers as before."""
        self._sql("SELECT pg_wal_replay_pause()")

    def follow(self) -> None:
        """Let it take in what it was sent since."""
        self._sql("SELECT pg_wal_replay_resume()")

    def pause(self) -> None:
        """Let the server hang: all its processes are there, and none of them does anything."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def process(self) -> int:
        """Return the process from which all of the server's descend."""
        return int((self._folder / "data" / "postmaster.pid").read_text().splitlines()[0])

    def _signal(self, number: signal.Signals) -> None:
        parent = self.process()
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        for process in (parent, *map(int, children)):
            with suppress(ProcessLookupError):  # one may end meanwhile
                os.kill(process, number)

    def initialise(self) -> None:
        """Make an empty cluster."""
        self._run("initdb", "-D", str(self._folder / "data"), "-U", _USER, "-A", "trust", "-E", "UTF8", "--no-sync")

    def _sql(self, statement: str, database: str = "postgres") -> None:
        self._run("psql", "-h", str(self._folder), "-U", _USER, "-d", database, "-qc", statement)

    def _run(self, program: str, *arguments: str) -> None:
        user = _USER if os.getuid() == 0 else None
        command = [str(self._programs / program), *arguments]
        errors = subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE  # the server keeps what it inherits
        done = subprocess.run(
            command, user=user, cwd="/", stdout=subprocess.DEVNULL, stderr=errors, text=True, check=False, timeout=600
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr}")


def programs() -> Path | None:
    """Return where PostgreSQL's programs are."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Yield a running cluster, or skip the test; on CI fail it."""
    where = programs()
    if where is None:
        reason = "PostgreSQL is not installed (initdb not found)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="certs-pg-"))
    if os.getuid() == 0:
        shutil.chown(folder, _USER)
    running = Cluster(folder, where)
    try:
        running.initialise()
        running.start()
        running.role(OWNER)
        yield running
        running.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
