"""What is given for a name and looks like none: a device, a placeholder, a number, an address, broken text.

To ask once too often costs an answer, to ask too rarely a wrong certificate. Each sign has its words, which say what
something looks like; whatever shows none is a name, in whatever script. The words are data beside this file.
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from importlib import resources

from certs.ground.names.cleaning import BROKEN, CUT

DEVICE_OF = re.compile(
    r"^(?:iphone|ipad|macbook\S*|galaxy \S+|redmi \S+|pc|laptop|tel[eé]fono?|telefone|celular|tablet|móvil)"
    r"\s+(?:de|d’|d'|von|di|van|от|of)\s*(.+)$"
    r"|^(.+?)['’]s?\s+(?:iphone|ipad|phone|mac|macbook.*|galaxy.*|redmi.*|pc|laptop|computer|tablet)$",
    re.IGNORECASE,
)
_OWNED = re.compile(r"['’]|^(?:pc|laptop) ")
_MODEL = re.compile(
    r"(?:sm|lm|rmx|cph|lg|moto|asus|desktop|laptop|win|pc|user|nb)[-_][\w-]*[\d_]\w*.*|(?:desktop|laptop)-\w+", re.I
)
_PLATE = re.compile(r"[A-Z]{1,4}_?\d{3,}[A-Z\d]*")
"""The number of a model, as on the back of a telephone: CPH2269, M2007J20CG."""
_LISTED = re.compile(r"[\s_,/|()-]+")
_NUMBER = re.compile(r"[+(#]?\d[\d\s().+/#-]*")
_ADDRESS = re.compile(r"@|https?:|\bwww\.|\b[\w-]+\.(?:com|org|net|gov|edu|info|int)\b", re.I)
_ERROR_VALUE = re.compile(
    r"#(?:REF!|N/?A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|FIELD!|WERT!|BEZUG!|VALEUR!|¡\w+!|#+)"
)
_FORMULA = re.compile(r"[=+]")
_TEMPLATE = re.compile(r"\{\{|\}\}|\$\{|<%|%>|\{\w*\}|%\w+%|<<|>>|\[object |\*\||<[^>]*>|\[[^\]]*\]$", re.I)
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-f]+|[a-z]{2,10}\d*);|</?[a-z][^>]*>", re.I)
_ESCAPE = re.compile(r"\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|\\[0-7]{3}|(?:%[0-9a-f]{2})+|=[0-9A-F]{2}|=\?[\w-]+\?[bq]\?", re.I)
_TRAIL = "\u0080-\u00bf€ƒ…†‡ˆ‰Š‹ŒŽ•˜™š›œžŸ\ufffd"
_QUOTES = "‚„‘’“”–—"
MOJIBAKE = re.compile(
    f"[ÂÃÄÅÐÑØÙ][{_TRAIL}{_QUOTES}]|[ÆÇÈÉÊËÌÍÎÏÒÓÔÕÖ×ÚÛÜÝÞß][{_TRAIL}]|[à-ï][{_TRAIL}{_QUOTES}][{_TRAIL}{_QUOTES}]"
    "|[a-zß-ÿ][ÃÂ]|\\bÃ[a-z]|â€|ï¿½|锟斤拷|\ufffd"
)
_OTHER_ALPHABET = re.compile(r"(?<![^\W\d_])[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff]{3,}(?![^\W\d_])")
"""Cyrillic, Greek or Arabic of one byte a letter, read as if it were Latin: no A to Z in the whole word."""
_ZAWGYI = re.compile(
    "\u1039(?![\u1000-\u1021\u1025\u103f])"
    "|(?<![\u1000-\u102a\u103b-\u103f\u1050-\u1055\u105a-\u1061\u1065\u1066\u106e-\u1070\u1075-\u1082\u108e\ua9e0-\ua9fe"
    "\uaa60-\uaa7a])[\u1031\u103b-\u103e]"
)
_KINSHIP = re.compile(r"\b[asdwc]/[olp]\b\.?", re.I)
"""a/l, s/o, d/o: son or daughter of."""
_LETTER = re.compile(r"[^\W\d_]")
_SIGNS = re.compile(r"[?*|\\^~<>={}_$%#;§¤¬¦¶©®€£¥¢¡¿°‚„†‡‰•/&+]|!(?!\w)|:(?!\w)")
_SEVERAL = re.compile(r"(?<!\bvon)\s(?:and|und|et)\s", re.I)
"""But for *von und zu*, which is part of one name."""
_ORDINAL = re.compile(r"\b\d(?:st|nd|rd|th)\b", re.I)
_LOGIN = re.compile(r"[a-z]+(?:[._][a-z]+)+")
_INITIALS = re.compile(r"[A-ZÀ-ÞА-ЯΑ-Ω](?:[\s.]+[A-ZÀ-ÞА-ЯΑ-Ω])?\.?", re.I)
_FOUR_ALIKE = re.compile(r"([^\W\d_])\1{3}", re.I)
_MASHED = re.compile(r"asdf|qwert|zxcv|hjkl", re.I)
_PARTICLES = frozenset({"de", "do", "da", "du", "y", "e", "et", "und", "and", "of", "the", "i", "и", "و"})
_BURMESE = re.compile("[\u1000-\u109f]")
_MISREAD = "was read in the wrong encoding"
_NO_PERSON = "is no person's name"
_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u065f\u0670\u0900-\u0963\u0970-\u0dff\u0e31-\u0e4e\u0eb1-\u0ecd\u0f71-\u0fbc\u135d-\u135f"
    "\u17b4-\u17d3\u200c\u200d"
)
_PLAIN = re.compile(rf"(?:[^\W\d_]|[\s,'’ʼ`´()\-‐·・{_MARKS}]|\.(?!\.|\w))*")
"""What consists of letters and the signs of names alone; of that, the words and three things more can be doubtful."""
_AND = re.compile(r"\s(?:and|und|et)\s|(.)\1{3}", re.I)


@lru_cache(maxsize=8192)
def why_doubtful(name: str) -> str:
    """Return what *name* looks like rather than a person's name, as the end of a sentence; empty for a name."""
    if why := _nobody(name):
        return why
    if _PLAIN.fullmatch(name) and not _AND.search(name) and not _BURMESE.search(name):
        misread = not name.isascii() and (MOJIBAKE.search(name) or _OTHER_ALPHABET.search(name))
        return _MISREAD if misread else ""
    return next((why for finds, why in _FINDS if finds(name)), "")


def is_nobody(name: str) -> bool:
    """Say whether *name* tells nothing about who it is: a device, a placeholder, a number, broken text."""
    return bool(_nobody(name)) or bool(MOJIBAKE.search(name))


def is_affiliation(text: str) -> bool:
    """Say whether *text*, which stands in parentheses after a name, says of what she is part, or what she uses."""
    words = _LISTED.split(text.casefold().strip(" ."))
    return any(word in _lists()["affiliations"] for word in words) or is_nobody(text)


def _nobody(name: str) -> str:
    """Return what *name* looks like if its words alone tell that, else nothing."""
    plain = name.casefold()
    if _NUMBER.fullmatch(name):
        return "is a number"
    if not _LETTER.search(name) and not any(unicodedata.category(one) in ("Co", "Cn") for one in name):
        return "has no letter"
    if _says_nothing(plain):
        return _NO_PERSON
    if (
        _devices().match(plain)
        or _MODEL.fullmatch(name)
        or _PLATE.fullmatch(name)
        or (_OWNED.search(plain) and DEVICE_OF.match(name))
    ):
        return "is the name of a device"
    if _INITIALS.fullmatch(name) or _MASHED.match(name):
        return _NO_PERSON
    return ""


def _says_nothing(plain: str) -> bool:
    """Say whether a name in lower case consists of words that are given in place of one, and of numbers."""
    listed = _lists()
    said = [word for word in _LISTED.split(plain.strip(" .")) if word and not word.isdigit() and word not in _PARTICLES]
    return plain in listed["alone"] or plain in listed["words"] or all(word in listed["words"] for word in said)


def _has_signs(name: str) -> bool:
    return bool(_SIGNS.search(_KINSHIP.sub("", name)))


def _has_digits(name: str) -> bool:
    return any(map(str.isdigit, _ORDINAL.sub("", name)))


_FINDS: tuple[tuple[Callable[[str], object], str], ...] = (
    (lambda name: BROKEN in name or "\ufffc" in name, "has lost a letter on its way"),
    (lambda name: name.endswith((CUT, "...")), "is cut off"),
    (_ADDRESS.search, "is an address"),
    (_ERROR_VALUE.search, "is an error of a spreadsheet"),
    (_ENTITY.search, "has letters written in HTML"),
    (_ESCAPE.search, "has letters written as codes"),
    (_FORMULA.match, "begins like a formula"),
    (_TEMPLATE.search, "is a template that nobody filled in"),
    (_ZAWGYI.search, "is not well-formed Burmese: probably Zawgyi, an encoding of its own"),
    (MOJIBAKE.search, _MISREAD),
    (_OTHER_ALPHABET.search, _MISREAD),
    (_LOGIN.fullmatch, "is a name to sign in with"),
    (_FOUR_ALIKE.search, _NO_PERSON),
    (_SEVERAL.search, "names several people"),
    (_has_digits, "has digits"),
    (_has_signs, "has signs that no name has"),
)
"""In the order in which they are looked for: the first that is found says most."""


@cache
def _lists() -> dict[str, frozenset[str]]:
    text = resources.files(__package__).joinpath("nobody.toml").read_text("utf-8")
    return {key: frozenset(words) for key, words in tomllib.loads(text).items()}


@cache
def _devices() -> re.Pattern[str]:
    """Return what finds a device in a name in lower case; makers whose names people bear need a number beside them."""
    surely, perhaps, rooms = ("|".join(map(re.escape, sorted(_lists()[key]))) for key in ("devices", "makers", "rooms"))
    return re.compile(rf"(?:{surely})(?:$|[\s\d_(:.,-])|(?:{perhaps})(?:$|.*\d)|(?:{rooms})[\s._-]*\d+$")
