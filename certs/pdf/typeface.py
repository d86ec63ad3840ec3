"""Which typeface sets which script, and which names may share a plate.

The Latin faces of a style come first; every other script has one face, found by what its font covers. Characters of the
Han script look different in Japan, China, Taiwan and Korea and the same code points serve all, so the person's language
chooses; kana always means Japanese, hangul always Korean.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import uharfbuzz as hb

from certs.pdf.bidi import is_control, levels

_FOLDER = Path(__file__).parent / "fonts"


@dataclass(frozen=True, eq=False, slots=True)
class Face:
    """One font file, open; equal only to itself."""

    name: str
    group: str
    font: hb.Font

    @property
    def units_per_em(self) -> int:
        """How many font units make one em."""
        return self.font.face.upem

    def has(self, char: str) -> bool:
        """Say whether the font has a glyph for *char*, or for what the shaper sets in its place.

        That is the ideograph that a compatibility form stands for, or the letters of a Korean syllable.
        """
        if self.font.get_nominal_glyph(ord(char)):
            return True
        return bool(_COMPOSED.match(char)) and all(map(self.font.get_nominal_glyph, map(ord, _taken_apart(char))))


@dataclass(frozen=True, slots=True)
class Script:
    """One group of scripts: its label, the language to read it aloud in, what it sets (for people), its font file."""

    group: str
    language: str
    sets: str
    file: str
    """Its name without ending; of a font of `HAN_COLLECTION`, the name that it has there."""
    capacity: int = 1_000
    """How many different characters may share a plate, so that its fonts stay light in every file."""
    leading: float = 0
    """How far apart lines must be, in ems, so that deep signs of one do not meet tall signs of the next."""


LATIN = "latin"
HAN_COLLECTION = "NotoSerifCJK_500Medium.ttc"
_COLLECTED = ("NotoSerifKR_500Medium", "NotoSerifSC_500Medium", "NotoSerifTC_500Medium", "NotoSerifJP_500Medium")
"""The fonts of the collection, in its order: four that have many glyphs in common."""
STYLES = {
    "serif": "EBGaramond_500Medium",
    "marked": "NotoSerif_500Medium",
    "regular": "NotoSans_400Regular",
    "bold": "NotoSans_600SemiBold",
}
"""The Latin, Greek and Cyrillic face of each style that a design may name; *marked* stands in for *serif*, see
`legible`."""

SCRIPTS = (
    Script("arabic", "ar", "Arabic, Persian, Urdu", "Amiri_400Regular", leading=1.45),
    Script("hebrew", "he", "Hebrew", "NotoSerifHebrew_500Medium"),
    Script("devanagari", "hi", "Hindi, Marathi, Nepali", "NotoSerifDevanagari_500Medium", leading=1.4),
    Script("bengali", "bn", "Bengali, Assamese", "NotoSerifBengali_500Medium", leading=1.4),
    Script("tamil", "ta", "Tamil", "NotoSansTamil_500Medium"),
    Script("thai", "th", "Thai", "NotoSansThai_500Medium", leading=1.4),
    Script("ethiopic", "am", "Amharic, Tigrinya", "NotoSansEthiopic_500Medium"),
    Script("khmer", "km", "Khmer", "NotoSerifKhmer_500Medium", leading=1.6),
    Script("myanmar", "my", "Burmese", "NotoSansMyanmar_500Medium", leading=1.7),
    Script("armenian", "hy", "Armenian", "NotoSansArmenian_500Medium"),
    Script("georgian", "ka", "Georgian", "NotoSansGeorgian_500Medium"),
    Script("gurmukhi", "pa", "Punjabi", "NotoSansGurmukhi_500Medium"),
    Script("gujarati", "gu", "Gujarati", "NotoSansGujarati_500Medium"),
    Script("odia", "or", "Odia", "NotoSansOriya_500Medium", leading=1.4),
    Script("telugu", "te", "Telugu", "NotoSansTelugu_500Medium", leading=1.5),
    Script("kannada", "kn", "Kannada", "NotoSansKannada_500Medium", leading=1.5),
    Script("malayalam", "ml", "Malayalam", "NotoSansMalayalam_500Medium", leading=1.4),
    Script("sinhala", "si", "Sinhala", "NotoSansSinhala_500Medium", leading=1.3),
    Script("lao", "lo", "Lao", "NotoSansLao_500Medium", leading=1.45),
    Script("tibetan", "dz", "Dzongkha, Tibetan", "NotoSerifTibetan_500Medium", leading=1.9),
    Script("thaana", "dv", "Dhivehi", "NotoSansThaana_500Medium"),
    Script("nko", "nqo", "N'Ko", "NotoSansNKo_400Regular"),
    Script("tifinagh", "ber", "Amazigh", "NotoSansTifinagh_400Regular"),
    Script("adlam", "ff", "Fulani in Adlam", "NotoSansAdlam_500Medium"),
    Script("syriac", "syr", "Syriac", "NotoSansSyriac_500Medium"),
    Script("ol-chiki", "sat", "Santali", "NotoSansOlChiki_500Medium"),
    Script("meetei", "mni", "Meitei", "NotoSansMeeteiMayek_500Medium"),
    Script("canadian", "iu", "Canadian syllabics: Inuktitut, Cree", "NotoSansCanadianAboriginal_500Medium"),
    Script("cherokee", "chr", "Cherokee", "NotoSansCherokee_500Medium"),
    Script("javanese", "jv", "Javanese in its script", "NotoSansJavanese_500Medium", leading=1.6),
    Script("balinese", "ban", "Balinese in its script", "NotoSansBalinese_500Medium", leading=1.6),
    Script("lisu", "lis", "Lisu", "NotoSansLisu_500Medium"),
    Script("yi", "ii", "Yi", "NotoSansYi_400Regular"),
    Script("chakma", "ccp", "Chakma", "NotoSansChakma_400Regular", leading=1.5),
    Script("mongolian", "mn", "Mongolian in its script", "NotoSansMongolian_400Regular"),
)
HAN = {
    "zh-hans": Script("han-zh-hans", "zh-Hans", "Chinese, simplified", "NotoSerifSC_500Medium", 100),
    "zh-hant": Script("han-zh-hant", "zh-Hant", "Chinese, traditional", "NotoSerifTC_500Medium", 90),
    "ja": Script("han-ja", "ja", "Japanese", "NotoSerifJP_500Medium", 100),
    "ko": Script("han-ko", "ko", "Korean", "NotoSerifKR_500Medium", 110),
}
"""In the order in which a rare character is looked for beyond the person's own country."""

_LANGUAGES = {script.group: script.language for script in (*SCRIPTS, *HAN.values())}
_CAPACITIES = {LATIN: 1_000, **{script.group: script.capacity for script in (*SCRIPTS, *HAN.values())}}
_KANA = range(0x3040, 0x3100)
_HANGUL = (range(0x1100, 0x1200), range(0x3130, 0x3190), range(0xAC00, 0xD7B0))
_MARKED_LETTER = re.compile("[^\u0300-\u036f][\u0300-\u036f]+")
_FIRST_EAST_ASIAN = "\u2e80"
_EAST_ASIAN = re.compile(
    "[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]"
)
_IDEOGRAPH = re.compile("[\u2e80-\u2fdf\u3005\u3007\u3021-\u3029\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_TRADITIONAL = frozenset({"hant", "tw", "hk", "mo"})
_COMPOSED = re.compile("[\uac00-\ud7a3\uf900-\ufaff\U0002f800-\U0002fa1f]")
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
"""Two of them are a flag, which fonts of letters draw as letters in boxes."""
SILENT = frozenset(map(chr, (0x034F, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
"""What chooses a form of the letter before it and is nothing by itself: a font that lacks the form draws the usual."""


def _taken_apart(char: str) -> str:
    """Return the letters of a syllable, or the ideograph that a compatibility ideograph is a form of."""
    return unicodedata.normalize("NFD", char)


@lru_cache(maxsize=8192)
def is_unset(char: str) -> bool:
    """Say whether *char* is never set, whatever fonts have for it.

    That is a control, a character for private use or not assigned yet, half a flag, and what stands for something lost.
    """
    if is_control(char) or char in "\ufffc\ufffd":
        return True
    return unicodedata.category(char) in ("Co", "Cn") or ord(char) in _FLAG_LETTERS


@cache
def _open(file: str, group: str) -> Face:
    """Open a font file once in each process."""
    return Face(file.replace("_", "-"), group, hb.Font(_opened(file)))


def _opened(file: str) -> hb.Face:
    """Return the face called *file*, which may be one of the collection."""
    member = _COLLECTED.index(file) if file in _COLLECTED else 0
    return hb.Face(hb.Blob.from_file_path(str(_path(file))), member)


def _path(file: str) -> Path:
    return _FOLDER / (HAN_COLLECTION if file in _COLLECTED else f"{file}.ttf")


def unusable_fonts() -> dict[str, str]:
    """Return, for each group of languages whose font cannot be used, why; empty where all can."""
    files = dict.fromkeys(STYLES.values(), "Latin, Greek, Cyrillic")
    files |= {script.file: script.sets for script in (*SCRIPTS, *HAN.values())}
    bad = {}
    for file, sets in files.items():
        path = _path(file)
        if not path.is_file():
            bad[sets] = f"{path} is missing"
        elif not _opened(file).glyph_count:
            bad[sets] = f"{path} is damaged"
    return bad


def covered_languages() -> list[str]:
    """Return what names can be set in, for people."""
    return ["Latin, Greek, Cyrillic", *(script.sets for script in (*SCRIPTS, *HAN.values()))]


def han_language(text: str, language: str) -> str:
    """Return which country's Han forms *text* takes: a key of `HAN`; *language* is a BCP 47 tag or empty.

    Kana and hangul decide, then the language. Where that country's font lacks a character, or nothing tells, it is the
    first font that has every character, so that a name never mixes the forms of two countries.
    """
    if not text or max(text) < _FIRST_EAST_ASIAN:
        return "zh-hans"
    han = _EAST_ASIAN.findall(text)
    first = _country_of_letters(map(ord, han)) or _country_of(language)
    if first == "ko":
        han = [char for char in han if not _is_hangul(ord(char))]  # which all of them leave to its font
    order = [first, *(country for country in HAN if country != first)] if first else [*HAN]
    return next((country for country in order if _covers(country, han)), order[0])


def _country_of_letters(points: Iterable[int]) -> str:
    """Return the key of `HAN` whose own letters are among *points*, or nothing."""
    found = set(points)
    if any(point in _KANA for point in found):
        return "ja"
    return "ko" if any(map(_is_hangul, found)) else ""


def _is_hangul(point: int) -> bool:
    return any(point in block for block in _HANGUL)


def mixes_forms(text: str, language: str) -> bool:
    """Say whether no font has all ideographs of *text*, so that it would be set in the forms of two countries."""
    han = _IDEOGRAPH.findall(text)
    return bool(han) and not _covers(han_language(text, language), han)


def _country_of(language: str) -> str:
    """Return the key of `HAN` that a BCP 47 tag asks for, or nothing."""
    first, *others = language.lower().split("-")
    if first == "zh":
        return "zh-hant" if _TRADITIONAL & set(others) else "zh-hans"
    return first if first in HAN else ""


def _covers(country: str, han: list[str]) -> bool:
    """Say whether a country's font has all of *han*."""
    face = _open(HAN[country].file, HAN[country].group)
    return all(face.has(char) for char in han)


def _candidates(char: str, style: str, han: str) -> Iterator[Face]:
    """Yield the faces that may set *char*, best first."""
    yield _open(STYLES[style], LATIN)
    if char >= _FIRST_EAST_ASIAN:
        others = [country for country in HAN if country != han]
        for country in (han, *others):
            yield _open(HAN[country].file, HAN[country].group)
    for script in SCRIPTS:
        yield _open(script.file, script.group)
    yield _open(STYLES["regular"], LATIN)


@lru_cache(maxsize=65536)
def face_for(char: str, style: str, han: str) -> Face | None:
    """Return the face that sets *char* in *style*; None where no font has it, and for what nothing sets."""
    if is_unset(char):
        return None
    return next((face for face in _candidates(char, style, han) if face.has(char)), None)


class Alphabet(dict[str, float]):
    """The characters that a style's own face sets from left to right, each with its advance in ems.

    Learned at first sight. Most texts need no other face, and to know that takes a look at each character.
    """

    def __init__(self, face: Face) -> None:
        super().__init__()
        self.face = face

    def __missing__(self, char: str) -> float:
        """Learn *char*.

        Raises:
            KeyError: another face must set it, or it is not from left to right, or a control.
        """
        glyph = self.face.font.get_nominal_glyph(ord(char))
        if not glyph or is_unset(char) or levels(char):
            raise KeyError(char)
        advance = self[char] = self.face.font.get_glyph_h_advance(glyph) / self.face.units_per_em
        return advance

    def width(self, text: str) -> float | None:
        """Return the sum of the advances of *text*, unshaped; None where this face alone does not set it."""
        try:
            return sum(map(self.__getitem__, text))
        except KeyError:
            return None


@cache
def alphabet(style: str) -> Alphabet:
    """Return what the Latin face of *style* sets."""
    return Alphabet(_open(STYLES[style], LATIN))


def legible(text: str, style: str) -> str:
    """Return *style*, or `marked` where the face of `serif` has no place for a mark of *text*, or lacks a letter.

    Most accented letters are one character and drawn as one. A Yoruba Ọ̀ is not: its second mark must be put in place,
    which that face can do for some letters only. The whole text changes its face, so that no name mixes two.
    """
    if style != "serif" or text.isascii():
        return style
    own = alphabet(style)
    if own.width(text) is not None and all(_places(own.face, found) for found in _MARKED_LETTER.findall(text)):
        return style
    return "marked" if alphabet("marked").width(text) is not None else style


@lru_cache(maxsize=4096)
def _places(face: Face, letter: str) -> bool:
    """Say whether *face* puts every mark of *letter* in its place, instead of beside it."""
    buffer = hb.Buffer()
    buffer.add_str(letter)
    buffer.guess_segment_properties()
    hb.shape(face.font, buffer)
    return all(place.x_advance or place.x_offset or place.y_offset for place in buffer.glyph_positions)


def least_leading(text: str, style: str, language: str) -> float:
    """Return how far apart lines of *text* must be, in ems."""
    han = han_language(text, language)
    groups = {face.group for char in text if char not in SILENT and (face := face_for(char, style, han))}
    return max((script.leading for script in SCRIPTS if script.group in groups), default=0)


def plate_group(name: str, language: str) -> str:
    """Return the label of the group of scripts that *name* belongs to; names of one group may share a plate.

    A name in two scripts belongs to both (`arabic+han-ja`); Latin, Greek and Cyrillic are always there and count only
    when alone. A character without font counts as `other`, and `unprintable` says so.
    """
    if alphabet("serif").width(name) is not None:
        return LATIN
    han = han_language(name, language)
    faces = {face_for(char, "serif", han) for char in set(name) - SILENT}
    groups = {face.group if face else "other" for face in faces} - {LATIN}
    return "+".join(sorted(groups)) or LATIN


def spoken_language(name: str, language: str) -> str:
    """Return the BCP 47 tag in which *name* is read aloud: *language* if known, else what its script suggests."""
    return language or _LANGUAGES.get(plate_group(name, language).partition("+")[0], "und")


def plate_capacity(group: str) -> int:
    """Return how many different characters the names of a `plate_group` may have on one plate."""
    return min(_CAPACITIES.get(label, min(_CAPACITIES.values())) for label in group.split("+"))
