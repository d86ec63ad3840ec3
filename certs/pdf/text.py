"""Shaped text: from characters to the operators that show them.

A `Line` is written in ems, for use after `BT … SIZE 0 0 SIZE X Y Tm`. HarfBuzz shapes; every code stands for just the
characters of its glyph, so readers get the text back in logical order. Three rules make that hold in poppler and PDFium
alike: a run from right to left bears no ActualText (they would reverse it), a complex run from left to right does, and
what is to be off the line or over its neighbour in a run from right to left is a glyph of its own, see `moved`.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

import uharfbuzz as hb

from certs.errors import InputError
from certs.pdf import bidi
from certs.pdf.embed import EmbeddedFont, Fonts
from certs.pdf.glyphs import JOINERS, Piece, items, items_rtl
from certs.pdf.objects import Objects, text_string
from certs.pdf.outline import GlyphPen
from certs.pdf.typeface import LATIN, SILENT, Face, alphabet, face_for, han_language
from certs.wording import say

_FEATURES = {"kern": True, "liga": True}
_FEATURES_RTL = {"kern": True, "liga": False}
"""Readers turn right-to-left text round letter by letter, so a ligature (Allah) would come back garbled."""
_SILENT = "\u200b"
"""What a glyph stands for whose text another glyph of its cluster already gives."""
_RTL_GROUPS = frozenset({"arabic", "hebrew", "thaana", "nko", "adlam", "syriac"})
_LTR_MARK = "\u200e"
_KEPT_LINES = 4096
_words = re.compile(" |[^ ]+").findall


class Line(NamedTuple):
    """Operators that show one line of text, and its width in ems."""

    operators: bytes
    width: float


class Run(NamedTuple):
    """Neighbouring characters of one face and one embedding level."""

    face: Face
    level: int
    text: str


ShapePiece = Callable[[Face, int, str, str], Piece]
"""From face, level, text and language."""
ShapeLine = Callable[[str, str, str], Line]
"""From text, style and language."""


class Typesetter:
    """Shapes the text of one plate and collects the fonts that it needs.

    What it has shaped is kept by functions of the fonts, not by methods: so a plate that is done with leaves no cycle,
    and its memory is free at once.
    """

    def __init__(self, fonts: Fonts | None = None) -> None:
        self._fonts = fonts or Fonts()
        piece = lru_cache(maxsize=_KEPT_LINES)(partial(shape_piece, self._fonts))
        self.line: ShapeLine = lru_cache(maxsize=_KEPT_LINES)(partial(_shape, self._fonts, piece))
        self._glyph = lru_cache(maxsize=_KEPT_LINES)(partial(_plain_glyph, self._fonts))

    def copy(self) -> "Typesetter":
        """Return a typesetter that begins with the codes of this one and leaves it as it is."""
        return Typesetter(self._fonts.copy())

    @property
    def codes(self) -> int:
        """How many codes its fonts have handed out."""
        return self._fonts.codes

    def plain(self, text: str, style: str) -> Line:
        """Return ASCII *text* one glyph after the other, for numbers that differ on every certificate."""
        glyphs = [self._glyph(char, style) for char in text]
        codes = b"".join([code for code, _ in glyphs])
        face = face_for("0", style, "")
        resource = self._fonts.of(face).resource if face else b""
        return Line(b"/%b 1 Tf <%b>Tj " % (resource, codes), sum([advance for _, advance in glyphs]))

    def write(self, objects: Objects) -> bytes:
        """Embed every font used so far and return the entries of the resource dictionary."""
        return self._fonts.write(objects)


def _plain_glyph(fonts: Fonts, char: str, style: str) -> tuple[bytes, float]:
    """Return a character's code in the style's Latin face, and its advance in ems."""
    face = face_for(char, style, "")
    glyph = face.font.get_nominal_glyph(ord(char)) if face else None
    if face is None or glyph is None:
        raise InputError(say("No font has the character {char!r}.", char=char))
    code, advance = fonts.of(face).code(glyph, char)
    return code, advance / face.units_per_em


def _shape(fonts: Fonts, piece: ShapePiece, text: str, style: str, language: str) -> Line:
    """Return *text* shaped in one of the styles of `typeface`; *language* chooses Han forms.

    Raises:
        InputError: a character has no glyph, or is a control.
    """
    runs = split_runs(text, style, language)
    if len(runs) > 1:
        runs = [_told_apart(runs, at) for at in range(len(runs))]
    return _joined([_shape_run(fonts, piece, run, language) for run in runs])


def _told_apart(runs: Sequence[Run], at: int) -> Run:
    """Return one of *runs*, with a mark before it if it begins with a bracket beside a run from right to left.

    Readers would count the bracket to that, and turn it round. The mark is not shaped: see `shape_piece`.
    """
    run = runs[at]
    beside = at > 0 and runs[at - 1].level % 2 > run.level % 2 and run.text[0] in bidi.BRACKETS
    return run._replace(text=_LTR_MARK + run.text) if beside else run


def _shape_run(fonts: Fonts, piece: ShapePiece, run: Run, language: str) -> Line:
    """Shape one run; in Latin faces word by word, for people share names, and no letter kerns with a space."""
    texts = _words(run.text) if run.face.group == LATIN else [run.text]
    pieces = [piece(run.face, run.level, text, language) for text in texts]
    operators = _show(fonts.of(run.face), b"".join([piece.items for piece in pieces]))
    line = Line(operators, sum([piece.width for piece in pieces]) / run.face.units_per_em)
    if run.level % 2 or all(piece.exact for piece in pieces) or _beyond_readers(run.text):
        return line
    span = b"/Span<</ActualText%b>>BDC %b EMC " % (text_string(run.text), line.operators)
    return Line(span, line.width)


def _beyond_readers(text: str) -> bool:
    """Say whether a letter of *text* is one that PDFium leaves out of an ActualText: it lies beyond the first plane."""
    return any(char > "\uffff" and char not in SILENT for char in text)


def shape_piece(fonts: Fonts, face: Face, level: int, text: str, language: str) -> Piece:
    """Shape what is of one face and level; a mark of direction before it is text of its first glyph."""
    rtl, bare = bool(level % 2), text.removeprefix(_LTR_MARK)
    buffer = _shaped(Run(face, level, bare), rtl, language)
    texts, exact = _texts_of_glyphs(bare, [info.cluster for info in buffer.glyph_infos], rtl)
    if bare != text:
        texts[0] = _LTR_MARK + texts[0]
    return items_rtl(fonts.of(face), buffer, texts) if rtl else items(fonts.of(face), buffer, texts, exact=exact)


def split_runs(text: str, style: str, language: str) -> list[Run]:
    """Return the runs of *text* from left to right, as they stand on the line.

    Raises:
        InputError: a character has no glyph, or is a control.
    """
    latin = alphabet(style)
    if text and latin.width(text) is not None:
        return [Run(latin.face, 0, text)]
    levels = bidi.levels(text)
    only = _only_face(text, style, language)
    if only and isinstance(levels, int):
        return [Run(only, levels, text)]
    if isinstance(levels, int):
        levels = [levels] * len(text)
    faces = _faces(text, style, language, levels)
    starts = [i for i in range(len(text)) if i == 0 or (faces[i], levels[i]) != (faces[i - 1], levels[i - 1])]
    ends = [*starts[1:], len(text)]
    runs = [Run(faces[start], levels[start], text[start:end]) for start, end in zip(starts, ends, strict=True)]
    return [runs[i] for i in bidi.visual_order([run.level for run in runs])]


def _only_face(text: str, style: str, language: str) -> Face | None:
    """Return the face that sets all of *text*, as most names have one; spaces go along."""
    han = han_language(text, language)
    faces = {face_for(char, style, han) for char in set(text) - {" "} - SILENT}
    only = faces.pop() if len(faces) == 1 else None
    return only if only and only.has(" ") else None


def plain_width(text: str, style: str, language: str) -> float:
    """Return the sum of the advances of *text*'s characters, unshaped, in ems.

    Raises:
        InputError: a character has no glyph, or is a control.
    """
    width = alphabet(style).width(text)
    if width is not None:
        return width
    han = han_language(text, language)
    return sum([_plain_advance(char, style, han) for char in text])


def outlined(text: str, style: str, language: str, size: float) -> Line:
    """Return *text* as outlines, for ornaments that no reader should take for text; its width is in points.

    Raises:
        InputError: a character has no glyph, or is a control.
    """
    out, left = [], 0.0
    for run in split_runs(text, style, language):
        scale = size / run.face.units_per_em
        buffer = _shaped(run, bool(run.level % 2), language)
        for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            pen = GlyphPen(scale, left)
            run.face.font.draw_glyph_with_pen(info.codepoint, pen)
            out.append(pen.operators)
            left += position.x_advance * scale
    return Line(b" ".join([*out, b"f"]), left)


def ink(text: str, style: str, language: str) -> tuple[float, float]:
    """Return how far above and below its baseline *text* reaches, in ems.

    Raises:
        InputError: a character has no glyph, or is a control.
    """
    above = below = 0.0
    for run in split_runs(text, style, language):
        buffer = _shaped(run, bool(run.level % 2), language)
        for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            if extents := run.face.font.get_glyph_extents(info.codepoint):
                top = (position.y_offset + extents.y_bearing) / run.face.units_per_em
                above, below = max(above, top), max(below, -top - extents.height / run.face.units_per_em)
    return above, below


def shaped_runs(text: str, style: str, language: str) -> Iterator[tuple[Face, list[int]]]:
    """Yield the face and the glyphs of each run of *text*.

    Raises:
        InputError: a character has no glyph, or is a control.
    """
    for run in split_runs(text, style, language):
        buffer = _shaped(run, bool(run.level % 2), language)
        yield run.face, [info.codepoint for info in buffer.glyph_infos]


@lru_cache(maxsize=65536)
def _plain_advance(char: str, style: str, han: str) -> float:
    """Return the advance of a character's own glyph, in ems."""
    if char in SILENT:
        return 0
    face = face_for(char, style, han)
    if face is None:
        raise InputError(say("No font has the character {char!r} (U+{ord:04X}).", char=char, ord=ord(char)))
    glyph = face.font.get_nominal_glyph(ord(char)) or 0
    return face.font.get_glyph_h_advance(glyph) / face.units_per_em


def _faces(text: str, style: str, language: str, levels: Sequence[int]) -> list[Face]:
    """Return the face of every character; marks, joiners and spaces stay with what they follow, see `_stays`.

    Brackets of one pair have one face: that of what is between them, or where that is of another direction, of what
    they follow.
    """
    han = han_language(text, language)
    faces: list[Face] = []
    for char, level in zip(text, levels, strict=True):
        if faces and (char in SILENT or (_stays(char, faces[-1], level) and faces[-1].has(char))):
            faces.append(faces[-1])
            continue
        face = face_for(char, style, han)
        if face is None:
            raise InputError(
                say(
                    "No font has the character {char!r} (U+{ord:04X}) of “{text}”.", char=char, ord=ord(char), text=text
                )
            )
        faces.append(face)
    for opening, closing in bidi.pairs(text) if max(levels) else ():
        if faces[opening].has(text[closing]):
            faces[closing] = faces[opening]
    return faces


def _stays(char: str, face: Face, level: int) -> bool:
    """Say whether *char* belongs to what it follows, in *face*: a space, a joiner or a mark.

    From right to left punctuation does, too: a run of its own would be another word for readers.
    """
    kind = unicodedata.category(char)[0]
    return (
        char == " " or char in JOINERS or kind == "M" or (kind == "P" and level % 2 == 1 and face.group in _RTL_GROUPS)
    )


def _shaped(run: Run, rtl: bool, language: str) -> hb.Buffer:
    """Return HarfBuzz' glyphs for *run*.

    Raises:
        InputError: a glyph is missing.
    """
    buffer = hb.Buffer()
    buffer.add_str(run.text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if rtl else "ltr"
    if language:
        buffer.language = language
    levels = hb.BufferClusterLevel
    buffer.cluster_level = levels.CHARACTERS if rtl else levels.MONOTONE_GRAPHEMES
    hb.shape(run.face.font, buffer, _FEATURES_RTL if rtl else _FEATURES)
    if not all(info.codepoint for info in buffer.glyph_infos):
        raise InputError(say("A character of “{text}” has no glyph in {name}.", text=run.text, name=run.face.name))
    return buffer


def _texts_of_glyphs(text: str, clusters: Sequence[int], rtl: bool) -> tuple[list[str], bool]:
    """Return the characters that each glyph stands for, and whether reading the glyphs in order gives *text*."""
    indices = range(len(text) - 1, -1, -1) if rtl else range(len(text))
    if list(clusters) == list(indices):
        return [text[i] for i in clusters], True
    bounds = [*sorted(set(clusters)), len(text)]
    texts, seen = [], set()
    for cluster in clusters:
        end = bounds[bisect_right(bounds, cluster)]
        texts.append(_SILENT if cluster in seen else text[cluster:end])
        seen.add(cluster)
    return texts, _SILENT not in texts


def _show(font: EmbeddedFont, written: bytes) -> bytes:
    """Return the operators that show *written*, neighbouring codes in one string."""
    shown = b"/%b 1 Tf [%b]TJ " % (font.resource, written.replace(b"><", b""))
    return shown.replace(b"[<>]TJ", b"").replace(b"<>", b" ") if b"<>" in shown else shown


def _joined(lines: Sequence[Line]) -> Line:
    """Return *lines* side by side."""
    if len(lines) == 1:
        return lines[0]
    return Line(b"".join(line.operators for line in lines), sum(line.width for line in lines))
