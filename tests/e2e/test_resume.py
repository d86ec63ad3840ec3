"""Acts of several steps, killed before and after every commit and every rename, and the same command run again.

The command runs in a child of this process, which ends itself without any farewell at the chosen moment, as SIGKILL
would end it. Then the same command is run again, and everything must be as if it had never been stopped.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.engine.default import DefaultDialect

from certs import cli
from certs.build import App, build
from certs.config import Settings
from certs.db import audit
from certs.model import Number, Purpose
from certs.queue import Queue
from certs.work import issue
from tests import crowd, postgres
from tests.bench import sample

SLUG = "cgmp-2026"
KILLED = 137
PEOPLE = 3


@dataclass(frozen=True)
class Place:
    """A deployment in *folder* that tests may spoil."""

    folder: Path
    environ: dict[str, str]

    def opened(self) -> App:
        """Put the program together."""
        return build(Settings.from_environ(self.environ))


@dataclass
class Deployments:
    """Makes copies of one deployment in which *PEOPLE* people are certified."""

    folder: Path
    cluster: postgres.Cluster | None
    count: int = 0

    def prepare(self) -> None:
        """Make what is copied."""
        place = self._place("original", "original")
        if self.cluster:
            self.cluster.create("original")
        app = crowd.opened(place.environ)
        batch = crowd.approved(app, PEOPLE)
        issue.issue(issue.Office(app.store, Queue(1), lambda: crowd.NOW), app.tools(), batch, crowd.ACT)
        if not self.cluster:
            with app.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        app.engine.dispose()

    def fresh(self) -> Place:
        """Return a copy."""
        self.count += 1
        name = f"copy{self.count}"
        shutil.copytree(self.folder / "original", self.folder / name)
        if self.cluster:
            self.cluster.create(name, "original")
        return self._place(name, name)

    def drop(self, place: Place) -> None:
        """Throw a copy away."""
        shutil.rmtree(place.folder)
        if self.cluster:
            self.cluster.drop(place.folder.name)

    def _place(self, name: str, database: str) -> Place:
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        url = self.cluster.url(database) if self.cluster else ""
        return Place(folder, crowd.environment(folder, url))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def deployments(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployments]:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "sqlite":
        found = Deployments(folder, None)
        found.prepare()
        yield found
        return
    with postgres.cluster() as cluster:
        found = Deployments(folder, cluster)
        found.prepare()
        yield found


# ---------------------------------------------------------------- being killed


def run(place: Place, *arguments: str, fatal: int = 0) -> tuple[int, str, int]:
    """Run a command in a child that dies at its boundary number *fatal*; return code, output and boundaries passed."""
    said, passed = place.folder / "said", place.folder / "passed"
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = _in_child(place, arguments, said, passed, fatal)
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), said.read_text(), int(passed.read_text())


def _in_child(place: Place, arguments: tuple[str, ...], said: Path, passed: Path, fatal: int) -> int:
    os.environ.clear()
    os.environ.update(place.environ)
    os.chdir(place.folder)
    out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for descriptor in (1, 2):
        os.dup2(out, descriptor)
    sys.stdout, sys.stderr = (os.fdopen(os.dup(out), "w", buffering=1) for _ in range(2))
    sys.stdin = Path(os.devnull).open()  # noqa: SIM115 -- until the end
    _watch(passed, fatal)
    try:
        code: int | str | None = cli.run(list(arguments))
    except SystemExit as leaves:
        code = leaves.code
    sys.stdout.flush()
    sys.stderr.flush()
    return int(code or 0)


def _watch(passed: Path, fatal: int) -> None:
    """Count every commit and every rename twice, before and after it, and die at number *fatal*."""
    count = 0
    passed.write_text("0")
    me = os.getpid()

    def boundary() -> None:
        nonlocal count
        if os.getpid() != me:
            return
        count += 1
        passed.write_text(str(count))
        if count == fatal:
            os._exit(KILLED)

    def around(work: Callable[..., object]) -> Callable[..., object]:
        def wrapped(*given: object, **named: object) -> object:
            boundary()
            done = work(*given, **named)
            boundary()
            return done

        return wrapped

    DefaultDialect.do_commit = around(DefaultDialect.do_commit)  # type: ignore[method-assign]
    os.rename, os.replace = around(os.rename), around(os.replace)  # type: ignore[assignment]


def killed_everywhere(
    deployments: Deployments, command: Callable[[Place], tuple[str, ...]], holds: Callable[[Place, str], None]
) -> int:
    """Kill *command* at each of its boundaries, each time in a fresh place, and run it again; return how many kills."""
    place = deployments.fresh()
    code, said, boundaries = run(place, *command(place))
    assert code == 0, said
    holds(place, said)
    deployments.drop(place)
    for fatal in range(1, boundaries + 1):
        place = deployments.fresh()
        arguments = command(place)
        code, said, _ = run(place, *arguments, fatal=fatal)
        assert code == KILLED, (fatal, said)
        code, said, _ = run(place, *arguments)
        holds(place, f"[killed at {fatal}] {code} {said}")
        deployments.drop(place)
    return boundaries


# ---------------------------------------------------------------- what must hold


def in_force(app: App) -> dict[str, tuple[Number, str]]:
    """Return number and name of each person's certificate in force; nobody has two."""
    found: dict[str, tuple[Number, str]] = {}
    for one in app.store.deliveries(SLUG):
        if not one.certificate.superseded_by and not one.certificate.revocation:
            assert one.person not in found
            found[one.person] = one.certificate.number, one.certificate.statement.name
    return found


def assert_settled(app: App, said: str) -> None:
    """Nothing is under way, the trail is whole, and foreign verifiers see what the register holds."""
    for batch in app.store.batches.of_event(SLUG):
        assert batch.remaining == 0, said
    assert audit.first_broken(audit.entries(app.engine)) is None
    from certs.work import publishing

    kid = app.keys.signer(Purpose.CREDENTIAL).key.kid
    assert publishing.stale(app.store, kid, app.settings.base_url) == [], said


def test_reissue(deployments: Deployments) -> None:
    """Every certificate has just one successor, under the new key."""

    def command(place: Place) -> tuple[str, ...]:
        app = place.opened()
        old = app.keys.trusted(Purpose.CLAIM)[-1].kid
        if len(app.keys.trusted(Purpose.CLAIM)) == 1:
            app.engine.dispose()
            assert run(place, "keys", "new", "claim")[0] == 0
        return "reissue", "--signed-by", old, "--reason", "stolen", "--yes"

    def holds(place: Place, said: str) -> None:
        app = place.opened()
        new = app.keys.signer(Purpose.CLAIM).key.kid
        numbers = [number for number, _ in in_force(app).values()]
        assert len(numbers) == PEOPLE, said
        for number in numbers:
            found = app.store.certificate(number)
            assert found is not None
            assert found.claim_kid == new, said
            assert found.supersedes is not None
        assert len(app.store.batches.of_event(SLUG)) == 2, said
        assert_settled(app, said)
        app.engine.dispose()

    assert killed_everywhere(deployments, command, holds) >= 10


def test_correcting_many_from_a_sheet(deployments: Deployments) -> None:
    """All rows are corrected, once."""

    def command(place: Place) -> tuple[str, ...]:
        rows = "".join(f"person{n}@example.org,Corrected{'abc'[n]}\n" for n in range(2))
        (place.folder / "sheet.csv").write_text("email,name\n" + rows)
        return "correct", "--sheet", "sheet.csv", "--reason", "misspelt", "--yes"

    def holds(place: Place, said: str) -> None:
        app = place.opened()
        names = [name for _, name in in_force(app).values()]
        assert len(names) == PEOPLE
        assert {"Correcteda", "Correctedb"} < set(names), said
        assert len(app.store.batches.of_event(SLUG)) == 2, said
        assert_settled(app, said)
        app.engine.dispose()

    assert killed_everywhere(deployments, command, holds) >= 10


def test_revoking_many(deployments: Deployments) -> None:
    """All of them, and the status lists say so."""

    def command(place: Place) -> tuple[str, ...]:
        app = place.opened()
        numbers = sorted(number for number, _ in in_force(app).values())[:2]
        (place.folder / "list.csv").write_text("\n".join(numbers) + "\n")
        app.engine.dispose()
        return "revoke", "--file", "list.csv", "--class", "error", "--note", "wrong", "--yes"

    def holds(place: Place, said: str) -> None:
        app = place.opened()
        assert len(in_force(app)) == PEOPLE - 2, said
        acts = [entry.act for entry in audit.entries(app.engine)]
        assert acts.count("certificate.revoke") == 2, said
        assert_settled(app, said)
        app.engine.dispose()

    assert killed_everywhere(deployments, command, holds) >= 3


def test_what_waits_for_the_second_person(deployments: Deployments) -> None:
    """It is ordered once, however often the orderer was stopped, and given up cleanly."""

    def command(place: Place) -> tuple[str, ...]:
        event = (sample.DEMO / "marathon.toml").read_text()
        assert 'approval = "two"' in event
        (place.folder / "two.toml").write_text(event)
        code, said, _ = run(place, "event", "add", "two.toml", "--yes")
        assert code == 0, said
        (place.folder / "sheet.csv").write_text("email,name\nperson0@example.org,Correcteda\n")
        return "correct", "--sheet", "sheet.csv", "--reason", "misspelt", "--yes"

    def holds(place: Place, said: str) -> None:
        app = place.opened()
        assert len(in_force(app)) == PEOPLE
        batches = app.store.batches.of_event(SLUG)
        assert [batch.remaining for batch in batches] == [0, 1], said
        assert "certs approve" in said
        app.engine.dispose()
        code, told, _ = run(place, "cancel", batches[1].reference, "--yes")
        assert code == 0, told
        app = place.opened()
        assert len(in_force(app)) == PEOPLE
        assert_settled(app, told)
        app.engine.dispose()

    assert killed_everywhere(deployments, command, holds) >= 1


def two_keys(place: Place) -> str:
    """Let there be a newer credential key; return the kid of the older, which signed."""
    app = place.opened()
    old = app.keys.trusted(Purpose.CREDENTIAL)[-1].kid
    is_alone = len(app.keys.trusted(Purpose.CREDENTIAL)) == 1
    app.engine.dispose()
    if is_alone:
        code, said, _ = run(place, "keys", "new", "credential")
        assert code == 0, said
    return old


@pytest.mark.parametrize(
    ("state", "words"),
    [("retired", ("retire",)), ("compromised", ("compromise", "--since", "2026-11-21", "--yes"))],
)
def test_the_end_of_a_key(deployments: Deployments, state: str, words: tuple[str, ...]) -> None:
    """The newest credential key ends: folder, trail and status lists, which the older signs now, all say so."""

    def command(place: Place) -> tuple[str, ...]:
        old = two_keys(place)
        app = place.opened()
        (newest,) = [key.kid for key in app.keys.trusted(Purpose.CREDENTIAL) if key.kid != old]
        app.engine.dispose()
        return "keys", words[0], newest, *words[1:], "--reason", "stolen laptop"

    def holds(place: Place, said: str) -> None:
        app = place.opened()
        (ended,) = [key for key in app.keys.trusted(Purpose.CREDENTIAL) if key.state.value == state]
        *_, newest = (one for one in audit.entries(app.engine) if one.subject == f"key {ended.kid}")
        assert f'"state":"{state}"' in newest.new, said
        assert newest.reason == "stolen laptop"
        assert_settled(app, said)
        app.engine.dispose()

    assert killed_everywhere(deployments, command, holds) >= 3
