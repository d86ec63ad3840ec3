"""What the people of sessions have in common that they should not, or lack: another event's export, or one twice."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations

from certs.model import Basis, Finding, PersonKey, Session, SessionId, Severity, Tally
from certs.wording import say, say_n
from certs.work.readiness.seen import Seen

_TELLING = 8
"""People below which their number tells nothing."""
_MOST = 0.5
_LONG = 2
"""Times the window that a stay may last, from joining early to leaving late."""
_AT_ONCE_SECONDS = 300
"""Who leaves one session late and joins the next early is in both for so long."""

_Presence = Mapping[PersonKey, Mapping[SessionId, Tally]]
_There = defaultdict[SessionId, set[PersonKey]]
"""Who was in which session for any second."""


def findings(seen: Seen) -> Iterator[Finding]:
    """Yield what is odd about who was where, and for how long."""
    first = seen.event.kinds[0].name
    presence = {one.person: one.tallies for one in seen.decisions if one.kind == first and one.tallies}
    there = _people(presence)
    yield from _unknown(seen, there)
    yield from _twice(seen, presence, there)
    yield from _at_once(seen, there)
    yield from _long(seen, presence)


def _unknown(seen: Seen, there: _There) -> Iterator[Finding]:
    """Find sessions most of whose people are in no list of registrations, where there is one."""
    listed = {key for key, person in seen.roll.people.items() if person.listed}
    if len(listed) < _TELLING:
        return
    for session in seen.event.sessions:
        people = there[session.id]
        unknown = people - listed
        if len(people) >= _TELLING and len(unknown) > _MOST * len(people):
            yield Finding(
                "people_unknown",
                Severity.STOPS,
                say(
                    "{n_unknown:,} of the {n_people:,} people in {named} are in no list of registrations, which has "
                    "{n_listed:,} people.",
                    n_unknown=len(unknown),
                    n_people=len(people),
                    named=_named(session),
                    n_listed=len(listed),
                ),
                say(
                    "Is {file} the export of another event? Then: certs unimport {slug} FILE --reason TEXT. Else "
                    "import the list in which they are.",
                    file=_file(seen, session),
                    slug=seen.event.slug,
                ),
                session.id,
                acceptable=True,
            )


def _twice(seen: Seen, presence: _Presence, there: _There) -> Iterator[Finding]:
    """Find two sessions in which the same people were for the same seconds: one export, imported for both."""
    timed = _timed(presence)
    for one, other in combinations(seen.event.sessions, 2):
        same = [seconds for _, seconds in timed[one.id] & timed[other.id]]
        is_telling = len(set(same)) >= max(_TELLING, len(same) / 2)  # who all stayed to the end says nothing
        if is_telling and len(same) > _MOST * min(len(there[one.id]), len(there[other.id])):
            yield Finding(
                "sessions_alike",
                Severity.STOPS,
                say(
                    "{count} were in {named} and in {named_2} for exactly as many seconds: it looks as if one export "
                    "were imported for both.",
                    count=say_n("{n:,} person", "{n:,} people", len(same)),
                    named=_named(one),
                    named_2=_named(other),
                ),
                say(
                    "Import the right one: certs import {slug} FILE --replace {file}",
                    slug=seen.event.slug,
                    file=_file(seen, other),
                ),
                f"{one.id}+{other.id}",
                acceptable=True,
            )


def _timed(presence: _Presence) -> defaultdict[SessionId, set[tuple[PersonKey, int]]]:
    """Return who was in which session for how many seconds, by times of joining and leaving."""
    found: defaultdict[SessionId, set[tuple[PersonKey, int]]] = defaultdict(set)
    for key, tallies in presence.items():
        for session, tally in tallies.items():
            if tally.seconds > 0 and tally.basis is Basis.TIMES:
                found[session].add((key, tally.seconds))
    return found


def _at_once(seen: Seen, there: _There) -> Iterator[Finding]:
    """Find people who are credited for two sessions at one time."""
    found: defaultdict[tuple[SessionId, SessionId], dict[PersonKey, int]] = defaultdict(dict)
    for one, other, person, seconds in seen.roll.at_once():
        if seconds >= _AT_ONCE_SECONDS:
            found[one, other][person] = seconds
    by_id = {session.id: session for session in seen.event.sessions}
    for (one, other), people in found.items():
        fewer = min(len(there[one]), len(there[other]))
        stops = len(people) >= _TELLING and len(people) > _MOST * fewer
        longest = max(people, key=lambda key: (people[key], key))
        yield Finding(
            "two_at_once",
            Severity.STOPS if stops else Severity.SAID,
            say(
                "{count} in {named} and in {named_2} at the same time, for up to {people:,} minutes ({longest}); "
                "both count.",
                count=say_n("{n:,} person was", "{n:,} people were", len(people)),
                named=_named(by_id[one]),
                named_2=_named(by_id[other]),
                people=people[longest] // 60,
                longest=longest,
            ),
            say("Is an export of another session, or in another zone? certs status {slug}", slug=seen.event.slug),
            f"{one}+{other}",
            acceptable=True,
        )


def _long(seen: Seen, presence: _Presence) -> Iterator[Finding]:
    """Find stays that last far longer than the window, of which no more than the window counts."""
    for session in seen.event.sessions:
        most = _LONG * session.window_seconds
        stays = {key: tallies[session.id].seconds for key, tallies in presence.items() if session.id in tallies}
        long = [key for key, seconds in stays.items() if seconds > most]
        if long:
            longest = max(long, key=lambda key: (stays[key], key))
            yield Finding(
                "stays_long",
                Severity.SAID,
                say(
                    "{count} in {named} for more than twice its window of {window_seconds:,} minutes: {longest} for "
                    "{stays:,}. No more than the window counts.",
                    count=say_n("{n:,} person was", "{n:,} people were", len(long)),
                    named=_named(session),
                    window_seconds=session.window_seconds // 60,
                    longest=longest,
                    stays=stays[longest] // 60,
                ),
                say("Are {file}'s times of joining and leaving right, and its window?", file=_file(seen, session)),
                session.id,
            )


def _people(presence: _Presence) -> _There:
    found: _There = defaultdict(set)
    for key, tallies in presence.items():
        for session, tally in tallies.items():
            if tally.seconds > 0:
                found[session].add(key)
    return found


def _named(session: Session) -> str:
    return f'session {session.id} "{session.title}"'


def _file(seen: Seen, session: Session) -> str:
    return next(iter(seen.files.get(session.id, ())), "FILE")
