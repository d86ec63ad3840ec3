"""A receipt says what was asked and answered, names nobody, and holds only as it was signed."""

import base64
import json
from dataclasses import replace

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc import jws
from joserfc.errors import SecurityWarning
from joserfc.jwk import OKPKey

from certs import receipt as receipts
from certs.errors import InputError
from certs.ground.signature import raw_public_key
from certs.model import Purpose
from certs.receipt import Item, Receipt
from certs.views import published
from tests.world import NOW, World

ITEMS: list[Item] = [
    {"asked": {"number": "7K3M-9QXZ-2P40"}, "number": "7K3M-9QXZ-2P40", "summary": "valid"},
    {"asked": {"text_sha256": receipts.digest("Ana Souza")}, "summary": "unread", "code": "input"},
]


@pytest.fixture
def signed(world: World) -> str:
    key = world.keys.new(Purpose.RECEIPT)
    number = world.statement().number
    given = Receipt(number, "https://certs.example.org", NOW.replace(microsecond=0), "certs 1", ITEMS, key.kid)
    text = receipts.sign(given, world.keys.signer(Purpose.RECEIPT))
    assert receipts.read(text, world.keys) == given
    return text


@pytest.fixture
def world() -> World:
    return World()


def test_whoever_has_the_published_key_checks_it_with_the_usual_libraries(world: World, signed: str) -> None:
    """Joserfc by the JWK, PyJWT by the key."""
    (key,) = world.keys.trusted(Purpose.RECEIPT)
    jwk = published.jwk(key)
    assert jwk["purpose"] == "receipt"
    with pytest.warns(SecurityWarning, match="RFC 9864"):  # which PyJWT does not know yet
        said = jws.deserialize_compact(
            signed, OKPKey.import_key({name: str(value) for name, value in jwk.items()}), algorithms=["EdDSA"]
        )
    assert said.headers() == {"alg": "EdDSA", "kid": key.kid, "typ": "certs-receipt+jwt"}
    public = Ed25519PublicKey.from_public_bytes(raw_public_key(key))
    claims = jwt.decode(signed, public, algorithms=["EdDSA"], options={"verify_iat": False})
    assert json.loads(said.payload) == claims
    assert claims["items"] == ITEMS
    assert claims["iss"] == "https://certs.example.org"
    assert claims["jti"].startswith("R-")


def test_one_character_altered_anywhere_is_refused(world: World, signed: str) -> None:
    """Also bits of the last character that stand for nothing."""
    for at, char in enumerate(signed):
        other = "A" if char != "A" else "B"
        with pytest.raises(InputError):
            receipts.read(signed[:at] + other + signed[at + 1 :], world.keys)
    last = signed[-1]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    twin = alphabet[alphabet.index(last) ^ 1]
    with pytest.raises(InputError):
        receipts.read(signed[:-1] + twin, world.keys)


@pytest.mark.parametrize(
    "purpose", [one for one in Purpose if one not in {Purpose.RECEIPT, Purpose.SEAL, Purpose.ROOT}]
)
def test_a_key_of_another_purpose_signs_no_receipt(world: World, signed: str, purpose: Purpose) -> None:
    """Its signature fits, but it is not looked for."""
    key = world.keys.new(purpose)
    other = receipts.sign(receipts.read(signed, world.keys), world.keys.signer(purpose))
    assert key.kid in base64.urlsafe_b64decode(other.split(".")[0] + "==").decode()
    with pytest.raises(InputError, match="No key of ours"):
        receipts.read(other, world.keys)


def test_the_new_name_of_the_algorithm_is_read_and_no_other(world: World, signed: str) -> None:
    """RFC 9864 calls it Ed25519; `none` and what adds a member are another form."""
    sign = world.keys.signer(Purpose.RECEIPT).sign
    (key,) = world.keys.trusted(Purpose.RECEIPT)
    payload = signed.split(".")[1]

    def under(header: dict[str, object]) -> str:
        head = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
        signature = base64.urlsafe_b64encode(sign(f"{head}.{payload}".encode())).rstrip(b"=").decode()
        return f"{head}.{payload}.{signature}"

    header: dict[str, object] = {"alg": "Ed25519", "kid": key.kid, "typ": receipts.TYPE}
    assert receipts.read(under(header), world.keys).items == ITEMS
    others: list[dict[str, object]] = [{"alg": "none"}, {"alg": "ES256"}, {"typ": "JWT"}, {"kid": 7}, {"crit": []}]
    for other in others:
        with pytest.raises(InputError, match="another form"):
            receipts.read(under({**header, **other}), world.keys)


@pytest.mark.parametrize(
    "text", ["", ".", "..", "a.b", "e30.e30.e30", "ä.ö.ü", "bnVsbA.bnVsbA.bnVsbA", "e30=.e30.", "a.a.a"]
)
def test_anything_else_is_refused(world: World, text: str) -> None:
    with pytest.raises(InputError):
        receipts.read(text, world.keys)


def test_its_number_is_read_with_the_mark_and_without(world: World) -> None:
    number = world.statement().number
    assert receipts.printed(number).startswith("R-")
    for typed in (receipts.printed(number), receipts.printed(number).lower(), number, f" {receipts.printed(number)} "):
        assert receipts.parse(typed) == number


def test_a_lost_key_is_none_of_ours(world: World, signed: str) -> None:
    (key,) = world.keys.trusted(Purpose.RECEIPT)
    world.keys.forget(replace(key).kid)
    with pytest.raises(InputError, match="No key of ours"):
        receipts.read(signed, world.keys)
