"""How an errand is to be done: what was answered, agreed to or accepted, kept with it as text."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from certs.attendance import Answers, DateOrder
from certs.model import SessionId


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are to be read, beside what they say themselves."""

    answers: Answers = field(default_factory=Answers)
    replaced: Sequence[str] = ()
    """Imports that count no longer, by the SHA-256 of their files; with one new file alone."""
    beside: bool = False
    """Whether files count beside earlier ones of their names."""
    agreed: bool = False
    """Whether what changes for certificates that are ordered or issued was shown, and is to happen."""

    def as_text(self) -> str:
        """Return it as `of` reads it, the same for the same."""
        answers = self.answers
        said = {
            "zone": answers.zone,
            "date_order": answers.date_order.value if answers.date_order else "",
            "accept_complete_rows": answers.accept_complete_rows,
            "unit": answers.unit,
            "registered": sorted(answers.registered),
            "sessions": dict(answers.sessions),
            "replaced": sorted(self.replaced),
            "beside": self.beside,
            "agreed": self.agreed,
        }
        return json.dumps(said, ensure_ascii=False, sort_keys=True)

    @classmethod
    def of(cls, text: str) -> "Reading":
        """Return what `as_text` wrote down.

        Raises:
            ValueError, KeyError: it did not write that.
        """
        said = json.loads(text)
        answers = Answers(
            zone=said["zone"],
            date_order=DateOrder(said["date_order"]) if said["date_order"] else None,
            accept_complete_rows=said["accept_complete_rows"],
            unit=said["unit"],
            registered=frozenset(said["registered"]),
            sessions={name: SessionId(id_) for name, id_ in said["sessions"].items()},
        )
        return cls(answers, said["replaced"], said["beside"], said["agreed"])


@dataclass(frozen=True, slots=True)
class Agreed:
    """What somebody agreed to of a file called *name*, when the event stood at entry *as_of* of the trail."""

    name: str
    sha256: str
    as_of: int

    def as_text(self) -> str:
        """Return it as `of` reads it."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def of(cls, text: str) -> "Agreed":
        """Return what `as_text` wrote down.

        Raises:
            ValueError, TypeError: it did not write that.
        """
        return cls(**json.loads(text))


@dataclass(frozen=True, slots=True)
class Ordering:
    """How many certificates somebody was shown, and what stops the order that she *accepted*.

    *demo* says which keys will sign; *signed_in* whether she showed who she is, as she asked.
    """

    expected: int
    demo: bool
    signed_in: bool
    accepted: Sequence[str] = ()

    def as_text(self) -> str:
        """Return it as `of` reads it."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def of(cls, text: str) -> "Ordering":
        """Return what `as_text` wrote down.

        Raises:
            ValueError, TypeError: it did not write that.
        """
        return cls(**json.loads(text))
