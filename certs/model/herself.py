"""What a person may ask of the register about herself: everything that it holds, and that it be erased."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from certs.model.ids import Number, PersonKey
from certs.wording import say

WITHHELD_NAME = say("Held, withheld at the person's request")
"""What stands wherever the name of somebody stood who was erased."""
MASK = "[withheld]"
"""What stands in entries of the trail where an address or a name of somebody stood who was erased."""
Cell = str | int | bool | None
"""What a register's cell says, moments as ISO 8601."""


@dataclass(frozen=True, slots=True)
class Part:
    """All rows of one kind that the register holds about somebody; *kind* is a stable word such as `joins`."""

    kind: str
    rows: Sequence[Mapping[str, Cell]]


@dataclass(frozen=True, slots=True)
class Holding:
    """Everything that the register holds about one person."""

    person: PersonKey
    ref: str
    parts: Sequence[Part]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(len(part.rows) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Erasable:
    """What erasing somebody would remove and what would stay."""

    person: PersonKey
    ref: str
    names: Sequence[str]
    """By which the register knows her."""
    removed: Mapping[str, int]
    """How many rows of which kind would be emptied or deleted."""
    certificates: Sequence[Number]
    """That stay, withheld."""
    underway: Sequence[Number] = ()
    """Ordered and not issued yet: as long as there are some, she cannot be erased."""
    files: Sequence[str] = ()
    """Exports as received that hold rows of hers: their bytes would go, whoever else stands in them."""
    in_trail: int = 0
    """Entries of the trail that name her, which stay as they are and are shown without."""
    events: Sequence[str] = field(default_factory=tuple)
    """The events in which she is found."""
