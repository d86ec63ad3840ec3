"""Doubts about people across all files of an event, and what the organiser's answers do to the records.

Nothing is merged by likeness. An address that clearly different names share is held; a name that two addresses share
is a proposal; a row without an address waits for a person to say whose it is.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from certs import names
from certs.attendance.question import Answers, Evidence, Question, QuestionKind
from certs.attendance.records import Record
from certs.model import Join, Mark, PersonKey, Registration, Role, SessionId

MOST_NAMES = 8
"""Names of one address that are kept, and rows of one name that are shown."""
MOST_NAMESAKES = 50
"""A name that more addresses have, such as that of a device, proposes no merge."""
MOST_SHARING = 200
"""A word that more people have in their names tells nothing about whose a row is."""
_MOST_CANDIDATES = 5


@dataclass(slots=True)
class _Seen:
    """What the files say about one address: its names with the place of each, and whether she only spoke."""

    names: dict[str, tuple[str, int]] = field(default_factory=dict)
    registered: str = ""
    attended: bool = False
    only_speaks: bool = True


@dataclass(slots=True)
class _Rows:
    """Rows without an address that have one name in one session: how many, and the first of them."""

    count: int = 0
    first: list[Evidence] = field(default_factory=list)


@dataclass
class People:
    """Everybody the files name, gathered record by record; `questions` says what is doubtful about them."""

    _people: dict[PersonKey, _Seen] = field(default_factory=dict)
    _nameless: dict[tuple[SessionId, str], _Rows] = field(default_factory=lambda: defaultdict(_Rows))

    def see(self, record: Record, file: str) -> None:
        """Take note of one record of *file*."""
        if isinstance(record, Join):
            self._see_join(record, file)
        elif isinstance(record, Registration):
            seen = self._of(record.person)
            seen.registered = seen.registered or record.name
            self._name(seen, record.name, file, record.line)

    def _see_join(self, join: Join, file: str) -> None:
        if not join.person:
            self._see_nameless(join, file)
            return
        seen = self._of(join.person)
        seen.attended = True
        seen.only_speaks = seen.only_speaks and join.role is not Role.ATTENDEE
        self._name(seen, join.name, file, join.line)

    def _see_nameless(self, join: Join, file: str) -> None:
        rows = self._nameless[join.session, join.name]
        rows.count += 1
        if len(rows.first) < MOST_NAMES:
            seconds = join.stated_seconds
            if join.interval is not None:
                seconds = int((join.interval.end - join.interval.start).total_seconds())
            rows.first.append(Evidence(file, join.line, join.name, seconds))

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
            different = names.all_different(seen.names)
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
            name = seen.registered or next(iter(seen.names), "")
            if person not in answers.merged and " " in name:
                by_name[names.comparable(name)].append(person)
        for name, people in by_name.items():
            if not 1 < len(people) <= MOST_NAMESAKES or names.is_nobody(name):
                continue
            if not any(self._people[p].attended for p in people):
                continue
            speakers = {p for p in people if self._people[p].attended and self._people[p].only_speaks}
            alike = [p for p in people if not any(p not in speakers and together(p, s) for s in speakers)]
            if len(alike) > 1 and set(alike) - speakers:
                yield self._proposal(alike)

    def _proposal(self, people: Sequence[PersonKey]) -> Question:
        """Propose to merge *people*."""
        one = self._people[people[0]]
        name = one.registered or next(iter(one.names), "")
        evidence = tuple(_evidence(self._people[p], name) for p in people for name in list(self._people[p].names)[:1])
        return Question(
            QuestionKind.SAME_PERSON,
            " ".join(sorted(people)),
            f"{name} has {len(people)} addresses, {' and '.join(people)}: is this one person?",
            candidates=tuple(people),
            assumed="different people",
            evidence=evidence,
        )

    def _unclaimed(self, answers: Answers) -> Iterator[Question]:
        """Ask whose the rows without an address are, with the registered people of that name."""
        known: dict[str, list[PersonKey]] = defaultdict(list)
        if not self._nameless:
            return
        for person, seen in self._people.items():
            for word in names.words(seen.registered or next(iter(seen.names), "")):
                known[word].append(person)
        for (session, name), rows in self._nameless.items():
            if (session, name) in answers.whose:
                continue
            yield Question(
                QuestionKind.NO_EMAIL,
                name,
                f'Whose is "{name}" in session {session}, {_rows(rows.count)} without an address?',
                session=session,
                candidates=_candidates(name, known),
                assumed="nobody",
                evidence=tuple(rows.first),
            )


def _rows(number: int) -> str:
    return "a row" if number == 1 else f"{number:,} rows"


def _evidence(seen: _Seen, name: str) -> Evidence:
    """Return where *name* stands."""
    file, line = seen.names[name]
    return Evidence(file, line, name)


def _candidates(name: str, known: Mapping[str, Sequence[PersonKey]]) -> tuple[PersonKey, ...]:
    """Return the people who share most words with *name*, at least two or all there are."""
    shared: dict[PersonKey, int] = defaultdict(int)
    words = names.searched(name)
    for word in words:
        if len(known.get(word, ())) <= MOST_SHARING:
            for person in known.get(word, ()):
                shared[person] += 1
    enough = min(2, len(words))
    ranked = sorted((-count, person) for person, count in shared.items() if count >= enough)
    return tuple(person for _, person in ranked[:_MOST_CANDIDATES])


def settled(records: Iterable[Record], answers: Answers) -> Iterator[Record]:
    """Yield *records* as the organiser's answers make them: rows claimed, addresses merged."""
    for record in records:
        if isinstance(record, Join) and not record.person:
            person = answers.whose.get((record.session, record.name))
            yield replace(record, person=answers.merged.get(person, person)) if person else record
        elif isinstance(record, Join | Registration | Mark) and record.person in answers.merged:
            yield replace(record, person=answers.merged[record.person])
        else:
            yield record
