"""What a file leaves open, put as questions: one sentence, the possible answers, and what was assumed meanwhile."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from certs.attendance import moments, shifts, subject
from certs.attendance.calendar import ambiguous, days_of
from certs.attendance.formats import Layout
from certs.attendance.question import Evidence, Question, QuestionKind
from certs.attendance.zones import known
from certs.model import Session

if TYPE_CHECKING:
    from certs.attendance.plan import Plan

_MOST_LISTED = 4


def of_plan(plan: "Plan") -> list[Question]:
    """Return the questions of one file or sheet, in the order in which they are asked."""
    candidates = (
        _timezone(plan),
        _date_order(plan),
        _session(plan),
        _session_date(plan),
        _session_end(plan),
        _unit(plan),
        _list(plan),
        _truncated(plan),
        _people(plan),
    )
    return [question for question in candidates if question is not None]


def of_rows(plan: "Plan") -> list[Question]:
    """Return what single rows leave open, as the last pass found it."""
    file = plan.rows.name
    found = [
        Question(
            QuestionKind.CONTRADICTION,
            one.person,
            f'{one.name} is marked "not attended" beside join and leave times; the times count.',
            session=one.session,
            assumed="times",
            evidence=(Evidence(file, one.line, one.name),),
        )
        for one in plan.findings.contradictions
    ]
    for doubt in plan.findings.unknowable:
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


def outside_text(days: Sequence[date], sessions: Sequence[Session], said: Session | None) -> str:
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


def _timezone(plan: "Plan") -> Question | None:
    """Ask in which zone the times are, unless the file or the organiser says it."""
    zones = list(dict.fromkeys(s.zone for s in ([plan.fixed] if plan.fixed else plan.sessions)))
    unheard_of = [a for a in plan.survey.seen.abbreviations if not any(known(a, ZoneInfo(zone)) for zone in zones)]
    if plan.zone is not None or not (plan.survey.seen.zoneless or unheard_of):
        return None
    if plan.shifts and len(plan.orders) < 2:
        text = shifts.text(plan.shifts, dict.fromkeys(zones))
        fitting = list(dict.fromkeys([*plan.shifts[0].zones, *zones]))
        return Question(QuestionKind.TIMEZONE, plan.rows.name, text, candidates=tuple(fitting))
    return Question(
        QuestionKind.TIMEZONE,
        plan.rows.name,
        f"In which time zone are the times? The file does not say; taken for {' and '.join(zones) or 'UTC'}.",
        candidates=tuple(zones),
        assumed=zones[0] if zones else "UTC",
    )


def _date_order(plan: "Plan") -> Question | None:
    """Ask for the order of day and month where two are possible."""
    if len(plan.orders) < 2:
        return None
    shown = ambiguous(plan.survey.seen)[0]
    readings = moments.dates(shown)
    meant = " or ".join(_day(readings.readings[o]) for o in plan.orders) if readings is not None else "either"
    return Question(
        QuestionKind.DATE_ORDER,
        plan.rows.name,
        f'Is "{shown.strip()}" {meant}? Answer with --date-order dmy or mdy.',
        candidates=tuple(order.value for order in plan.orders),
    )


def _session(plan: "Plan") -> Question | None:
    """Ask for the session where the file has no date, or its day has several that fit."""
    if plan.fixed is not None or plan.format.layout in (Layout.LIST, Layout.MARKS):
        return None
    ids = tuple(str(session.id) for session in plan.sessions)
    if plan.undecided:
        days = _listed(plan.undecided)
        text = f"Which session is this? On {days} there are several. Answer with --session ID={plan.rows.name}."
        return Question(QuestionKind.SESSION, plan.rows.name, text, candidates=ids)
    if plan.survey.seen.days:
        return None
    assumed = plan.assumed.id if plan.assumed is not None else ""
    return Question(
        QuestionKind.SESSION,
        plan.rows.name,
        f"Which session is this? The file has no date. Answer with --session ID={plan.rows.name}.",
        candidates=ids,
        assumed=assumed,
    )


def _session_date(plan: "Plan") -> Question | None:
    """Ask for the day where the file has times of day only."""
    if plan.fixed is not None or any(text.strip() for text in plan.survey.seen.days) or not plan.survey.seen.days:
        return None
    return Question(
        QuestionKind.SESSION_DATE,
        plan.rows.name,
        f"Of which session are these times? They have no date. Answer with --session ID={plan.rows.name}.",
        candidates=tuple(str(session.id) for session in plan.sessions),
        assumed=plan.assumed.id if plan.assumed is not None else "",
    )


def _session_end(plan: "Plan") -> Question | None:
    """Ask when the session ended where the list was saved before everybody left."""
    if plan.format.ends != "ask":
        return None
    text = "When did the session end? The list does not say when the last ones left; taken for the end of the window."
    return Question(QuestionKind.SESSION_END, plan.rows.name, text, assumed="window")


def _unit(plan: "Plan") -> Question | None:
    """Ask for the unit of lengths that have none."""
    if plan.has_times and plan.lengths.contradicted and not plan.answers.unit:
        text = (
            f"The title says that lengths are in {plan.lengths.titled}s, but read in {plan.lengths.fitting}s they are"
            f" the times from joining to leaving. Answer with --unit {plan.lengths.fitting} or {plan.lengths.titled}."
        )
        candidates = (plan.lengths.fitting, plan.lengths.titled)
        return Question(QuestionKind.UNIT, plan.rows.name, text, candidates=candidates)
    unitless = plan.survey.unitless
    if unitless is None or not plan.times_count or plan.answers.unit:
        return None
    title, most = unitless
    text = (
        f'Is "{title}" in seconds, minutes or hours? The longest is {most}. Answer with --unit second, minute or hour.'
    )
    return Question(QuestionKind.UNIT, plan.rows.name, text, candidates=("minute", "second", "hour"))


def _list(plan: "Plan") -> Question | None:
    """Ask what a list is of that shows no sign of it."""
    if plan.format.layout is not Layout.LIST or plan.shows_registrations:
        return None
    text = (
        "Is this a list of who registered, of who came, or something else? It has addresses and no times. Answer with"
        f" --registered {plan.rows.name} if they registered; who came is added with certs evidence add."
    )
    return Question(QuestionKind.LIST, plan.rows.name, text, candidates=("registered", "came", "other"))


def _truncated(plan: "Plan") -> Question | None:
    """Ask whether the complete rows of a file that was cut short will do."""
    if not plan.truncated or plan.answers.accept_complete_rows:
        return None
    text = f"The file is cut short: {plan.truncated}. Export it again, or take the rest with --accept-complete-rows."
    line = plan.rows.cut.line
    evidence = (Evidence(plan.rows.name, line),) if line else ()
    return Question(QuestionKind.TRUNCATED_FILE, plan.rows.name, text, evidence=evidence)


def cut_notes(plan: "Plan") -> list[str]:
    """Say that only the complete rows of a file that was cut short were taken, if that is so."""
    if not plan.truncated or not plan.answers.accept_complete_rows:
        return []
    return [f"The file is cut short: {plan.truncated}. Only its complete rows were taken."]


def notes(plan: "Plan") -> list[str]:
    """Say what an organiser should know of how the file was read."""
    main = [table for table in plan.survey.tables if table.format.layout is plan.format.layout][:1]
    found = [subject.unused(table, plan.survey.sampled(table)) for table in main]
    if plan.gaps:
        found.append(
            "Everybody has one row here, and some totals are shorter than from joining to leaving: the totals count."
        )
    return [*filter(None, found), *cut_notes(plan)]


def rows_notes(plan: "Plan") -> list[str]:
    """Say what the last pass found that an organiser should know."""
    found = plan.findings
    if not found.shortened:
        return []
    rows = "1 row states" if found.shortened == 1 else f"{found.shortened:,} rows state"
    minutes = round(found.shortened_seconds / 60)
    return [f"{rows} less than from joining to leaving, {minutes:,} minutes in all: what is stated counts."]


def dates(plan: "Plan") -> str:
    """Say how a date is read that could be read otherwise, empty where there is none or it is asked about."""
    if len(plan.orders) != 1 or not (shown := ambiguous(plan.survey.seen)):
        return ""
    readings = moments.dates(shown[0])
    meant = readings.readings.get(plan.orders[0]) if readings is not None else None
    return f"{shown[0].strip()} is {_day(meant)}" if meant is not None else ""


def _people(plan: "Plan") -> Question | None:
    """Ask who is who where the format has no addresses."""
    if plan.has_addresses or plan.format.layout in (Layout.LIST, Layout.MARKS):
        return None
    text = "Whose names are these? The export has no addresses: match them with the registration."
    return Question(QuestionKind.PEOPLE, plan.rows.name, text)


def _listed(days: Sequence[date]) -> str:
    """Return a few days in words."""
    shown = [_day(day) for day in days[:_MOST_LISTED]]
    if len(days) > _MOST_LISTED:
        more = len(days) - _MOST_LISTED
        shown.append(f"{more} more {'day' if more == 1 else 'days'}")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
