"""Text in a given width: shrunk first, then wrapped, never overlapping and never cut.

Widths and sizes are in points. What does not fit at the smallest allowed size is an `InputError`, which stops the
certificate before it is issued.
"""

import re
from collections.abc import Callable, Iterator
from math import ceil
from typing import NamedTuple

from certs.errors import InputError
from certs.pdf.design import Style
from certs.pdf.objects import number, numbers
from certs.pdf.text import Line, Typesetter, ink, plain_width
from certs.pdf.typeface import least_leading, legible
from certs.wording import say

_HALVINGS = 7
"""After so many tries the longest line is as short as it can be, within a hundredth of the place."""
_LEAST_INK = 0.01
"""Ems; less reaches nowhere."""
_PILED = re.compile("[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0f71-\u0f87\u0f8d-\u0fbc\u1039\u17d2]")
"""Marks and stacked consonants that fonts set over and under each other; without them letters keep to their line."""
_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_STEP = 0.5
"""Points by which a size shrinks at a time."""
_SPACES = re.compile(r"\s+")
_BREAKABLE = re.compile(r"\s+|(?<=[-–—/])(?=\w)|(?<=[\u3040-\u30ff\u3400-\u9fff])(?=[\u3040-\u30ff\u3400-\u9fff])")
"""Where a line may break: at spaces, after hyphens, between kana or Han characters."""


class NoRoomError(InputError):
    """A text does not fit its place; every character of it has a glyph."""


class Setting(NamedTuple):
    """Lines of text at one size, and how far their baselines are apart."""

    lines: tuple[Line, ...]
    size: float
    leading: float

    @property
    def depth(self) -> float:
        """Distance from the first baseline to the last."""
        return (len(self.lines) - 1) * self.leading

    @property
    def width(self) -> float:
        """Width of the widest line."""
        return max(line.width for line in self.lines) * self.size

    def show(self, x: float, y: float, style: Style) -> bytes:
        """Return the operators that show the lines, the first baseline at *y*; *x* is the style's side or middle."""
        out = []
        for i, line in enumerate(self.lines):
            left = x - line.width * self.size * {"left": 0, "center": 0.5, "right": 1}[style.align]
            place = numbers(self.size, 0, 0, self.size, left, y - i * self.leading)
            out.append(b"%b Tm %b" % (place, line.operators))
        tracking = b"%b Tc " % number(style.tracking) if style.tracking else b""
        reset = b"0 Tc " if style.tracking else b""
        return b"BT %b rg %b%b%bET " % (style.paint, tracking, b"".join(out), reset)


def set_text(typesetter: Typesetter, text: str, style: Style, width: float, language: str) -> Setting:
    """Return *text* set in *width*: on one line down to the style's `least` size, then on more, down to `smallest`.

    Scripts that need their lines further apart than the style has them begin smaller, so that they take no more room.

    Raises:
        NoRoomError: it does not fit even then.
        InputError: it has a character without glyph.
    """
    face = legible(text, style.face)

    def line(part: str) -> Line:
        shaped = typesetter.line(part, face, language)
        return Line(shaped.operators, shaped.width + style.tracking * len(part))

    single, highest = line(text), _highest(text, face, language, style)
    size = min(_fitting(single.width, style, width), highest)
    if single.width * size <= width and size >= style.least:
        return Setting((single,), size, size * style.leading)
    leading = max(style.leading, least_leading(text, face, language))
    for size in _sizes(min(style.wrapped, style.wrapped * style.leading / leading, highest), style.smallest):
        parts = _wrapped(text, line, width / size, style.lines)
        if parts:
            return Setting(tuple(parts), size, size * leading)
    raise NoRoomError(say("“{text}” is too long for its place on the certificate; shorten it.", text=text))


def set_plain(typesetter: Typesetter, text: str, style: Style, width: float) -> Setting:
    """Return an ASCII number on one line, without kerning.

    Raises:
        InputError: it does not fit at the style's size.
    """
    line = typesetter.plain(text, style.face)
    line = Line(line.operators, line.width + style.tracking * len(text))
    if line.width * style.size > width:
        raise InputError(say("“{text}” does not fit its place on the certificate; widen it in the design.", text=text))
    return Setting((line,), style.size, style.size * style.leading)


def widest(text: str, style: Style, language: str) -> float:
    """Return a width that *text* surely does not exceed on one line at the style's least size.

    Shaping joins and kerns, so the sum of the characters' own advances is hardly ever too little; a tenth is added.

    Raises:
        InputError: a character has no glyph, or is a control.
    """
    return (1.1 * plain_width(text, legible(text, style.face), language) + style.tracking * len(text)) * style.least


def side(x: float, width: float, style: Style) -> float:
    """Return where a text of *style* begins, has its middle, or ends."""
    return x + width * {"left": 0, "center": 0.5, "right": 1}[style.align]


def first_baseline(baseline: float, setting: Setting, anchor: str) -> float:
    """Return the first line's baseline."""
    return baseline + (setting.depth if anchor == "last" else 0)


def piles_up(text: str, style: Style) -> bool:
    """Say whether *text* has marks that may reach further up or down than *style* has room for."""
    return bool(style.falls) and _PILED.search(text) is not None


def _highest(text: str, face: str, language: str, style: Style) -> float:
    """Return the size at which the marks of *text* keep within what *style* allows.

    Raises:
        InputError: they do not even at its smallest size.
    """
    if not piles_up(text, style):
        return style.size
    above, below = ink(text, face, language)
    size = min(style.size, style.rises / max(above, _LEAST_INK), style.falls / max(below, _LEAST_INK))
    if size < (style.smallest or style.least):
        raise InputError(
            say("The marks of “{text}” pile up too far for their place on the certificate; leave some out.", text=text)
        )
    return size


def _fitting(line_width: float, style: Style, width: float) -> float:
    """Return the largest size for one line of *line_width* ems, in steps; the least where even that is too large."""
    steps = max(0, ceil((style.size * line_width - width) / (line_width * _STEP))) if line_width else 0
    return max(style.size - steps * _STEP, style.least)


def _sizes(largest: float, smallest: float) -> Iterator[float]:
    """Yield sizes from *largest* down to *smallest*."""
    size = largest
    while size > smallest:
        yield size
        size -= _STEP
    yield smallest


def _wrapped(text: str, line: Callable[[str], Line], width: float, most: int) -> list[Line]:
    """Return *text* in at most *most* lines that fit *width* (in ems), or nothing."""
    lines: list[Line] = []
    for count in range(2, most + 1):
        lines = _filled(text, line, width, count)
        if lines:
            return lines
    return lines


def _filled(text: str, line: Callable[[str], Line], width: float, count: int) -> list[Line]:
    """Fill *count* lines of about one length, or return nothing if the text needs more.

    They break at spaces if they can: readers lose a hyphen at a line's end.
    """
    for breakable in (_SPACES, _BREAKABLE):
        breaks = [*(match.end() for match in breakable.finditer(text)), len(text)]
        if lines := _fill(text, breaks, line, width, count):
            least, most = 0.0, width
            for _ in range(_HALVINGS):
                middle = (least + most) / 2
                shorter = _fill(text, breaks, line, middle, count)
                lines, least, most = (shorter, least, middle) if shorter else (lines, middle, most)
            return lines
    return []


def _fill(text: str, breaks: list[int], line: Callable[[str], Line], width: float, count: int) -> list[Line]:
    """Put as much on each line as *width* takes; return nothing if *count* lines do not hold it all.

    A space stands behind a line that breaks at one, for whoever joins a paragraph's glyphs to words. From right to left
    it would have to stand before the line; there readers have ActualText.
    """
    lines: list[Line] = []
    start = 0
    while start < len(text) and len(lines) < count:
        candidates = [(end, line(text[start:end].rstrip())) for end in breaks if end > start]
        fitting = [(end, set_line) for end, set_line in candidates if set_line.width <= width]
        if not fitting:
            return []
        end, longest = fitting[-1]
        apart = end < len(text) and text[end - 1].isspace() and not _RTL.search(text[start:end])
        lines.append(Line(line(text[start:end].rstrip() + " ").operators, longest.width) if apart else longest)
        start = end
    return lines if start == len(text) else []
