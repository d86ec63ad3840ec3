"""What a file leaves open, put as questions: one sentence, the possible answers, and what was assumed meanwhile."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from certs.attendance.questions.outline import Outline
from certs.attendance.questions.question import Evidence, Question, QuestionKind
from certs.attendance.records import Findings
from certs.attendance.tables import subject
from certs.attendance.tables.formats import Layout
from certs.attendance.times import moments, shifts
from certs.attendance.times.calendar import ambiguous, days_of
from certs.attendance.times.zones import known
from certs.model import Session

_MOST_LISTED = 4


def of_outline(outline: Outline) -> list[Question]:
    """Return the questions of one file or sheet, in the order in which they are asked."""
    candidates = (
        _timezone(outline),
        _date_order(outline),
        _session(outline),
        _session_date(outline),
        _session_end(outline),
        _unit(outline),
        _list(outline),
        _truncated(outline),
        _people(outline),
    )
    return [question for question in candidates if question is not None]


def of_rows(file: str, findings: Findings) -> list[Question]:
    """Return what single rows of *file* leave open, as the last pass found it."""
    found = [
        Question(
            QuestionKind.CONTRADICTION,
            one.person,
            f'{one.name} is marked "not attended" beside join and leave times; the times count.',
            session=one.session,
            assumed="times",
            evidence=(Evidence(file, one.line, one.name),),
        )
        for one in findings.contradictions
    ]
    for doubt in findings.unknowable:
        totals = " or ".join(f"{seconds:,}" for seconds in doubt.totals)
        found.append(
            Question(
                QuestionKind.DST_FOLD,
                doubt.person,
                f"{doubt.name} was there while the clocks changed: {totals} seconds, the file does not tell.",
                session=doubt.session,
                candidates=tuple(str(seconds) for seconds in doubt.totals),
                assumed=str(doubt.totals[0]),
                evidence=(Evidence(file, doubt.line, doubt.name, doubt.totals[0]),),
            )
        )
    return found


def outside(outline: Outline) -> list[str]:
    """Say that none of the file's days is a session's day, if that is so."""
    days = outline.calendar.days(outline.survey.seen)
    if not days or any(days.values()):
        return []
    return [_outside_text(sorted(days), outline.sessions, outline.fixed)]


def _outside_text(days: Sequence[date], sessions: Sequence[Session], said: Session | None) -> str:
    """Say that none of *days* is a day of a session, or of the one that the organiser *said*, and what to do."""
    if said is not None:
        held = _listed(sorted(days_of(said)))
        return (
            f"The report is of {_listed(days)}, and session {said.id}, which it is said to be of, is on {held}. "
            "Check the file, --session, the event's dates, or the order of day and month (--date-order)."
        )
    theirs = sorted({day for session in sessions for day in days_of(session)})
    known = f"its sessions are on {_listed(theirs)}" if theirs else "it has no sessions"
    return (
        f"The report is of {_listed(days)}, outside every session of the event: {known}. "
        "Check the file, the event's dates, or the order of day and month (--date-order)."
    )


def _timezone(outline: Outline) -> Question | None:
    """Ask in which zone the times are, unless the file or the organiser says it."""
    zones = list(dict.fromkeys(s.zone for s in ([outline.fixed] if outline.fixed else outline.sessions)))
    unheard_of = [a for a in outline.survey.seen.abbreviations if not any(known(a, ZoneInfo(zone)) for zone in zones)]
    if outline.zone is not None or not (outline.survey.seen.zoneless or unheard_of):
        return None
    if outline.shifts and len(outline.orders) < 2:
        text = shifts.text(outline.shifts, dict.fromkeys(zones))
        fitting = list(dict.fromkeys([*outline.shifts[0].zones, *zones]))
        return Question(QuestionKind.TIMEZONE, outline.rows.name, text, candidates=tuple(fitting))
    return Question(
        QuestionKind.TIMEZONE,
        outline.rows.name,
        f"In which time zone are the times? The file does not say; taken for {' and '.join(zones) or 'UTC'}.",
        candidates=tuple(zones),
        assumed=zones[0] if zones else "UTC",
    )


def _date_order(outline: Outline) -> Question | None:
    """Ask for the order of day and month where two are possible."""
    if len(outline.orders) < 2:
        return None
    shown = ambiguous(outline.survey.seen)[0]
    readings = moments.dates(shown)
    meant = " or ".join(_day(readings.readings[o]) for o in outline.orders) if readings is not None else "either"
    return Question(
        QuestionKind.DATE_ORDER,
        outline.rows.name,
        f'Is "{shown.strip()}" {meant}? Answer with --date-order dmy or mdy.',
        candidates=tuple(order.value for order in outline.orders),
    )


def _session(outline: Outline) -> Question | None:
    """Ask for the session where the file has no date, or its day has several that fit."""
    if outline.fixed is not None or outline.format.layout in (Layout.LIST, Layout.MARKS):
        return None
    ids = tuple(str(session.id) for session in outline.sessions)
    if outline.undecided:
        days = _listed(outline.undecided)
        text = f"Which session is this? On {days} there are several. Answer with --session ID={outline.rows.name}."
        return Question(QuestionKind.SESSION, outline.rows.name, text, candidates=ids)
    if outline.survey.seen.days:
        return None
    assumed = outline.assumed.id if outline.assumed is not None else ""
    return Question(
        QuestionKind.SESSION,
        outline.rows.name,
        f"Which session is this? The file has no date. Answer with --session ID={outline.rows.name}.",
        candidates=ids,
        assumed=assumed,
    )


def _session_date(outline: Outline) -> Question | None:
    """Ask for the day where the file has times of day only."""
    if (
        outline.fixed is not None
        or any(text.strip() for text in outline.survey.seen.days)
        or not outline.survey.seen.days
    ):
        return None
    return Question(
        QuestionKind.SESSION_DATE,
        outline.rows.name,
        f"Of which session are these times? They have no date. Answer with --session ID={outline.rows.name}.",
        candidates=tuple(str(session.id) for session in outline.sessions),
        assumed=outline.assumed.id if outline.assumed is not None else "",
    )


def _session_end(outline: Outline) -> Question | None:
    """Ask when the session ended where the list was saved before everybody left."""
    if outline.format.ends != "ask":
        return None
    text = "When did the session end? The list does not say when the last ones left; taken for the end of the window."
    return Question(QuestionKind.SESSION_END, outline.rows.name, text, assumed="window")


def _unit(outline: Outline) -> Question | None:
    """Ask for the unit of lengths that have none."""
    if outline.has_times and outline.lengths.contradicted and not outline.answers.unit:
        titled, fitting = outline.lengths.titled, outline.lengths.fitting
        text = (
            f"The title says that lengths are in {titled}s, but read in {fitting}s they are the times from joining to"
            f" leaving. Answer with --unit {fitting} or {titled}."
        )
        candidates = (fitting, titled)
        return Question(QuestionKind.UNIT, outline.rows.name, text, candidates=candidates)
    unitless = outline.survey.unitless
    if unitless is None or not outline.times_count or outline.answers.unit:
        return None
    title, most = unitless
    text = (
        f'Is "{title}" in seconds, minutes or hours? The longest is {most}. Answer with --unit second, minute or hour.'
    )
    return Question(QuestionKind.UNIT, outline.rows.name, text, candidates=("minute", "second", "hour"))


def _list(outline: Outline) -> Question | None:
    """Ask what a list is of that shows no sign of it."""
    if outline.format.layout is not Layout.LIST or outline.shows_registrations:
        return None
    text = (
        "Is this a list of who registered, of who came, or something else? It has addresses and no times. Answer with"
        f" --registered {outline.rows.name} if they registered; who came is added with certs evidence add."
    )
    return Question(QuestionKind.LIST, outline.rows.name, text, candidates=("registered", "came", "other"))


def _truncated(outline: Outline) -> Question | None:
    """Ask whether the complete rows of a file that was cut short will do."""
    if not outline.truncated or outline.answers.accept_complete_rows:
        return None
    text = f"The file is cut short: {outline.truncated}. Export it again, or take the rest with --accept-complete-rows."
    line = outline.rows.cut.line
    evidence = (Evidence(outline.rows.name, line),) if line else ()
    return Question(QuestionKind.TRUNCATED_FILE, outline.rows.name, text, evidence=evidence)


def cut_notes(outline: Outline) -> list[str]:
    """Say that only the complete rows of a file that was cut short were taken, if that is so."""
    if not outline.truncated or not outline.answers.accept_complete_rows:
        return []
    return [f"The file is cut short: {outline.truncated}. Only its complete rows were taken."]


def notes(outline: Outline) -> list[str]:
    """Say what an organiser should know of how the file was read."""
    main = [table for table in outline.survey.tables if table.format.layout is outline.format.layout][:1]
    found = [subject.unused(table, outline.survey.sampled(table)) for table in main]
    if outline.gaps:
        found.append(
            "Everybody has one row here, and some totals are shorter than from joining to leaving: the totals count."
        )
    return [*filter(None, found), *cut_notes(outline)]


def rows_notes(found: Findings) -> list[str]:
    """Say what the last pass found that an organiser should know."""
    notes = []
    if found.shortened:
        rows = "1 row states" if found.shortened == 1 else f"{found.shortened:,} rows state"
        minutes = round(found.shortened_seconds / 60)
        notes.append(f"{rows} less than from joining to leaving, {minutes:,} minutes in all: what is stated counts.")
    if found.further_seconds:
        rows = "1 row is a further one" if found.further == 1 else f"{found.further:,} rows are further ones"
        minutes = round(found.further_seconds / 60)
        notes.append(
            f"{rows} of somebody, without times of joining and leaving: nobody knows whether they overlap, so the"
            f" longest counts, and {minutes:,} minutes do not. An export with both times counts all of them."
        )
    return notes


def dates(outline: Outline) -> str:
    """Say how a date is read that could be read otherwise, empty where there is none or it is asked about."""
    if len(outline.orders) != 1 or not (shown := ambiguous(outline.survey.seen)):
        return ""
    readings = moments.dates(shown[0])
    meant = readings.readings.get(outline.orders[0]) if readings is not None else None
    return f"{shown[0].strip()} is {_day(meant)}" if meant is not None else ""


def _people(outline: Outline) -> Question | None:
    """Ask who is who where the format has no addresses."""
    if outline.has_addresses or outline.format.layout in (Layout.LIST, Layout.MARKS):
        return None
    text = "Whose names are these? The export has no addresses: match them with the registration."
    return Question(QuestionKind.PEOPLE, outline.rows.name, text)


def _listed(days: Sequence[date]) -> str:
    """Return a few days in words."""
    shown = [_day(day) for day in days[:_MOST_LISTED]]
    if len(days) > _MOST_LISTED:
        more = len(days) - _MOST_LISTED
        shown.append(f"{more} more {'day' if more == 1 else 'days'}")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
