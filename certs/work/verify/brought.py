"""Verification of whatever file somebody holds: a PDF, a picture of a certificate, or something that is neither.

What the first bytes do not call a PDF or a picture is answered at once, and so is the very file that we issued: see
`files`. Everything else is looked into by a process of its own, in one of few places.

A picture is never the certificate. Its QR code is read and judged as one from paper is, and what else it shows, a name
for instance, is left to be compared by whoever holds it: the first step of its verdict says so. What states nothing
could not be checked; that is no word against it.
"""

from collections.abc import Callable
from datetime import datetime

from certs.model import Outcome, Step, Summary, Verdict
from certs.ports import Keys, Register
from certs.wording import say
from certs.work.verify import sandbox
from certs.work.verify.codes import verify_claim
from certs.work.verify.files import identical, is_large, is_pdf, verify_other_pdf

PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")
"""How PNG, JPEG, GIF and TIFF begin; WebP and HEIC say what they are further on."""
_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif"})
"""Of the ISO base media files, those that are pictures (ISO/IEC 23008-12)."""
ARCHIVE = (b"PK\x03\x04", b"PK\x05\x06")
_ADVICE = say(
    "It is neither a PDF nor a picture, so it says nothing. Bring the PDF, take a picture of the paper, or type the "
    "number."
)
_NO_PDF = Step("file", Outcome.UNKNOWN, _ADVICE)
_PACKED = Step("file", Outcome.UNKNOWN, say("It is a ZIP archive: unpack it and bring the files in it."))
_TOO_LARGE = Step("picture", Outcome.UNKNOWN, say("The picture is too large to be looked at. Bring a smaller one."))
_UNREADABLE = Step(
    "picture", Outcome.UNKNOWN, say("The picture could not be opened. Take it anew, or type the number.")
)
_NO_CODE = Step(
    "picture",
    Outcome.UNKNOWN,
    say(
        "No QR code of a certificate could be read in the picture. Take it anew, sharp and with the whole code, or "
        "type the number."
    ),
)
_READ = Step(
    "picture",
    Outcome.UNKNOWN,
    say("It is a picture: its QR code was read and judged. What else it shows was not, so compare every fact."),
)


def verify_file(
    data: bytes, register: Register, keys: Keys, now: datetime, before: Callable[[], None] | None = None
) -> Verdict:
    """Judge what somebody brought; *before* is called ahead of a look that costs a process, and may refuse it.

    Raises:
        StorageError: the register cannot be read.
        SigningError: the key folder cannot be read.
        BusyError: too many files are being looked at.
    """
    if (same := identical(data, register, keys, now)) is not None:
        return same
    known, picture = is_pdf(data), is_picture(data)
    if not known and not picture:
        return Verdict(Summary.UNKNOWN, (_PACKED if data.startswith(ARCHIVE) else _NO_PDF,))
    if before is not None and not is_large(data):
        before()
    return verify_other_pdf(data, register, keys) if known else _verify_picture(data, register, keys, now)


def is_picture(data: bytes) -> bool:
    """Say whether *data* begins like a picture."""
    return (
        data.startswith(PICTURES)
        or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")
        or (data[4:8] == b"ftyp" and data[8:12] in _BRANDS)
    )


def _verify_picture(data: bytes, register: Register, keys: Keys, now: datetime) -> Verdict:
    if is_large(data):
        return Verdict(Summary.UNKNOWN, (_TOO_LARGE,))
    with sandbox.place():
        found = sandbox.read_picture(data)
    if found is None or found.get("opened") is not True:
        return Verdict(Summary.UNKNOWN, (_UNREADABLE,))
    code = found.get("code")
    if not isinstance(code, str) or not code:
        return Verdict(Summary.UNKNOWN, (_NO_CODE,))
    of_code = verify_claim(code, register, keys, now)
    return Verdict(of_code.summary, (_READ, *of_code.steps), of_code.certificate, of_code.claim)
