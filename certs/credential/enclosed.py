"""The credential inside a certificate's PDF: found in the tail without reading PDF.

The tail holds it as an uncompressed stream on one line, and nothing else in it begins so; a test with real tails proves
it. So the register keeps these bytes once.
"""

import re

_STREAM = re.compile(rb'\nstream\n(\{"@context":\["[^\n]+\})\nendstream\n')


def enclosed_in(tail: bytes) -> bytes | None:
    """Return the credential that *tail* encloses, None if there is none."""
    found = _STREAM.search(tail)
    return found[1] if found else None
