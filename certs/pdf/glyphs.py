"""Shaped glyphs as items of the operator TJ: codes, and what moves the pen between them.

HarfBuzz gave the glyphs and `text` the characters that each stands for; a font gives a code for both together.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import uharfbuzz as hb

from certs.pdf.embed import EmbeddedFont, Glyph
from certs.pdf.moved import Moved
from certs.pdf.objects import number

JOINERS = "\u200c\u200d"
_RTL_MARK = "\u200f"
_WORD_GAP = 0.08
"""Ems; some readers take a tenth for a space between words."""


class Piece(NamedTuple):
    """Shaped glyphs: items for an array of the operator TJ, their width in font units, and whether they give the text.

    They do not where several glyphs stand for several characters together.
    """

    items: bytes
    width: int
    exact: bool


def items(font: EmbeddedFont, buffer: hb.Buffer, texts: Iterable[str], *, exact: bool) -> Piece:
    """Return the glyphs in *buffer*: codes with adjustments between them, and Ts where a glyph is raised."""
    per_mille, width = 1000 / font.face.units_per_em, 0
    out = [b"<"]
    for info, position, text in zip(buffer.glyph_infos, buffer.glyph_positions, texts, strict=True):
        code, advance = font.code(info.codepoint, text)
        shift, raised, step = position.x_offset, position.y_offset, position.x_advance
        width += step
        if step == advance and not shift and not raised:
            out.append(code)
            continue
        before, after = round(-shift * per_mille), round((advance - step + shift) * per_mille)
        glyph = b"%b%b%b" % (b">%d<" % before if before else b"", code, b">%d<" % after if after else b"")
        out.append(b">]TJ %b Ts[<%b>]TJ 0 Ts[<" % (number(raised * per_mille / 1000), glyph) if raised else glyph)
    out.append(b">")
    return Piece(b"".join(out), width, exact)


def items_rtl(font: EmbeddedFont, buffer: hb.Buffer, texts: Sequence[str]) -> Piece:
    """Return the glyphs in *buffer*, which run from right to left, none off the line: see `moved`.

    From left to right, marks come before their letter. They are moved from where it begins, so nothing goes back. A
    joiner, which is a blank set back, keeps its width, for PDFium passes over what has none and is not to be seen.
    """
    widest, width = _WORD_GAP * font.face.units_per_em, 0
    out, marks = [b"<", _opening(font, texts)], list[tuple[Moved, str]]()
    for info, position, text in zip(buffer.glyph_infos, buffer.glyph_positions, texts, strict=True):
        shift, raised, step = position.x_offset, position.y_offset, position.x_advance
        if not step and text not in JOINERS:
            marks.append((Moved(info.codepoint, shift, raised, 0), text))
            continue
        width += step
        glyph: Glyph = info.codepoint
        advance = font.face.font.get_glyph_h_advance(info.codepoint)
        if step and max(abs(shift), abs(step - advance - shift)) > widest:
            glyph, shift, advance = Moved(info.codepoint, shift, raised, step), 0, step
        elif raised:
            glyph = Moved(info.codepoint, 0, raised, advance)
        out += [_gap(font, shift), *_marks(font, marks, shift), font.code(glyph, text)[0]]
        out.append(_gap(font, step - advance - shift))
        marks.clear()
    return Piece(b"".join((*out, *_marks(font, marks, 0), b">")), width, exact=True)


def _gap(font: EmbeddedFont, units: int) -> bytes:
    """Return what moves the pen by so many font units between two codes."""
    per_mille = round(-units * 1000 / font.face.units_per_em)
    return b">%d<" % per_mille if per_mille else b""


def _marks(font: EmbeddedFont, marks: Iterable[tuple[Moved, str]], shift: int) -> Iterator[bytes]:
    """Yield the codes of *marks* for a pen that was shifted already."""
    for mark, text in marks:
        moved = mark._replace(right=mark.right - shift)
        plain = moved == (mark.glyph, 0, 0, font.face.font.get_glyph_h_advance(mark.glyph))
        yield font.code(mark.glyph if plain else moved, text)[0]


def _opening(font: EmbeddedFont, texts: Sequence[str]) -> bytes:
    """Return the code of a mark to be seen nowhere that reads from right to left, where a name ends in a sign.

    That sign is the first from the left, and readers would count it to what stands before the name.
    """
    blank = font.face.font.get_nominal_glyph(ord(" "))
    needed = bool(texts) and unicodedata.category(texts[0][0]).startswith("M")
    return font.code(Moved(blank, 0, 0, 0), _RTL_MARK)[0] if needed and blank else b""
