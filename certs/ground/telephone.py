"""Telephone numbers as exports write them, compared without knowing anybody's country.

`+41 44 668 18 00`, `0041446681800`, `41446681800` and `044 668 18 00` may be one telephone: the first three are, the
last has the same nine digits at its end, which is all that can be said without the country. What is masked, as some
platforms do (`+41 44 *** 00`), or has lost digits in a spreadsheet (`4.14467E+10`), is no number.
"""

import re
import unicodedata

TOLD = 9
"""Digits at the end that tell telephones apart well enough to be mentioned; a national number has about so many."""
_LONGEST = 15
"""ITU-T E.164, section 6.1."""
_EXTENSION = re.compile(r"\s*(?:;?\s*ext\.?|x|#)\s*=?\s*\d{1,6}$", re.IGNORECASE)
_WRITTEN = re.compile(r"(?:tel:)?(\+?)[\d\s().\-/]+", re.IGNORECASE)
_LONGEST_TEXT = 40


def read(text: str) -> str:
    """Return the digits of a telephone number, with a plus where it names its country; empty if it is none.

    Raises:
        Nothing.
    """
    if len(text) > _LONGEST_TEXT:
        return ""
    plain = unicodedata.normalize("NFKC", text).strip().lstrip("'").removesuffix(".0")
    plain = _EXTENSION.sub("", plain.replace("(0)", ""))
    found = _WRITTEN.fullmatch(plain)
    if found is None:
        return ""
    digits = "".join(str(unicodedata.decimal(one)) for one in plain if one.isdecimal())
    is_whole = bool(found[1]) or digits.startswith("00")
    digits = digits.removeprefix("00") if not found[1] else digits
    return ("+" * is_whole + digits) if TOLD <= len(digits) <= _LONGEST else ""


def end(number: str) -> str:
    """Return by what numbers are looked up: those that may be one telephone have it in common.

    Raises:
        Nothing.
    """
    return number[-TOLD:]


def likeness(one: str, other: str) -> str:
    """Say in words that two numbers are or may be one telephone, empty if they are not.

    Raises:
        Nothing.
    """
    if not one or not other or end(one) != end(other):
        return ""
    if one.lstrip("+") == other.lstrip("+"):
        return "the same telephone"
    national = [number for number in (one, other) if number.startswith("0")]
    return f"the last {TOLD} digits of the telephone are the same" if national else ""
