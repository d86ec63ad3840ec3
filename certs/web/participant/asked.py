"""What she asked for, in the words of her page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from certs.model import Request, RequestKind, RequestState
from certs.web.edge.language import VOICES
from certs.wording import day, say


@dataclass(frozen=True, slots=True)
class Told:
    """A request: what was asked and when, and what was made of it; *answer* is an organiser's own sentence."""

    asked: str
    name: str
    outcome: str
    answer: str


def told(requests: Sequence[Request], spoken: str) -> Iterator[Told]:
    """Yield what a page in the language *spoken* says of *requests*; what she only confirmed is none."""
    speak = VOICES[spoken].say
    for one in requests:
        if not one.asked.granted:
            yield Told(speak(_asked(one)), one.asked.name, speak(_outcome(one)), one.answer)


def _asked(one: Request) -> str:
    if one.asked.kind is RequestKind.NAME:
        return say("You asked on {day} for another name.", day=day(one.asked_at))
    return say("You asked on {day} that more attendance counts.", day=day(one.asked_at))


def _outcome(one: Request) -> str:
    if one.state is RequestState.ASKED:
        return say("A person looks at it.")
    if one.state is RequestState.REFUSED:
        return say("Refused.")
    if one.asked.kind is RequestKind.NAME and one.asked.number is not None:
        return say("Accepted: the corrected certificate stands above as soon as it is issued.")
    return say("Accepted.")
