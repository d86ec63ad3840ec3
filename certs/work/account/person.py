"""Account for the decisions on one person: every row that speaks of her, and what the rule makes of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from certs import attendance, eligibility
from certs.errors import NotFoundError
from certs.ground import address
from certs.model import FrozenDecision, Join, Mark, PersonKey
from certs.ports import Store
from certs.wording import hint, say
from certs.work import imports, questions


@dataclass(frozen=True, slots=True)
class Accounts:
    """The arithmetic of each kind for one person, and the decisions that her certificates were ordered for."""

    slug: str
    person: PersonKey
    kinds: Sequence[eligibility.Account]
    frozen: Sequence[FrozenDecision]


def of(store: Store, slug: str, person: str) -> Accounts:
    """Return the arithmetic behind the decisions on *person*, an address under which the event knows her.

    Raises:
        NotFoundError: no such event, or nobody of that address in it.
        StorageError: the database fails.
    """
    answers = questions.answers_of(questions.known(store, slug))
    key = PersonKey(address.read(person))
    key = answers.merged.get(key, key)
    settled, hers = questions.of_person(store, slug, key)
    roll = eligibility.call_roll(imports.event_of(store, slug), settled.records, settled.evidence, settled.names)
    decisions = [one for one in roll.decide(settled.held, settled.rulings) if one.person == key]
    if not decisions:
        raise NotFoundError(
            say("No import of the event names {person}. See: {place}", person=person, place=hint("decide", event=slug))
        )
    counts = key not in settled.alone
    rows = list(_rows(store.imports.records(slug, hers), key, answers, counts))
    kinds = [eligibility.account(roll.event, one, rows, settled.evidence) for one in decisions]
    return Accounts(slug, key, kinds, store.batches.decisions(slug, key))


def kept(store: Store, slug: str, key: PersonKey) -> Accounts:
    """Return the same from the kept decisions and the rows of *key* alone, the address that she goes by.

    Raises:
        NotFoundError: no such event, or nobody of that address is decided on in it.
        StorageError: the database fails.
    """
    decisions = store.decisions.one(slug, key)
    if not decisions:
        raise NotFoundError(
            say("No import of the event names {person}. See: {place}", person=key, place=hint("decide", event=slug))
        )
    event, standing = imports.event_of(store, slug), questions.standing(store, slug)
    hers = {key, *(one for one, stays in standing.answers.merged.items() if stays == key)}
    files = store.imports.records(slug, store.imports.rows_of(hers))
    rows = list(_rows(files, key, standing.answers, key not in standing.alone))
    evidence = [one for one in standing.evidence if one.person == key]
    kinds = [eligibility.account(event, one, rows, evidence) for one in decisions]
    return Accounts(slug, key, kinds, store.batches.decisions(slug, key))


def _rows(
    files: questions.Files, person: PersonKey, answers: attendance.Answers, counts: bool
) -> Iterator[eligibility.Row]:
    """Yield what *files* say of *person*, under every address and name that answers make hers."""
    for file, record in files:
        if not isinstance(record, Join | Mark):
            continue
        (settled,) = attendance.settled([record], answers)
        if isinstance(settled, Join | Mark) and settled.person == person:
            name = record.name if isinstance(record, Join) else ""
            listed = "" if record.person == person else record.person or name
            yield eligibility.Row(file, settled, counts, listed)
