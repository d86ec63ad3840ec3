"""The drill of docs/operations.md, its blocks word for word: some issued before the backup, the rest after it."""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from certs.build import App, build
from certs.config import Settings
from certs.db.backup import backup
from certs.model import Number, Revocation, RevocationReason, Summary
from certs.ports import Clock
from certs.queue import Queue
from certs.work import issue
from certs.work.verify import verify_pdf
from certs.work.verify.plain import headline
from tests import crowd, postgres
from tests.e2e.terminal import Terminal
from tests.test_docs import OPERATIONS

SLUG = "cgmp-2026"


def blocks() -> list[list[str]]:
    """Return the commands of the page to follow, by numbered step."""
    page = OPERATIONS.partition("### Restore, step by step")[2].partition("**What happens to what.**")[0]
    found = [block.split("\n") for block in page.split("\n\n")]
    return [[line.strip() for line in block] for block in found if block[0].startswith("       certs ")]


@dataclass
class Drill:
    """A deployment after the backup; *files* is every PDF that was exported, *places* where each stands."""

    folder: Path
    environ: dict[str, str]
    files: dict[Number, bytes]
    places: dict[Number, int]
    revoked: Number

    def opened(self) -> App:
        return build(Settings.from_environ(self.environ))

    def types(self, *lines: str) -> str:
        """Run *lines* at a terminal, where every question is answered with yes."""
        activated = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        environ = self.environ | {"PATH": activated, "TERM": "dumb", "COLUMNS": "200"}
        return Terminal(self.folder, environ, [("[y/N]", "y")]).runs(lines)

    def judged(self) -> dict[Number, tuple[Summary, str]]:
        """Return the verdict on each exported file."""
        app = self.opened()
        verdicts = {one: verify_pdf(data, app.store, app.keys, crowd.NOW) for one, data in self.files.items()}
        app.engine.dispose()
        return {one: (verdict.summary, headline(verdict)[0]) for one, verdict in verdicts.items()}


@pytest.fixture(params=["sqlite", "postgresql"])
def drill(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Drill]:
    if request.param == "sqlite":
        yield prepared(tmp_path, "")
        return
    with postgres.cluster() as cluster:
        yield prepared(tmp_path, cluster.create("drill"))


def prepared(folder: Path, url: str) -> Drill:
    environ = crowd.environment(folder, url)
    app = crowd.opened(environ)
    batch = crowd.approved(app, 4)
    go_on(app, batch, 2)
    (folder / "backups").mkdir()
    backup(app.engine, folder / "backups/certs.db")
    go_on(app, batch)
    go_on(app, crowd.approved(app, 2, first=10))
    files = {one.certificate.number: one.pdf.plate + one.pdf.tail for one in app.store.deliveries(SLUG)}
    places = places_of(app)
    revoked = min(files)
    app.store.revocations.add([revoked], Revocation(crowd.NOW, RevocationReason.FRAUD, ""), crowd.ACT)
    app.engine.dispose()
    return Drill(folder, environ, files, places, revoked)


def go_on(app: App, batch: int, most: int | None = None, clock: Clock = lambda: crowd.NOW) -> None:
    issue.issue(issue.Office(app.store, Queue(1), clock), app.tools(), batch, crowd.ACT, most)


def places_of(app: App) -> dict[Number, int]:
    with app.engine.connect() as connection:
        return {Number(one.number): one.id for one in connection.execute(text("SELECT number, id FROM certificate"))}


def lose(drill: Drill) -> None:
    """Let the register be gone, as when a disk dies."""
    app = drill.opened()
    if app.engine.dialect.name == "sqlite":
        app.engine.dispose()
        for path in drill.folder.glob("certs.db*"):
            path.unlink()
        return
    with app.engine.begin() as connection:
        for table in connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars():
            connection.execute(text(f'DROP TABLE "{table}" CASCADE'))
        connection.execute(text("DROP FUNCTION certs_refuse, certs_refuse_unless_erased"))
    app.engine.dispose()


def demand_nothing_twice(drill: Drill) -> None:
    """Issue for more people: no number and no place that any exported file has is given to another."""
    app = drill.opened()
    known = set(places_of(app))
    go_on(app, crowd.approved(app, 3, first=100), clock=app.clock)
    fresh = {number: place for number, place in places_of(app).items() if number not in known}
    app.engine.dispose()
    assert len(fresh) == 3
    assert not fresh.keys() & drill.files.keys()
    assert not set(fresh.values()) & set(drill.places.values())


def test_with_the_register_at_hand_nothing_is_lost(drill: Drill) -> None:
    """Every file is valid, the revoked one revoked, the doctor content."""
    said = drill.types(*(line for block in blocks() for line in block))
    assert "nothing was changed" in said
    assert "4 certificates issued since" in said
    assert "Nothing was left to settle." in said
    judged = drill.judged()
    assert judged.pop(drill.revoked)[0] is Summary.REVOKED
    assert {summary for summary, _ in judged.values()} == {Summary.VALID}
    assert len(judged) == 5
    demand_nothing_twice(drill)


def test_without_it_every_file_is_valid_or_said_to_be_ours(drill: Drill) -> None:
    """None is altered; what nobody knows is wrong for the doctor until it is settled."""
    lose(drill)
    rehearse, restore, (publish, doctor), settle = blocks()
    said = drill.types(*rehearse, *restore, publish)
    assert "2 certificates given up" in said
    assert "is not known to this register" in said
    found = drill.types(f"! {doctor} --json")
    findings = json.loads(found[found.index("[") : found.rindex("]") + 1])
    assert [one["about"] for one in findings if not one["good"]] == ["restored"]
    assert "1 point is settled." in drill.types(*settle, doctor)
    summaries = sorted(drill.judged().values())
    assert summaries == [(Summary.NOT_ISSUED, "Not in our register")] * 4 + [(Summary.VALID, "Valid")] * 2
    demand_nothing_twice(drill)
