"""What is said of a restore, before it happens and afterwards."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Named:
    """A certificate in what is said of a restore."""

    number: str
    name: str
    event: str
    said: str = ""


@dataclass(slots=True)
class Carried:
    """What came over from the newer register, and what it holds that did not."""

    issued: list[Named] = field(default_factory=list)
    revoked: list[Named] = field(default_factory=list)
    reinstated: list[Named] = field(default_factory=list)
    replaced: list[Named] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    """Numbers issued since whose bytes are not what was issued; they did not come over."""
    links: int = 0
    evidence: int = 0
    rulings: int = 0
    erased: int = 0
    """People who were erased since, and are again."""
    imports_lost: list[str] = field(default_factory=list)
    """Files that were imported since."""
    orders_lost: int = 0
    """Certificates that were ordered since and are not issued."""

    def add(self, other: "Carried") -> None:
        """Count what *other* brought, too; what did not come is as that one has it, the newer of the two."""
        for mine, theirs in ((self.issued, other.issued), (self.revoked, other.revoked)):
            mine.extend(theirs)
        for mine, theirs in ((self.reinstated, other.reinstated), (self.replaced, other.replaced)):
            mine.extend(theirs)
        self.damaged.extend(other.damaged)
        self.links += other.links
        self.evidence += other.evidence
        self.rulings += other.rulings
        self.erased += other.erased
        self.imports_lost, self.orders_lost = other.imports_lost, other.orders_lost


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something that a restore cannot know: a stable *kind*, what it is about, and a sentence."""

    kind: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Unsettled:
    """Something that a restore left unknown: a stable *kind*, what it is about, and a sentence that says what to do."""

    id: int
    kind: str
    subject: str
    text: str
    found_at: datetime


@dataclass(slots=True)
class Restored:
    """What restoring does: said before it happens, and what it did afterwards."""

    certificates: int = 0
    """In the register that comes back, what was carried over included."""
    spent: int = 0
    """Numbers that only other registers had given."""
    put_aside: str = ""
    """Where the register before is; empty where there was none."""
    backup_until: str = ""
    """The moment of the last entry in the backup's trail."""
    known_until: str = ""
    """The same once newer registers have been carried over."""
    carried: Carried | None = None
    """What newer registers knew; None where there is none that could be read."""
    from_trails: list[Named] = field(default_factory=list)
    """Revoked, as a trail that was kept elsewhere says."""
    erased: int = 0
    """People whom the key folder lists as erased and the backup brought back: they are erased again."""
    given_up: list[Named] = field(default_factory=list)
    """Ordered in the backup, and perhaps issued since."""
    unknown: list[Unknown] = field(default_factory=list)
    margin: bool = False
    """Whether places and batches go on far beyond what is known."""
