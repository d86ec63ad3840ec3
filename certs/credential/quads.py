"""Canonical N-Quads with gaps -> the digest that a proof signs, for any values, without canonicalising again.

RDFC-1.0 gives lines in code point order and blank nodes the names c14n0, c14n1, … Lines keep their order for all
values, or `Quads` refuses them (`template.ordered`). Names of blank nodes follow the hashes of the lines that mention
them (RDFC-1.0 section 4.6, Hash First Degree Quads): a lone blank node is always c14n0; of two, the one with the
smaller hash is. So there is one template, or one for each of the two orders. A third blank node is refused.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from itertools import permutations

from certs.credential.template import Template, ordered, split_head

_LABEL = re.compile(r"_:c14n\d+")
_LINE = re.compile(r"[^\n]*\n")
"""Not `splitlines`, to which U+2028 in a name is a line break too."""
_MAX_LABELS = 2


class Quads:
    """Canonical N-Quads of a document with gaps for facts."""

    def __init__(self, canonical: str) -> None:
        """Prove that *canonical* may be filled.

        Raises:
            ValueError: more than two blank nodes, or lines whose order would depend on the values.
        """
        self._lines = _LINE.findall(canonical)
        self._labels = sorted(set(_LABEL.findall(canonical)))
        if len(self._labels) > _MAX_LABELS:
            raise ValueError("more than two blank nodes: their names could depend on each other")
        self._arrangements = {order: self._arranged(order) for order in permutations(self._labels)}
        self._degrees = [self._first_degree(label) for label in self._labels]

    def _arranged(self, order: Sequence[str]) -> "_Arrangement":
        """Return the lines as they are when the blank nodes' names follow *order*."""
        names = {label: f"_:c14n{place}" for place, label in enumerate(order)}
        return _Arrangement(_LABEL.sub(lambda found: names[found.group()], line) for line in self._lines)

    def _first_degree(self, label: str) -> "_Arrangement":
        """Return what RDFC-1.0 hashes to name the blank node *label*."""
        mine = re.compile(re.escape(label) + r"\b")
        return _Arrangement(_LABEL.sub("_:z", mine.sub("_:a", line)) for line in self._lines if mine.search(line))

    def _order(self, values: Sequence[bytes]) -> tuple[str, ...]:
        """Return the blank nodes in the order of their names."""
        if len(self._labels) < _MAX_LABELS:
            return tuple(self._labels)
        hashes = [degree.digest(values) for degree in self._degrees]
        return tuple(self._labels) if hashes[0] < hashes[1] else tuple(reversed(self._labels))

    def digest(self, values: Sequence[bytes]) -> bytes:
        """Return the SHA-256 of the canonical form with *values*, escaped as N-Quads asks.

        Raises:
            IndexError: too few values.
        """
        return self._arrangements[self._order(values)].digest(values)

    def text(self, values: Sequence[bytes]) -> str:
        """Return the canonical form with *values*, escaped as N-Quads asks: for tests and the curious.

        Raises:
            IndexError: too few values.
        """
        return self._arrangements[self._order(values)].text(values)


class _Arrangement:
    """Sorted lines with gaps; the part before the first gap is hashed once."""

    def __init__(self, lines: Iterable[str]) -> None:
        in_order = sorted(lines)
        if not ordered(in_order):
            raise ValueError("the order of these N-Quads depends on the values")
        self._head, rest = split_head("".join(in_order))
        self._rest = Template(rest)
        self._sha256 = hashlib.sha256(self._head.encode())

    def digest(self, values: Sequence[bytes]) -> bytes:
        sha256 = self._sha256.copy()
        sha256.update(self._rest.fill(values))
        return sha256.digest()

    def text(self, values: Sequence[bytes]) -> str:
        return self._head + self._rest.fill(values).decode()
