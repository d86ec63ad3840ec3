"""Names of people as exports spell them: cleaned of what cannot be seen, otherwise as typed.

Nothing is recased, transliterated or stripped of titles; `suggestions` says what a person might want to change. A
name on a certificate comes, in this order, from the registration list, from first and last name in an attendee table,
from the display name. Only the first two were typed as a name, so only they are certain.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable

MAX_LENGTH = 200

_KEPT_JOINERS = frozenset("\u200c\u200d")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_TEAMS_TAG = re.compile(
    r"\s*\((?:external|extern|externe|externo|esterno|zewn[^)]*|guest|gast|invité|invitado|convidado|ospite|gość|гость"
    r"|unverified|non vérifié|no verificado|não verificado|nicht überprüft|non verificato|niezweryfikowan[^)]*"
    r"|внешний|外部|来宾|访客|未验证|خارجي|ضيف)\)",
    re.IGNORECASE,
)
_COMPANY = re.compile(r"^\[[^\]]{1,60}\]\s*")
_PARENTHESES = re.compile(r"^(.*?)\s*[(（]([^()（）]*)[)）]\s*$")
_TITLE_BEFORE = re.compile(
    r"^(?:(?:dr|prof|ing|mr|mrs|ms|mme|mlle|m|sr|sra|dra|herr|frau|dipl|mag|phd|eng|д-р|проф)\.?\s+)+(?=\S)",
    re.IGNORECASE,
)
_TITLE_AFTER = re.compile(
    r"(?:[,\s]+(?:ph\.?\s?d|pharm\.?\s?d|m\.?d|m\.?sc|b\.?sc|mba|mph|dr|rn|qp|r\.?ph|esq|eng)\.?)+$", re.IGNORECASE
)
_NUMBERED = re.compile(r"\s*#\s?\d+$")
_DEVICE = re.compile(
    r"^(?:zoom user|zoom|user|guest|host|participant|attendee|admin|owner|me|test|iphone|ipad|ipod|galaxy.*|samsung.*"
    r"|sm-\w+.*|redmi.*|xiaomi.*|huawei.*|oppo.*|vivo.*|android.*|pixel.*|macbook.*|desktop-\w+|laptop-\w+|pc"
    r"|call-in user.*|\+?[\d\s()-]{6,})$",
    re.IGNORECASE,
)
_DEVICE_OF = re.compile(
    r"^(?:iphone|ipad|macbook\S*|galaxy \S+)\s+(?:de|d’|d'|von|di|van|от|of)\s+(.+)$"
    r"|^(.+?)['’]s\s+(?:iphone|ipad|macbook.*|galaxy.*)$",
    re.IGNORECASE,
)
_MOJIBAKE = re.compile(r"[ÃÂÄÅÐÑØÙ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|ï¿½|\ufffd")
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")


def clean(text: str) -> str:
    """Return *text* in NFC without controls, bidi overrides and needless zero-width characters, spaces collapsed."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if not text.isprintable():
        text = "".join(_visible(text, index) for index in range(len(text)))
    return " ".join(text.split())[:MAX_LENGTH].rstrip()


def _visible(text: str, index: int) -> str:
    """Return the character, a space for white space, or nothing; joiners stay inside words of scripts that use them."""
    character = text[index]
    if character.isspace():
        return " "
    if unicodedata.category(character) not in _INVISIBLE:
        return character
    if character in _KEPT_JOINERS and 0 < index < len(text) - 1:
        before, after = text[index - 1], text[index + 1]
        if before > "\u0590" and after > "\u0590" and not before.isspace() and not after.isspace():
            return character
    return ""


def joined(first: str, last: str) -> str:
    """Return the cleaned full name, as both parts were typed."""
    return clean(f"{first} {last}")


def from_display(display: str) -> tuple[str, bool]:
    """Return the name in a cleaned display name and whether it is certain that it is one."""
    name = _COMPANY.sub("", _TEAMS_TAG.sub("", display)).strip() or display
    parts = _PARENTHESES.match(name)
    if parts is None:
        return name, not (doubtful(name) or "," in name)
    outer, inner = parts[1].strip(), parts[2].strip()
    # "Will N. (RIT Student)" holds an affiliation, "Hélène - MoH (Hélène Roux)" the original name: it repeats a word.
    original = inner if words(outer) & words(inner) and len(words(inner)) > 1 else outer
    return original or name, False


def doubtful(name: str) -> bool:
    """Say whether *name* looks like a device, a telephone number or broken text rather than a person's name."""
    return bool(_DEVICE.match(name) or _DEVICE_OF.match(name) or _MOJIBAKE.search(name)) or not _WORD.search(name)


def words(name: str) -> frozenset[str]:
    """Return the words of *name* without case, accents and titles."""
    return frozenset(comparable(name).split())


def searched(display: str) -> frozenset[str]:
    """Return the words by which whoever has that display name is looked for among registered names."""
    return words(from_display(display)[0])


def comparable(name: str) -> str:
    """Return *name* for comparing: its words in their order, without case, accents and titles."""
    plain = _TITLE_AFTER.sub("", _TITLE_BEFORE.sub("", _TEAMS_TAG.sub("", name)))
    return fold(" ".join(_WORD.findall(plain)))


def fold(text: str) -> str:
    """Return *text* for comparing: no case, no accents."""
    text = text.casefold()
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_FOLDED)


_FOLDED = str.maketrans({"ı": "i", "ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "ё": "е", "й": "и"})


def differ(one: str, other: str) -> bool:
    """Say whether two names are clearly those of different people; different spellings of one name are not.

    What stands in parentheses may be the original name or an affiliation, so every reading must differ.
    """
    return all(_unlike(mine, yours) for mine in _readings(one) for yours in _readings(other))


def _readings(name: str) -> list[str]:
    """Return the names that *name* may mean: as it is, without what stands in parentheses, and that alone."""
    parts = _PARENTHESES.match(_TEAMS_TAG.sub("", name))
    found = [name, parts[1], parts[2]] if parts is not None else [name]
    return [reading for reading in found if not doubtful(reading)] or [name]


def _unlike(one: str, other: str) -> bool:
    """Say whether two names, each read in one way, are clearly those of different people."""
    if doubtful(one) or doubtful(other):
        return False
    mine, yours = words(one), words(other)
    if not mine or not yours or _script(one) != _script(other):
        return False
    if mine <= yours or yours <= mine:
        return False
    first_mine, first_yours = _first(one), _first(other)
    if mine & yours and (_alike(first_mine, first_yours) or first_mine in yours or first_yours in mine):
        return False
    matched = sum(any(_alike(word, candidate) for candidate in yours) for word in mine)
    return matched < min(len(mine), len(yours))


def _first(name: str) -> str:
    """Return the first word of *name*, folded."""
    plain = _TITLE_BEFORE.sub("", name)
    found = _WORD.search(plain)
    return fold(found[0]) if found else ""


def _alike(one: str, other: str) -> bool:
    """Say whether two words may be spellings of one: equal, an initial, a short form such as Will, or one slip."""
    short, long = sorted((one, other), key=len)
    if one == other or (len(short) != 2 and long.startswith(short)):
        return True
    return difflib.SequenceMatcher(None, one, other).ratio() >= 0.75


def _script(name: str) -> str:
    """Return the script of the first letter, as its Unicode name begins."""
    letter = next((c for c in name if c.isalpha()), "A")
    return unicodedata.name(letter, "UNKNOWN").split()[0]


def all_different(names: Iterable[str]) -> list[str]:
    """Return those of *names* that are clearly different from the first one that looks like a name, it included."""
    distinct: list[str] = []
    for name in dict.fromkeys(names):
        if not doubtful(name) and all(differ(name, known) for known in distinct):
            distinct.append(name)
    return distinct if len(distinct) > 1 else []


def suggestions(name: str) -> list[str]:
    """Return what *name* might better be, each a proposal for a person to take or leave; empty where nothing is odd."""
    found = []
    if (device := _DEVICE_OF.match(name)) is not None:
        found.append(device[1] or device[2])
    if _MOJIBAKE.search(name):
        found.append(_repaired(name))
    plain = _NUMBERED.sub("", name)
    plain = _TITLE_AFTER.sub("", _TITLE_BEFORE.sub("", plain)).strip()
    found.append(plain)
    if plain.isupper() and sum(c.isalpha() for c in plain) > 3:
        found.append(_capitalised(plain))
    if plain.count(",") == 1:
        last, first = plain.split(",")
        found.append(f"{first.strip()} {last.strip()}".strip())
    return [proposal for proposal in dict.fromkeys(found) if proposal and proposal != name]


def _repaired(name: str) -> str:
    """Undo UTF-8 that was read as Windows-1252; return *name* where that does not work."""
    try:
        return clean(name.encode("cp1252").decode("utf-8"))
    except UnicodeError:
        return name


def _capitalised(name: str) -> str:
    """Return an ALL-CAPITALS name in the usual case."""
    return re.sub(r"[^\W\d_]+", lambda word: word[0][0] + word[0][1:].lower(), name)
