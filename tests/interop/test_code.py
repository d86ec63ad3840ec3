"""The QR code, as two independent readers see it on a scan of the page."""

from collections.abc import Callable

import pytest
from PIL import Image, ImageFilter

from certs import claim
from tests.interop.judges import scanner
from tests.interop.sealed import Sealed
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
