"""The credential inside a certificate's PDF: found in the tail without reading PDF.

The tail holds it as an uncompressed stream on one line, and nothing else in it begins so; a test with real tails proves
it. So the register keeps these bytes once.
"""

import json
import re

from certs.credential.status import index_of

_STREAM = re.compile(rb'\nstream\n(\{"@context":\["[^\n]+\})\nendstream\n')


def enclosed_in(tail: bytes) -> bytes | None:
    """Return the credential that *tail* encloses, None if there is none."""
    found = _STREAM.search(tail)
    return found[1] if found else None


def status_index_in(tail: bytes) -> int | None:
    """Return the status index of the credential that *tail* encloses, None if there is none.

    Raises:
        ValueError: it has another form than the one that we write.
    """
    found = enclosed_in(tail)
    if found is None:
        return None
    status = json.loads(found)["credentialStatus"]
    return index_of(int(status["statusListCredential"].rpartition("/")[2]), int(status["statusListIndex"]))
