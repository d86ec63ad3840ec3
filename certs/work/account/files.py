"""Say what exports tell about an event, without a register: people, seconds, decisions, and what must be asked."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from certs import attendance, eligibility
from certs.attendance import Answers, Question, QuestionKind, Reading
from certs.errors import InputError, Problem
from certs.ground import presence
from certs.model import Decision, Event, Join, Mark, PersonKey, Registration, Role, SessionId, Tally, UnusableRow
from certs.work import questions


@dataclass
class FilesAccount:
    """What the files tell together."""

    event: Event
    readings: list[Reading] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    by_name: dict[PersonKey, Mapping[SessionId, Tally]] = field(default_factory=dict)
    stated_presence: dict[PersonKey, list[str]] = field(default_factory=dict)
    unusable: list[UnusableRow] = field(default_factory=list)
    never: list[PersonKey] = field(default_factory=list)
    speakers: dict[PersonKey, set[Role]] = field(default_factory=dict)
    """Roles of people whom a report lists among its hosts and panelists."""
    review: list[Question] = field(default_factory=list)

    _kinds: dict[PersonKey, list[Decision]] = field(default_factory=dict)

    @property
    def usable(self) -> bool:
        """Say whether any file could be read: a file cut short counts only once its rest was accepted."""
        return any(
            all(q.kind is not QuestionKind.TRUNCATED_FILE for q in reading.unanswered) for reading in self.readings
        )

    @property
    def names_only(self) -> Mapping[PersonKey, Mapping[SessionId, Tally]]:
        """Seconds per name as listed, where a format has no addresses."""
        asked = any(question.kind is QuestionKind.PEOPLE for question in self.questions)
        return self.by_name if asked else {}

    @property
    def doubted(self) -> frozenset[PersonKey]:
        """People whose name somebody has to confirm."""
        return frozenset(person for question in self.review for person in question.people)

    def of_kind(self, kind: str) -> list[Decision]:
        """Return the decisions on *kind* for everybody who attended."""
        return [one for one in self.decisions if one.kind == kind and one.tallies]

    def of_person(self, person: PersonKey) -> list[Decision]:
        """Return the decisions on one person, one of each kind."""
        if not self._kinds:
            for decision in self.decisions:
                self._kinds.setdefault(decision.person, []).append(decision)
        return self._kinds.get(person, [])

    def alternatives(self, person: PersonKey, session: SessionId, seconds: int) -> list[int]:
        """Return what else than *seconds* a clock change makes possible, they included; empty where nothing does."""
        for question in self.review:
            if question.kind is QuestionKind.DST_FOLD and (question.subject, question.session) == (person, session):
                return [seconds + int(other) - int(question.assumed) for other in question.candidates]
        return []

    @property
    def questions(self) -> list[Question]:
        """What the files leave open, in the order in which it is asked."""
        found = [question for reading in self.readings for question in reading.questions]
        return sorted(found, key=lambda question: list(QuestionKind).index(question.kind))


def of_files(
    event: Event, files: Mapping[str, Path], answers: Answers, watch: Callable[[int], None] | None = None
) -> FilesAccount:
    """Read *files*, a base name with its path each, and decide under the event's rules."""
    found = FilesAccount(event)
    digests: set[str] = set()
    for name, path in files.items():
        try:
            reading = attendance.read(name, path, event.sessions, answers, watch)
        except InputError as error:
            found.refused.extend(error.problems)
            continue
        if reading.sha256 not in digests:
            found.readings.append(reading)
        digests.add(reading.sha256)
    _gather(found, answers)
    return found


def _gather(found: FilesAccount, answers: Answers) -> None:
    """Go through all records once, and decide."""
    registered: set[PersonKey] = set()
    people = attendance.People()
    nameless = presence.Ledger(found.event.sessions)

    def counted() -> Iterator[Join | Registration | Mark]:
        for reading in found.readings:
            sectioned = reading.format.startswith("zoom_webinar")
            for record in attendance.settled(reading.records, answers):
                people.see(record, reading.name)
                if isinstance(record, Join):
                    if not record.person:
                        nameless.add(_named(record))
                        continue
                    if sectioned:
                        _note_role(found.speakers, record)
                elif isinstance(record, Registration):
                    registered.add(record.person)
                elif isinstance(record, Mark):
                    found.stated_presence.setdefault(record.person, []).append(record.letter)
                else:
                    found.unusable.append(record)
                    continue
                yield record

    roll = eligibility.call_roll(found.event, counted())
    about_people = [*people.questions(answers, roll.together), *questions.name_questions(roll.people, people)]
    held = frozenset(person for question in about_people for person in question.people)
    found.decisions = roll.decide(held)
    found.review = [*about_people, *(question for reading in found.readings for question in reading.records.doubts())]
    found.by_name = dict(nameless.tallies())
    came = {d.person for d in found.decisions if d.tallies} | found.stated_presence.keys()
    found.never = sorted(registered - came)


def _named(join: Join) -> Join:
    """Return a join of nobody entered under the name as listed."""
    return replace(join, person=PersonKey(join.name))


def _note_role(speakers: dict[PersonKey, set[Role]], join: Join) -> None:
    """Remember who stands in a table of hosts or panelists, and in which other table."""
    if join.role is not Role.ATTENDEE:
        speakers.setdefault(join.person, set()).add(join.role)
