"""Whether the letters of a name can be set as they are meant, before it is laid out."""

import re
import unicodedata

from certs.errors import InputError
from certs.pdf.text import shaped_runs
from certs.pdf.typeface import SILENT, Face, alphabet, face_for, han_language, mixes_forms

_DOTTED_CIRCLE = "\u25cc"
_CLUSTERED = re.compile(
    "[\u0900-\u0dff\u0f00-\u109f\u1700-\u1c4f\ua800-\uabff\U00010a00-\U00011fff\U0001e900-\U0001e95f]"
)
"""Scripts in which a sign out of its place is set on a dotted circle."""
_BURMESE = re.compile("[\u1000-\u109f]")


def illegible(name: str, language: str) -> list[str]:
    """Return a sentence for everything that keeps the letters of *name* from being set."""
    if unicodedata.category(name[0]).startswith("M") or name[0] in SILENT:  # it would hang over the edge of its place
        return [f"The name “{name}” begins with a mark that belongs to no letter{_perhaps_zawgyi(name)}."]
    if alphabet("serif").width(name) is not None:
        return []
    if missing := without_face(name, language):
        listed = " and ".join(f"{char} (U+{ord(char):04X})" for char in missing)
        return [f"No font has the character{'s' * (len(missing) > 1)} {listed} of “{name}”."]
    if mixes_forms(name, language):
        return [f"No font has all characters of “{name}”, and to mix the forms of two countries would misspell it."]
    return _misplaced(name, language) if _CLUSTERED.search(name) else []


def without_face(name: str, language: str) -> list[str]:
    """Return the characters of *name* that no font has, each once."""
    han = han_language(name, language)
    return [char for char in dict.fromkeys(name) if char not in SILENT and not face_for(char, "serif", han)]


def _misplaced(name: str, language: str) -> list[str]:
    """Return a sentence if a sign of *name* would be set on a dotted circle that the name has not."""
    try:
        circles = sum(_circles(face, glyphs) for face, glyphs in shaped_runs(name, "serif", language))
    except InputError as error:
        return [str(problem) for problem in error.problems]
    if circles <= name.count(_DOTTED_CIRCLE):
        return []
    why = _perhaps_zawgyi(name)
    return [f"The letters of “{name}” are not in their order{why}; a dotted circle would be printed among them."]


def _perhaps_zawgyi(name: str) -> str:
    """Return what letters out of their order suggest, where they are Burmese."""
    return " (probably Zawgyi, an encoding of its own)" if _BURMESE.search(name) else ""


def _circles(face: Face, glyphs: list[int]) -> int:
    """Count the dotted circles among *glyphs*; a font that has none sets none."""
    circle = face.font.get_nominal_glyph(ord(_DOTTED_CIRCLE))
    return glyphs.count(circle) if circle else 0
