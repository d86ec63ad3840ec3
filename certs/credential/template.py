"""A text with gaps, made once and filled for every certificate.

A gap is written into the text as a noncharacter (U+FDD0 and following), which no fact may contain. So
the canonical form and the JSON of a credential are made once with gaps for facts, and filled by plain formatting.

Filling canonical N-Quads is sound only if their lines keep their order whatever is filled in: `ordered` proves that
for a given text, and whoever makes a template of N-Quads must ask it.
"""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from operator import itemgetter

GAPS = "\ufdd0\ufdd1\ufdd2\ufdd3\ufdd4\ufdd5\ufdd6\ufdd7\ufdd8"
_GAP = re.compile(f"([{GAPS}])")


class Template:
    """*text* with its gaps; values are UTF-8 and given in the order of `GAPS`. Bytes are filled quicker than text."""

    def __init__(self, text: str) -> None:
        parts = _GAP.split(text)
        self._format = "%s".join(part.replace("%", "%%") for part in parts[::2]).encode()
        self._pick = _picker([GAPS.index(gap) for gap in parts[1::2]])

    def fill(self, values: Sequence[bytes]) -> bytes:
        """Return the text with *values* in its gaps.

        Raises:
            IndexError: too few values.
        """
        return self._format % self._pick(values)


def _picker(gaps: Sequence[int]) -> Callable[[Sequence[bytes]], tuple[bytes, ...]]:
    """Return what picks the values of *gaps*; `itemgetter` is quickest, but gives a tuple for two or more only."""
    return itemgetter(*gaps) if len(gaps) > 1 else lambda values: tuple(values[gap] for gap in gaps)


def split_head(lines: str) -> tuple[str, str]:
    """Return the lines before the first that has a gap, and the rest."""
    first = _GAP.search(lines)
    end = lines.rindex("\n", 0, first.start()) + 1 if first and "\n" in lines[: first.start()] else 0
    return (lines[:end], lines[end:]) if first else (lines, "")


def ordered(lines: Sequence[str]) -> bool:
    """Say whether *lines* ascend in code point order whatever is filled into their gaps.

    True is a proof: each line and the next agree, gap for gap, until two characters outside any gap differ, the
    smaller one first.
    """
    return all(_before(first, second) for first, second in pairwise(lines))


def _before(first: str, second: str) -> bool:
    """Say whether *first* sorts before *second* for all values; equal gaps have equal values."""
    for ours, theirs in zip(first, second, strict=False):
        if ours != theirs:
            return ours not in GAPS and theirs not in GAPS and ours < theirs
    return False
