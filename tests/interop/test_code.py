"""The QR code, as two independent readers see it on a scan of the page."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PIL import Image, ImageChops, ImageFilter

from certs import claim
from certs.model import Kid
from certs.pdf import Design, draw_plate
from certs.work import rehearsal
from tests.interop.judges import scanner
from tests.interop.sealed import Sealed
from tests.unit.pdf import cast
from tests.world import World

READERS = pytest.mark.parametrize("read", [scanner.by_zxing, scanner.by_zbar], ids=["zxing", "zbar"])
Reader = Callable[[Image.Image], list[str]]


@READERS
def test_a_plain_scan_reads_as_the_address_that_was_printed(sealed: Sealed, read: Reader) -> None:
    assert read(scanner.scanned(sealed.data)) == [sealed.claim_url]


@READERS
def test_a_blurred_scan_reads(sealed: Sealed, read: Reader) -> None:
    picture = scanner.scanned(sealed.data).filter(ImageFilter.GaussianBlur(0.8))
    assert read(picture) == [sealed.claim_url]


@READERS
def test_a_crooked_photo_saved_as_jpeg_reads(sealed: Sealed, read: Reader) -> None:
    """Seven degrees off, and compressed as a messenger does."""
    crooked = scanner.scanned(sealed.data).rotate(7, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    assert read(scanner.as_jpeg(crooked, quality=45)) == [sealed.claim_url]


def test_the_scanned_claim_is_believed_by_the_public_keys_alone(sealed: Sealed, world: World) -> None:
    (address,) = scanner.by_zxing(scanner.scanned(sealed.data))
    assert claim.read(address.rpartition("/V/")[2], world.keys) == sealed.claim


LONG_TITLE = (
    "Virtual training marathon on good manufacturing practice for manufacturers and inspectors of medicines, vaccines "
    "and biological products of the year"
)
QUADS = (
    (-0.06, -0.02, -0.01, 1.03, 1.02, 1.08, 1.07, -0.05),
    (-0.01, -0.07, -0.05, 1.06, 1.05, 1.01, 1.01, -0.01),
    (-0.09, 0.0, 0.0, 1.0, 1.0, 1.04, 1.1, -0.06),
    (0.0, -0.05, -0.07, 1.0, 1.04, 1.07, 1.0, 0.0),
)
"""Where the corners of a picture taken aslant lie on the page, as shares of it: upper and lower left, lower and upper
right."""


def with_title(title: str, name: str) -> tuple[bytes, str]:
    """Return a certificate whose code holds *title* and *name*, and the address in it."""
    statement = cast.statement(name, event=replace(cast.EVENT, title=title))
    text = claim.unsigned(claim.claim_of(statement, Kid("00000000")))
    address = claim.url(cast.BASE_URL, text)
    plate = draw_plate(Design.load("classic"), [statement], cast.BASE_URL, cast.sealer())
    return plate.data + plate.imprint(statement, address).tail, address


def photographed(pdf: bytes, quad: tuple[float, ...]) -> Image.Image:
    """Return the page as a camera sees it, a millimetre in under 6 pixels: aslant, out of focus, dim, compressed."""
    page = scanner.scanned(pdf, 300)
    size = page.width // 2, page.height // 2
    corners = [share * length for share, length in zip(quad, (page.width, page.height) * 4, strict=True)]
    seen = page.transform(size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)
    shade = Image.linear_gradient("L").rotate(90).resize(size).point(lambda grey: 150 + grey * 105 // 255)
    return scanner.as_jpeg(ImageChops.multiply(seen, shade).filter(ImageFilter.GaussianBlur(0.9)), quality=70)


@pytest.mark.parametrize("name", ["Amina Oyelaran-Hussein", "Александра Ивановна Щербакова"])
@READERS
def test_a_title_of_148_letters_reads_from_a_coarse_scan(name: str, read: Reader) -> None:
    """At 100 dots an inch, as an archive keeps paper."""
    assert len(LONG_TITLE) == 148
    pdf, address = with_title(LONG_TITLE, name)
    assert read(scanner.scanned(pdf, 600).reduce(6)) == [address]


@pytest.mark.parametrize("quad", QUADS)
@pytest.mark.parametrize("name", ["Amina Oyelaran-Hussein", "Александра Ивановна Щербакова"])
def test_a_title_of_148_letters_reads_from_a_photo(name: str, quad: tuple[float, ...]) -> None:
    """Of the whole page, held aslant."""
    pdf, address = with_title(LONG_TITLE, name)
    assert scanner.by_zxing(photographed(pdf, quad)) == [address]


@READERS
def test_the_fullest_code_reads(read: Reader) -> None:
    """A name as long as there is room for: whatever is issued can be scanned."""
    event = replace(cast.EVENT, title=LONG_TITLE)
    room = rehearsal.name_room(event, "attendance", cast.BASE_URL)
    words = "Maria da Conceicao Albuquerque de Sousa e Vasconcelos " * 9
    statement = cast.statement(words[: room - 1].rstrip().ljust(room, "x"), event=event)
    address = claim.url(cast.BASE_URL, claim.unsigned(claim.claim_of(statement, Kid("00000000"))))
    plate = draw_plate(Design.load("classic"), [cast.statement()], cast.BASE_URL, cast.sealer())
    assert read(scanner.scanned(plate.data + plate.imprint(cast.statement(), address).tail)) == [address]
