"""A receipt is given for many answers, kept without what it says, and looked at again by its number and its file."""

import base64
import io
import json
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from certs import receipt as receipts
from certs.errors import StorageError
from certs.ground.number import printed
from certs.model import Certificate, Purpose
from certs.ports import Register
from certs.web.edge.shared import SITE
from certs.wording import LANGUAGES
from tests.web.api.contract import kept
from tests.web.cast import BASE, visitor
from tests.web.test_languages import ENGLISH, spoken
from tests.world import NOW, World

RECEIPTS = "/api/v1/receipts"


@pytest.fixture
def employer(world: World) -> FlaskClient:
    world.keys.new(Purpose.RECEIPT)
    return visitor(world)


@pytest.fixture
def ana(world: World) -> Certificate:
    return world.issue("Ana Souza")


def asked(program: FlaskClient, *items: object) -> TestResponse:
    return kept(program.post(RECEIPTS, json={"items": items}, headers={"Accept": "application/jose"}), RECEIPTS, "post")


def said(answer: TestResponse) -> dict[str, object]:
    assert answer.status_code == 201, answer.text
    payload = answer.text.split(".")[1]
    found: dict[str, object] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return found


def looked(employer: FlaskClient, answer: TestResponse, file: bytes, code: str = "en") -> TestResponse:
    address = answer.headers["Location"].removeprefix(BASE)
    return employer.post(address, data={"file": (io.BytesIO(file), "receipt")}, headers={"Accept-Language": code})


def test_every_answer_stands_in_it_and_nobodys_name(world: World, employer: FlaskClient, ana: Certificate) -> None:
    """By number, by code, with a file; revoked and replaced with when and by what; the unread by its digest."""
    old, gone = world.issue("Bo"), world.issue("Cy")
    world.supersede(old, ana)
    world.revoke(gone)
    file = {"number": ana.number, "sha256": ana.pdf_sha256.upper()}
    by_number = [{"number": one.number} for one in (old, gone)]
    answer = asked(employer, {"claim": f"{BASE}/V/{ana.claim_text}"}, file, *by_number, {"number": "Ana Souza"})
    items = said(answer)["items"]
    assert isinstance(items, list)
    assert [item["summary"] for item in items] == ["valid", "valid", "replaced", "revoked", "unread"]
    assert items[0]["number"] == printed(ana.number)
    assert items[1]["file"] == "identical"
    assert items[1]["asked"] == {"number": printed(ana.number), "file_sha256": ana.pdf_sha256}
    assert items[2]["replaced_by"] == printed(ana.number)
    assert items[2]["steps"] == [{"name": "status", "outcome": "failed"}]
    assert "revoked_at" in items[3]
    assert set(items[4]["asked"]) == {"text_sha256"}
    assert not {"Ana", "Souza", "Bo", "Cy"} & set(json.dumps(items).replace('"', " ").split())


def test_whoever_brings_it_later_is_told_what_changed(world: World, employer: FlaskClient, ana: Certificate) -> None:
    """As it is and enclosed in some other file; the page that everybody sees has counts alone."""
    ben = world.issue("Ben")
    answer = asked(employer, {"number": ana.number}, {"number": ben.number})
    world.revoke(ana)
    shown = employer.get(answer.headers["Location"].removeprefix(BASE))
    assert "We gave this receipt" in shown.text
    assert "<dt>Valid</dt><dd>2</dd>" in shown.text
    assert printed(ana.number) not in shown.text
    for file in (answer.data, b"%PDF-1.7 stream\n" + answer.data + b"\nendstream"):
        later = looked(employer, answer, file)
        assert "This is the receipt that we gave" in later.text
        assert "<td>Valid</td><td><b>Withdrawn</b></td>" in later.text
        assert "<td>Valid</td><td>Valid</td>" in later.text


def test_what_was_changed_or_is_another_or_none_is_refused(employer: FlaskClient, ana: Certificate) -> None:
    answer, other = asked(employer, {"number": ana.number}), asked(employer, {"number": ana.number})
    at = len(answer.data) // 2
    altered = answer.data[:at] + bytes([answer.data[at] ^ 1]) + answer.data[at + 1 :]
    for file, why in ((altered, "receipt"), (other.data, "another one"), (b"", "There is no receipt in this file")):
        refused = looked(employer, answer, file)
        assert refused.status_code == 400
        assert why in refused.text
        assert "This is the receipt that we gave" not in refused.text


def test_a_signed_receipt_that_was_never_kept_proves_nothing(
    world: World, employer: FlaskClient, ana: Certificate
) -> None:
    """As a thief of the key makes it, under the number of one that we gave."""
    answer = asked(employer, {"number": ana.number})
    ours = receipts.read(answer.text, world.keys)
    forged = receipts.sign(replace(ours, items=[*ours.items, *ours.items]), world.keys.signer(Purpose.RECEIPT))
    assert "it proves nothing" in looked(employer, answer, forged.encode()).text


def test_a_receipt_of_a_key_that_was_not_safe_says_so(world: World, employer: FlaskClient, ana: Certificate) -> None:
    answer = asked(employer, {"number": ana.number})
    (key,) = world.keys.trusted(Purpose.RECEIPT)
    world.keys.compromise(key.kid, NOW)
    page = employer.get(answer.headers["Location"].removeprefix(BASE))
    assert "it proves nothing" in page.text
    assert "We gave this receipt" not in page.text


def test_there_is_none_without_a_key_or_a_register(world: World, employer: FlaskClient, ana: Certificate) -> None:
    def away() -> Register:
        raise StorageError("away")

    (key,) = world.keys.trusted(Purpose.RECEIPT)
    assert 'id="receipt"' in employer.get("/verify/stack").text
    opened = employer.application.extensions[SITE].opened
    object.__setattr__(employer.application.extensions[SITE], "opened", away)
    assert asked(employer, {"number": ana.number}).status_code == 503
    object.__setattr__(employer.application.extensions[SITE], "opened", opened)
    world.keys.retire(key.kid)
    assert asked(employer, {"number": ana.number}).status_code == 409
    assert 'id="receipt"' not in employer.get("/verify/stack").text


def test_more_than_a_thousand_and_numbers_that_are_none_are_refused(employer: FlaskClient, ana: Certificate) -> None:
    assert asked(employer, *[{"number": ana.number}] * 1001).status_code == 422
    assert asked(employer).status_code == 422
    assert employer.get("/r/R-7K3M-9QXZ-2P41").status_code == 400
    assert employer.get(f"/r/R-{printed(ana.number)}").status_code == 404


def test_the_page_gives_one_of_what_it_showed(employer: FlaskClient, ana: Certificate) -> None:
    """As a PDF, which may be brought back; whoever prefers it has the JWS alone."""
    asked = {"entries": f"{ana.number}\n{BASE}/V/{ana.claim_text}\noops"}
    answer = employer.post("/verify/stack/receipt", data=asked, headers={"Accept": "application/jose"})
    items = said(answer)["items"]
    assert isinstance(items, list)
    assert [item["summary"] for item in items] == ["valid", "valid", "unread"]
    answer = employer.post("/verify/stack/receipt", data=asked)
    assert (answer.mimetype, answer.data[:5]) == ("application/pdf", b"%PDF-")
    assert "This is the receipt that we gave" in looked(employer, answer, answer.data).text


@pytest.mark.parametrize("code", LANGUAGES[1:])
def test_its_pages_speak_every_language(world: World, employer: FlaskClient, ana: Certificate, code: str) -> None:
    answer = asked(employer, {"number": ana.number})
    world.revoke(ana)
    for page in (looked(employer, answer, answer.data, code), looked(employer, answer, b"", code)):
        assert ENGLISH.search(spoken(page.text)) is None
