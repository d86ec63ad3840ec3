"""What a cell says as a name: cleaned of what nobody can see, and of nothing else.

Only direction controls, C0 and C1, the soft hyphen, the zero-width space, the byte order mark and tags go. Whatever
else no font has is let through: the check before issue holds it and names it, so nobody gets a certificate in which a
character of her name is missing.
"""

import re
import unicodedata

MAX_LENGTH = 200
CUT = "…"
"""What a name ends in that was longer than `MAX_LENGTH`."""
BROKEN = "\ufffd"
"""What stands for a character that was lost before it came here."""

_ZERO_WIDTH_SPACE = "\u200b"
_NON_JOINER, _JOINER = "\u200c", "\u200d"
_VIRAMA = 9
"""The combining class of signs that take a vowel away."""
_IDEOGRAPHS = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f]+)")
"""Compatibility ideographs: to normalise them would put another form of the letter in place of a name's own."""
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff"
    "\U000e0001\U000e0020-\U000e007f]"
)
_UNSPACED = re.compile("[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19ff\u1a20-\u1aaf\u3040-\u30ff\u3400-\u9fff]")
"""Scripts that set words side by side, in which a zero-width space says where a line may break."""
_SHAPED_BY_NEIGHBOURS = re.compile("[\u0600-\u08ff\u1800-\u18af\ufb50-\ufdff\ufe70-\ufefc\U00010d00-\U0001e95f]")
"""Scripts in which a joiner at a word's end gives its letter another form."""
_C1_LETTER = re.compile("[\x80-\x84\x86-\x9f]")
"""What Windows-1252 has letters and quotation marks for: something visible was read in the wrong encoding."""


def clean(text: str) -> str:
    """Return *text* in NFC without what cannot be seen, spaces collapsed.

    A zero-width space between words is a space. Joiners stay where they may change what is seen: after a virama and
    inside the words of scripts that use them. Ideographs keep the form in which they were typed.
    """
    return _cleaned(text)[:MAX_LENGTH].rstrip()


def typed(text: str) -> str:
    """Return a name as `clean` does, but with a sign to be seen where something visible was lost.

    That is `BROKEN` for a letter that was read in the wrong encoding, and `CUT` at the end of an endless name.
    """
    if not text.isascii():
        text = _C1_LETTER.sub(BROKEN, text)
    cleaned = _cleaned(text)
    return cleaned if len(cleaned) <= MAX_LENGTH else cleaned[: MAX_LENGTH - len(CUT)] + CUT


def _cleaned(text: str) -> str:
    if not text.isascii():
        text = _composed(text)
    if not text.isprintable():
        text = _UNSEEN.sub(_in_place_of, text)
    return " ".join(text.split())


def _composed(text: str) -> str:
    """Return *text* in NFC, compatibility ideographs as they are."""
    if unicodedata.is_normalized("NFC", text):
        return text
    parts = _IDEOGRAPHS.split(text)
    return "".join(one if at % 2 else unicodedata.normalize("NFC", one) for at, one in enumerate(parts))


def _in_place_of(found: re.Match[str]) -> str:
    """Return what stands for something that cannot be seen: itself, a space, a sign for something lost, or nothing."""
    character, text, at = found[0], found.string, found.start()
    if character.isspace():
        return " "
    if "\ud800" <= character <= "\udfff":
        return BROKEN
    before, after = _neighbours(text, at)
    if character in (_NON_JOINER, _JOINER):
        return character if _joins(character, before, after) else ""
    if character == _ZERO_WIDTH_SPACE and before.isalnum() and after.isalnum():
        return "" if _UNSPACED.match(before) or _UNSPACED.match(after) else " "
    return ""


def _neighbours(text: str, at: int) -> tuple[str, str]:
    """Return the characters before and after *at*, a space where there is none."""
    return text[at - 1] if at else " ", text[at + 1] if at + 1 < len(text) else " "


def _joins(joiner: str, before: str, after: str) -> bool:
    """Say whether *joiner* may change what is seen."""
    if unicodedata.combining(before) == _VIRAMA:
        return True
    if joiner == _JOINER and (_SHAPED_BY_NEIGHBOURS.match(before) or _SHAPED_BY_NEIGHBOURS.match(after)):
        return True
    return before > "\u0590" and after > "\u0590" and not before.isspace() and not after.isspace()
