"""Where the rows of the sessions table stand, or that the table does not fit."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil

from certs.errors import InputError
from certs.model import SessionLine
from certs.pdf.design import SessionsBlock, Style
from certs.pdf.layout import Setting

_CAP_HEIGHT = 0.7
"""Of the sans-serif faces, in ems; it centres a text in its row."""

SetText = Callable[[str, Style, float], Setting]


@dataclass(frozen=True, slots=True)
class Row:
    """One session: its title set, its left edge, its upper and lower edge, and the first baseline of its title."""

    session: SessionLine
    title: Setting
    left: float
    right: float
    bottom: float
    baseline: float


def arrange(
    block: SessionsBlock, style: Style, sessions: tuple[SessionLine, ...], top: float, bottom: float, set_text: SetText
) -> list[Row]:
    """Return the rows between *top* and *bottom*, or none where they do not fit."""
    columns = 2 if len(sessions) >= block.two_columns_from else 1
    per_column = ceil(len(sessions) / columns)
    height = min(block.most_row_height, (top - bottom) / per_column)
    width = (block.width - (columns - 1) * block.column_gap) / columns
    titles = _titles(sessions, style, width - block.day_width - block.mark_width, height, set_text)
    if not titles or height < block.least_row_height or len(sessions) < block.least_sessions:
        return []
    rows = []
    for i, (session, title) in enumerate(zip(sessions, titles, strict=True)):
        column, line = divmod(i, per_column)
        left, row_top = block.x + column * (width + block.column_gap), top - line * height
        text_height = title.depth + _CAP_HEIGHT * title.size
        baseline = row_top - (height - text_height) / 2 - _CAP_HEIGHT * title.size
        rows.append(Row(session, title, left, left + width, row_top - height, baseline))
    return rows


def _titles(
    sessions: tuple[SessionLine, ...], style: Style, width: float, height: float, set_text: SetText
) -> list[Setting]:
    """Return all titles at one size, or none where one does not fit its row."""
    for lines in range(style.lines, 0, -1):
        try:
            found = [set_text(session.title, replace(style, lines=lines), width) for session in sessions]
            size = min(setting.size for setting in found)
            alike = replace(style, lines=lines, size=size, least=size, wrapped=size, smallest=size)
            found = [set_text(session.title, alike, width) for session in sessions]
        except InputError:
            continue
        if all(setting.depth + setting.size <= height for setting in found):
            return found
    return []
