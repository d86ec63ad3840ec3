"""Behind a proxy and for monitors: what drops the Host works or says what to set, and nobody forges a visitor."""

import time
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from certs.web import attach
from certs.web.edge.door import FORWARDED, is_near
from certs.web.edge.limits import MISSES
from tests.web.cast import Assembled, settings
from tests.world import World

JSON = {"Accept": "application/json"}


def served(world: World, base_url: str = "https://certs.example.org", proxies: int = 0) -> FlaskClient:
    def clock() -> datetime:
        return world.now

    chosen = replace(settings(base_url), proxies=proxies)
    return attach(Assembled(chosen, world.keys, world.register, clock)).test_client()


def ask(client: FlaskClient, path: str, host: str | None, **more: Any) -> tuple[int, str]:
    """Ask for *path* under the Host *host*, or none."""
    environ = {"HTTP_HOST": host} if host is not None else {}
    answer = client.get(path, base_url="http://unset", environ_overrides={"HTTP_HOST": None, **environ}, **more)
    return answer.status_code, answer.get_data(as_text=True)


WRONG = ("certs_backend", "10.0.0.7:8000", "evil.example", "certs.example.org.evil.example", "certs", "a b", "[::2]")


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000", "127.0.0.1", "", *WRONG])
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("base", ["https://certs.example.org", "http://127.0.0.1:8000", "https://example.org/certs"])
def test_a_health_check_is_answered_whatever_the_host(world: World, host: str, path: str, base: str) -> None:
    assert ask(served(world, base), path, host)[0] == 200


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "LOCALHOST:8000", "[::1]:8000", ""])
def test_a_plain_proxy_pass_works(world: World, host: str) -> None:
    """The upstream's name on this machine, or none: pages carry the public address all the same."""
    ana = world.issue()
    status, page = ask(served(world), f"/c/{ana.number}", host)
    assert status == 200
    assert "127.0.0.1" not in page
    assert "localhost" not in page.lower()


def test_a_redirect_leads_to_the_public_address(world: World) -> None:
    """Not to the upstream, and not from https to http."""
    answer = served(world).get("/me//x", base_url="http://127.0.0.1:8000")
    assert answer.status_code == 308
    assert answer.location.removeprefix("https://certs.example.org") == "/me/x"


@pytest.mark.parametrize("host", WRONG)
def test_another_host_is_421_and_tells_the_operator_what_to_set(world: World, host: str) -> None:
    """For people and for programs; the name that was given is not repeated."""
    client = served(world)
    for headers in ({}, JSON):
        status, said = ask(client, "/verify", host, headers=headers)
        assert status == 421
        assert "proxy_set_header Host $host" in said
        assert "CERTS_BASE_URL" in said
        assert "https://certs.example.org" in said
        assert "evil" not in said


def test_a_forged_visitor_is_not_believed_where_the_port_is_reached_directly(world: World) -> None:
    """One machine cannot ask on behalf of others, whatever it writes; behind the proxy each visitor counts alone."""
    assert refusals(served(world, proxies=1), "9.9.9.9") == 1
    assert refusals(served(world, proxies=1), "127.0.0.1") == 0
    assert refusals(served(world, proxies=0), "127.0.0.1") == 1


def refusals(client: FlaskClient, peer: str) -> int:
    """Ask once more than one visitor may, each time as another visitor; return how often that was too often."""
    asked = (
        client.get(
            "/verify?number=0000-0000-0000",
            base_url="https://certs.example.org",
            environ_overrides={"REMOTE_ADDR": peer},
            headers={"X-Forwarded-For": f"8.8.{n // 250}.{n % 250}"},
        ).status_code
        for n in range(MISSES.amount + 1)
    )
    return sum(status == 429 for status in asked)


@pytest.mark.parametrize(
    ("address", "near"),
    [("127.0.0.1", True), ("::1", True), ("10.1.2.3", True), ("fd00::1", True), ("", True), ("fe80::1%eth0", True),
     ("9.9.9.9", False), ("2a00:1450::1", False), ("nonsense", False)],
)  # fmt: skip
def test_a_proxy_of_ours_is_on_this_machine_or_its_network(address: str, near: bool) -> None:
    assert is_near(address) is near


@pytest.mark.parametrize(("header", "counted"), [({}, "0"), ({"X-Forwarded-For": "8.8.8.8, 10.0.0.1"}, "2")])
def test_the_doctor_can_see_how_many_proxies_a_request_came_through(
    world: World, header: dict[str, str], counted: str
) -> None:
    assert served(world).get("/healthz", headers=header).headers[FORWARDED] == counted


def test_a_proxy_that_is_not_configured_is_logged_once(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Without the visitors' addresses."""
    client = served(world)
    for _ in range(3):
        client.get("/verify", base_url="https://certs.example.org", headers={"X-Forwarded-For": "8.8.8.8"})
    assert [record.message for record in caplog.records] == ["proxy_not_configured"]
    assert "8.8.8.8" not in caplog.text


@pytest.fixture(autouse=True)
def _listening(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("WARNING", "certs.web")


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/json", "json"),
        ("text/html;q=0.1," * 60 + "application/json", "json"),
        ("text/html;q=0.1," * 64 + "application/json", "html"),
        ("text/html;q=0.1," * 5_000, "html"),
        ("x" * 20_000, "html"),
    ],
)
def test_of_accept_the_first_kilobyte_is_read(world: World, accept: str, kind: str) -> None:
    """To its last whole entry; what nobody can make out is as if nothing was said."""
    answer = served(world).get("/c/000000000000", base_url="https://certs.example.org", headers={"Accept": accept})
    assert kind in answer.content_type


def test_a_giant_accept_costs_no_time(world: World) -> None:
    """Taking ten megabytes apart took seconds."""
    client = served(world)
    before = time.process_time()
    client.get("/verify", base_url="https://certs.example.org", headers={"Accept": "text/html;q=0.5," * 655_360})
    assert time.process_time() - before < 1
