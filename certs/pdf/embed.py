"""The subset of a typeface that a plate embeds.

Text is written with two-byte codes that this font hands out: one for each pair of a glyph and the characters it stands
for, so that ToUnicode gives back exactly what was set, even where one glyph serves two characters. It is a Type 0 font
with the encoding Identity-H and a CIDToGIDMap from codes to the glyphs of the subset (ISO 32000-1, 9.7).
"""

import zlib
from collections.abc import Iterable
from functools import lru_cache

import uharfbuzz as hb

from certs.pdf.moved import Moved, with_moved
from certs.pdf.objects import Objects, deflated, number, reference
from certs.pdf.typeface import Face

_DROPPED_TABLES = (
    *("GSUB", "GPOS", "GDEF", "BASE", "kern", "STAT", "DSIG", "meta"),
    *("name", "post", "cmap", "OS/2", "vhea", "vmtx", "VORG", "gasp", "FFTM", "prep", "fpgm", "cvt"),
)
"""What a PDF reader never looks at: shaping is done, and names and metrics stand in the PDF's own dictionaries."""

_TO_UNICODE_HEAD = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
"""
_TO_UNICODE_FOOT = b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
Glyph = int | Moved
_MOST_ROWS = 100
"""Of one bfchar section (Adobe Technical Note 5411)."""


def _tag(name: str) -> int:
    """Return the four-character table tag as a number."""
    return int.from_bytes(name.ljust(4).encode(), "big")


class EmbeddedFont:
    """A face in one plate; codes are handed out at first sight, then `write` embeds what was used."""

    def __init__(self, face: Face, resource: str) -> None:
        self.face = face
        self.resource = resource.encode()
        self._codes: dict[tuple[Glyph, str], tuple[bytes, int]] = {}
        self._glyphs: list[tuple[Glyph, str]] = [(0, "")]

    def copy(self) -> "EmbeddedFont":
        """Return a font that has handed out the same codes so far."""
        twin = EmbeddedFont(self.face, "")
        twin.resource, twin._codes, twin._glyphs = self.resource, dict(self._codes), list(self._glyphs)
        return twin

    @property
    def codes(self) -> int:
        """How many codes it has handed out."""
        return len(self._codes)

    def code(self, glyph: Glyph, text: str) -> tuple[bytes, int]:
        """Return the code of *glyph* standing for *text*, as four hex digits, and its advance in font units."""
        known = self._codes.get((glyph, text))
        if known is None:
            known = b"%04X" % len(self._glyphs), self._advance(glyph)
            self._codes[glyph, text] = known
            self._glyphs.append((glyph, text))
        return known

    def write(self, objects: Objects) -> int:
        """Add the font to *objects* and return its number."""
        program, renumbered = _program(self.face, frozenset(glyph for glyph, _ in self._glyphs))
        name = f"{_subset_tag(program)}+{self.face.name}".encode()
        file = objects.add(deflated(program, b"/Length1 %d" % len(program)))
        glyphs = b"".join(renumbered[glyph].to_bytes(2, "big") for glyph, _ in self._glyphs)
        descendant = objects.add(
            b"<</Type/Font/Subtype/CIDFontType2/BaseFont/%b"
            b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
            b"/FontDescriptor %b/DW 1000/W[0[%b]]/CIDToGIDMap %b>>"
            % (
                name,
                reference(objects.add(self._descriptor(name, file))),
                self._widths(),
                reference(objects.add(deflated(glyphs))),
            )
        )
        return objects.add(
            b"<</Type/Font/Subtype/Type0/BaseFont/%b/Encoding/Identity-H/DescendantFonts[%b]/ToUnicode %b>>"
            % (name, reference(descendant), reference(objects.add(deflated(self._to_unicode()))))
        )

    def _descriptor(self, name: bytes, file: int) -> bytes:
        """Return the font descriptor; flag 4: the font has its own set of characters."""
        extents = self.face.font.get_font_extents("ltr")
        return (
            b"<</Type/FontDescriptor/FontName/%b/Flags 4/FontBBox[-1000 -500 2500 1300]/ItalicAngle 0"
            b"/Ascent %b/Descent %b/CapHeight 700/StemV 80/FontFile2 %b>>"
            % (name, self._per_mille(extents.ascender), self._per_mille(extents.descender), reference(file))
        )

    def _widths(self) -> bytes:
        """Return the advances of all codes, in thousandths of an em."""
        return b" ".join(self._per_mille(self._advance(glyph)) for glyph, _ in self._glyphs)

    def _advance(self, glyph: Glyph) -> int:
        """Return the advance of *glyph*, in font units."""
        return glyph.advance if isinstance(glyph, Moved) else self.face.font.get_glyph_h_advance(glyph)

    def _per_mille(self, units: int) -> bytes:
        """Return font *units* in thousandths of an em."""
        return number(units * 1000 / self.face.units_per_em)

    def _to_unicode(self) -> bytes:
        """Return the CMap from codes to characters."""
        rows = [
            b"<%04X> <%b>\n" % (code, text.encode("utf-16-be").hex().upper().encode())
            for code, (_, text) in enumerate(self._glyphs)
            if text
        ]
        sections = [rows[start : start + _MOST_ROWS] for start in range(0, len(rows), _MOST_ROWS)]
        body = b"".join(b"%d beginbfchar\n%bendbfchar\n" % (len(part), b"".join(part)) for part in sections)
        return _TO_UNICODE_HEAD + body + _TO_UNICODE_FOOT


class Fonts:
    """The fonts of one plate, in the order in which they were needed."""

    def __init__(self) -> None:
        self._fonts: dict[Face, EmbeddedFont] = {}

    def of(self, face: Face) -> EmbeddedFont:
        """Return the plate's font for *face*."""
        font = self._fonts.get(face)
        if font is None:
            font = self._fonts[face] = EmbeddedFont(face, f"F{len(self._fonts)}")
        return font

    def copy(self) -> "Fonts":
        """Return fonts that have handed out the same codes so far."""
        twin = Fonts()
        twin._fonts = {face: font.copy() for face, font in self._fonts.items()}
        return twin

    @property
    def codes(self) -> int:
        """How many codes they have handed out."""
        return sum([font.codes for font in self._fonts.values()])

    def write(self, objects: Objects) -> bytes:
        """Add all fonts to *objects* and return the entries of the resource dictionary."""
        fonts = self._fonts.values()
        return b"".join(b"/%b %b" % (font.resource, reference(font.write(objects))) for font in fonts)


@lru_cache(maxsize=8)
def _program(face: Face, glyphs: frozenset[Glyph]) -> tuple[bytes, dict[Glyph, int]]:
    """Return the font program with *glyphs* only, and each glyph's new number; the faces of labels come again."""
    moved = sorted(glyph for glyph in glyphs if isinstance(glyph, Moved))
    plain = {glyph.glyph if isinstance(glyph, Moved) else glyph for glyph in glyphs}
    program, renumbered = _subset(face, plain)
    numbers = dict[Glyph, int](renumbered.items())
    if moved:
        numbers.update((glyph, len(renumbered) + place) for place, glyph in enumerate(moved))
        program = with_moved(program, [glyph._replace(glyph=renumbered[glyph.glyph]) for glyph in moved])
    return program, numbers


def _subset(face: Face, glyphs: Iterable[int]) -> tuple[bytes, dict[int, int]]:
    """Return the font program with *glyphs*, and what they are made of, and each glyph's new number."""
    request = hb.SubsetInput()
    request.glyph_set.update(glyphs)
    flags = hb.SubsetFlags
    request.flags = flags.NO_HINTING | flags.NOTDEF_OUTLINE | flags.NO_LAYOUT_CLOSURE
    request.drop_table_tag_set.update(map(_tag, _DROPPED_TABLES))
    plan = hb.SubsetPlan(face.font.face, request)
    renumbered = dict(plan.old_to_new_glyph_mapping)
    return bytes(plan.execute().blob.data), renumbered


def _subset_tag(program: bytes) -> str:
    """Return six letters that tell this subset from others of the same font (ISO 32000-1, 9.6.4)."""
    checksum = zlib.crc32(program)
    return "".join(chr(ord("A") + (checksum >> 4 * place) % 26) for place in range(6))
