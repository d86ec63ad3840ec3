"""Bytes of an attendance or registration export in, joins, registrations, unusable rows and questions out.

    reading = attendance.read("attendee_900_2026_10_06.csv", data, event.sessions, answers)

Nothing is guessed: what a file does not say for sure becomes a `Question`. A question with an *assumed* answer was read
with that answer and may be confirmed or corrected; one without blocks what it touches. Pure: no database, no network,
no clock.
"""

from certs.attendance.questions.people import People, settled
from certs.attendance.questions.question import Answers, Evidence, Question, QuestionKind, RowsKey, rows_keys
from certs.attendance.questions.sieve import doubtful_people
from certs.attendance.questions.telephones import Telephones
from certs.attendance.reading import Reading, look_through, read
from certs.attendance.times.durations import UNITS
from certs.attendance.times.moments import DateOrder

__all__ = [
    "UNITS",
    "Answers",
    "DateOrder",
    "Evidence",
    "People",
    "Question",
    "QuestionKind",
    "Reading",
    "RowsKey",
    "Telephones",
    "doubtful_people",
    "look_through",
    "read",
    "rows_keys",
    "settled",
]
