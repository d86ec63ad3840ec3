"""One input through everything that happens to an export before it reaches the register."""

from certs import attendance
from certs.attendance import Answers
from certs.attendance.questions.people import People
from certs.ground.presence import Ledger
from certs.model import Join
from tests.fuzz.corpus import SESSIONS


def read(name: str, data: bytes) -> None:
    """Read *data*, add up everybody's seconds and ask who is who.

    Raises:
        InputError: it is refused.
    """
    reading = attendance.read(name, data, SESSIONS)
    people, ledger = People(), Ledger(SESSIONS)
    for record in reading.records:
        people.see(record, name)
        if isinstance(record, Join):
            ledger.add(record)
    tallies = ledger.tallies()
    for tally in (tally for sessions in tallies.values() for tally in sessions.values()):
        assert 0 <= tally.seconds_in_window <= tally.seconds
    assert len({question.id for question in people.questions(Answers(), ledger.together)}) < 10_000
