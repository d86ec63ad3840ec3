"""Hints: where a sentence tells what to use, said by each edge as it has it.

Below the edges a hint is a key with facts: `hint("reason")`, `hint("questions", event="cgmp-2026")`. The command line
says "--reason" and "certs questions cgmp-2026" (`certs.cli.hints`), a page its field's label or a link. `NEUTRAL` has
the words where an edge has none: in logs, in problem details, in tests of what stands below the edges.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Self

from certs.wording.sentence import Speakable, Speaker, Spoken, mark

NEUTRAL: Final[Mapping[str, str]] = {
    "reason": mark("a reason"),
}
"""Neutral words for each hint, in English; facts stand in braces."""


class Hint(Spoken):
    """What to use, by its key and facts; its text is neutral."""

    __slots__ = ("facts", "key")
    key: str
    facts: Mapping[str, object]

    @classmethod
    def of(cls, key: str, facts: Mapping[str, object]) -> Self:
        """Return the hint *key* with its facts."""
        self = cls(NEUTRAL[key].format_map(facts))
        self.key, self.facts = key, facts
        return self

    def said_by(self, speaker: Speaker) -> str:
        """Return the hint as *speaker* says it."""
        return speaker.hinted(self.key, self.facts)

    def parts_within(self) -> Iterable[object]:
        """Return the hint's facts."""
        return self.facts.values()


def hint(key: str, /, **facts: object) -> Hint:
    """Return the hint *key*, one of `NEUTRAL`.

    Raises:
        KeyError: there is no such hint, or it wants another fact.
    """
    return Hint.of(key, facts)


def neutral(key: str) -> str:
    """Return the neutral English words for the hint *key*.

    Raises:
        KeyError: there is no such hint.
    """
    return NEUTRAL[key]


def hints_in(text: object) -> Iterator[str]:
    """Yield the keys of the hints in *text*, in their order; none of plain text.

    Raises:
        Nothing.
    """
    if isinstance(text, Hint):
        yield text.key
    elif isinstance(text, Speakable):
        for part in text.parts_within():
            yield from hints_in(part)
