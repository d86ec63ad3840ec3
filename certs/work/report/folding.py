"""Small groups: a count of few people says too much about each of them, so it can be left out.

Groups of fewer people than the limit are put together in one line. A count below the limit reads *fewer than* it, and
what would let one work it out is left out with it: time and averages of those few, and, where one count alone is left
out of a column that has a sum, the next smallest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from certs.work.report.figures import UNKNOWN, Group

OTHERS = "\x00others"
"""The label of small groups put together."""
_COUNTS = ("registered", "attended", "certified")


@dataclass(frozen=True, slots=True)
class Folding:
    """Counts below *below* are not shown; 0 shows all."""

    below: int = 0

    def hides(self, count: int | None) -> bool:
        """Say whether *count* is too small to be shown; none at all is nobody's secret."""
        return count is not None and 0 < count < self.below

    def groups(self, groups: Sequence[Group]) -> list[Group]:
        """Return *groups* with the small ones put together, and those of whom nothing is known last."""
        small = [one for one in groups if one.label != UNKNOWN and self.hides(max(one.registered or 0, one.attended))]
        if not small:
            return list(groups)
        kept = [one for one in groups if one not in small]
        others = Group(OTHERS, None if small[0].registered is None else 0, 0, 0, 0)
        for one in small:
            others = _together(others, one)
        return [one for one in kept if one.label != UNKNOWN] + [others] + [one for one in kept if one.label == UNKNOWN]

    def hidden(self, groups: Sequence[Group]) -> set[tuple[str, str]]:
        """Return which counts of *groups* are left out, by label and column."""
        found: set[tuple[str, str]] = set()
        for column in _COUNTS:
            counts = {one.label: int(getattr(one, column) or 0) for one in groups}
            small = {label for label, count in counts.items() if self.hides(count)}
            if len(small) == 1 and (rest := {label: n for label, n in counts.items() if n and label not in small}):
                small.add(min(rest, key=rest.__getitem__))
            found |= {(label, column) for label in small}
        return found


def _together(one: Group, other: Group) -> Group:
    return replace(
        one,
        registered=None if one.registered is None else one.registered + (other.registered or 0),
        attended=one.attended + other.attended,
        certified=one.certified + other.certified,
        seconds=one.seconds + other.seconds,
    )
