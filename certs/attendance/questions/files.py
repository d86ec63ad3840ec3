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
from certs.wording import day, hint, listing, mark, say, say_marked, say_n

_MOST_LISTED = 4
_UNITS = {"second": mark("seconds"), "minute": mark("minutes"), "hour": mark("hours")}


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
            say('{name} is marked "not attended" beside join and leave times; the times count.', name=one.name),
            session=one.session,
            assumed="times",
            evidence=(Evidence(file, one.line, one.name),),
        )
        for one in findings.contradictions
    ]
    for doubt in findings.unknowable:
        totals = listing([say("{n:,}", n=seconds) for seconds in doubt.totals], either=True)
        found.append(
            Question(
                QuestionKind.DST_FOLD,
                doubt.person,
                say(
                    "{name} was there while the clocks changed: {totals} seconds, the file does not tell.",
                    name=doubt.name,
                    totals=totals,
                ),
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
        return say(
            "The report is of {days}, and session {session}, which it is said to be of, is on {held}. "
            "Check the file, {its_session}, the event's dates, or {order}.",
            days=_listed(days),
            session=said.id,
            held=_listed(sorted(days_of(said))),
            its_session=hint("its_session"),
            order=hint("which_order"),
        )
    theirs = sorted({day for session in sessions for day in days_of(session)})
    if not theirs:
        return say("The report is of {days}, and the event has no sessions.", days=_listed(days))
    return say(
        "The report is of {days}, outside every session of the event: its sessions are on {held}. "
        "Check the file, the event's dates, or {order}.",
        days=_listed(days),
        held=_listed(theirs),
        order=hint("which_order"),
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
        say(
            "In which time zone are the times? The file does not say; taken for {zones}.",
            zones=listing(zones) or "UTC",
        ),
        candidates=tuple(zones),
        assumed=zones[0] if zones else "UTC",
    )


def _date_order(outline: Outline) -> Question | None:
    """Ask for the order of day and month where two are possible."""
    if len(outline.orders) < 2:
        return None
    shown = ambiguous(outline.survey.seen)[0]
    readings = moments.dates(shown)
    days = [] if readings is None else [day(readings.readings[order]) for order in outline.orders]
    return Question(
        QuestionKind.DATE_ORDER,
        outline.rows.name,
        say(
            'Is "{date}" {days}? Answer with {order}.',
            date=shown.strip(),
            days=listing(days, either=True),
            order=hint("either_order"),
        ),
        candidates=tuple(order.value for order in outline.orders),
    )


def _session(outline: Outline) -> Question | None:
    """Ask for the session where the file has no date, or its day has several that fit."""
    if outline.fixed is not None or outline.format.layout in (Layout.LIST, Layout.MARKS):
        return None
    ids = tuple(str(session.id) for session in outline.sessions)
    if outline.undecided:
        text = say(
            "Which session is this? On {days} there are several. Answer with {session}.",
            days=_listed(outline.undecided),
            session=hint("session_id", file=outline.rows.name),
        )
        return Question(QuestionKind.SESSION, outline.rows.name, text, candidates=ids)
    if outline.survey.seen.days:
        return None
    assumed = outline.assumed.id if outline.assumed is not None else ""
    return Question(
        QuestionKind.SESSION,
        outline.rows.name,
        say(
            "Which session is this? The file has no date. Answer with {session}.",
            session=hint("session_id", file=outline.rows.name),
        ),
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
        say(
            "Of which session are these times? They have no date. Answer with {session}.",
            session=hint("session_id", file=outline.rows.name),
        ),
        candidates=tuple(str(session.id) for session in outline.sessions),
        assumed=outline.assumed.id if outline.assumed is not None else "",
    )


def _session_end(outline: Outline) -> Question | None:
    """Ask when the session ended where the list was saved before everybody left."""
    if outline.format.ends != "ask":
        return None
    text = say(
        "When did the session end? The list does not say when the last ones left; taken for the end of the window."
    )
    return Question(QuestionKind.SESSION_END, outline.rows.name, text, assumed="window")


def _unit(outline: Outline) -> Question | None:
    """Ask for the unit of lengths that have none."""
    if outline.has_times and outline.lengths.contradicted and not outline.answers.unit:
        titled, fitting = outline.lengths.titled, outline.lengths.fitting
        text = say(
            "The title says that lengths are in {titled}, but read in {fitting} they are the times from joining to"
            " leaving. Answer with {unit}.",
            titled=say_marked(_UNITS[titled]),
            fitting=say_marked(_UNITS[fitting]),
            unit=hint("unit_of", one=fitting, other=titled),
        )
        candidates = (fitting, titled)
        return Question(QuestionKind.UNIT, outline.rows.name, text, candidates=candidates)
    unitless = outline.survey.unitless
    if unitless is None or not outline.times_count or outline.answers.unit:
        return None
    title, most = unitless
    text = say(
        'Is "{title}" in seconds, minutes or hours? The longest is {most}. Answer with {unit}.',
        title=title,
        most=most,
        unit=hint("unit"),
    )
    return Question(QuestionKind.UNIT, outline.rows.name, text, candidates=("minute", "second", "hour"))


def _list(outline: Outline) -> Question | None:
    """Ask what a list is of that shows no sign of it."""
    if outline.format.layout is not Layout.LIST or outline.shows_registrations:
        return None
    text = say(
        "Is this a list of who registered, of who came, or something else? It has addresses and no times. Answer with"
        " {registered} if they registered; who came is added otherwise: {vouch}.",
        registered=hint("registered", file=outline.rows.name),
        vouch=hint("vouch"),
    )
    return Question(QuestionKind.LIST, outline.rows.name, text, candidates=("registered", "came", "other"))


def _truncated(outline: Outline) -> Question | None:
    """Ask whether the complete rows of a file that was cut short will do."""
    if not outline.truncated or outline.answers.accept_complete_rows:
        return None
    text = say(
        "The file is cut short: {why}. Export it again, or take {rest}.",
        why=outline.truncated,
        rest=hint("complete_rows"),
    )
    line = outline.rows.cut.line
    evidence = (Evidence(outline.rows.name, line),) if line else ()
    return Question(QuestionKind.TRUNCATED_FILE, outline.rows.name, text, evidence=evidence)


def cut_notes(outline: Outline) -> list[str]:
    """Say that only the complete rows of a file that was cut short were taken, if that is so."""
    if not outline.truncated or not outline.answers.accept_complete_rows:
        return []
    return [say("The file is cut short: {why}. Only its complete rows were taken.", why=outline.truncated)]


def notes(outline: Outline) -> list[str]:
    """Say what an organiser should know of how the file was read."""
    main = [table for table in outline.survey.tables if table.format.layout is outline.format.layout][:1]
    found = [subject.unused(table, outline.survey.sampled(table)) for table in main]
    if outline.gaps:
        found.append(
            say(
                "Everybody has one row here, and some totals are shorter than from joining to leaving: the totals"
                " count."
            )
        )
    return [*filter(None, found), *cut_notes(outline)]


def rows_notes(found: Findings) -> list[str]:
    """Say what the last pass found that an organiser should know."""
    notes: list[str] = []
    if found.shortened:
        notes.append(
            say_n(
                "{n:,} row states less than from joining to leaving, {minutes:,} minutes in all: what is stated"
                " counts.",
                "{n:,} rows state less than from joining to leaving, {minutes:,} minutes in all: what is stated"
                " counts.",
                found.shortened,
                minutes=round(found.shortened_seconds / 60),
            )
        )
    if found.further_seconds:
        notes.append(
            say_n(
                "{n:,} row is a further one of somebody, without times of joining and leaving: nobody knows whether"
                " they overlap, so the longest counts, and {minutes:,} minutes do not. An export with both times counts"
                " all of them.",
                "{n:,} rows are further ones of somebody, without times of joining and leaving: nobody knows whether"
                " they overlap, so the longest counts, and {minutes:,} minutes do not. An export with both times counts"
                " all of them.",
                found.further,
                minutes=round(found.further_seconds / 60),
            )
        )
    return notes


def dates(outline: Outline) -> str:
    """Say how a date is read that could be read otherwise, empty where there is none or it is asked about."""
    if len(outline.orders) != 1 or not (shown := ambiguous(outline.survey.seen)):
        return ""
    readings = moments.dates(shown[0])
    meant = readings.readings.get(outline.orders[0]) if readings is not None else None
    return say("{date} is {day}", date=shown[0].strip(), day=day(meant)) if meant is not None else ""


def _people(outline: Outline) -> Question | None:
    """Ask who is who where the format has no addresses."""
    if outline.has_addresses or outline.format.layout in (Layout.LIST, Layout.MARKS):
        return None
    text = say("Whose names are these? The export has no addresses: match them with the registration.")
    return Question(QuestionKind.PEOPLE, outline.rows.name, text)


def _listed(days: Sequence[date]) -> str:
    """Return a few days in words."""
    shown: list[str] = [day(one) for one in days[:_MOST_LISTED]]
    if len(days) > _MOST_LISTED:
        shown.append(say_n("{n:,} more day", "{n:,} more days", len(days) - _MOST_LISTED))
    return listing(shown)
