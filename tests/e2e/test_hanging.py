"""A site whose PostgreSQL hangs: alive at once, and honest about what it could not check."""

import http.client
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgres
from tests.e2e.site import Deployment, free_port


@pytest.fixture
def cluster() -> Iterator[postgres.Cluster]:
    with postgres.cluster() as running:
        yield running


def asked(deployment: Deployment, path: str, seconds: float) -> tuple[int, str]:
    """Return status and text of *path*, which must come in time."""
    connection = http.client.HTTPConnection("127.0.0.1", deployment.port, timeout=seconds)
    connection.request("GET", path, headers={"Accept": "application/json"})
    answer = connection.getresponse()
    found = answer.status, answer.read().decode()
    connection.close()
    return found


def test_while_the_database_hangs_the_site_is_alive_and_says_that_it_could_not_check(
    tmp_path: Path, cluster: postgres.Cluster
) -> None:
    """With many visitors at once; and it answers again by itself."""
    given = {"CERTS_DATABASE_URL": cluster.create("site").replace("+psycopg", ""), "CERTS_PAGE_SECONDS": "2"}
    deployment = Deployment(tmp_path, free_port(), given)
    for purpose in ("claim", "credential", "link"):
        deployment.certs("keys", "new", purpose)
    page = "/c/000000000000"
    with deployment.served():
        assert json.loads(asked(deployment, page, 10)[1])["summary"] == "not_issued"
        cluster.pause()
        try:
            answers: list[tuple[int, str]] = []
            visitors = [threading.Thread(target=lambda: answers.append(asked(deployment, page, 10))) for _ in range(10)]
            for visitor in visitors:
                visitor.start()
            for visitor in visitors:
                visitor.join()
            assert [status for status, _ in answers] == [503] * 10
            assert all("says nothing about the certificate" in said for _, said in answers)
            until = time.monotonic() + 8
            while time.monotonic() < until:
                visitors.append(threading.Thread(target=lambda: answers.append(asked(deployment, page, 10))))
                visitors[-1].start()
                assert asked(deployment, "/healthz", 1)[0] == 200
                assert asked(deployment, "/static/icon.svg", 1)[0] == 200
                time.sleep(0.2)
            assert asked(deployment, "/readyz", 5)[0] == 503
            for visitor in visitors:
                visitor.join()
        finally:
            cluster.resume()
        time.sleep(3)
        assert json.loads(asked(deployment, page, 10)[1])["summary"] == "not_issued"
    assert {status for status, _ in answers} == {503}
