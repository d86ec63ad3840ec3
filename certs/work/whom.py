"""Whom the imports of an event name, and whom somebody may mean who is not named so."""

import difflib
from collections.abc import Collection, Mapping, Sequence

from certs.model import PersonKey
from certs.ports import Store
from certs.work.questions import answers_of, known

_MOST_RESEMBLING = 3
"""Unknown people for whom one of that name is looked for: among ten thousand that takes a quarter of a second."""


def everybody(store: Store, slug: str) -> Collection[PersonKey]:
    """Return everybody whom the imports of an event name, under every address.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    answers = answers_of(known(store, slug))
    found = {record.person for _, record in store.imports.records(slug) if record.person}
    return found | set(answers.whose.values()) | set(answers.merged.values())


def named(store: Store, slug: str, people: Collection[PersonKey]) -> Collection[PersonKey]:
    """Return which of *people* the imports of an event name, or an answer does.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    answers = answers_of(known(store, slug))
    by_answers = {*answers.whose.values(), *answers.merged.values()}
    in_files = {record.person for _, record in store.imports.records(slug, store.imports.rows_of(people))}
    return {one for one in people if one in in_files or one in by_answers}


def resembling(store: Store, slug: str, unknown: Sequence[PersonKey]) -> Mapping[PersonKey, PersonKey]:
    """Return whom the imports name that some of *unknown* may mean; so many are looked for, each takes a while.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    if not unknown:
        return {}
    known_here = store.imports.people(slug)
    near = ((one, difflib.get_close_matches(one, known_here, 1, 0.8)) for one in unknown[:_MOST_RESEMBLING])
    return {one: PersonKey(found[0]) for one, found in near if found}
