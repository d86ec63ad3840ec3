"""Whether the designs that events name are there, and are those that were last ordered with.

What is ordered keeps its design; so what is missing or changed here touches new orders alone.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from certs.errors import InputError
from certs.pdf import shelf
from certs.pdf.design import Design
from certs.ports import Store
from certs.wording import hint, say
from certs.work.imports import event_of


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be known of a design; *wrong* where it cannot be used by whoever means to."""

    text: str
    wrong: bool = False


def names() -> Sequence[str]:
    """Return the names of all designs."""
    return shelf.names()


def examine(store: Store) -> Iterator[Remark]:
    """Yield what is to be known: designs that are there and cannot be used, events whose design is gone or was changed.

    Raises:
        StorageError: the database fails.
    """
    digests: dict[str, str] = {}
    for name in names():
        try:
            digests[name] = Design.load(name).kept.sha256
        except InputError as error:
            yield Remark(say("The design “{name}” cannot be used. {error}", name=name, error=error), wrong=True)
    for slug in store.events.slugs():
        yield from _of_event(store, slug, digests)


def _of_event(store: Store, slug: str, digests: dict[str, str]) -> Iterator[Remark]:
    try:
        design = event_of(store, slug).design
    except InputError:
        return  # its file cannot be read any more; it says so itself when used
    if design not in names():
        yield Remark(
            say(
                "The event {slug} names the design “{design}”, which is not here: nothing new can be ordered for it.",
                slug=slug,
                design=design,
            )
        )
    batch = next(iter(reversed(store.batches.of_event(slug))), None)
    kept = None if batch is None else batch.facts.design_file
    if batch is not None and kept is not None and kept.name == design in digests and kept.sha256 != digests[design]:
        yield Remark(
            say(
                "The design “{design}” is not what it was when {reference} was ordered: that batch keeps its "
                "look, new ones of {slug} have the new one. Look at it: {preview}",
                design=design,
                reference=batch.reference,
                slug=slug,
                preview=hint("preview", event=slug),
            )
        )


def languages() -> Sequence[str]:
    """Return the languages that any design has words in, by their tags."""
    found: set[str] = set()
    for name in names():
        with suppress(InputError):
            found |= Design.load(name).words.keys()
    return sorted(found)
