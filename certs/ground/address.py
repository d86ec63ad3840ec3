"""E-mail addresses as exports spell them, cleaned into the key of a person.

The key is the address trimmed of white space, zero-width characters, `mailto:` and `<>`, in lower case. Dots and plus
tags are left alone: whether two spellings reach one mailbox is for a person to say.
"""

import re
import unicodedata
from enum import StrEnum

from certs.model import PersonKey

MAX_LENGTH = 254
"""RFC 5321 section 4.5.3.1.3, without the angle brackets."""

_SIMPLE = re.compile(r"[a-z0-9._+'-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]+@[^\s@<>()\[\],;:\"\\.]+(?:\.[^\s@<>()\[\],;:\"\\.]+)+")
_EMPTY = frozenset({"", "-", "--", "---", "–", "—", "n/a", "na", "none", "null", "nil", "unknown", "anonymous"})
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


class BadAddress(StrEnum):
    """Why a cell gives no key."""

    MISSING = "no_email"
    BAD = "bad_email"
    TWO = "two_emails_in_cell"


def read(cell: str) -> PersonKey | BadAddress:
    """Return the key of the address in *cell*, or what is wrong with it."""
    text = cell.lower()
    if _SIMPLE.fullmatch(text) and len(text) <= MAX_LENGTH:
        return PersonKey(text)
    text = clean(cell)
    if text in _EMPTY:
        return BadAddress.MISSING
    found = list(dict.fromkeys(_ADDRESS.findall(text)))
    if len(found) > 1:
        return BadAddress.TWO
    # Something beside the address is a name in front of angle brackets, or else not to be guessed at.
    rest = text.replace(found[0], "").strip(" ;,.") if found else text
    if not found or len(found[0]) > MAX_LENGTH or (rest and not text.endswith(f"<{found[0]}>")):
        return BadAddress.BAD
    return PersonKey(found[0].strip(".'"))


def clean(cell: str) -> str:
    """Return *cell* without what cannot be seen, `mailto:` and enclosing brackets or quotes, in lower case."""
    text = unicodedata.normalize("NFKC", cell)
    if not text.isascii() or not text.isprintable():
        text = "".join(
            " " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in _INVISIBLE
        )
    text = text.strip().lower()
    text = re.sub(r"mailto:\s*", "", text).strip(" '\"")
    return text[1:-1].strip() if text.startswith("<") and text.endswith(">") else text
