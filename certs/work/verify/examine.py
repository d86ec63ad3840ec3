"""What a strange PDF says about itself, found in a process that may be killed: see `sandbox`.

Reads one JSON line and then bytes from stdin, writes one JSON object to stdout. The tasks:

    examine   what the file states: claims in its links, a certificate number, seals by our leaf keys
    compare   how it differs from the file that was issued
    picture   which code of a certificate a photo or screenshot shows

Nothing is trusted here. Seals count only when their X.509 certificate carries the public key of one of *our* leaves; no
trust store, no name. Every part may fail on its own and then finds nothing.
"""

import io
import json
import re
import resource
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, TypeVar

if TYPE_CHECKING:
    from pyhanko.sign.validation import EmbeddedPdfSignature

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 4
ANSWER_BYTES = 200_000
_MAX_CLAIMS = 20
_CLAIM = re.compile(rb"/V/([A-Z2-7]{40,2000}\.[A-Z2-7]{103})(?![A-Z2-7])")
_Found = TypeVar("_Found")


def main(source: BinaryIO) -> dict[str, object]:
    """Do the task that *source* describes.

    Raises:
        ValueError: the task is not as `sandbox` writes it.
    """
    order = json.loads(source.readline())
    blobs = [source.read(size) for size in order["sizes"]]
    if order["task"] == "examine":
        return examine(blobs[0], [bytes.fromhex(leaf) for leaf in order["leaves"]])
    if order["task"] == "compare":
        return compare(*blobs)
    if order["task"] == "picture":
        return picture(blobs[0])
    raise ValueError(f"no such task: {order['task']}")


def examine(data: bytes, leaves: list[bytes]) -> dict[str, object]:
    """Return what the file states: `locked`, `claims`, `number`, `seals` (place in *leaves*, intact, covers)."""
    return {
        "locked": b"/Encrypt" in data and _attempt(_locked, data) is True,
        "claims": _claims(data),
        "number": _attempt(_number, data),
        "seals": _attempt(partial(_seals, leaves=leaves), data) or [],
    }


def compare(issued: bytes, brought: bytes) -> dict[str, object]:
    """Return how *brought* differs from *issued*: a stable `kind` and a sentence."""
    from certs.pdf.compare import compare as compare_files  # noqa: PLC0415 - heavy, and only one task needs it

    difference = compare_files(issued, brought)
    return {"kind": difference.kind, "text": difference.text}


def picture(data: bytes) -> dict[str, object]:
    """Return whether the picture could be `opened`, and the `code` of a certificate in it."""
    from certs.pdf.photo import code_in  # noqa: PLC0415 - after the limits

    code = _attempt(code_in, data)
    return {"opened": code is not None, "code": code or ""}


def limit() -> None:
    """Lower what this process may use, for good.

    Raises:
        OSError: the system refuses.
    """
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, ANSWER_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (least, least))


def _attempt(find: Callable[[bytes], _Found], data: bytes) -> _Found | None:
    """Return what *find* finds, None where the file breaks it: the one place here that catches everything."""
    try:
        return find(data)
    except Exception:  # noqa: BLE001 - a hostile file may break any library in any way; it then states nothing
        return None


def _locked(data: bytes) -> bool:
    """Say whether the file asks for a password before it shows anything."""
    import pikepdf  # noqa: PLC0415 - after the limits

    try:
        with pikepdf.open(io.BytesIO(data)):
            return False
    except pikepdf.PasswordError:
        return True


def _claims(data: bytes) -> list[str]:
    """Return claim texts in the file's bytes and, where those are packed away, in the links of its pages."""
    found = dict.fromkeys(match.decode() for match in _CLAIM.findall(data)[:_MAX_CLAIMS])
    return list(found) or _attempt(_linked_claims, data) or []


def _linked_claims(data: bytes) -> list[str]:
    """Return claim texts in the links of the first page, wherever its objects are packed away."""
    import pikepdf  # noqa: PLC0415 - after the limits

    with pikepdf.open(io.BytesIO(data)) as pdf:
        annotations = list(pdf.pages[0].get("/Annots", []))[:_MAX_CLAIMS]
        links = [bytes(link.A.URI) for link in annotations if "/A" in link and "/URI" in link.A]
        return [match.decode() for link in links for match in _CLAIM.findall(link)]


def _number(data: bytes) -> str | None:
    from certs.pdf.compare import find_number  # noqa: PLC0415 - after the limits

    return find_number(data)


def _seals(data: bytes, leaves: list[bytes]) -> list[dict[str, object]]:
    """Return each signature of the file that carries one of our leaf keys."""
    if b"/ByteRange" not in data:
        return []
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 - after the limits

    seals = PdfFileReader(io.BytesIO(data), strict=False).embedded_signatures[:_MAX_CLAIMS]
    ours = [(seal, seal.signer_cert.public_key.dump()) for seal in seals]
    return [{"leaf": leaves.index(key), **_soundness(seal)} for seal, key in ours if key in leaves]


def _soundness(seal: "EmbeddedPdfSignature") -> dict[str, object]:
    """Return whether *seal* fits what it covers, and whether that is the whole file."""
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415 - after the limits
    from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature  # noqa: PLC0415
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    pinned = ValidationContext(trust_roots=[seal.signer_cert], allow_fetching=False)
    try:
        status = validate_pdf_signature(seal, pinned)
    except (PdfError, ValueError):
        return {"intact": False, "whole": False}
    whole = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    return {"intact": status.intact and status.valid, "whole": whole}


if __name__ == "__main__":
    limit()
    json.dump(main(sys.stdin.buffer), sys.stdout)
