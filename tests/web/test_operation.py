"""Keys for everybody, health for monitors, and errors that say nothing to strangers and enough to the operator."""

import base64
import hashlib
import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask.testing import FlaskClient

from certs import claim
from certs.errors import MissingError, SigningError, StorageError
from certs.model import Purpose
from certs.web import attach
from tests.web.cast import Assembled, Browser, personal_path, settings, visitor
from tests.world import NOW, MemoryRegister, World

JSON = {"Accept": "application/json"}


@pytest.fixture
def client(world: World) -> FlaskClient:
    return visitor(world)


def test_the_published_keys_suffice_to_check_a_claim(world: World, client: FlaskClient) -> None:
    """What a checker that knows only the format and this address does."""
    text = world.issue().claim_text
    payload, _, signature = text.partition(".")
    kid = claim.decode_text(text).kid
    (jwk,) = [key for key in json.loads(client.get("/.well-known/jwks.json").data)["keys"] if key["kid"] == kid]
    public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(jwk["x"] + "="))
    raw = base64.b32decode(signature + "=" * (-len(signature) % 8))
    public.verify(raw, b"certs claim v1\x00" + payload.encode())


def test_old_keys_stay_published_with_their_life(world: World, client: FlaskClient) -> None:
    old = world.keys.signer(Purpose.CLAIM).key
    world.keys.new(Purpose.CLAIM, NOW)
    world.keys.compromise(old.kid, since=NOW - timedelta(days=1))
    keys = json.loads(client.get("/.well-known/jwks.json").data)["keys"]
    assert [key["state"] for key in keys] == ["active", "compromised"]
    assert keys[1]["compromised_since"] == (NOW - timedelta(days=1)).isoformat()


def test_no_private_part_is_published(client: FlaskClient) -> None:
    assert all("d" not in key for key in json.loads(client.get("/.well-known/jwks.json").data)["keys"])


def test_the_seals_root_can_be_fetched_and_its_fingerprint_is_shown(world: World, client: FlaskClient) -> None:
    seal = world.keys.signer(Purpose.SEAL).key
    pem = client.get(f"/keys/{seal.kid}.pem").get_data(as_text=True)
    der = base64.b64decode("".join(pem.splitlines()[1:-1]))
    assert der == seal.certificates[-1]
    fingerprint = hashlib.sha256(der).hexdigest().upper()
    page = client.get("/keys").get_data(as_text=True)
    assert fingerprint in page.replace(":", "")
    assert "commercial authority)" not in page


def test_an_unknown_seal_is_not_found(client: FlaskClient) -> None:
    assert client.get("/keys/00000000.pem").status_code == 404


def test_alive_and_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "alive"}
    assert client.get("/readyz").get_json() == {"status": "ready", "register": True, "keys": True}


def _broken(*_: object) -> None:
    raise StorageError("disk /var/lib/secret-path is full")


def test_without_its_database_the_site_is_alive_but_not_ready(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.register, "certificate", _broken)
    assert client.get("/healthz").status_code == 200
    response = client.get("/readyz")
    assert (response.status_code, response.get_json()["register"]) == (503, False)


def test_without_keys_it_is_not_ready(world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(_: Purpose) -> None:
        raise SigningError("signing_keys is unreadable")

    monkeypatch.setattr(world.keys, "trusted", unreadable)
    assert client.get("/readyz").get_json()["keys"] is False


def test_a_failing_database_says_what_the_paper_proves_and_nothing_more(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """People read a page with what we signed, programs get the same and 503; why, only the log knows."""
    ana = world.issue("Ana <i>Souza")
    monkeypatch.setattr(world.register, "certificate", _broken)
    told = client.get(f"/V/{ana.claim_text}", headers=JSON)
    assert (told.status_code, told.get_json()["summary"]) == (503, "unknown")
    assert told.get_json()["claim"]["name"] == "Ana <i>Souza"
    shown = client.get(f"/V/{ana.claim_text}", headers={"Accept": "text/html"})
    page = shown.get_data(as_text=True)
    assert (shown.status_code, '<h1 id="headline">Signed by us, not checked further</h1>' in page) == (200, True)
    assert [fact for fact in ("Ana &lt;i&gt;Souza", "20 November 2026", "6 of 8 sessions") if fact not in page] == []
    assert "Valid" not in page
    assert "secret-path" not in told.get_data(as_text=True) + page
    assert "secret-path" in caplog.text
    assert ana.claim_text not in caplog.text


def test_while_the_database_fails_a_changed_code_is_still_altered(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For that needs no register, and will not be otherwise later."""
    text = world.issue().claim_text
    monkeypatch.setattr(world.register, "certificate", _broken)
    told = client.get(f"/V/{text[:-1]}{'0' if text[-1] != '0' else '1'}", headers=JSON)
    assert (told.status_code, told.get_json()["summary"]) == (200, "altered")


def test_a_failing_database_says_nothing_about_a_number(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A typed number proves nothing by itself."""
    ana = world.issue()
    monkeypatch.setattr(world.register, "certificate", _broken)
    response = client.get(f"/c/{ana.number}", headers=JSON)
    assert (response.status_code, response.mimetype) == (503, "application/problem+json")
    assert "secret-path" not in response.get_data(as_text=True)
    assert "says nothing about the certificate" in response.get_json()["detail"]
    assert "secret-path" in caplog.text


def test_a_surprise_is_a_reference_for_the_visitor_and_a_traceback_for_the_log(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def surprise(*_: object) -> None:
        raise ZeroDivisionError("inner detail")

    ana = world.issue()
    monkeypatch.setattr(world.register, "certificate", surprise)
    page = client.get(f"/V/{ana.claim_text}")
    assert page.status_code == 500
    assert "inner detail" not in page.get_data(as_text=True)
    (record,) = caplog.records
    assert len(record.__dict__["reference"]) == 8
    assert record.__dict__["reference"] in page.get_data(as_text=True)
    assert "ZeroDivisionError" in caplog.text
    assert ana.claim_text not in caplog.text


@pytest.mark.parametrize(("path", "status"), [("/nope", 404), ("/c/x", 400), ("/me/x", 404)])
def test_errors_are_problem_details_for_programs_and_pages_for_people(
    client: FlaskClient, path: str, status: int
) -> None:
    problem = client.get(path, headers=JSON)
    assert (problem.status_code, problem.mimetype) == (status, "application/problem+json")
    assert {"type", "title", "status", "code", "detail"} <= problem.get_json().keys()
    page = client.get(path)
    assert (page.status_code, page.mimetype) == (status, "text/html")


@pytest.mark.parametrize("purpose", [Purpose.CLAIM, Purpose.CREDENTIAL, Purpose.SEAL, Purpose.LINK])
def test_a_site_whose_register_does_not_know_its_keys_is_not_ready(
    world: World, client: FlaskClient, purpose: Purpose
) -> None:
    world.register.strangers.add(world.keys.signer(purpose).key.kid)
    answer = client.get("/readyz")
    assert (answer.status_code, json.loads(answer.data)["register"]) == (503, False)


def test_what_another_register_does_not_hold_could_not_be_checked(world: World, client: FlaskClient) -> None:
    """On every page that looks something up, and nowhere not issued or not found."""
    ana = world.issue()
    me = personal_path(world, ana)
    world.register.certificates.clear()
    paths = (f"/V/{ana.claim_text}", f"/c/{ana.number}", f"/verify?number={ana.number}")
    assert [json.loads(client.get(path, headers=JSON).data)["summary"] for path in paths] == ["not_issued"] * 3
    others = (me, f"/c/{ana.number}/credential.json", "/status/1")
    assert [client.get(path).status_code for path in others] == [404] * 3
    world.register.strangers |= {key.kid for purpose in Purpose for key in world.keys.trusted(purpose)}
    assert [json.loads(client.get(path, headers=JSON).data)["summary"] for path in paths] == ["unknown"] * 3
    assert [client.get(path).status_code for path in others] == [503] * 3


def test_a_register_that_is_not_there_is_looked_for_again_by_the_next_page(world: World) -> None:
    """A page says what the paper proves alone; when the register is back, so is the answer, without a restart."""
    ana, there = world.issue(), [False]

    class Away(Assembled):
        @property
        def store(self) -> MemoryRegister:
            if not there[0]:
                raise MissingError("There is no register.")
            return world.register

        @store.setter
        def store(self, _: MemoryRegister) -> None: ...

    flask = attach(Away(settings(), world.keys, world.register, lambda: world.now))
    flask.test_client_class = Browser
    client = flask.test_client()
    gone = client.get(f"/V/{ana.claim_text}")
    assert (gone.status_code, "not checked further" in gone.text) == (200, True)
    assert client.get(f"/c/{ana.number}").status_code == 503
    assert client.get("/readyz").status_code == 503
    there[0] = True
    assert "Valid" in client.get(f"/V/{ana.claim_text}").text
    assert client.get("/readyz").status_code == 200
