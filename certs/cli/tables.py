"""What is printed: lines and tables for a person, JSON and CSV for a program, each a part at a time in memory."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice, zip_longest
from typing import TypeVar

import click

from certs.cli import use
from certs.cli.hints import VOICE

_PIECES = 4_096
"""Of JSON that are put together before they are written."""
_TOGETHER = 1_000
"""Lines that are put together before they are written."""
Item = TypeVar("Item")
Lines = str | Iterable[str]


def write_json(value: Mapping[str, object] | Sequence[object]) -> None:
    """Print *value* as JSON, readable and in UTF-8 whatever the terminal."""
    pieces = json.JSONEncoder(ensure_ascii=False, indent=2, default=str).iterencode(value)
    while part := "".join(islice(pieces, _PIECES)):
        sys.stdout.buffer.write(part.encode())
    sys.stdout.buffer.write(b"\n")
    sys.stdout.buffer.flush()


def write_csv(header: Sequence[str], rows: "Iterable[Sequence[use.spreadsheet.Cell]]") -> None:
    """Print a table for a spreadsheet."""
    sys.stdout.buffer.write(use.spreadsheet.as_csv(header, rows))


def write_lines(lines: Iterable[Lines], *, err: bool = False) -> None:
    """Print *lines*, however many, with options and commands for what they hint at."""
    each = (line for some in lines for line in ([some] if isinstance(some, str) else some))
    for some in _some(map(VOICE.say, each)):
        click.echo("\n".join(some), err=err)


def first(
    lines: Sequence[str], most: int, more: str = "  … and {left:,} more; --json lists them all."
) -> Iterator[str]:
    """Yield the first of *lines*, and how many are left."""
    yield from lines[:most]
    if (left := len(lines) - most) > 0:
        yield more.format(left=left)


def aligned(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield *rows*, gone through twice, as lines whose columns line up in a terminal, wide characters included."""
    widths: list[int] = []
    for some in _some(rows):
        found = (max(_lengths(column)) for column in zip_longest(*some, fillvalue=""))
        widths = [max(pair) for pair in zip_longest(widths, found, fillvalue=0)]
    for some in _some(rows):
        for size, alike in groupby(some, key=len):
            *columns, last = zip(*alike, strict=True) if size else ([],)
            padded = [_padded(column, width) for column, width in zip(columns, widths, strict=False)]
            yield from map("  ".join, zip(*padded, last, strict=True))


def _some(rows: Iterable[Item]) -> Iterator[list[Item]]:
    waiting = iter(rows)
    while some := list(islice(waiting, _TOGETHER)):
        yield some


def _lengths(column: Sequence[str]) -> Iterable[int]:
    """Return how wide the cells of *column* are; what is ASCII is as wide as it is long."""
    together = "".join(column)
    if together.isascii() and (together.isprintable() or not together):
        return map(len, column)
    from rich.cells import cell_len  # noqa: PLC0415 -- only for tables

    return (len(cell) if cell.isascii() and cell.isprintable() else cell_len(cell) for cell in column)


def _padded(column: Sequence[str], width: int) -> list[str]:
    return [cell + " " * (width - length) for cell, length in zip(column, _lengths(column), strict=True)]
