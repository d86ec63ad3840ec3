"""A certificate as a picture for its person's page: the issued file itself, drawn, so its number is always on it."""

from functools import lru_cache

from certs.ports import StoredPdf

_WIDTH = 702
"""Pixels: enough to read the name on a phone, and under 60 kB."""


@lru_cache(maxsize=64)
def picture(stored: StoredPdf) -> bytes:
    """Return the page of an issued certificate as a small PNG.

    Raises:
        PdfiumError: PDFium cannot open the file.
    """
    from certs.pdf import raster  # noqa: PLC0415 -- only whoever looks at pictures needs it

    return raster.picture(stored.plate + stored.tail, _WIDTH)
