"""What is checked on every file before it is stored."""

from certs.pdf.plate import Imprint, Plate


def check_structure(plate: Plate, imprint: Imprint) -> list[str]:
    """Return a sentence for every fault in the file's structure, digest or signed range; empty when it is sound.

    Raises:
        Nothing.
    """
    raise NotImplementedError


def read_back(pdf: bytes) -> str:
    """Return the text of the QR code, read from a raster of the page where it stands; empty if none is readable.

    Raises:
        Nothing: a file that cannot be rendered has no readable QR code.
    """
    raise NotImplementedError
