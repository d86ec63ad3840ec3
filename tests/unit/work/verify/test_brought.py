"""Pictures of certificates are judged by their code; few processes look at once; what costs none never waits."""

import io
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import qrcode
from PIL import Image, ImageFilter

from certs import claim
from certs.errors import BusyError
from certs.model import Certificate, Outcome, RevocationReason, Summary, Verdict
from certs.work.verify import sandbox, verify_claim, verify_file
from tests.world import BASE, World


def judged(world: World, data: bytes) -> Verdict:
    return verify_file(data, world.register, world.keys, world.now)


def photo(text: str, kind: str = "PNG", *, dark: bool = False, turn: int = 0) -> bytes:
    """Return a picture of a sheet that shows *text* as a QR code, and more."""
    qrcode.make(text).save(code := io.BytesIO(), "PNG")
    sheet = Image.new("L", (1240, 1754), 255)
    sheet.paste(Image.open(code).convert("L"), (400, 900))
    if dark:
        sheet = sheet.point(lambda level: 255 - level)
    out = io.BytesIO()
    sheet.rotate(turn, fillcolor=90).filter(ImageFilter.GaussianBlur(0.7)).save(out, kind)
    return out.getvalue()


def code_of(certificate: Certificate) -> str:
    return claim.url(BASE, certificate.claim_text)


PICTURES = {
    "PNG": ("PNG", False, 0),
    "JPEG": ("JPEG", False, 0),
    "WebP": ("WEBP", False, 0),
    "GIF": ("GIF", False, 0),
    "TIFF": ("TIFF", False, 0),
    "upside down": ("JPEG", False, 180),
    "askew": ("JPEG", False, 7),
    "a dark screen": ("PNG", True, 0),
}


@pytest.fixture(scope="module")
def shared() -> World:
    return World()


@pytest.fixture(scope="module")
def ana(shared: World) -> Certificate:
    return shared.issue()


@pytest.mark.parametrize("kind", PICTURES)
def test_the_code_in_a_picture_is_judged_as_from_paper(shared: World, ana: Certificate, kind: str) -> None:
    """And its first step says that nothing else of the picture was looked at."""
    form, dark, turn = PICTURES[kind]
    verdict = judged(shared, photo(code_of(ana), form, dark=dark, turn=turn))
    by_code = verify_claim(ana.claim_text, shared.register, shared.keys, shared.now)
    assert (verdict.summary, verdict.certificate) == (Summary.VALID, ana)
    assert (verdict.steps[0].name, verdict.steps[0].outcome) == ("picture", Outcome.UNKNOWN)
    assert verdict.steps[1:] == by_code.steps


def test_a_picture_of_a_telephone_is_read(shared: World) -> None:
    """HEIC, written once by pillow-heif, which can; what we install only reads."""
    data = (Path(__file__).parents[3] / "vectors/pictures/code.heic").read_bytes()
    found = sandbox.read_picture(data)
    assert found == {"opened": True, "code": "7K3M9QXZ2P40"}


def test_a_picture_of_a_withdrawn_certificate_is_withdrawn(world: World) -> None:
    ana = world.issue()
    world.revoke(ana, RevocationReason.FRAUD)
    assert judged(world, photo(code_of(ana))).summary is Summary.REVOKED


def test_a_picture_of_a_code_that_was_changed_is_altered(world: World) -> None:
    ana = world.issue()
    changed = ana.claim_text[:-1] + ("A" if ana.claim_text[-1] != "A" else "B")
    assert judged(world, photo(claim.url(BASE, changed))).summary is Summary.ALTERED


@pytest.mark.parametrize("text", ["", "https://example.org/", "7K3M-9QXZ-2P40"])
def test_a_picture_without_a_code_of_ours_could_not_be_checked(world: World, text: str) -> None:
    """It says what to do; it may well show a certificate of ours."""
    verdict = judged(world, photo(text) if text else b"\x89PNG\r\n\x1a\n and no more")
    assert (verdict.summary, verdict.certificate) == (Summary.UNKNOWN, None)
    assert "number" in verdict.steps[-1].text


def test_a_picture_too_large_to_be_opened_could_not_be_checked(world: World) -> None:
    """A few kilobytes that unpack to half a gigabyte."""
    out = io.BytesIO()
    Image.new("1", (24_000, 24_000)).save(out, "PNG")
    assert judged(world, out.getvalue()).summary is Summary.UNKNOWN


# ---------------------------------------------------------------- places


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hold every place."""
    monkeypatch.setattr(sandbox, "WAIT_SECONDS", 0.01)
    with ExitStack() as stack:
        for _ in range(sandbox.MOST_CHILDREN):
            stack.enter_context(sandbox.place())
        yield


@pytest.mark.usefixtures("taken")
@pytest.mark.parametrize("data", [b"%PDF-1.7 what", b"\x89PNG\r\n\x1a\n"])
def test_whoever_finds_no_place_is_asked_to_come_back_and_starts_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    monkeypatch.setattr(subprocess, "Popen", None)
    with pytest.raises(BusyError) as refused:
        judged(world, data)
    assert refused.value.seconds == sandbox.RETRY_SECONDS


@pytest.mark.usefixtures("taken")
def test_the_very_file_and_what_is_no_file_of_ours_need_no_place(world: World) -> None:
    ana = world.issue()
    assert judged(world, world.register.pdfs[ana.number]).summary is Summary.VALID
    assert judged(world, b"noise" * 1000).summary is Summary.UNKNOWN


def test_a_place_is_free_again_when_the_look_failed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """More looks than places, all into children that die."""
    monkeypatch.setattr(sandbox, "WAIT_SECONDS", 0.01)
    monkeypatch.setattr("sys.executable", "/bin/false")
    for _ in range(sandbox.MOST_CHILDREN + 1):
        assert judged(world, b"%PDF-1.7 what").summary is Summary.UNKNOWN


def test_what_costs_a_look_is_announced_and_may_be_refused(world: World) -> None:
    """The very file and noise are not."""
    ana = world.issue()
    asked: list[bool] = []

    def look(data: bytes) -> None:
        verify_file(data, world.register, world.keys, world.now, lambda: asked.append(True))

    look(world.register.pdfs[ana.number])
    look(b"noise")
    assert asked == []
    look(b"%PDF-1.7 what")
    look(b"\x89PNG\r\n\x1a\n")
    assert asked == [True, True]
