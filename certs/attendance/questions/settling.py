"""Session, zone and order of dates of a file: as the organiser answered, as it says itself, or as the event has it."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, tzinfo
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

from certs.attendance.questions.question import Answers
from certs.attendance.rows.cells import Rows
from certs.attendance.tables.formats import Format
from certs.attendance.tables.survey import Survey
from certs.attendance.times import moments
from certs.attendance.times.calendar import days_of, order_of
from certs.attendance.times.moments import DateOrder
from certs.attendance.times.stamps import with_colon
from certs.errors import InputError, Problem
from certs.model import Session
from certs.wording import hint, say

_FILE_DATE = re.compile(r"(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)")


def fixed_session(rows: Rows, sessions: Sequence[Session], answers: Answers) -> Session | None:
    """Return the session that the organiser gave for this file or sheet.

    Raises:
        InputError: there is no such session.
    """
    stem = PurePosixPath(rows.name).stem
    for key in (f"{rows.name}:{rows.sheet}", f"{stem}:{rows.sheet}", rows.name, stem):
        wanted = answers.sessions.get(key)
        if wanted is not None:
            found = next((session for session in sessions if session.id == wanted), None)
            if found is None:
                known = ", ".join(session.id for session in sessions) or "none"
                text = say('There is no session "{wanted}". The event has: {known}.', wanted=wanted, known=known)
                raise InputError(Problem(text, rows.name))
            return found
    return None


def zone_of(main: Format, survey: Survey, answers: Answers) -> tzinfo | None:
    """Return the zone of all times in the file, None for that of each session.

    What the platform is known for goes before what the file says of itself, that before the organiser's answer.
    """
    if main.zone:
        return ZoneInfo(main.zone) if main.zone != "UTC" else UTC
    said = (table.zone for table in survey.tables)
    stated = survey.totals.zone or next((zone for zone in said if zone is not None), None)
    return stated or (ZoneInfo(answers.zone) if answers.zone else None)


def orders_of(
    rows: Rows, survey: Survey, sessions: Sequence[Session], zone: tzinfo | None, answers: Answers
) -> list[DateOrder]:
    """Return the orders of day and month that are left, the organiser's answer first.

    Raises:
        InputError: her answer makes dates that do not exist.
    """
    left = order_of(survey.seen, sessions, zone)
    asked = answers.date_order
    if asked is None or asked is DateOrder.YMD:
        return left
    for text in survey.seen.days:
        found = moments.dates(text)
        slashed = found is not None and found.readings.keys() & {DateOrder.DMY, DateOrder.MDY}
        if slashed and "." not in text and found is not None and asked not in found.readings:
            message = say(
                '"{date}" is no date when read as {order}: give {other}.',
                date=text.strip(),
                order=asked.upper(),
                other=hint("other_order"),
            )
            raise InputError(Problem(message, rows.name))
    return [asked]


def assumed_session(rows: Rows, started: str, sessions: Sequence[Session]) -> Session | None:
    """Return the session that a file without dates is taken for.

    The only one, or that of the date in the name of its sheet or in its own, or that of the day on which the report
    says the meeting *started*.
    """
    if len(sessions) == 1:
        return sessions[0]
    for days in (_days_in(rows.sheet), _days_in(rows.name), _days_of(started)):
        found = [session for session in sessions if days & days_of(session)]
        if len(found) == 1:
            return found[0]
    return None


def _days_in(name: str) -> set[date]:
    """Return the days that the name of a file or sheet holds."""
    days = set()
    for year, month, day in _FILE_DATE.findall(name):
        with suppress(ValueError):
            days.add(date(int(year), int(month), int(day)))
    return days


def _days_of(started: str) -> set[date]:
    """Return the days that a moment may be, in either order of day and month."""
    found = moments.dates(moments.split(with_colon(started))[0])
    return set(found.readings.values()) if found is not None else set()


def refuse_times_of_either_day(rows: Rows, survey: Survey, session: Session | None) -> None:
    """Refuse times of day of a session that was held on several days.

    Raises:
        InputError: nobody knows on which they are.
    """
    undated = bool(survey.seen.days) and not any(text.strip() for text in survey.seen.days)
    if session is not None and session.again and undated:
        text = say(
            "Session {session} was held more than once, and these times have no date: add a column Date, or export the"
            " report with dates.",
            session=session.id,
        )
        raise InputError(Problem(text, rows.name))


def only_day(session: Session | None, zone: tzinfo | None) -> date | None:
    """Return the day that times without a date belong to."""
    if session is None:
        return None
    return session.window.start.astimezone(zone or ZoneInfo(session.zone)).date()
