"""Whether the joins of a session lie in its window, and if not, by how much they are shifted.

An export whose times are of another zone than was thought, or a window with the wrong day or hour, moves every join of
the session by the same whole number of quarter hours. So one looks for the shift under which most joins lie inside.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

Span = tuple[int, int]
"""Start and end in seconds since 1970."""
_QUARTER, _HALF_HOUR, _HOUR = 900, 1800, 3600
_FARTHEST = 26 * _HOUR
"""Zones differ by at most 26 hours."""
_NEAR = 2 * _HOUR
_SAMPLED = 500
"""Joins that are tried under each shift: as many tell as well as all."""
_PLAUSIBLE = {_HOUR: 0.0, _HALF_HOUR: 0.02, _QUARTER: 0.05}
"""How much better a shift must fit that is less usual."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Which *share* of the time of *joins* lies in the window, and which would if it were *shift* seconds later."""

    joins: int
    share: float = 1.0
    shift: int = 0
    shifted: float = 0.0


def fit(spans: Collection[Span], window: Span, enough: float) -> Fit:
    """Return how *spans* fit *window*; a shift is looked for only where less than *enough* of their time is inside."""
    joins = sum(start < end for start, end in spans)
    if not joins:
        return Fit(0)
    share = _share(spans, window)
    if share >= enough:
        return Fit(joins, share)
    lasting = (span for span in spans if span[0] < span[1])
    sample = list(islice(lasting, 0, None, -(-joins // _SAMPLED)))
    shift = max(_shifts(sample, window), key=lambda one: (_score(sample, window, one), -abs(one)))
    return Fit(joins, share, shift, _share(spans, _moved(window, shift)))


def _share(spans: Iterable[Span], window: Span) -> float:
    """Return the part of their time that *spans* have in *window*; nobody's is more than the window's length."""
    begins, ends = window
    length = ends - begins
    there = whole = 0
    for start, end in spans:  # no min and max: an order waits for it
        whole += end - start if end - start < length else length
        if start < ends and begins < end:
            there += (end if end < ends else ends) - (start if start > begins else begins)
    return there / whole


def _shifts(spans: Sequence[Span], window: Span) -> list[int]:
    """Return the shifts to try: whatever zones may do, and what is near the middle of joins on another day."""
    offsets = sorted((start + end - sum(window)) // 2 for start, end in spans)
    middle = round(offsets[len(offsets) // 2] / _QUARTER) * _QUARTER
    around = range(middle - _NEAR, middle + _NEAR + 1, _QUARTER)
    return [one for one in {*range(-_FARTHEST, _FARTHEST + 1, _QUARTER), *around} if one]


def _score(spans: Sequence[Span], window: Span, shift: int) -> float:
    """Return how well *shift* fits, whole hours before half ones and those before quarters."""
    usual = next(step for step in _PLAUSIBLE if shift % step == 0)
    return _share(spans, _moved(window, shift)) - _PLAUSIBLE[usual]


def _moved(window: Span, shift: int) -> Span:
    return window[0] + shift, window[1] + shift
