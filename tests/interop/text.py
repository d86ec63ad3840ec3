"""How extracted text is compared."""

import re
import unicodedata

BIDI_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def plain(text: str) -> str:
    """Return *text* in NFC with single spaces and without the marks that extractors put round a change of direction."""
    return " ".join(BIDI_MARKS.sub("", unicodedata.normalize("NFC", text)).split())
