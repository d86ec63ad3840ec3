"""How files are to be read that wait for a worker, kept with them as text."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

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
