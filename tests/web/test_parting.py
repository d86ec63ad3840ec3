"""What public workers leave to the second server, and what that does with slow and long bodies."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from werkzeug.test import Client

from certs.web.edge.parting import PATHS, Parted, belongs
from certs.web.edge.patience import Patient
from tests.web.cast import site as site_of
from tests.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Message = MutableMapping[str, Any]
DESK = "http://127.0.0.1:8001"


def site(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    start_response("200 OK", [])
    return [b"public"]


class Unreadable:
    """A body that must not be read."""

    def read(self, *_: object) -> bytes:
        raise AssertionError("a public worker reads no body")

    readline = read


@pytest.mark.parametrize(
    ("path", "method"),
    [(path, method) for path in PATHS for method in ("GET", "POST") if (path, method) != ("/api", "GET")],
)
def test_what_takes_a_body_or_a_cookie_goes_to_the_second_server(path: str, method: str) -> None:
    """With the same method, and unread."""
    answer = Client(Parted(site, "", DESK)).open(
        f"{path}/x?a=1", method=method, environ_overrides={"wsgi.input": Unreadable()}
    )
    assert (answer.status_code, answer.headers["Location"]) == (308, f"{DESK}{path}/x?a=1")


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_programs_are_answered_where_they_ask_without_a_body(method: str) -> None:
    """A browser takes no redirect for the question whether a script may ask (Fetch, section 4.8)."""
    answer = Client(Parted(site, "", DESK)).open("/api/v1/certificates/x", method=method)
    assert answer.status_code == 200
    assert Client(Parted(site, "", DESK)).open("/apis", method=method).status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/verify", "/verify/7K3M", "/V/x", "/c/mine", "/desks", "/mejor", "/static/desk"]
)
def test_public_pages_stay(path: str) -> None:
    """Whatever looks alike."""
    assert not belongs(path)
    assert Client(Parted(site, "", DESK)).get(path).text == "public"


@pytest.mark.parametrize("asked", ["/certs/desk", "/desk"])
def test_a_site_under_a_path_has_it_on_both_servers(asked: str) -> None:
    """Whether the proxy strips it or not."""
    assert Client(Parted(site, "/certs", f"{DESK}/certs")).get(asked).headers["Location"] == f"{DESK}/certs/desk"


def test_what_a_visitor_writes_into_the_address_stays_in_it() -> None:
    """No header of her own, no other host."""
    answer = Client(Parted(site, "", DESK)).get("/me/%0d%0aSet-Cookie:x//evil.example")
    assert answer.headers["Location"] == f"{DESK}/me/%0D%0ASet-Cookie:x//evil.example"


def test_behind_a_proxy_that_does_not_part_yet_pages_are_shown_and_forms_say_what_it_lacks() -> None:
    """No redirect in a circle."""
    public = Client(Parted(site, "", ""))
    assert public.get("/me/x").text == "public"
    refused = public.post("/sign-in", environ_overrides={"wsgi.input": Unreadable()})
    assert refused.status_code == 421
    assert "second server" in refused.text


@pytest.fixture
def flask() -> Flask:
    return site_of(World())


def ask(flask: Flask, body: Callable[[], Awaitable[Message]], *headers: tuple[bytes, bytes]) -> list[Message]:
    """Send a form to the site of the second server; return what it answers."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Message = {
        "type": "http",
        "method": "POST",
        "path": "/verify",
        "query_string": b"",
        "http_version": "1.1",
        "headers": [(b"host", b"certs.example.org"), *headers],
        "client": ("192.0.2.1", 5),
    }
    asyncio.run(Patient(flask, silence_seconds=0.05)(scope, body, send))
    return sent


async def endless() -> Message:
    return {"type": "http.request", "body": b"a" * 10_000, "more_body": True}


async def silent() -> Message:
    await asyncio.sleep(3600)
    raise AssertionError("unreachable")


async def gone() -> Message:
    return {"type": "http.disconnect"}


async def whole() -> Message:
    return {"type": "http.request", "body": b"number=", "more_body": False}


def test_a_silent_body_ends(flask: Flask) -> None:
    assert ask(flask, silent)[0]["status"] == 408


def test_a_body_without_end_ends_at_its_limit(flask: Flask) -> None:
    """Its length is not announced."""
    assert ask(flask, endless)[0]["status"] == 413


def test_a_body_that_is_announced_too_long_is_not_waited_for(flask: Flask) -> None:
    assert ask(flask, silent, (b"content-length", b"70000"))[0]["status"] == 413


def test_whoever_has_left_gets_no_answer(flask: Flask) -> None:
    assert ask(flask, gone) == []


def test_a_whole_body_reaches_the_site(flask: Flask) -> None:
    """Which has no such form, and says so itself."""
    assert ask(flask, whole)[0]["status"] == 405
