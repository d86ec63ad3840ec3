"""What wallets and foreign verifiers fetch."""

import json

import pytest
from flask.testing import FlaskClient

from certs import credential
from certs.ground.number import printed
from certs.model import Certificate, Purpose
from tests.web.cast import BASE, visitor
from tests.world import EVENT, NOW, World

TAIL = b"\nstream\n%b\nendstream\nendobj\n"


@pytest.fixture
def wallet(world: World) -> FlaskClient:
    return visitor(world)


@pytest.fixture
def ana(world: World) -> Certificate:
    """A certificate that encloses its credential."""
    writer = credential.Writer(EVENT, BASE, NOW, world.keys.signer(Purpose.CREDENTIAL))
    certificate = world.issue()
    world.register.pdfs[certificate.number] = b"%PDF-1.7" + TAIL % writer.json(certificate.statement, 1)
    return certificate


def test_a_credential_is_at_its_own_id(wallet: FlaskClient, world: World, ana: Certificate) -> None:
    """Its id is its address, so a wallet can fetch it anew."""
    response = wallet.get(credential.credential_path(ana.number))
    assert (response.status_code, response.mimetype) == (200, credential.MEDIA_TYPE)
    assert response.get_json(force=True)["id"] == BASE + credential.credential_path(ana.number)
    assert credential.read(response.data, world.keys).number == ana.number


def test_the_number_may_be_typed(wallet: FlaskClient, ana: Certificate) -> None:
    assert wallet.get(f"/c/{printed(ana.number).lower()}/credential.json").status_code == 200


def test_a_revoked_one_can_still_be_fetched(wallet: FlaskClient, world: World, ana: Certificate) -> None:
    """Its status list says that it no longer holds."""
    world.revoke(ana)
    assert wallet.get(credential.credential_path(ana.number)).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/c/00000000001Y/credential.json", 404),
        ("/c/x/credential.json", 400),
        ("/status/1", 404),
        ("/status/0", 404),
        ("/status/x", 404),
    ],
)
def test_what_is_not_there(wallet: FlaskClient, path: str, status: int) -> None:
    assert wallet.get(path).status_code == status


def test_a_certificate_without_credential_has_none_to_fetch(wallet: FlaskClient, world: World) -> None:
    assert wallet.get(credential.credential_path(world.issue().number)).status_code == 404


@pytest.mark.parametrize(
    ("base_url", "path"), [(BASE, "/.well-known/did.json"), (BASE + "/training", "/training/did.json")]
)
def test_the_keys_are_where_did_web_looks(world: World, base_url: str, path: str) -> None:
    response = visitor(world, base_url).get(path)
    document = response.get_json(force=True)
    (kid,) = (key.kid for key in world.keys.trusted(Purpose.CREDENTIAL))
    assert document["id"] == credential.did_of(base_url)
    assert document["assertionMethod"] == [f"{document['id']}#{kid}"]
    assert path.endswith(credential.did_document_path(base_url))


def test_a_status_list_is_served_as_it_was_signed(wallet: FlaskClient, world: World) -> None:
    signed = credential.status_list(BASE, 1, [3], NOW, world.keys.signer(Purpose.CREDENTIAL))
    world.register.status_lists[1] = signed
    response = wallet.get(credential.status_list_path(1))
    assert (response.data, response.mimetype) == (signed, credential.MEDIA_TYPE)
    assert response.headers["Cache-Control"] == "public, max-age=60"


def test_verifiers_in_browsers_may_fetch_all_of_it(wallet: FlaskClient, world: World, ana: Certificate) -> None:
    world.register.status_lists[1] = json.dumps({}).encode()
    for path in ("/.well-known/did.json", "/status/1", credential.credential_path(ana.number)):
        assert wallet.get(path).headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in wallet.get("/").headers
