"""One sealed certificate for each of `people.PEOPLE`, made by the rooms themselves without register or command line."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from certs import claim, credential, pdf
from certs.model import Claim, EventFacts, Purpose, Statement
from tests.interop.people import PEOPLE, Person
from tests.world import EVENT, World

BASE_URL = "https://certs.example.org"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A certificate's file with what it must say."""

    person: Person
    statement: Statement
    claim: Claim
    claim_url: str
    credential: bytes
    data: bytes


def seal_all(
    world: World, people: Sequence[Person] = PEOPLE, sealer: pdf.Sealer | None = None, event: EventFacts = EVENT
) -> Mapping[str, Sealed]:
    """Return a sealed certificate for each of *people* by label, printed on as few plates as their scripts allow.

    Without *sealer* the world's own key seals at level B-B.
    """
    sealer = sealer or pdf.Sealer(world.keys.signer(Purpose.SEAL), world.now)
    groups: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        groups[pdf.plate_group(person.name, person.language)].append(person)
    return {
        sealed.person.label: sealed for group in groups.values() for sealed in _seal_plate(world, group, sealer, event)
    }


def _seal_plate(world: World, people: Sequence[Person], sealer: pdf.Sealer, event: EventFacts) -> list[Sealed]:
    statements = [replace(world.statement(person.name, event), language=person.language) for person in people]
    design = pdf.Design.load(event.design)
    plate = pdf.draw_plate(design, statements, BASE_URL, sealer, with_credential=True)
    signer = world.keys.signer(Purpose.CLAIM)
    writer = claim.Writer(signer)
    credentials = credential.Writer(event, BASE_URL, world.now, world.keys.signer(Purpose.CREDENTIAL))
    made = []
    for index, (person, statement) in enumerate(zip(people, statements, strict=True)):
        url = claim.url(BASE_URL, writer.text(statement))
        json = credentials.json(statement, index)
        data = plate.data + plate.imprint(statement, url, json).tail
        made.append(Sealed(person, statement, claim.claim_of(statement, signer.key.kid), url, json, data))
    return made
