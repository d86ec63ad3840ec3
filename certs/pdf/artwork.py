"""A picture file of an event's own, SVG or PNG, as a drawing or picture that a page can show."""

import hashlib

from certs.errors import InputError
from certs.model import PictureFile
from certs.pdf import picture, svg
from certs.pdf.drawing import Drawing
from certs.wording import say

SVG, PNG = "image/svg+xml", "image/png"
MAX_BYTES = 2_000_000
"""Of one file: it goes to every process that issues, and an SVG drawing of that size is slow in every viewer."""


def read(name: str, data: bytes) -> PictureFile:
    """Return the file called *name* in the event file, which holds *data*, if a page can show it.

    Raises:
        InputError: it is empty, too large, or no SVG or PNG that can be read.
    """
    if not data:
        raise InputError(say("{name} is empty.", name=name))
    if len(data) > MAX_BYTES:
        raise InputError(
            say(
                "{name} has {n_data:.1f} MB; a picture may have {max_bytes:g} MB.",
                name=name,
                n_data=len(data) / 1000000.0,
                max_bytes=MAX_BYTES / 1000000.0,
            )
        )
    media_type = SVG if name.lower().endswith(".svg") else PNG
    file = PictureFile(name, hashlib.sha256(data).hexdigest(), media_type, data)
    drawn(file)
    return file


def drawn(file: PictureFile) -> Drawing | picture.Picture:
    """Return what *file* shows.

    Raises:
        InputError: it cannot be read; says what and where.
    """
    return svg.parse(file.data, file.name) if file.media_type == SVG else picture.parse(file.data, file.name)
