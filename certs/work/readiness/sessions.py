"""Sessions without anybody, with few people, in the future, or whose joins lie beside their window."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from certs.eligibility.words import count
from certs.model import Finding, Session, SessionId, Severity
from certs.wording import hint, say, say_n
from certs.work.readiness.crowd import Crowd
from certs.work.readiness.fitting import Fit, Span, fit

CLOCK_EARLY = "clock_early"
ENOUGH = 0.75
"""Part of the time of its joins in the window of a session about which nothing is said."""
MOST = 0.5
_BETTER = 0.2
"""How much more must lie inside under a shift that is believed."""
_FEW_JOINS = 5
"""Fewer tell nothing, unless none of them touches the window at all."""
_FAR_FEWER = 4
_TELLING = 8
"""People in the middle session of an event below which numbers tell nothing."""


def findings(crowd: Crowd, now: datetime) -> Iterator[Finding]:
    """Yield what is odd about the sessions; *now* tells which are still to come."""
    came = {session.id: crowd.present[session.id] for session in crowd.event.sessions}
    for session in crowd.event.sessions:
        if now < session.window.end:
            yield _ahead(session, came[session.id], now)
        elif not came[session.id]:
            yield _missing(crowd, session)
        else:
            yield from _few(crowd, session, came)
            yield from _beside(crowd, session, crowd.spans(session.id))


def _ahead(session: Session, came: int, now: datetime) -> Finding:
    """Say that *session* is not over; if people were there, it is the clock that is wrong."""
    ends = _moment(session, session.window.end)
    if came:
        return Finding(
            CLOCK_EARLY,
            Severity.STOPS,
            say(
                "It is {now:%Y-%m-%d %H:%M} UTC by the clock of this machine, but {count} were in {named}, which "
                "ends {ends}.",
                now=now,
                count=say_n("{n:,} person", "{n:,} people", came),
                named=_named(session),
                ends=ends,
            ),
            say("Set the clock, or correct the session's times in the event file: {add}", add=hint("event_add")),
            session.id,
        )
    return Finding(
        "session_ahead",
        Severity.STOPS,
        say(
            "{named} is not over: it ends {ends}. Certificates would say that all missed it.",
            named=_named(session, capital=True),
            ends=ends,
        ),
        say("Order when it is over and its export is imported."),
        session.id,
        acceptable=True,
    )


def _missing(crowd: Crowd, session: Session) -> Finding:
    held = _moment(session, session.window.start)
    return Finding(
        "session_missing",
        Severity.STOPS,
        say(
            "Nobody was in {named}, {held}: its export is not imported. Certificates would say that "
            "everybody missed it.",
            named=_named(session),
            held=held,
        ),
        say(
            "{bring}. If it did not take place, take it out of the event file: {add}",
            bring=hint("import", event=crowd.event.slug),
            add=hint("event_add"),
        ),
        session.id,
        acceptable=True,
    )


def _few(crowd: Crowd, session: Session, came: Mapping[SessionId, int]) -> Iterator[Finding]:
    others = [people for id_, people in came.items() if id_ != session.id and people]
    usual = median(others) if others else 0
    if usual >= _TELLING and came[session.id] * _FAR_FEWER < usual:
        yield Finding(
            "session_thin",
            Severity.SAID,
            say(
                "{count} in {named}, {usual:,.0f} in the others as a rule: is its export whole?",
                count=say_n("{n:,} person was", "{n:,} people were", came[session.id]),
                named=_named(session),
                usual=usual,
            ),
            hint("status", event=crowd.event.slug),
            session.id,
        )


def _beside(crowd: Crowd, session: Session, spans: Collection[Span]) -> Iterator[Finding]:
    window = int(session.window.start.timestamp()), int(session.window.end.timestamp())
    found = fit(spans, window, ENOUGH)
    if found.share >= ENOUGH:
        return
    if found.joins < _FEW_JOINS and any(start < window[1] and window[0] < end for start, end in spans):
        return
    if found.shifted >= ENOUGH and found.shifted - found.share >= _BETTER:
        yield _shifted(crowd, session, found)
    else:
        yield _outside(crowd, session, found, spans)


def _shifted(crowd: Crowd, session: Session, found: Fit) -> Finding:
    shift = timedelta(seconds=found.shift)
    moved = f"{_clock(session, session.window.start + shift)} to {_clock(session, session.window.end + shift)}"
    offset = session.window.start.astimezone(ZoneInfo(session.zone)).utcoffset()
    guess = " The export's times look like UTC." if offset and shift == -offset else ""
    return Finding(
        "session_shifted",
        Severity.STOPS,
        say(
            "{inside}; {shifted:.0%} would if it were {duration} {what} ({moved}).{guess}",
            inside=_inside(session, found),
            shifted=found.shifted,
            duration=_duration(found.shift),
            what="later" if found.shift > 0 else "earlier",
            moved=moved,
            guess=guess,
        ),
        say(
            "{again}, or correct its times in the event file: {add}",
            again=_again(crowd, session, "UTC" if guess else "ZONE"),
            add=hint("event_add"),
        ),
        session.id,
        acceptable=True,
    )


def _outside(crowd: Crowd, session: Session, found: Fit, spans: Collection[Span]) -> Finding:
    outermost = min(start for start, _ in spans), max(end for _, end in spans)
    first, last = (datetime.fromtimestamp(at, ZoneInfo(session.zone)) for at in outermost)
    return Finding(
        "session_outside",
        Severity.STOPS if found.share < MOST else Severity.SAID,
        say(
            "{inside}, and no shift by whole or half hours fits them: they are from {first:%Y-%m-%d %H:%M} "
            "to {last:%Y-%m-%d %H:%M}.",
            inside=_inside(session, found),
            first=first,
            last=last,
        ),
        say(
            "Is the export of another session? {again}, or correct the session's times in the event file: {add}",
            again=_again(crowd, session, "ZONE"),
            add=hint("event_add"),
        ),
        session.id,
        acceptable=True,
    )


def _inside(session: Session, found: Fit) -> str:
    start, end = session.window.start, session.window.end
    window = f"{_moment(session, start)} to {_clock(session, end)} {session.zone}"
    joins = f"{count(found.joins, 'join')} of {_named(session)}"
    return f"{found.share:.0%} of the time of {joins} lies in its window, {window}"


def _again(crowd: Crowd, session: Session, zone: str) -> str:
    """Return how the session's export is imported anew."""
    file = next(iter(crowd.files.get(session.id, ())), "FILE")
    return hint("import_in_zone", event=crowd.event.slug, file=file, zone=zone)


def _named(session: Session, *, capital: bool = False) -> str:
    return f'{"Session" if capital else "session"} {session.id} "{session.title}"'


def _moment(session: Session, at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(session.zone)):%Y-%m-%d %H:%M}"


def _clock(session: Session, at: datetime) -> str:
    """Return the time of *at* by the session's clock, with its day where that is another than the session's."""
    local, day = at.astimezone(ZoneInfo(session.zone)), session.window.start.astimezone(ZoneInfo(session.zone)).date()
    return f"{local:%H:%M}" if local.date() == day else f"{local:%Y-%m-%d %H:%M}"


def _duration(seconds: int) -> str:
    """Return "2 hours", "5.5 hours", "3 days"."""
    hours = abs(seconds) / 3600
    if hours >= 48 and hours % 24 == 0:
        return count(int(hours // 24), "day")
    return "1 hour" if hours == 1 else f"{hours:g} hours"
