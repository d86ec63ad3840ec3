"""What a person takes from the site: a credential for her wallet, and what her profile asks for."""

import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from zxingcpp import read_barcode

from certs.ground.number import printed
from certs.model import Certificate
from tests.web.cast import visitor
from tests.world import World


@pytest.fixture
def ana(world: World) -> Certificate:
    return world.issue("Ana Souza")


def text_of(
    world: World, certificate: Certificate, path: str = "/keep", base: str = "https://certs.example.org"
) -> str:
    answer = visitor(world, base).get(f"{urlsplit(base).path}/c/{certificate.number}{path}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_verdict_leads_there_while_the_certificate_counts(world: World, ana: Certificate) -> None:
    link = f'href="/c/{printed(ana.number)}/keep"'
    assert link in text_of(world, ana, "")
    world.revoke(ana)
    assert link not in text_of(world, ana, "")


def test_it_gives_the_file_for_the_wallet_and_says_what_a_wallet_will_say(world: World, ana: Certificate) -> None:
    text = text_of(world, ana)
    assert f'href="/c/{printed(ana.number)}/credential.json" download' in text
    assert f"https://certs.example.org/c/{ana.number}/credential.json" in text
    assert "we stand in no registry of wallets" in text
    assert "Ana" not in text


def test_the_code_is_the_address_of_the_credential(world: World, ana: Certificate) -> None:
    """As a wallet reads it; the site lies below a path."""
    text = text_of(world, ana, base="https://example.org/certs")
    assert read(text) == f"https://example.org/certs/c/{ana.number}/credential.json"


def read(text: str) -> str:
    """Return what the QR code on the page says, drawn from its path."""
    (size,) = re.findall(r'class="qr"[^>]+><svg viewBox="0 0 (\d+) ', text)
    picture = Image.new("L", (int(size), int(size)), 255)
    for x, y in re.findall(r"M(\d+),(\d+)h1v1h-1z", text):
        picture.putpixel((int(x), int(y)), 0)
    found = read_barcode(picture.resize((int(size) * 8, int(size) * 8)))
    assert found
    return found.text


def test_a_profile_is_filled_in_with_the_words_of_the_certificate(world: World, ana: Certificate) -> None:
    (link,) = re.findall(r'href="(https://www\.linkedin\.com/[^"]+)"', text_of(world, ana, "/keep?lang=fr"))
    asked = parse_qs(urlsplit(link.replace("&amp;", "&")).query)
    assert asked == {
        "startTask": ["CERTIFICATION_NAME"],
        "name": [ana.statement.event.title],
        "organizationName": [ana.statement.event.issuer],
        "issueYear": ["2026"],
        "issueMonth": ["11"],
        "certUrl": [f"https://certs.example.org/c/{printed(ana.number)}"],
        "certId": [printed(ana.number)],
    }


def test_what_is_withheld_is_offered_to_nobody(world: World, ana: Certificate) -> None:
    """She was erased at her request; the certificate is judged as ever."""
    world.register.certificates[ana.number] = replace(ana, withheld=True)
    assert "/keep" not in text_of(world, ana, "")
    assert visitor(world).get(f"/c/{ana.number}/keep").status_code == 303


def test_what_does_not_count_is_offered_to_nobody(world: World, ana: Certificate) -> None:
    """It leads to the page that says why; a number that nobody has leads nowhere."""
    world.revoke(ana)
    answer = visitor(world).get(f"/c/{ana.number}/keep")
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        f"https://certs.example.org/c/{printed(ana.number)}",
    )
    assert visitor(world).get("/c/7K3M9QXZ2P40/keep").status_code == 404
    assert visitor(world).get("/c/7K3M9QXZ2P41/keep").status_code == 400
