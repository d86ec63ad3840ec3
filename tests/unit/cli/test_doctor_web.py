"""`certs doctor --web`: what a machine that only serves pages needs, and what its site answers through the proxy."""

import json
import shutil
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from certs import web
from certs.build import website
from certs.build.website import Answer
from certs.web.edge import door, errors
from tests.unit.cli.conftest import Operator

KEYS = ("claim", "credential", "seal", "link")
Front = Callable[[str], dict[str, str]]


@pytest.fixture
def machine(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """Return whoever runs a machine with public keys alone; its site is behind a proxy that does all that it should."""
    for purpose in KEYS:
        assert operator.types("keys", "new", purpose).code == 0
    for private in operator.home.glob("signing_keys/*/private.pem"):
        private.unlink()
    (operator.home / "instance/key_passphrase").unlink()
    monkeypatch.setenv("CERTS_PROXIES", "1")
    behind(monkeypatch, good)
    return operator


def good(host: str) -> dict[str, str]:
    return {"HTTP_HOST": host, "HTTP_X_FORWARDED_FOR": "9.9.9.9"}


def plain(_: str) -> dict[str, str]:
    """A proxy_pass without a word more."""
    return {"HTTP_HOST": "127.0.0.1:8000"}


def renaming(_: str) -> dict[str, str]:
    return {"HTTP_HOST": "backend", "HTTP_X_FORWARDED_FOR": "9.9.9.9"}


def behind(monkeypatch: pytest.MonkeyPatch, front: Front) -> None:
    """Let the site be asked at its port directly, and at the public address through *front*."""

    def asked(address: str) -> Answer:
        parts = urlsplit(address)
        environ = {"HTTP_HOST": parts.netloc} if parts.port else front(parts.netloc)
        answer = web.create().test_client().get(parts.path, environ_overrides={"REMOTE_ADDR": "127.0.0.1", **environ})
        return website._answer(answer.status_code, dict(answer.headers), answer.data)

    monkeypatch.setattr(website, "_asked", asked)


def looked(operator: Operator, code: int) -> dict[str, str]:
    """Return what is wrong, or else what may be meant, by what it is about."""
    said = operator.types("doctor", "--web", "--json")
    assert said.code == code, said.out + said.err
    found = json.loads(said.out)
    return {one["about"]: one["text"] for one in found if not one["good"] or one["doubt"]}


def test_public_keys_and_a_register_are_enough(machine: Operator) -> None:
    """Though the doctor of issuing finds that nothing can be signed here."""
    assert looked(machine, 0) == {}
    assert machine.types("doctor").code == 1


def test_missing_keys_are_said_with_what_to_copy(machine: Operator) -> None:
    for folder in machine.home.glob("signing_keys/seal-*"):
        shutil.rmtree(folder)
    assert "copy the key folders to this machine, without private.pem" in looked(machine, 1)["keys"]


def test_a_proxy_that_is_not_configured_is_noticed(machine: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CERTS_PROXIES", "0")
    assert "all visitors are one" in looked(machine, 1)["proxies"]
    assert "set proxies = 1" in looked(machine, 1)["proxies"]


def test_a_proxy_that_does_not_say_for_whom_it_asks_is_noticed(
    machine: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    behind(monkeypatch, plain)
    assert "let each proxy send X-Forwarded-For" in looked(machine, 1)["proxies"]


def test_a_plain_proxy_works_where_none_is_configured(machine: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """It drops the Host, and the site answers."""
    monkeypatch.setenv("CERTS_PROXIES", "0")
    behind(monkeypatch, plain)
    assert looked(machine, 0) == {}


def test_a_proxy_that_names_another_host_is_noticed(machine: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    behind(monkeypatch, renaming)
    assert "proxy_set_header Host $host" in looked(machine, 1)["proxies"]


def test_another_program_at_the_address_is_noticed(machine: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    site = website._asked

    def asked(address: str) -> Answer:
        return Answer(404, {}, "nginx") if address.startswith("https://") else site(address)

    monkeypatch.setattr(website, "_asked", asked)
    assert "answered by something else, with 404" in looked(machine, 1)["proxies"]


def test_an_address_out_of_reach_from_here_is_a_doubt(machine: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Networks let some machines not reach their own public address."""
    site = website._asked

    def asked(address: str) -> Answer:
        return Answer(0, {}, "no route") if address.startswith("https://") else site(address)

    monkeypatch.setattr(website, "_asked", asked)
    assert "cannot be reached from here (no route)" in looked(machine, 0)["proxies"]


def test_a_site_that_does_not_run_is_said(machine: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(website, "_asked", lambda _: Answer(0, {}, "Connection refused"))
    assert "start certs serve, or say its --port" in looked(machine, 1)["site"]


def test_an_address_without_encryption_is_wrong(machine: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CERTS_BASE_URL", "http://certs.example.org")
    assert "is not encrypted" in looked(machine, 1)["base URL"]


def test_nothing_answers_at_a_free_port(machine: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked in earnest."""
    monkeypatch.undo()
    monkeypatch.chdir(machine.home)
    assert website._asked("http://127.0.0.1:9/readyz").status == 0
    assert "refused" in website._asked("http://127.0.0.1:9/readyz").text


def test_it_knows_the_sites_words() -> None:
    assert (door.FORWARDED.lower(), errors.MISDIRECTED) == (website.FORWARDED, website.MISDIRECTED)
