"""What a report counts, from the register.

A person is counted once, whatever her devices, roles and kinds of certificate. She *attended* a session if she was
there for any second at all, and was there *in time* for the seconds inside its window; hours are the latter. Whether a
session counts for the certificate is decided by the event's first kind. Countries and organisations are as people wrote
them at registration: spellings that differ in case or accents alone are one, others are not guessed to be.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from certs import attendance
from certs.errors import InputError
from certs.ground import names
from certs.model import CertificateState, Decision, Event, Kind, PersonKey, Registration, Session, SessionId
from certs.ports import Store, Trusted
from certs.work import orders, questions, rehearsal
from certs.work.deliver import state, title_of
from certs.work.record import checked

UNKNOWN = ""
"""The label of people of whom the register does not know it."""
UNCHECKED = "unknown"
"""The state of a certificate that the register does not hold as we signed it."""
_NOTHING = frozenset({"", "-", "--", "n/a", "na", "none", "null", "nil", "unknown", "other", "."})


@dataclass(frozen=True, slots=True)
class Group:
    """People alike in something: how many registered, attended and hold a certificate, and their time in all.

    *registered* is None where no registration list was imported.
    """

    label: str
    registered: int | None
    attended: int
    certified: int
    seconds: int


@dataclass(frozen=True, slots=True)
class SessionFigures:
    """One session; *registered* is None where no list of it alone was imported, the others where nothing of it was."""

    id: SessionId
    title: str
    day: date
    registered: int | None
    attended: int | None
    in_time: int | None
    counted: int | None
    seconds: int


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One day: its sessions, people who came to any, None where nothing of them was imported, and their time."""

    day: date
    sessions: int
    attended: int | None
    seconds: int


@dataclass(frozen=True, slots=True)
class CertificateFigures:
    """Certificates of one kind, by state."""

    kind: str
    title: str
    states: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Edition:
    """One event; *registered* is None where no registration list was imported."""

    event: Event
    registered: int | None
    came: int
    """Of those who registered, how many attended."""
    attended: int
    certified: int
    seconds: int
    came_back: int | None
    """Of those who attended, how many had attended an earlier one; None for the first."""
    not_credited: int
    """Rows of exports that could be credited to nobody."""
    missing: Sequence[SessionId]
    """Sessions of which nothing was imported: what happened there is unknown."""
    sessions: Sequence[SessionFigures]
    days: Sequence[DayFigures]
    countries: Sequence[Group]
    organisations: Sequence[Group]
    certificates: Sequence[CertificateFigures]


@dataclass(frozen=True, slots=True)
class Report:
    """One or several events, the earliest first, as of a day."""

    editions: Sequence[Edition]
    people: int
    """Who attended any of them."""
    made_on: date


@dataclass(frozen=True, slots=True)
class _People:
    """What is known of the people of one event: seconds in all and in the window by session, and who counts where."""

    present: Mapping[PersonKey, Mapping[SessionId, tuple[int, int]]]
    counted: Mapping[SessionId, int]

    @property
    def attended(self) -> frozenset[PersonKey]:
        return frozenset(person for person, sessions in self.present.items() if sessions)

    def seconds(self, person: PersonKey) -> int:
        return sum(inside for _, inside in self.present.get(person, {}).values())


def counted(store: Store, keys: Trusted, slugs: Iterable[str], today: date) -> Report:
    """Count what the register says of events.

    Raises:
        NotFoundError: there is no such event.
        SigningError: the key folder cannot be read.
        StorageError: the database fails.
    """
    decided = [orders.decide(store, slug) for slug in dict.fromkeys(slugs)]
    decided.sort(key=lambda one: min(session.window.start for session in one[0].sessions))
    editions: list[Edition] = []
    before: frozenset[PersonKey] = frozenset()
    for event, decisions in decided:
        people = _people(event, decisions)
        editions.append(_edition(store, keys, event, people, before if editions else None, today))
        before |= people.attended
    return Report(editions, len(before), today)


def _people(event: Event, decisions: Iterable[Decision]) -> _People:
    present: defaultdict[PersonKey, dict[SessionId, tuple[int, int]]] = defaultdict(dict)
    counts: Counter[SessionId] = Counter()
    for one in decisions:
        hers = present[one.person]
        for id_, tally in one.tallies.items():
            if tally.seconds:
                hers[id_] = max(hers.get(id_, (0, 0)), (tally.seconds, tally.seconds_in_window))
        if one.kind == event.kinds[0].name:
            counts.update(one.attended)
    return _People(present, counts)


def _edition(
    store: Store, keys: Trusted, event: Event, people: _People, before: Collection[PersonKey] | None, today: date
) -> Edition:
    listed, of_session, country, organisation = _registered(store, event.slug)
    missing = _missing(store, event, people)
    kinds, certified = _certificates(store, keys, event, today)
    whole = people, listed, certified
    return Edition(
        event=event,
        registered=len(listed) if listed else None,
        came=len(listed & people.attended),
        attended=len(people.attended),
        certified=len(certified),
        seconds=sum(map(people.seconds, people.attended)),
        came_back=None if before is None else len(people.attended & set(before)),
        not_credited=len(store.imports.unusable(event.slug)),
        missing=missing,
        sessions=[_session(one, people, of_session, known=one.id not in missing) for one in event.sessions],
        days=_days(event, people, missing),
        countries=_groups(country, *whole),
        organisations=_groups(organisation, *whole),
        certificates=kinds,
    )


def _registered(
    store: Store, slug: str
) -> tuple[set[PersonKey], Mapping[SessionId, set[PersonKey]], dict[PersonKey, str], dict[PersonKey, str]]:
    """Return who is on a list, who on one of a single session, and people's countries and organisations."""
    answers = questions.answers_of(questions.known(store, slug))
    session_of = {one.name: one.session for one in store.imports.listed(slug) if one.counts and one.session}
    listed: set[PersonKey] = set()
    of_session: defaultdict[SessionId, set[PersonKey]] = defaultdict(set)
    country: dict[PersonKey, str] = {}
    organisation: dict[PersonKey, str] = {}
    for file, record in store.imports.records(slug):
        if not isinstance(record, Registration):
            continue
        for one in attendance.settled([record], answers):
            if isinstance(one, Registration):
                if one.listed:
                    listed.add(one.person)
                if (session := session_of.get(file)) is not None:
                    of_session[session].add(one.person)
                _keep(country, one.person, one.country)
                _keep(organisation, one.person, one.organisation)
    return listed, of_session, country, organisation


def _keep(said: dict[PersonKey, str], person: PersonKey, text: str) -> None:
    """Keep what a person said last, unless it is nothing, or an address, which belongs into no report."""
    spelled = " ".join(text.split())
    if names.fold(spelled) not in _NOTHING and "@" not in spelled:
        said[person] = spelled


def _missing(store: Store, event: Event, people: _People) -> list[SessionId]:
    """Return the sessions of which no export was imported and where nobody is known to have been."""
    imported = {one.session for one in store.imports.listed(event.slug) if one.counts}
    there = {id_ for sessions in people.present.values() for id_ in sessions}
    return [one.id for one in event.sessions if one.id not in imported | there]


def _session(
    session: Session, people: _People, registered: Mapping[SessionId, Collection[PersonKey]], *, known: bool
) -> SessionFigures:
    there = [sessions[session.id] for sessions in people.present.values() if session.id in sessions]
    return SessionFigures(
        id=session.id,
        title=session.title,
        day=_day_of(session),
        registered=len(registered[session.id]) if session.id in registered else None,
        attended=len(there) if known else None,
        in_time=sum(inside > 0 for _, inside in there) if known else None,
        counted=people.counted.get(session.id, 0) if known else None,
        seconds=sum(inside for _, inside in there),
    )


def _day_of(session: Session) -> date:
    return session.window.start.astimezone(ZoneInfo(session.zone)).date()


def _days(event: Event, people: _People, missing: Collection[SessionId]) -> list[DayFigures]:
    on: defaultdict[date, set[SessionId]] = defaultdict(set)
    for session in event.sessions:
        on[_day_of(session)].add(session.id)
    return [_day(day, sessions, people, known=not sessions <= set(missing)) for day, sessions in sorted(on.items())]


def _day(day: date, sessions: Collection[SessionId], people: _People, *, known: bool) -> DayFigures:
    there = [[hers[id_][1] for id_ in sessions if id_ in hers] for hers in people.present.values()]
    attended = sum(bool(some) for some in there)
    return DayFigures(day, len(sessions), attended if known else None, sum(map(sum, there)))


def _groups(
    said: Mapping[PersonKey, str], people: _People, listed: Collection[PersonKey], certified: Collection[PersonKey]
) -> list[Group]:
    """Count people by what they said, the largest group first, those of whom nothing is known last."""
    spelled: defaultdict[str, Counter[str]] = defaultdict(Counter)
    members: defaultdict[str, list[PersonKey]] = defaultdict(list)
    for person in sorted(people.attended | set(listed)):
        text = said.get(person, UNKNOWN)
        spelled[names.fold(text)][text] += 1
        members[names.fold(text)].append(person)
    groups = [
        Group(
            label=spelled[key].most_common(1)[0][0],
            registered=sum(person in listed for person in some) if listed else None,
            attended=sum(person in people.attended for person in some),
            certified=sum(person in certified for person in some),
            seconds=sum(map(people.seconds, some)),
        )
        for key, some in members.items()
    ]
    return sorted(groups, key=_largest_first)


def _to_print(event: Event, kind: Kind) -> str:
    """Return the title that certificates of *kind* would have, empty where the design is here no more."""
    with suppress(InputError):
        return title_of(rehearsal.facts_of(event, kind, demo=False))
    return ""


def _largest_first(one: Group) -> tuple[bool, int, int, str]:
    return one.label == UNKNOWN, -one.attended, -(one.registered or 0), names.fold(one.label)


def _certificates(
    store: Store, keys: Trusted, event: Event, today: date
) -> tuple[list[CertificateFigures], set[PersonKey]]:
    """Return certificates by kind and state, and who holds one that is valid; what is not as signed counts for none."""
    states: defaultdict[str, Counter[str]] = defaultdict(Counter)
    certified: set[PersonKey] = set()
    printed: dict[str, str] = {}
    for one in store.addressed(event.slug):
        if checked(one.certificate, store, keys) is None:
            kind = one.certificate.statement.kind
            states[kind if kind in {each.name for each in event.kinds} else UNCHECKED][UNCHECKED] += 1
            continue
        now = state(one.certificate, today)
        states[one.certificate.statement.kind][now] += 1
        printed.setdefault(one.certificate.statement.kind, title_of(one.certificate.statement.event))
        if now == "valid":
            certified.add(one.person)
    for batch in store.batches.of_event(event.slug):
        if not batch.counts.get(CertificateState.ISSUED, 0):
            printed.setdefault(batch.kind, title_of(batch.facts))
        waiting = sum(batch.counts.get(each, 0) for each in (CertificateState.ORDERED, CertificateState.HELD))
        if waiting:
            states[batch.kind]["waiting"] += waiting
    titles = {kind.name: kind.title or printed.get(kind.name) or _to_print(event, kind) for kind in event.kinds}
    in_order = [*titles, *sorted(states.keys() - titles.keys())]
    found = [CertificateFigures(kind, titles.get(kind) or printed.get(kind, ""), states[kind]) for kind in in_order]
    return found, certified
