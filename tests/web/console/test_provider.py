"""Signing in by an identity provider that runs inside the tests, honest or not."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from certs.model import Act
from certs.web import attach, console
from certs.work import users
from tests.web.cast import Assembled, settings
from tests.web.console.conftest import BASE, PASSWORD, Browser, Desk
from tests.world import World

CLIENT, SECRET = "certs", "a secret of the provider"
ANA = "ana@example.org"


@dataclass
class Idp:
    """An identity provider; *says* is put over what an honest one would put into its token."""

    address: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    signs: RSAKey | None = None
    says: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    prompts: list[str] = field(default_factory=list)

    def app(self) -> Flask:
        app = Flask("idp")

        @app.get("/.well-known/openid-configuration")
        def configuration() -> dict[str, str]:
            at = self.address
            return {
                "issuer": at,
                "authorization_endpoint": f"{at}/authorize",
                "token_endpoint": f"{at}/token",
                "jwks_uri": f"{at}/jwks",
            }

        @app.get("/jwks")
        def jwks() -> dict[str, object]:
            return {"keys": [self.key.as_dict(private=False)]}

        @app.get("/authorize")
        def authorize() -> Any:
            self.prompts.append(request.args.get("prompt", ""))
            self.asked["code-1"] = dict(request.args)
            return redirect(f"{request.args['redirect_uri']}?code=code-1&state={request.args['state']}")

        @app.post("/token")
        def token() -> Any:
            asked = self.asked.pop(request.form.get("code", ""), None)
            if asked is None or not proven(asked, request.form.get("code_verifier", "")):
                return {"error": "invalid_grant"}, 400
            now = int(time.time())
            claims = {
                "iss": self.address,
                "aud": CLIENT,
                "sub": "1",
                "iat": now,
                "exp": now + 300,
                "nonce": asked["nonce"],
                "email": ANA,
                "email_verified": True,
            } | self.says
            signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.signs or self.key)
            return {"access_token": "x", "token_type": "Bearer", "id_token": signed}

        return app


def proven(asked: dict[str, str], verifier: str) -> bool:
    """Say whether *verifier* fits the challenge (RFC 7636 section 4.6)."""
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

    return bool(asked["code_challenge"] == create_s256_code_challenge(verifier))


@pytest.fixture
def idp() -> Iterator[Idp]:
    """A provider at a free port."""
    made = Idp()
    server = make_server("127.0.0.1", 0, made.app(), threaded=True)
    made.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def site(desk: Desk, idp: Idp, *, passwords: bool = True) -> Desk:
    """Return the desk again, with the provider."""
    from datetime import UTC, datetime

    desk.now = datetime.now(UTC)
    world = World()
    desk.flask = attach(Assembled(settings(BASE), world.keys, world.register, lambda: desk.now))
    sso = console.SingleSignOn(idp.address, CLIENT, SECRET.encode, passwords)
    console.install(
        desk.flask, BASE, lambda: desk.store, lambda: desk.now, lambda: b"a secret of tests", World().keys, sso
    )
    return desk


def journey(browser: Browser, wanted: str = "") -> str:
    """Go to the provider and return the path by which it sends the browser back."""
    import requests

    there = browser.get(f"/sign-in/provider?next={wanted}").headers["Location"]
    back = requests.get(there, allow_redirects=False, timeout=10).headers["Location"]
    assert back.startswith(f"{BASE}/sign-in/provider/back?")
    return back.removeprefix(BASE)


def travel(browser: Browser, wanted: str = "") -> TestResponse:
    """Go there and back."""
    return browser.get(journey(browser, wanted))


def test_a_user_comes_in_by_her_verified_address(desk: Desk, idp: Idp) -> None:
    """And goes on to where she wanted; the trail says how."""
    browser = site(desk, idp).browser()
    answer = travel(browser, "/desk/me")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/me")
    assert ANA in browser.get("/desk/me").text
    assert [one.way.value for one in desk.store.sign_ins.sign_ins(users.find(desk.store, ANA).ref, desk.now)] == [
        "single sign-on"
    ]


@pytest.mark.parametrize(
    "says",
    [
        {"email": "nobody@example.org"},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": None},
        {"aud": "another site"},
        {"iss": "https://another.example"},
        {"exp": 1},
        {"nonce": "of somebody else"},
    ],
    ids=str,
)
def test_what_the_token_must_not_say(desk: Desk, idp: Idp, says: dict[str, Any]) -> None:
    """Nobody is signed in."""
    idp.says = says
    browser = site(desk, idp).browser()
    assert travel(browser).status_code == 403
    assert browser.get("/desk/").status_code == 303


def test_a_token_under_another_key(desk: Desk, idp: Idp) -> None:
    idp.signs = RSAKey.generate_key(2048)
    assert travel(site(desk, idp).browser()).status_code == 403


def test_a_provider_may_change_its_key(desk: Desk, idp: Idp) -> None:
    """Its keys are asked for again."""
    site(desk, idp)
    assert travel(desk.browser()).status_code == 303
    idp.key = RSAKey.generate_key(2048, {"kid": "one"})
    assert travel(desk.browser()).status_code == 303


def test_nobody_signs_in_with_the_journey_of_another(desk: Desk, idp: Idp) -> None:
    """A link sent by an attacker, with her own code and state, signs nobody in; nor does an old or invented one."""
    site(desk, idp)
    back = journey(desk.browser())
    victim = desk.browser()
    assert victim.get(back).status_code == 403
    journey(victim)
    assert victim.get(back).status_code == 403
    state = parse_qs(urlsplit(journey(victim)).query)["state"][0]
    assert victim.get(f"/sign-in/provider/back?code=invented&state={state}").status_code == 403
    assert victim.get("/sign-in/provider/back").status_code == 403
    assert victim.get("/desk/").status_code == 303


def test_a_suspended_user_stays_out(desk: Desk, idp: Idp) -> None:
    site(desk, idp)
    users.change(desk.store, users.find(desk.store, ANA), Act("Ada", desk.now), suspended=True)
    assert travel(desk.browser()).status_code == 403


def test_passwords_can_be_switched_off(desk: Desk, idp: Idp) -> None:
    """Then the form does not ask for one, and one that is sent opens nothing."""
    browser = site(desk, idp, passwords=False).browser()
    assert 'type="password"' not in browser.get("/sign-in").text
    answer = browser.post("/sign-in", data={"email": ANA, "password": PASSWORD, "csrf_token": ""})
    assert answer.status_code == 403
    assert browser.get("/desk/").status_code == 303


def test_showing_it_again_asks_for_the_password_there(desk: Desk, idp: Idp) -> None:
    """A provider that still knows her must ask all the same."""
    browser = site(desk, idp).browser()
    travel(browser)
    desk.later(minutes=11)
    assert browser.get("/sign-in/again?next=/desk/me").status_code == 200
    late = int(desk.now.timestamp())
    for asked in ({}, {"auth_time": late - 3600}):
        idp.says = {"exp": late + 300, **asked}
        assert travel(browser, "/desk/me").status_code == 403
    idp.says = {"exp": late + 300, "auth_time": late - 5}
    assert travel(browser, "/desk/me").headers["Location"] == "/desk/me"
    assert idp.prompts == ["", "login", "login", "login"]
    here = desk.store.sign_ins.sign_ins(users.find(desk.store, ANA).ref, desk.now)
    assert [one.again_at for one in here] == [desk.now]


def test_a_provider_that_does_not_answer_is_said(desk: Desk, idp: Idp) -> None:
    """The page says so; nothing else breaks."""
    idp.address, site_ = "http://127.0.0.1:9", site
    browser = site_(desk, idp).browser()
    assert browser.get("/sign-in/provider").status_code == 503
    assert browser.get("/sign-in").status_code == 200


def test_without_a_provider_there_is_no_such_page(desk: Desk) -> None:
    assert desk.browser().get("/sign-in/provider").status_code == 404
