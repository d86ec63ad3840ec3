"""Doubts about people across all files of an event, and what the organiser's answers do to the records.

Nothing is merged by likeness. An address that clearly different names share is held; a name that two addresses share
is a proposal; a row without an address waits for a person to say whose it is.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from certs.attendance.questions import claims
from certs.attendance.questions.question import Answers, Evidence, Question, QuestionKind, RowsKey
from certs.attendance.questions.telephones import Telephones
from certs.attendance.records import Record
from certs.ground import names
from certs.model import Candidate, Join, Mark, PersonKey, Registration, Role, SessionId

MOST_NAMES = 8
"""Names of one address that are kept, and rows of one name that are shown."""
MOST_NAMESAKES = 50
"""A name that more addresses have, such as that of a device, proposes no merge."""


@dataclass(slots=True)
class _Seen:
    """What the files say about one address: its names with the place of each, and whether she only spoke."""

    names: dict[str, tuple[str, int]] = field(default_factory=dict)
    registered: str = ""
    organisation: str = ""
    sessions: int = 0
    """A bit for each session that she joined."""
    only_speaks: bool = True

    @property
    def name(self) -> str:
        """Return the name by which she is known best."""
        return self.registered or next(iter(self.names), "")


@dataclass
class People:
    """Everybody the files name, gathered record by record; `questions` says what is doubtful about them.

    What was *answered* about the rows of one session stays a question of its own.
    """

    answered: Collection[RowsKey] = ()
    telephones: Telephones = field(default_factory=Telephones)
    _people: dict[PersonKey, _Seen] = field(default_factory=dict)
    _nameless: dict[RowsKey, claims.Rows] = field(default_factory=lambda: defaultdict(claims.Rows))
    _bits: dict[SessionId, int] = field(default_factory=dict)

    def see(self, record: Record, file: str) -> None:
        """Take note of one record of *file*."""
        if isinstance(record, Join):
            self._see_join(record, file)
        elif isinstance(record, Registration):
            seen = self._of(record.person)
            seen.registered = seen.registered or record.name
            seen.organisation = seen.organisation or record.organisation
            self._name(seen, record.name, file, record.line)

    def _see_join(self, join: Join, file: str) -> None:
        if not join.person:
            self._see_nameless(join, file)
            return
        seen = self._of(join.person)
        seen.sessions |= self._bit(join.session)
        seen.only_speaks = seen.only_speaks and join.role is not Role.ATTENDEE
        self._name(seen, join.name, file, join.line)

    def _see_nameless(self, join: Join, file: str) -> None:
        rows = self._nameless[claims.key_of(join, self.answered)]
        rows.count += 1
        rows.sessions |= self._bit(join.session)
        number = self.telephones.of_row(file, join.line, join.name)
        if number and len(rows.numbers) < MOST_NAMES:
            rows.numbers.add(number)
        if len(rows.first) < MOST_NAMES:
            seconds = join.stated_seconds
            if join.interval is not None:
                seconds = int((join.interval.end - join.interval.start).total_seconds())
            rows.first.append(Evidence(file, join.line, join.name, seconds))

    def _bit(self, session: SessionId) -> int:
        bit = self._bits.get(session)
        if bit is None:
            bit = self._bits[session] = 1 << len(self._bits)
        return bit

    def _of(self, person: PersonKey) -> _Seen:
        seen = self._people.get(person)
        if seen is None:
            seen = self._people[person] = _Seen()
        return seen

    @staticmethod
    def _name(seen: _Seen, name: str, file: str, line: int) -> None:
        if name and name not in seen.names and len(seen.names) < MOST_NAMES:
            seen.names[name] = (file, line)

    def questions(
        self, answers: Answers, together: Callable[[PersonKey, PersonKey], bool] = lambda _one, _other: False
    ) -> list[Question]:
        """Return the doubts about people that *answers* do not settle.

        *together* says whether two people were present at one moment.
        """
        return [*self._shared(answers), *self._twice(answers, together), *self._unclaimed(answers)]

    def called(self, person: PersonKey) -> tuple[Evidence, ...]:
        """Return what the files call *person*, each name with where it stands first."""
        seen = self._people.get(person)
        return () if seen is None else tuple(_evidence(seen, name) for name in seen.names)

    def _shared(self, answers: Answers) -> Iterator[Question]:
        """Find addresses that clearly different names use."""
        for person, seen in self._people.items():
            if len(seen.names) < 2 or person in answers.one_person:
                continue
            different = names.all_different(name for name in seen.names if not _is_of(name, seen.organisation))
            if different:
                yield Question(
                    QuestionKind.SHARED_EMAIL,
                    person,
                    f"{person} is used by {' and by '.join(different)}: is this one person?",
                    candidates=tuple(different),
                    evidence=tuple(_evidence(seen, name) for name in different),
                    people=frozenset({person}),
                )

    def _twice(self, answers: Answers, together: Callable[[PersonKey, PersonKey], bool]) -> Iterator[Question]:
        """Find names that two addresses have, unless a speaker and an attendee were there at the same time."""
        by_name: dict[str, list[PersonKey]] = defaultdict(list)
        for person, seen in self._people.items():
            name = seen.name
            if person not in answers.merged and " " in name:
                by_name[names.comparable(name)].append(person)
        for name, people in by_name.items():
            if not 1 < len(people) <= MOST_NAMESAKES or names.is_nobody(name):
                continue
            if not any(self._people[p].sessions for p in people):
                continue
            speakers = {p for p in people if self._people[p].sessions and self._people[p].only_speaks}
            alike = [p for p in people if not any(p not in speakers and together(p, s) for s in speakers)]
            if len(alike) > 1 and set(alike) - speakers:
                yield self._proposal(alike)

    def _proposal(self, people: Sequence[PersonKey]) -> Question:
        """Propose to merge *people*."""
        name = self._people[people[0]].name
        evidence = tuple(_evidence(self._people[p], name) for p in people for name in list(self._people[p].names)[:1])
        return Question(
            QuestionKind.SAME_PERSON,
            " ".join(sorted(people)),
            f"{name} has {len(people)} addresses, {' and '.join(people)}: is this one person?",
            candidates=tuple(people),
            assumed="different people",
            evidence=evidence,
            whom=tuple(self._alike(person, people) for person in people),
        )

    def _alike(self, person: PersonKey, people: Sequence[PersonKey]) -> Candidate:
        """Return one of the addresses that have a name, with what tells it from the others."""
        seen = self._people[person]
        came = f"sessions joined: {seen.sessions.bit_count() or 'none'}"
        slips = [f"one letter from {other}" for other in people if _is_slip(person, other)]
        return Candidate(person, seen.name, ("registered" if seen.registered else "not registered", came, *slips))

    def _unclaimed(self, answers: Answers) -> Iterator[Question]:
        """Ask whose the rows without an address are, with the registered people of that name."""
        rows = {key: rows for key, rows in self._nameless.items() if key not in answers.whose}
        if rows:
            known = (
                claims.Known(person, seen.name, bool(seen.registered), seen.sessions)
                for person, seen in self._people.items()
            )
            yield from claims.questions(rows, known, list(self._bits), self.telephones)


def _is_of(name: str, organisation: str) -> bool:
    """Say whether *name* is that of the *organisation* for which somebody registered, or of a part of it."""
    words = names.words(name) if organisation else frozenset()
    return bool(words) and words <= names.words(organisation)


def _is_slip(one: str, other: str) -> bool:
    """Say whether two addresses differ by one letter: another, one too many, or two exchanged."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    pairs = zip(f"{one}\n", f"{other}\n", strict=False)
    start = next(at for at, (mine, theirs) in enumerate(pairs) if mine != theirs)
    rest, others = one[start:], other[start:]
    exchanged = rest[:2] == others[:2][::-1] and rest[2:] == others[2:]
    return exchanged or rest[1:] == others[1:] or rest[1:] == others or rest == others[1:]


def _evidence(seen: _Seen, name: str) -> Evidence:
    """Return where *name* stands."""
    file, line = seen.names[name]
    return Evidence(file, line, name)


def settled(records: Iterable[Record], answers: Answers) -> Iterator[Record]:
    """Yield *records* as the organiser's answers make them: rows claimed, addresses merged."""
    for record in records:
        if isinstance(record, Join) and not record.person:
            person = answers.owner(record)
            yield replace(record, person=answers.merged.get(person, person)) if person else record
        elif isinstance(record, Join | Registration | Mark) and record.person in answers.merged:
            yield replace(record, person=answers.merged[record.person])
        else:
            yield record
