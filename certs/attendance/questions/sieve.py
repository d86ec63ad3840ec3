"""Which of many people a question may be about, found without holding them all: a million are gone through like ten.

Of each person only what the files call her is looked at. Of everybody who has a full name a fingerprint of it is kept,
sixteen bytes; names whose fingerprints differ are different, and what looks alike is looked at again by `people`, in
full. So the sieve may let through too many, never too few.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from certs.attendance.questions.claims import MOST_SHARING
from certs.attendance.questions.people import MOST_NAMES, MOST_NAMESAKES
from certs.ground import names
from certs.model import Called


def doubtful_people(everybody: Iterable[Called], nameless: Iterable[str]) -> frozenset[int]:
    """Return the rows of those of *everybody* whom a question may be about; *nameless* have no address."""
    found: set[int] = set()
    alike = _Fingerprints()
    sought = {names.searched(name) for name in nameless} - {frozenset()}  # which would mean everybody
    sharing: dict[str, list[int]] = {word: [] for words in sought for word in words}
    for one in everybody:
        if any(map(_is_doubtful, one.names)) or (len(one.names) > 1 and names.all_different(one.names[:MOST_NAMES])):
            found.add(one.row)
        name = one.names[0]
        if sharing or " " in name:
            comparable = names.comparable(name)
            if _note_words(sharing, comparable, one.row) in sought:
                found.add(one.row)
            if " " in name:
                alike.add(comparable, one.row)
    return frozenset(found.union(alike.repeated(), *sharing.values()))


def _is_doubtful(name: str) -> bool:
    """Say whether *name*, or what is left of it without what a platform adds, looks like no person's name."""
    return names.doubtful(name) or (name[-1] in ")）" and names.doubtful(names.from_display(name)[0]))


def _note_words(sharing: Mapping[str, list[int]], comparable: str, row: int) -> frozenset[str]:
    """Note *row* for each of her words that somebody without an address has, unless too many have it; return them."""
    words = frozenset(comparable.split()) if sharing else frozenset()
    for word in words:
        rows: Sequence[int] = sharing.get(word, ())
        if isinstance(rows, list) and len(rows) <= MOST_SHARING:
            rows.append(row)
    return words


class _Fingerprints:
    """The names of many people, eight bytes each, and whose they are."""

    def __init__(self) -> None:
        self._prints, self._rows = array("q"), array("q")

    def add(self, name: str, row: int) -> None:
        """Take note of one name."""
        self._prints.append(hash(name))
        self._rows.append(row)

    def repeated(self) -> Iterator[int]:
        """Yield the rows of those whose name others have, but not so many that it names nobody."""
        counted = ((print_, sum(1 for _ in same)) for print_, same in groupby(sorted(self._prints)))
        twice = {print_ for print_, count in counted if 1 < count <= MOST_NAMESAKES}
        return (row for print_, row in zip(self._prints, self._rows, strict=True) if print_ in twice)
