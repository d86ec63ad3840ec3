"""Who the files speak of, and by which name.

The name as registered goes first, then first and last name in an attendee table, then the display name. A speaker is
named as the organiser's table of hosts and panelists names her where that is a shorter form of her registered name.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from certs.ground import names
from certs.model import Join, Mark, PersonKey, Registration, Role

_ONLY = {role: frozenset({role}) for role in Role}
"""One set for each role, shared by the many people who have no other."""


@dataclass(slots=True)
class Person:
    """What the files say about one person; empty where they say nothing."""

    given: str = ""
    """What somebody said to print, whatever the files say."""
    registered: str = ""
    listed: bool = False
    speaker: str = ""
    display: str = ""
    certain: bool = False
    last_seen: str = ""
    shown: str = ""
    """The display name from which *display* was taken."""
    roles: frozenset[Role] = frozenset()

    def name(self) -> tuple[str, bool]:
        """Return the name to print and whether it was given as a name."""
        if self.given:
            return self.given, True
        speaker, certain = names.from_display(self.speaker)
        if self.registered:
            shorter = certain and names.words(speaker) < names.words(self.registered)
            return (speaker if shorter else self.registered), True
        return (speaker, certain) if self.speaker else (self.display, self.certain)

    def whole(self) -> str:
        """Return what the file had in place of `name`, where something was taken off it, else nothing."""
        shown = self.speaker if self.speaker and not self.registered else self.shown
        return shown if not self.given and names.from_display(shown)[0] == self.name()[0] != shown else ""

    def see(self, join: Join) -> None:
        """Take note of one join."""
        if join.role not in self.roles:
            self.roles = self.roles | _ONLY[join.role] if self.roles else _ONLY[join.role]
        if join.name == self.last_seen:
            return
        self.last_seen = join.name
        if join.role is not Role.ATTENDEE:
            self.speaker = self.speaker or join.name
        if not self.certain:
            name, certain = names.from_display(join.name)
            if certain or not self.display:
                self.display, self.certain, self.shown = name, certain, join.name

    def register(self, registration: Registration) -> None:
        """Take note of one registration; a list outranks an attendee table, the first of a kind stays."""
        if registration.name and (not self.registered or (registration.listed and not self.listed)):
            self.registered, self.listed = registration.name, registration.listed


def seen(
    records: Iterable[Join | Registration | Mark], people: dict[PersonKey, Person]
) -> Iterator[Join | Registration | Mark]:
    """Yield *records* as they come, each when its person stands in *people* with what it says of her name."""
    for record in records:
        person = people.get(record.person)
        if person is None:
            person = people[record.person] = Person()
        if isinstance(record, Registration):
            person.register(record)
        elif isinstance(record, Join):
            person.see(record)
        yield record


def named(records: Iterable[Join | Registration | Mark]) -> dict[PersonKey, Person]:
    """Return whom *records* name, and how; presence is not looked at."""
    people: dict[PersonKey, Person] = {}
    for _ in seen(records, people):
        pass
    return people
