"""Names of people as exports spell them: cleaned of what cannot be seen, otherwise as typed.

`cleaning` says what goes, `nobody` what is no name and is asked about; here is which names are alike, and what to
propose.
Nothing is recased, transliterated or stripped of titles; `suggestions` says what a person might want to change. A
name on a certificate comes, in this order, from the registration list, from first and last name in an attendee table,
from the display name. Only the first two were typed as a name, so only they are certain.
"""

import difflib
import html
import re
import unicodedata
from collections.abc import Iterable

from certs.ground.names.cleaning import BROKEN, CUT, MAX_LENGTH, clean, typed
from certs.ground.names.nobody import DEVICE_OF, MOJIBAKE, is_affiliation, is_nobody, why_doubtful

__all__ = [
    "BROKEN",
    "CUT",
    "MAX_LENGTH",
    "all_different",
    "clean",
    "comparable",
    "differ",
    "doubtful",
    "fold",
    "from_display",
    "in_capitals",
    "in_lower_case",
    "is_nobody",
    "joined",
    "searched",
    "suggestions",
    "typed",
    "why_doubtful",
    "without_filler",
    "words",
]

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
_FILLER = re.compile(r"(?:\s+[.\-–—_*/·,']+)+\s*$|^\s*(?:[.\-–—_*/·,']+\s+)+", re.IGNORECASE)
_LEAST_CASED = 4
"""Letters of a name below which capitals, or none, are its usual form."""
_ONE_CASE = frozenset({"GEORGIAN", "CHEROKEE"})
_HALF_AN_I = re.compile("\u00c3(?=[a-z]|$)")
_CODED = re.compile(r"\\[ux]([0-9a-fA-F]{4}|[0-9a-fA-F]{2})")
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0711\u0730-\u074a\u07a6-\u07b0"
    "\u07eb-\u07f3\u08d3-\u0963\u0966-\u0dff\u0e31-\u0e4e\u0eb1-\u0ecd\u0f18-\u0f84\u102b-\u109d\u135d-\u135f\u1712-\u17d3"
    "\u180b-\u180d\u1920-\u1aff\u1b00-\u1cff\u1dc0-\u1dff\u200c\u200d\ua66f-\ua6f1\ua802-\ua8ff\ua926-\uabff\ufb1e"
    "\ufe00-\ufe2f\U0001e000-\U0001e95f\U000e0100-\U000e01ef"
)
"""Signs and joiners inside the words of scripts, which Python counts to no word; letters of their blocks among them."""
_WORD = re.compile(f"[^\\W\\d_](?:[^\\W\\d_]|[{_MARKS}])*(?:['’ʼ-][^\\W\\d_](?:[^\\W\\d_]|[{_MARKS}])*)*")


def joined(first: str, last: str) -> str:
    """Return the full name, as both parts were typed."""
    return typed(f"{first} {last}")


def from_display(display: str) -> tuple[str, bool]:
    """Return the name in a cleaned display name and whether it is certain that it is one.

    What a platform adds is taken off, and what stands last in parentheses if it says of what somebody is part, or is
    the original name in full. Whatever else stands in parentheses is hers.
    """
    name = _COMPANY.sub("", _TEAMS_TAG.sub("", display)).strip() or display
    parts = _PARENTHESES.match(name)
    if parts is None:
        return name, not (doubtful(name) or "," in name)
    outer, inner = parts[1].strip(), parts[2].strip()
    # "Will N. (RIT Student)" holds an affiliation, "Hélène - MoH (Hélène Roux)" the original name: it repeats a word.
    if words(outer) & words(inner) and len(words(inner)) > 1:
        return inner, False
    return (outer if outer and is_affiliation(inner) else name), False


def doubtful(name: str) -> bool:
    """Say whether *name* looks like something else than a person's name, and she should be asked for it."""
    return bool(why_doubtful(name))


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
    return [reading for reading in found if not is_nobody(reading)] or [name]


def _unlike(one: str, other: str) -> bool:
    """Say whether two names, each read in one way, are clearly those of different people."""
    if is_nobody(one) or is_nobody(other):
        return False
    mine, yours = words(one), words(other)
    if not mine or not yours or _script(one) != _script(other):
        return False
    if mine <= yours or yours <= mine or _abbreviates(one, other) or _abbreviates(other, one):
        return False
    first_mine, first_yours = _first(one), _first(other)
    if mine & yours and (_alike(first_mine, first_yours) or first_mine in yours or first_yours in mine):
        return False
    matched = sum(any(_alike(word, candidate) for candidate in yours) for word in mine)
    return matched < min(len(mine), len(yours))


def _abbreviates(short: str, name: str) -> bool:
    """Say whether *short* consists of the initials of *name*, such as AO for Amara Okonjo."""
    letters = [letter for letter in short if letter.isalpha()]
    initials = [word[0] for word in comparable(name).split()]
    return 1 < len(letters) == len(initials) and short.isupper() and fold("".join(letters)) == "".join(initials)


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
        if not is_nobody(name) and all(differ(name, known) for known in distinct):
            distinct.append(name)
    return distinct if len(distinct) > 1 else []


def suggestions(name: str) -> list[str]:
    """Return what *name* might better be, each a proposal for a person to take or leave; empty where nothing is odd."""
    found = []
    if (device := DEVICE_OF.match(name)) is not None:
        found.append(device[1] or device[2])
    found += [_repaired(name) if MOJIBAKE.search(name) else "", clean(_decoded(name))]
    plain = _NUMBERED.sub("", name)
    plain = _TITLE_AFTER.sub("", _TITLE_BEFORE.sub("", plain)).strip()
    found += [plain, without_filler(plain)]
    if (cased := _in_usual_case(plain)) != plain:
        found.append(cased)
    if (parts := _PARENTHESES.match(plain)) is not None:
        found.append(parts[1].strip())
    if plain.count(",") == 1:
        last, first = plain.split(",")
        found.append(f"{first.strip()} {last.strip()}".strip())
    return [proposal for proposal in dict.fromkeys(found) if proposal and proposal != name and not doubtful(proposal)]


def in_capitals(name: str) -> bool:
    """Say whether *name* is in capitals alone, where its script has capitals in names and it is no initials."""
    return name.isupper() and _has_room(name) and _has_cases(name)


def in_lower_case(name: str) -> bool:
    """Say whether *name* is in small letters alone, where its script has capitals in names."""
    return name.islower() and _has_cases(name)


def _has_room(name: str) -> bool:
    return sum(letter.isalpha() for letter in name) >= _LEAST_CASED


def _has_cases(name: str) -> bool:
    """Say whether names in the script of *name* begin with capitals: Unicode has two cases for some that never do."""
    return _script(name) not in _ONE_CASE


def without_filler(name: str) -> str:
    """Return *name* without what a form compelled somebody to type where she has no such name: a sign or an X.

    So "Maria ." and "- Omar" lose the sign, and "Sukarno Sukarno" nothing: a name may be the same twice.
    """
    return _FILLER.sub("", name).strip() or name


def _repaired(name: str) -> str:
    """Undo UTF-8 that was read as Windows-1252; return nothing where that does not work."""
    for lost in (name, _HALF_AN_I.sub("\u00c3\u00ad", name)):  # the soft hyphen of í was not to be seen
        for encoding in ("cp1252", "latin-1"):
            try:
                return clean(lost.encode(encoding).decode("utf-8"))
            except UnicodeError:
                continue
    return ""


def _decoded(name: str) -> str:
    """Return *name* with letters that are written in HTML or as codes put in their place."""
    plain = html.unescape(name)
    return _CODED.sub(lambda found: chr(int(found[1], 16)), plain)


def _in_usual_case(name: str) -> str:
    """Return a name in capitals or in lower case alone as names are usually written."""
    return _capitalised(name) if in_capitals(name) or (in_lower_case(name) and _has_room(name)) else name


def _capitalised(name: str) -> str:
    """Return *name* with each word's first letter a capital and the others small."""
    return re.sub(r"[^\W\d_]+", lambda word: word[0][0].upper() + word[0][1:].lower(), name)
