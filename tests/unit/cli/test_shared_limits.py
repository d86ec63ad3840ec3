"""Two processes of a site whose counts are in Redis: what was guessed at the one counts at the other."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from certs import web
from tests.brokers import broker
from tests.unit.cli.conftest import Operator
from tests.unit.cli.test_doctor import healthy


@pytest.fixture
def processes(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Flask, Flask]]:
    healthy(operator)
    with broker("redis") as redis:
        monkeypatch.setenv("CERTS_LIMITS_URL", redis.url)
        yield web.create(), web.create()


def asked(process: Flask, path: str, **form: str) -> int:
    client = process.test_client()
    if not form:
        return client.get(path).status_code
    page = client.get(path).get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    return client.post(path, data=form | {"csrf_token": token[1]}).status_code


def test_guesses_count_at_all_processes(processes: tuple[Flask, Flask]) -> None:
    answers = [asked(processes[n % 2], "/c/000000000000") for n in range(31)]
    assert answers == [200] * 30 + [429]


def test_tries_to_sign_in_count_at_all_processes(processes: tuple[Flask, Flask]) -> None:
    answers = [asked(processes[n % 2], "/sign-in", email="ana@example.org", password="x" * 12) for n in range(6)]
    assert answers == [403] * 5 + [429]
