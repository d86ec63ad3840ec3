"""What errands found, as text beside the sentence in which they ended, and back."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from certs.errors import CertsError, InputError, Problem
from certs.model import Decision
from certs.wording import joined, read_again, written, written_or_plain
from certs.work.amend import Foresight


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing looked at in a deployment: *good*, or *text* says what is wrong; a *doubt* may be meant so."""

    about: str
    good: bool
    doubt: bool
    text: str

    @property
    def weight(self) -> int:
        """How bad it is, the worst first."""
        return 2 if self.good and not self.doubt else int(self.good)


def seen_as_text(found: Sequence[Seen]) -> str:
    """Return it as `seen` reads it."""
    rows = [[one.about, one.good, one.doubt, written(one.text)] for one in found]
    return json.dumps(rows, ensure_ascii=False)


def seen(text: str) -> Sequence[Seen]:
    """Return what `seen_as_text` wrote, the worst first; nothing of an empty text."""
    found = [Seen(about, good, doubt, read_again(said)) for about, good, doubt, said in json.loads(text or "[]")]
    return sorted(found, key=lambda one: one.weight)


Line = tuple[str, str]
"""Whom or what a line is about, and what is said of it."""
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would change if the file *name* counted, or no longer: how many gain or lose a certificate, some by name.

    *outdated* are issued certificates that would say something else, *given_up* is how many that are ordered would be.
    """

    name: str
    as_of: int
    gain: int
    lose: int
    outdated: int
    given_up: int
    gaining: Sequence[Line]
    losing: Sequence[Line]
    restated: Sequence[Line]

    @classmethod
    def of_foresight(cls, name: str, foresight: Foresight) -> "Foreseen":
        """Return what is kept of *foresight*."""
        gain, lose = foresight.changes.newly_eligible, foresight.changes.no_longer_eligible
        restated = [(one.placed.name, one.change) for one in foresight.outdated[:_SHOWN]]
        amendment = foresight.amendment
        numbers = (amendment.as_of, len(gain), len(lose), len(foresight.certified), len(amendment.given_up))
        return cls(name, *numbers, _lines(gain), _lines(lose), restated)

    def as_text(self) -> str:
        """Return it as `of` reads it."""
        lists = {
            name: [(whom, written_or_plain(said)) for whom, said in getattr(self, name)]
            for name in ("gaining", "losing", "restated")
        }
        return json.dumps(asdict(self) | lists, ensure_ascii=False)

    @classmethod
    def of(cls, text: str) -> "Foreseen":
        """Return what `as_text` wrote."""
        said = json.loads(text)
        for name in ("gaining", "losing", "restated"):
            said[name] = [(whom, read_again(kept)) for whom, kept in said[name]]
        return cls(**said)


def _lines(decisions: Sequence[Decision]) -> list[Line]:
    return [(one.name or one.person, one.reason) for one in decisions[:_SHOWN]]


def told(error: CertsError) -> str:
    """Return what *error* says, each problem in a line with its place, as a sentence that any edge can say."""
    if not isinstance(error, InputError):
        return joined(error.sentences, "\n")
    return joined([_placed(one) for one in error.problems], "\n")


def _placed(one: Problem) -> str:
    place = str(replace(one, message="")).rstrip() if one.file or one.line else ""
    return joined([f"{place} ", one.message], "") if place else one.message
