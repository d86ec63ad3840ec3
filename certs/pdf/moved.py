"""Glyphs moved from where they would stand: the marks over and under the letters of a name from right to left.

A PDF could move them by operators as well. But text extractors take what stands off the line, or back over what was
shown before, for words of their own, and put vowel points out of order. So the moved glyph becomes a glyph of the
embedded font, a composite with one component (OpenType 1.9, table glyf), and is shown on the line like any other.
"""

import io
from collections.abc import Sequence
from typing import NamedTuple


class Moved(NamedTuple):
    """A glyph drawn *right* and *up* from the pen, which then goes on by *advance*; all in font units."""

    glyph: int
    right: int
    up: int
    advance: int


def with_moved(program: bytes, moved: Sequence[Moved]) -> bytes:
    """Return the TrueType font *program* with *moved*, glyphs of this program, as further glyphs behind its own."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 -- few names need it
    from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent  # noqa: PLC0415

    font = TTFont(io.BytesIO(program), recalcTimestamp=False)
    names = font.getGlyphOrder()
    outlines, metrics = font["glyf"], font["hmtx"]
    for place, one in enumerate(moved):
        part = GlyphComponent()
        part.glyphName, part.x, part.y, part.flags = names[one.glyph], one.right, one.up, 0
        glyph = Glyph()
        glyph.numberOfContours, glyph.components = -1, [part]
        name = f"moved{place}"
        outlines[name] = glyph
        glyph.recalcBounds(outlines)
        metrics[name] = one.advance, glyph.xMin  # a reader moves the outline to where its left edge is said to be
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
