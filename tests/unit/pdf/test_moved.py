"""Moved glyphs are drawn where they are moved to, and stand on the line."""

import io
import re
from collections.abc import Iterator

import pytest
import uharfbuzz as hb
from fontTools.ttLib import TTFont

from certs.pdf.embed import Fonts
from certs.pdf.moved import Moved, with_moved
from certs.pdf.text import Run, Typesetter, shape_piece, split_runs
from certs.pdf.typeface import face_for

POINTED = ("مُحَمَّدٌ بْنُ عَبْدِ اللهِ", "عليّ", "شُكْرِيَّة", "רַבִּי יִשְׂרָאֵל", "لِلّٰهِ")


def font_of(program: bytes) -> hb.Font:
    return hb.Font(hb.Face(hb.Blob(program)))


def test_a_moved_glyph_is_the_same_outline_elsewhere() -> None:
    """By as much as was said, with the advance that was said, behind all other glyphs."""
    face = face_for("ّ", "serif", "")
    assert face is not None
    program = bytes(face.font.face.blob.data)
    count = face.font.face.glyph_count
    glyph = face.font.get_nominal_glyph(ord("ّ"))
    assert glyph is not None
    font = font_of(with_moved(program, [Moved(glyph, 100, -250, 7), Moved(glyph, 0, 0, 0)]))
    plain, moved, same = (font.get_glyph_extents(one) for one in (glyph, count, count + 1))
    assert plain is not None
    assert moved is not None
    assert (moved.x_bearing, moved.y_bearing) == (plain.x_bearing + 100, plain.y_bearing - 250)
    assert (moved.width, moved.height) == (plain.width, plain.height)
    assert same == plain
    assert [font.get_glyph_h_advance(one) for one in (count, count + 1)] == [7, 0]


def test_a_moved_glyph_begins_where_its_metrics_say() -> None:
    """Readers move an outline so that its left edge is where the table of metrics has it."""
    face = face_for("ّ", "serif", "")
    assert face is not None
    glyph = face.font.get_nominal_glyph(ord("ّ"))
    assert glyph is not None
    program = with_moved(bytes(face.font.face.blob.data), [Moved(glyph, 100, 0, 0)])
    font = TTFont(io.BytesIO(program))
    name = font.getGlyphOrder()[-1]
    assert font["hmtx"][name] == (0, font["glyf"][name].xMin)


def test_the_same_glyphs_give_the_same_program() -> None:
    """Without a time or a random order in it."""
    face = face_for("م", "serif", "")
    assert face is not None
    program = bytes(face.font.face.blob.data)
    moved = [Moved(50, 1, 2, 3), Moved(40, 5, 6, 7)]
    assert with_moved(program, moved) == with_moved(program, moved)


@pytest.mark.parametrize("name", POINTED)
def test_nothing_is_raised_or_set_back(name: str) -> None:
    """No text rise, and no gap that readers would take for a space."""
    line = Typesetter().line(name, "serif", "")
    assert b" Ts" not in line.operators
    assert [gap for gap in map(int, re.findall(rb">(-?\d+)<", line.operators)) if abs(gap) > 80] == []


@pytest.mark.parametrize("name", POINTED)
def test_marks_are_where_shaping_puts_them(name: str) -> None:
    """Every glyph that is to be seen, from the left, at most a thousandth of an em away for each gap before it."""
    (run,) = split_runs(name, "serif", "")
    blank = run.face.font.get_nominal_glyph(ord(" "))
    shown = sorted(place for place in drawn(run) if place[0] != blank)
    meant = sorted(place for place in shaped(run) if place[0] != blank)
    assert [glyph for glyph, _, _ in shown] == [glyph for glyph, _, _ in meant]
    for (_, x, y), (_, wanted_x, wanted_y) in zip(shown, meant, strict=True):
        assert x == pytest.approx(wanted_x, abs=0.001 * run.face.units_per_em * len(name))
        assert y == wanted_y


def drawn(run: Run) -> Iterator[tuple[int, float, int]]:
    """Yield each glyph and where it is drawn, in font units from the beginning of *run*."""
    fonts = Fonts()
    items = shape_piece(fonts, run.face, run.level, run.text, "").items
    glyphs = {code: glyph for (glyph, _), (code, _) in fonts.of(run.face)._codes.items()}
    pen = 0.0
    for codes, gap in re.findall(rb"<([0-9A-F]*)>|(-?\d+)", items):
        pen -= int(gap or 0) * run.face.units_per_em / 1000
        for code in re.findall(b"....", codes):
            glyph = glyphs[code]
            if isinstance(glyph, int):
                yield glyph, pen, 0
                pen += run.face.font.get_glyph_h_advance(glyph)
            else:
                yield glyph.glyph, pen + glyph.right, glyph.up
                pen += glyph.advance


def shaped(run: Run) -> Iterator[tuple[int, float, int]]:
    """Yield each glyph and where HarfBuzz puts it."""
    buffer = hb.Buffer()
    buffer.add_str(run.text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl"
    hb.shape(run.face.font, buffer, {"kern": True, "liga": False})
    pen = 0
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        yield info.codepoint, pen + position.x_offset, position.y_offset
        pen += position.x_advance
