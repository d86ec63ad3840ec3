"""Which names share a plate: few plates, none of them heavy.

A plate takes as long to draw as twenty certificates, and its glyphs make every file heavier. Names of one group of
scripts share plates, groups of few names share mixed ones. Where characters come by the thousand and each is heavy, a
plate takes names until it has as many different characters as its capacity.
"""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from certs.pdf.typeface import plate_capacity, plate_group

FEW = 40
"""Names below which a group has no plate of its own, if there are other such groups."""
MIXED = "mixed"
Name = tuple[str, str]
"""A name and its language, which may be empty."""


def plate_labels(names: Collection[Name], most: int) -> list[str]:
    """Return the label of a plate for each of *names*, at most *most* on one: as `GROUP/SHARE`.

    *names* are gone through twice, and none is kept: there may be a million.
    """
    groups, letters = [], defaultdict[str, set[str]](set)
    for name, language in names:
        groups.append(group := plate_group(name, language))
        letters[group].update(name)
    sizes = Counter(groups)
    few = {group for group, members in sizes.items() if members < FEW}
    if len(few) > 1:
        sizes[MIXED] = sum(sizes.pop(group) for group in few)
        letters[MIXED] = set().union(*(letters.pop(group) for group in few))
        groups = [MIXED if group in few else group for group in groups]
    shares = {group: _Shares(group, members, most, letters[group]) for group, members in sizes.items()}
    return [shares[group].label(name) for group, (name, _) in zip(groups, names, strict=True)]


@dataclass(slots=True)
class _Shares:
    """The plates of one group, in parts of nearly equal size, or each as full of different characters as it may be."""

    group: str
    members: int
    most: int
    letters: set[str]
    _seen: int = 0
    _share: int = 0
    _label: str = ""
    _on_plate: int = 0
    _drawn: set[str] = field(default_factory=set)

    def label(self, name: str) -> str:
        """Return the label of the plate of the next member, who is called *name*."""
        capacity = plate_capacity(self.group)
        if len(self.letters) > capacity:
            ends = len(self._drawn.union(name)) > capacity or self._on_plate == self.most
        else:
            parts = -(-self.members // self.most)
            ends = self._seen == self.members * self._share // parts
        if ends or not self._share:
            self._share, self._on_plate, self._drawn = self._share + 1, 0, set()
            self._label = f"{self.group}/{self._share}"
        self._seen, self._on_plate = self._seen + 1, self._on_plate + 1
        self._drawn.update(name)
        return self._label
