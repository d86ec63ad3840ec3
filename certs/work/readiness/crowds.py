"""What the people of sessions have in common that they should not, or lack: another event's export, or one twice."""

from collections.abc import Iterator
from itertools import combinations

from certs.model import Finding, Session, Severity
from certs.wording import hint, say, say_n
from certs.work.readiness.crowd import Crowd

_TELLING = 8
"""People below which their number tells nothing."""
_MOST = 0.5


def findings(crowd: Crowd) -> Iterator[Finding]:
    """Yield what is odd about who was where, and for how long."""
    yield from _unknown(crowd)
    yield from _twice(crowd)
    yield from _at_once(crowd)
    yield from _long(crowd)


def _unknown(crowd: Crowd) -> Iterator[Finding]:
    """Find sessions most of whose people are in no list of registrations, where there is one."""
    if crowd.listed < _TELLING:
        return
    for session in crowd.event.sessions:
        people, unknown = crowd.there[session.id], crowd.unlisted[session.id]
        if people >= _TELLING and unknown > _MOST * people:
            yield Finding(
                "people_unknown",
                Severity.STOPS,
                say(
                    "{n_unknown:,} of the {n_people:,} people in {named} are in no list of registrations, which has "
                    "{n_listed:,} people.",
                    n_unknown=unknown,
                    n_people=people,
                    named=_named(session),
                    n_listed=crowd.listed,
                ),
                say(
                    "Is {file} the export of another event? Then: {unimport}. Else import the list in which they are.",
                    file=_file(crowd, session),
                    unimport=hint("unimport_file", event=crowd.event.slug),
                ),
                session.id,
                acceptable=True,
            )


def _twice(crowd: Crowd) -> Iterator[Finding]:
    """Find two sessions in which the same people were for the same seconds: one export, imported for both."""
    for one, other in combinations(crowd.event.sessions, 2):
        same = crowd.alike.get((one.id, other.id))
        if same is None:
            continue
        is_telling = len(same.seconds) >= max(_TELLING, same.people / 2)  # who all stayed to the end says nothing
        if is_telling and same.people > _MOST * min(crowd.there[one.id], crowd.there[other.id]):
            yield Finding(
                "sessions_alike",
                Severity.STOPS,
                say(
                    "{count} were in {named} and in {named_2} for exactly as many seconds: it looks as if one export "
                    "were imported for both.",
                    count=say_n("{n:,} person", "{n:,} people", same.people),
                    named=_named(one),
                    named_2=_named(other),
                ),
                say(
                    "Import the right one: {again}",
                    again=hint("import_instead", event=crowd.event.slug, file=_file(crowd, other)),
                ),
                f"{one.id}+{other.id}",
                acceptable=True,
            )


def _at_once(crowd: Crowd) -> Iterator[Finding]:
    """Find people who are credited for two sessions at one time."""
    for one, other in combinations(crowd.event.sessions, 2):
        found = crowd.at_once.get((one.id, other.id))
        if found is None:
            continue
        fewer = min(crowd.there[one.id], crowd.there[other.id])
        stops = found.people >= _TELLING and found.people > _MOST * fewer
        yield Finding(
            "two_at_once",
            Severity.STOPS if stops else Severity.SAID,
            say(
                "{count} in {named} and in {named_2} at the same time, for up to {people:,} minutes ({longest}); "
                "both count.",
                count=say_n("{n:,} person was", "{n:,} people were", found.people),
                named=_named(one),
                named_2=_named(other),
                people=found.seconds // 60,
                longest=found.who,
            ),
            say(
                "Is an export of another session, or in another zone? {place}",
                place=hint("status", event=crowd.event.slug),
            ),
            f"{one.id}+{other.id}",
            acceptable=True,
        )


def _long(crowd: Crowd) -> Iterator[Finding]:
    """Find stays that last far longer than the window, of which no more than the window counts."""
    for session in crowd.event.sessions:
        found = crowd.long.get(session.id)
        if found is not None:
            yield Finding(
                "stays_long",
                Severity.SAID,
                say(
                    "{count} in {named} for more than twice its window of {window_seconds:,} minutes: {longest} for "
                    "{stays:,}. No more than the window counts.",
                    count=say_n("{n:,} person was", "{n:,} people were", found.people),
                    named=_named(session),
                    window_seconds=session.window_seconds // 60,
                    longest=found.who,
                    stays=found.seconds // 60,
                ),
                say("Are {file}'s times of joining and leaving right, and its window?", file=_file(crowd, session)),
                session.id,
            )


def _named(session: Session) -> str:
    return f'session {session.id} "{session.title}"'


def _file(crowd: Crowd, session: Session) -> str:
    return next(iter(crowd.files.get(session.id, ())), "FILE")
