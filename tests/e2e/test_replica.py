"""A machine that only serves pages: from a replica that takes no changes, under a role that may only read."""

import json
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

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


def summary(deployment: Deployment, number: Number) -> str:
    request = urllib.request.Request(f"{deployment.base}/c/{number}", headers={"Accept": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return str(json.load(answer)["summary"])


def test_a_site_on_a_replica_answers_and_follows(tmp_path: Path, cluster: postgres.Cluster) -> None:
    """Without a private key and without a passphrase; what is revoked at the register is revoked there."""
    url = cluster.create("main")
    owner = create_engine(url)
    with owner.begin() as connection:
        for statement in GRANTS:
            connection.execute(text(statement))
    owner.dispose()
    environ = crowd.environment(tmp_path, url) | {"CERTS_BASE_URL": "http://127.0.0.1:8000"}
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
