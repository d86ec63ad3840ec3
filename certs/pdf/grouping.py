"""Which names share a plate: few plates, none of them heavy.

A plate takes as long to draw as twenty certificates, and its glyphs make every file heavier. Names of one group of
scripts share plates, groups of few names share mixed ones. Where characters come by the thousand and each is heavy, a
plate takes names until it has as many different characters as its capacity.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from certs.pdf.typeface import plate_capacity, plate_group

FEW = 40
"""Names below which a group has no plate of its own, if there are other such groups."""
MIXED = "mixed"
Name = tuple[str, str]
"""A name and its language, which may be empty."""


def plate_labels(names: Sequence[Name], most: int) -> list[str]:
    """Return the label of a plate for each of *names*, at most *most* on one: as `GROUP/SHARE`."""
    labels = [""] * len(names)
    for group, members in sorted(_groups(names).items()):
        for share, part in enumerate(_shares(members, names, plate_capacity(group), most), 1):
            for place in part:
                labels[place] = f"{group}/{share}"
    return labels


def _groups(names: Sequence[Name]) -> dict[str, list[int]]:
    """Return the places of the names in each group, small groups as one."""
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for place, (name, language) in enumerate(names):
        groups[plate_group(name, language)].append(place)
    few = [group for group, members in groups.items() if len(members) < FEW]
    if len(few) > 1:
        groups[MIXED] = sorted(place for group in few for place in groups.pop(group))
    return groups


def _shares(members: Sequence[int], names: Sequence[Name], capacity: int, most: int) -> Iterator[Sequence[int]]:
    """Yield *members* in parts of nearly equal size, or as they fill a plate with *capacity* different characters."""
    if len(set().union(*(names[place][0] for place in members))) > capacity:
        yield from _packed(members, names, capacity, most)
        return
    parts = -(-len(members) // most)
    for part in range(parts):
        yield members[len(members) * part // parts : len(members) * (part + 1) // parts]


def _packed(members: Sequence[int], names: Sequence[Name], capacity: int, most: int) -> Iterator[Sequence[int]]:
    """Yield *members* in their order, each part with at most *capacity* different characters."""
    part: list[int] = []
    characters: set[str] = set()
    for place in members:
        added = characters.union(names[place][0])
        if part and (len(added) > capacity or len(part) == most):
            yield part
            part, added = [], set(names[place][0])
        part.append(place)
        characters = added
    yield part
