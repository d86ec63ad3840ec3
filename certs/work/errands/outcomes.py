"""What errands found, as text beside the sentence in which they ended, and back."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from certs.errors import CertsError, InputError, Problem
from certs.wording import joined, read_again, written


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


def told(error: CertsError) -> str:
    """Return what *error* says, each problem in a line with its place, as a sentence that any edge can say."""
    if not isinstance(error, InputError):
        return joined(error.sentences, "\n")
    return joined([_placed(one) for one in error.problems], "\n")


def _placed(one: Problem) -> str:
    place = str(replace(one, message="")).rstrip() if one.file or one.line else ""
    return joined([f"{place} ", one.message], "") if place else one.message
