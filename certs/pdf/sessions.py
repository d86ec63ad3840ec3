"""Where the rows of the sessions table stand: a line of headings, then a row for each session.

All titles have one size, the largest at which the table keeps within its place; a title may take several lines. Side by
side rows are of one height, so that two columns stand on common lines. What does not fit is refused: a certificate
never leaves its sessions out unless the event says so.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import NamedTuple

from certs.errors import InputError
from certs.model import SessionLine
from certs.pdf.design import SessionsBlock, Style
from certs.pdf.expected import Sides
from certs.pdf.layout import NoRoomError, Setting

_CAP_HEIGHT = 0.7
"""Of the sans-serif faces, in ems; it centres a text in its row."""
_LEAST_AIR, _HEAD_AIR = 1.0, 3.0
"""Points by which a row is higher than its lines."""
_EASY_AIR = 3.0
"""Points more that make a table easy to read: rather that, smaller, than large and crowded."""
_GUTTER = 8.0
"""Points between a column and the next."""
_SLACK = 0.1
"""Points, lest rounding make a word that just fits smaller."""
_STEP = 0.5

SetText = Callable[[str, Style, float], Setting]


@dataclass(frozen=True, slots=True)
class Styles:
    """How titles, days or times, headings and the two marks look."""

    title: Style
    first: Style
    heading: Style
    marks: tuple[Style, Style]

    def at_most(self, size: float) -> "Styles":
        """Return these styles with nothing but the headings larger than *size*."""
        attended, missed = (_at_most(style, size) for style in self.marks)
        return Styles(self.title, _at_most(self.first, size), self.heading, (attended, missed))


@dataclass(frozen=True, slots=True)
class Labels:
    """The words in the narrow columns: before each title its day or times, behind it one of *marks*; the headings."""

    firsts: Sequence[str]
    marks: tuple[str, str]
    headings: tuple[str, str, str]


class Columns(NamedTuple):
    """The edges of the three columns of one half of the table."""

    first: Sides
    title: Sides
    mark: Sides


@dataclass(frozen=True, slots=True)
class Row:
    """One session: what stands first, its title set, its columns, its lower edge, and the baseline of its title."""

    session: SessionLine
    first: str
    title: Setting
    columns: Columns
    bottom: float
    baseline: float


@dataclass(frozen=True, slots=True)
class Table:
    """The table arranged: columns of each half, baseline of the headings, the rule below them, the styles it took."""

    rows: Sequence[Row]
    halves: Sequence[Columns]
    heading: float
    rule: float
    styles: Styles


def arrange(
    block: SessionsBlock,
    styles: Styles,
    sessions: tuple[SessionLine, ...],
    labels: Labels,
    span: tuple[float, float],
    set_text: SetText,
) -> Table:
    """Return the table between the upper and the lower edge of *span*.

    Raises:
        InputError: it does not fit; says what to do. Or a word has a character without glyph.
    """
    if len(sessions) > block.most_sessions:
        raise InputError(_too_many(sessions, block))
    top, bottom = span
    halves = 2 if len(sessions) >= block.two_columns_from else 1
    head = styles.heading.size + _HEAD_AIR
    crowded: Table | None = None
    most = 0.0
    for size in _sizes(styles.title.size, styles.title.smallest):
        columns = list(_columns(block, halves, labels, styles.at_most(size), set_text))
        titles = _titles(sessions, replace(styles.title, size=size), columns[0].title, set_text)
        heights = list(_heights(titles, halves))
        air = (top - head - bottom - sum(heights)) / len(heights) if heights else -1.0
        if air >= most:
            spaced = [height + min(block.most_air, air) for height in heights]
            rows = list(_rows(sessions, labels, titles, columns, spaced, top - head))
            crowded, most = Table(rows, columns, top - styles.heading.size, top - head, styles.at_most(size)), air
        if air >= _EASY_AIR:
            break
    if crowded is None:
        raise InputError(_too_many(sessions, block))
    return crowded


def _at_most(style: Style, size: float) -> Style:
    """Return *style* no larger than *size*."""
    return replace(style, size=min(style.size, size), least=min(style.least, size))


def _sizes(largest: float, smallest: float) -> Iterator[float]:
    """Yield sizes from *largest* down to *smallest*."""
    for step in range(int((largest - smallest) / _STEP) + 1):
        yield largest - step * _STEP


def _columns(block: SessionsBlock, halves: int, labels: Labels, styles: Styles, set_text: SetText) -> Iterator[Columns]:
    """Yield the columns of each half; the narrow ones are as wide as their words need."""
    width = (block.width - (halves - 1) * block.column_gap) / halves
    firsts = [set_text(text, styles.first, block.day_width).width for text in set(labels.firsts)]
    firsts.append(set_text(labels.headings[0], styles.heading, block.day_width).width)
    marks = [
        set_text(text, style, block.mark_width).width
        for text, style in zip((*labels.marks, labels.headings[2]), (*styles.marks, styles.heading), strict=True)
    ]
    for half in range(halves):
        left = block.x + half * (width + block.column_gap)
        edges = left, left + max(firsts) + _SLACK, left + width - max(marks) - _SLACK, left + width
        yield Columns(Sides(*edges[:2]), Sides(edges[1] + _GUTTER, edges[2] - _GUTTER), Sides(*edges[2:]))


def _titles(sessions: tuple[SessionLine, ...], style: Style, sides: Sides, set_text: SetText) -> list[Setting]:
    """Return all titles at the size of *style*, or none where one needs too many lines."""
    alike = replace(style, least=style.size, wrapped=style.size, smallest=style.size)
    try:
        return [set_text(session.title, alike, sides.right - sides.left) for session in sessions]
    except NoRoomError:
        return []


def _heights(titles: Sequence[Setting], halves: int) -> Iterator[float]:
    """Yield the least height of each row, side by side rows being of one."""
    lines = ceil(len(titles) / halves)
    for line in range(lines):
        beside = titles[line::lines]
        yield max(title.depth + title.size * (_CAP_HEIGHT + 0.3) + _LEAST_AIR for title in beside)


def _rows(
    sessions: tuple[SessionLine, ...],
    labels: Labels,
    titles: Sequence[Setting],
    columns: Sequence[Columns],
    heights: Sequence[float],
    top: float,
) -> Iterator[Row]:
    """Yield the rows, the first half's before the second's."""
    edges = [top]
    for height in heights:
        edges.append(edges[-1] - height)
    for i, (session, first, title) in enumerate(zip(sessions, labels.firsts, titles, strict=True)):
        half, line = divmod(i, len(heights))
        text_height = title.depth + _CAP_HEIGHT * title.size
        baseline = edges[line] - (heights[line] - text_height) / 2 - _CAP_HEIGHT * title.size
        yield Row(session, first, title, columns[half], edges[line + 1], baseline)


def _too_many(sessions: Sequence[SessionLine], block: SessionsBlock) -> str:
    """Return why the table does not fit, and what to do."""
    count, longest = len(sessions), max(len(session.title) for session in sessions)
    if count > block.most_sessions:
        what = f"A certificate lists at most {block.most_sessions} sessions, and the event has {count}: "
    else:
        what = (
            f"The list of {count} sessions does not fit on the certificate: shorten their titles, of which the longest "
            f"has {longest} characters, or "
        )
    return f"{what}leave the list out with list_sessions = false."
