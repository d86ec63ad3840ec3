"""Account for the decisions on one person: every row that speaks of her, and what the rule makes of it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from certs import attendance, eligibility
from certs.errors import NotFoundError
from certs.ground import address
from certs.model import FrozenDecision, Join, Mark, PersonKey
from certs.ports import Store
from certs.wording import hint, say
from certs.work import imports, orders, questions


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
    settled, roll = orders.roll_of(store, slug)
    decisions = [one for one in roll.decide(settled.held, settled.rulings) if one.person == key]
    if not decisions:
        raise NotFoundError(
            say("No import of the event names {person}. See: {place}", person=person, place=hint("decide", event=slug))
        )
    rows = list(_rows(store, slug, key, answers, key not in settled.alone))
    evidence = [one for one in settled.evidence if one.person == key]
    kinds = [eligibility.account(roll.event, one, rows, evidence) for one in decisions]
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
    rows = list(_rows(store, slug, key, standing.answers, key not in standing.alone, store.imports.rows_of(hers)))
    evidence = [one for one in standing.evidence if one.person == key]
    kinds = [eligibility.account(event, one, rows, evidence) for one in decisions]
    return Accounts(slug, key, kinds, store.batches.decisions(slug, key))


def _rows(
    store: Store,
    slug: str,
    person: PersonKey,
    answers: attendance.Answers,
    counts: bool,
    among: Collection[int] | None = None,
) -> Iterator[eligibility.Row]:
    """Yield what files say of *person*, under every address and name that answers make hers."""
    for file, record in store.imports.records(slug, among):
        if not isinstance(record, Join | Mark):
            continue
        (settled,) = attendance.settled([record], answers)
        if isinstance(settled, Join | Mark) and settled.person == person:
            name = record.name if isinstance(record, Join) else ""
            listed = "" if record.person == person else record.person or name
            yield eligibility.Row(file, settled, counts, listed)
