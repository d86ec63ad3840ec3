"""Which encoding from before Unicode a text is in, where nothing says so.

`likeness` tells how much a decoded text looks like names: words of one script, in usual capitals, without signs inside.
In the wrong encoding letters become signs, scripts mix, capitals fall inside words, or common Chinese characters become
rare ones. It decides only between encodings in which the column titles make equal sense.
"""

import re
import unicodedata
from functools import cache

ENCODINGS = (
    "cp1252", "cp1254", "cp1250", "cp1251", "euc_kr", "gb18030", "cp1256", "shift_jis", "big5", "cp1253", "cp1255",
    "cp874", "iso8859_15", "iso8859_2", "koi8_r", "cp866", "mac_roman", "mac_cyrillic", "cp850", "iso8859_6", "euc_jp",
    "iso8859_1",
)  # fmt: skip
"""Of equals the first: what Windows writes comes before what older systems wrote."""

_WORD = re.compile(r"[^\W\d_]+")
_SIGNS = frozenset("–—‘’“”…•€°«»·\u00a0\u3000（），、。：；・－　")
"""Signs that stand between words in any language, so that they say nothing against an encoding."""
_COMMON = {"gb18030": ("gb2312", 0xB0, 0xD7), "big5": ("big5", 0xA4, 0xC6), "shift_jis": ("shift_jis", 0x88, 0x97),
           "euc_jp": ("euc_jp", 0xB0, 0xCF)}  # fmt: skip
"""The codec and the first bytes in which an encoding holds its more common characters."""
_SMALL = 0.9
"""What a word counts that begins with a small letter: Hebrew read as Cyrillic is all such words."""
_ODD = frozenset("þðÞÐ")
"""Icelandic letters: nearly always Turkish ones in the wrong encoding."""


def likeness(text: str, encoding: str) -> float:
    """Return the part of what is not ASCII in *text* that looks like words, 1 where all does."""
    if text.isascii():
        return 1.0
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    signs = sum(1 for c in text if not c.isascii() and not c.isalpha() and c not in _SIGNS and not _joins(c))
    good = sum(len(word) * (_SMALL if word[0].islower() else 1) for word in words if _is_word(word, encoding))
    return good / (sum(map(len, words)) + 2 * signs or 1)


def _is_word(word: str, encoding: str) -> bool:
    """Say whether *word* is one that somebody might write."""
    scripts = {_script(c) for c in word}
    if scripts <= {"CJK", "HIRAGANA", "KATAKANA"}:
        return encoding in _COMMON and all(_is_common(c, encoding) for c in word)
    if len(scripts) > 1 or not (word[1:].islower() or word.isupper() or word.lower() == word.upper() or len(word) == 1):
        return False
    return scripts != {"LATIN"} or not (_ODD & set(word) or re.search(r"[^\x00-\x7f]{3}", word))


def _is_common(character: str, encoding: str) -> bool:
    """Say whether a Chinese character is among the common ones of *encoding*; kana are."""
    codec, first, last = _COMMON[encoding]
    try:
        return first <= character.encode(codec)[0] <= last or "\u3040" <= character <= "\u30ff"
    except UnicodeEncodeError:
        return False


@cache
def _script(character: str) -> str:
    """Return the script of a letter, as its Unicode name begins."""
    return unicodedata.name(character, "UNKNOWN").split()[0].removesuffix("-")


def _joins(character: str) -> bool:
    """Say whether a character belongs to the letter before it."""
    return unicodedata.category(character) in ("Mn", "Mc")
