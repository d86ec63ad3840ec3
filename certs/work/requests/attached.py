"""A file that a participant sends along: what it is by its first bytes, never by what it is called."""

from pathlib import PurePosixPath

from certs.errors import InputError
from certs.ground import names
from certs.model import Attached
from certs.wording import say

MAX_BYTES = 5_000_000
_MAX_NAME = 100
_BEGINNINGS = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}
SUFFIXES = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}


def attached(name: str, data: bytes) -> Attached | None:
    """Return the file *data* that came under *name*; None where nothing came.

    Raises:
        InputError: it is too large, or neither PDF, PNG nor JPEG.
    """
    if not data:
        return None
    if len(data) > MAX_BYTES:
        raise InputError(say("The file is larger than 5 MB. Send a smaller one, such as a photo of lower quality."))
    media = next((media for beginning, media in _BEGINNINGS.items() if data.startswith(beginning)), "")
    if not media:
        raise InputError(say("The file is neither a PDF nor a picture (PNG or JPEG). Send one of these."))
    called = names.clean(PurePosixPath(name.replace("\\", "/")).name)[:_MAX_NAME]
    return Attached(called or f"file{SUFFIXES[media]}", media, data)
