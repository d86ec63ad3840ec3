"""A sample certificate of an event, printed and looked at before anybody attends.

Everything that depends on the event alone is tried: its words in their places, the list of sessions, who signs, and
the finished page as a visitor's program sees it. The sample bears no seal and leaves the house nowhere.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time

from certs.errors import InputError
from certs.ground.number import from_bits
from certs.model import EventFacts, Evidence, Number, Statement
from certs.pdf.design import Design
from certs.pdf.forme import forme_of
from certs.pdf.lint import lint
from certs.pdf.plate import draw_plate

NAME = "Ana Maria Example"
_MOST_HOURS = 4 * 1000


class NoSeal:
    """Stands where a seal would."""

    evidence: Evidence | None = None
    digits = 16

    def __init__(self, signed_at: datetime) -> None:
        self.signed_at = signed_at

    def seal(self, digest: bytes) -> bytes:
        """Return what no program takes for a seal of *digest*."""
        return digest.hex().encode()[: self.digits]


def unfit(event: EventFacts, base_url: str, claim_url: str) -> list[str]:
    """Return a sentence for everything of *event* that keeps its certificates from being printed; empty if all is well.

    The sample's code leads to *claim_url*.

    Raises:
        InputError: the design is missing or wrong.
    """
    design = Design.of(event)
    try:
        forme = forme_of(design, event, base_url)
        for statement in _samples(event):
            forme.page.inscription.check_fit(statement)
    except InputError as error:
        return [str(problem) for problem in error.problems]
    statement = sample(event)
    moment = datetime.combine(statement.issued_on, time(), UTC)
    plate = draw_plate(design, [statement], base_url, NoSeal(moment))
    file = plate.data + plate.imprint(statement, claim_url).tail
    return lint(file, statement, claim_url, plate.expected(statement))


def sample(event: EventFacts, kind: str = "attendance", name: str = NAME) -> Statement:
    """Return what a certificate of *event* may say: of somebody who was at every session but one."""
    ids = [session.id for session in event.sessions]
    attended = frozenset(ids[1:] or ids)
    return Statement(event, _number(), kind, name, "", attended, 4 * len(attended), event.last_day)


def _samples(event: EventFacts) -> Iterator[Statement]:
    """Yield statements on any number of sessions and many hours."""
    ids = [session.id for session in event.sessions]
    for count in range(1, len(ids) + 1):
        attended = frozenset(ids[:count])
        yield Statement(event, _number(), "attendance", NAME, "", attended, _MOST_HOURS - 1, event.last_day)


def _number() -> Number:
    return from_bits(0)
