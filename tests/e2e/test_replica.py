"""Pages from a replica that takes no changes, under a role that may only read: alone, and beside the primary."""

import json
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from certs.build import App
from certs.db.replica import ASK_SECONDS, MOST_SECONDS, Replica, why_not
from certs.db.store import Store
from certs.ground.number import printed
from certs.model import Number
from tests import crowd, postgres
from tests.e2e.site import Deployment, free_port
from tests.ports.test_roles import GRANTS
from tests.survivors import certs


@pytest.fixture
def cluster() -> Iterator[postgres.Cluster]:
    with postgres.cluster() as running:
        for role in ("certs_app", "certs_web"):
            running.role(role)
        yield running


def register(folder: Path, cluster: postgres.Cluster) -> dict[str, str]:
    """Return the environment of a register on *cluster* that `certs_web` may read."""
    url = cluster.create("main")
    owner = create_engine(url)
    with owner.begin() as connection:
        for statement in GRANTS:
            connection.execute(text(statement))
    owner.dispose()
    return crowd.environment(folder, url) | {"CERTS_BASE_URL": "http://127.0.0.1:8000"}


def summary(deployment: Deployment, number: Number) -> str:
    request = urllib.request.Request(f"{deployment.base}/c/{number}", headers={"Accept": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return str(json.load(answer)["summary"])


def test_a_site_on_a_replica_answers_and_follows(tmp_path: Path, cluster: postgres.Cluster) -> None:
    """Without a private key and without a passphrase; what is revoked at the register is revoked there."""
    environ = register(tmp_path, cluster)
    app = crowd.opened(environ)
    batch = crowd.approved(app, 2)
    assert certs(environ, "issue", str(batch), "--yes").returncode == 0
    slug = app.store.events.slugs()[0]
    number, other = [one.certificate.number for one in app.store.deliveries(slug)]
    app.engine.dispose()
    site = tmp_path / "site"
    shutil.copytree(tmp_path / "keys", site / "keys", ignore=shutil.ignore_patterns("private*"))
    with cluster.replica() as replica:
        port = free_port()
        given = {
            "CERTS_DATABASE_URL": replica.url("main", "certs_web").replace("+psycopg", ""),
            "CERTS_SIGNING_KEYS": str(site / "keys"),
            "CERTS_BASE_URL": f"http://127.0.0.1:{port}",
        }
        deployment = Deployment(site, port, given)
        with deployment.served():
            assert summary(deployment, number) == "valid"
            deployment.certs("doctor", "--web", "--port", str(port))
            revoked = certs(environ, "revoke", str(number), "--class", "error", "--note", "drill", "--yes")
            assert revoked.returncode == 0, revoked.stderr
            until = time.monotonic() + 20
            while summary(deployment, number) != "revoked":
                assert time.monotonic() < until
                time.sleep(0.1)
            with pytest.raises(AssertionError, match=r"takes no changes|may not do this"):
                deployment.certs("revoke", str(other), "--class", "error", "--note", "x", "--yes")


@dataclass
class Counting:
    """A store that notes what it is asked for."""

    store: Store
    asked: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> object:
        if name != "engine":
            self.asked.append(name)
        return getattr(self.store, name)


class Clock:
    """The seconds of a process, as the test has them."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def issued(app: App, environ: dict[str, str]) -> list[Number]:
    """Return the numbers of one more batch, issued now."""
    before = set(numbers_of(app))
    batch = crowd.approved(app, 2, len(before))
    assert certs(environ, "issue", str(batch), "--yes").returncode == 0
    return [number for number in numbers_of(app) if number not in before]


def numbers_of(app: App) -> list[Number]:
    return [one.certificate.number for slug in app.store.events.slugs() for one in app.store.deliveries(slug)]


def caught_up(replica: Replica, clock: Clock) -> bool:
    """Say whether the copy is asked within some seconds, in which it may follow."""
    for _ in range(50):
        clock.now += ASK_SECONDS
        if replica.is_fresh:
            return True
        time.sleep(0.1)
    return False


def test_a_copy_that_is_held_back_is_asked_for_ten_seconds_and_then_no_more(
    tmp_path: Path, cluster: postgres.Cluster
) -> None:
    """What it has not got is asked of the primary at once; when it follows again, it is asked again."""
    environ = register(tmp_path, cluster)
    app = crowd.opened(environ)
    old, other = issued(app, environ)
    with cluster.replica() as server:
        copies, clock = create_engine(server.url("main", "certs_web")), Clock()
        copy = Counting(Store(copies))
        replica = Replica(copy, app.tables, clock)  # type: ignore[arg-type]  # it gives what a store gives
        assert replica.certificate(old) is not None
        assert caught_up(replica, clock)
        del copy.asked[:]
        assert replica.certificate(old) is not None
        assert copy.asked == ["certificate"]
        server.hold()
        fresh, _ = issued(app, environ)
        assert replica.certificate(fresh) is not None, "the primary has it"
        assert replica.certificate(Number("0" * 12)) is None
        revoked = certs(environ, "revoke", str(old), "--class", "error", "--note", "drill", "--yes")
        assert revoked.returncode == 0, revoked.stderr
        for _ in range(int(MOST_SECONDS)):
            clock.now += ASK_SECONDS
            del copy.asked[:]
            found = replica.certificate(old)
        assert found is not None
        assert found.revocation is not None, "ten seconds later nobody calls it valid"
        assert copy.asked == []
        server.follow()
        assert caught_up(replica, clock)
        del copy.asked[:]
        found = replica.certificate(old)
        assert found is not None
        assert (found.revocation is not None, copy.asked) == (True, ["certificate"])
        assert replica.pdf(other) == app.store.pdf(other)
        copies.dispose()
    assert replica.certificate(other) is not None, "the primary answers for a copy that is gone"
    app.engine.dispose()


def test_the_copy_of_another_register_is_never_asked(tmp_path: Path, cluster: postgres.Cluster) -> None:
    """It follows some primary as far as ours is, or farther, but holds other entries."""
    environ = register(tmp_path, cluster)
    app = crowd.opened(environ)
    (number, _), clock = issued(app, environ), Clock()
    with postgres.cluster() as stranger:
        for role in ("certs_app", "certs_web"):
            stranger.role(role)
        (tmp_path / "other").mkdir()
        crowd.opened(register(tmp_path / "other", stranger)).engine.dispose()
        with stranger.replica() as server:
            copies = create_engine(server.url("main", "certs_web"))
            copy = Counting(Store(copies))
            replica = Replica(copy, app.tables, clock)  # type: ignore[arg-type]  # it gives what a store gives
            assert not caught_up(replica, clock)
            assert replica.certificate(number) is not None
            assert copy.asked == []
            copies.dispose()
    app.engine.dispose()


def test_a_server_that_takes_changes_is_no_copy(tmp_path: Path, cluster: postgres.Cluster) -> None:
    """The primary itself, say: it is asked as the primary, and the doctor says so."""
    environ = register(tmp_path, cluster)
    app = crowd.opened(environ)
    clock = Clock()
    replica = Replica(Store(app.engine), app.tables, clock)
    assert not caught_up(replica, clock)
    assert "takes changes" in why_not(app.engine)
    said = certs(environ | {"CERTS_DATABASE_READ_URL": environ["CERTS_DATABASE_URL"]}, "doctor")
    assert "Pages are not read from" in said.stdout + said.stderr
    app.engine.dispose()


def test_a_site_beside_its_primary_reads_from_the_copy_and_without_both_says_what_the_paper_proves(
    tmp_path: Path, cluster: postgres.Cluster
) -> None:
    """Held back, hours behind or gone, a fresh certificate is valid at once; without the primary nothing is denied."""
    environ = register(tmp_path, cluster)
    app = crowd.opened(environ)
    old, _ = issued(app, environ)
    with cluster.replica() as server:
        port = free_port()
        urls = [one.url("main", "certs_web").replace("+psycopg", "") for one in (cluster, server)]
        given = {
            "CERTS_DATABASE_URL": urls[0],
            "CERTS_DATABASE_READ_URL": urls[1],
            "CERTS_SIGNING_KEYS": environ["CERTS_SIGNING_KEYS"],
        }
        deployment = Deployment(tmp_path / "site", port, given)
        deployment.folder.mkdir()
        with deployment.served():
            assert summary(deployment, old) == "valid"
            server.hold()
            time.sleep(MOST_SECONDS)
            fresh, _ = issued(app, environ)
            assert summary(deployment, fresh) == "valid"
            code = app.store.certificate(fresh)
            assert code is not None
            app.engine.dispose()
            cluster.stop()
            until = time.monotonic() + 60
            while True:
                status, told = asked(deployment, f"/V/{code.claim_text}")
                assert told["summary"] in {"valid", "unknown"}
                if told["summary"] == "unknown":
                    break
                assert time.monotonic() < until
            assert (status, told["claim"]["number"]) == (503, printed(fresh))  # type: ignore[index]
            status, shown = asked(deployment, "/c/000000000000")
            assert (status, shown.get("summary")) == (503, None)
    cluster.start()


def asked(deployment: Deployment, path: str) -> tuple[int, dict[str, object]]:
    """Return status and members of an answer for programs."""
    request = urllib.request.Request(f"{deployment.base}{path}", headers={"Accept": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)
