"""The whole of an order tried beforehand, and the pages that are the hardest: from the kept decisions.

    tried = tried_out(store, "cgmp-2026", "", base_url, now, tell)      a worker: every name in its place
    statement_of(store, "cgmp-2026", ref, tried.kind, now)              a page: what one person's would say

Nothing is reserved and nothing signed. What is kept of it names people by the references that stand for them in
addresses, so it says nothing of whoever is not known any more.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from certs import claim
from certs.errors import InputError, NotFoundError
from certs.ground.number import from_bits
from certs.ground.spool import in_parts
from certs.model import Decision, ErrandKind, Event, Kid, PersonKey, Sought, Statement
from certs.ports import Store
from certs.wording import say
from certs.work import counts, imports, orders, questions, rehearsal

HARDEST = 5
_SHOWN = 20
"""Names that cannot be printed are named, so many of them."""
_AT_ONCE = 200
_ANY_KID = Kid("0" * 8)
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Tried:
    """What an order of *kind* would print: *due* pages, of which *fit* can be printed.

    *smaller* names are set smaller than the design has them, *broken* on more than one line; *alike* is how many people
    share a name with somebody else. *faulty* and *hardest* are references of people.
    """

    kind: str
    due: int
    fit: int
    smaller: int
    broken: int
    alike: int
    faulty: Sequence[str]
    hardest: Sequence[str]
    as_of: str
    """What the decisions rest on, and the event's file."""

    def as_text(self) -> str:
        """Return it as `of` reads it."""
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, text: str) -> "Tried | None":
        """Return what `as_text` wrote; None of an empty text."""
        return cls(**json.loads(text)) if text else None


def tried_out(store: Store, slug: str, kind: str, base_url: str, now: datetime, tell: Tell) -> Tried:
    """Try every page that an order of *kind* would print; *tell* hears of how many of how many.

    Raises:
        InputError: the design is missing or wrong, the event has no such kind, or nobody is eligible.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    counts.refresh(store, slug, now)
    event = imports.event_of(store, slug)
    chosen = orders.kind_of(event, kind).name
    due = store.decisions.count(slug, Sought(chosen, eligible=True))
    if not due:
        raise InputError(say("Nobody is eligible yet: there is nothing to print."))
    found, names, done = _Found(), Counter[str](), 0
    for some in in_parts(_eligible(store, slug, chosen), _AT_ONCE):
        countries = questions.countries(store, slug, [one.person for one in some])
        stated = {one.person: statement(event, one, countries.get(one.person, ""), now) for one in some}
        found.take(stated, base_url)
        names.update(one.name.casefold() for one in stated.values())
        tell(done := done + len(some), due)
    alike = sum(count for count in names.values() if count > 1)
    faulty, hardest = (_refs(store, people) for people in (found.faulty[:_SHOWN], found.hardest()))
    fit = done - found.unfit
    return Tried(chosen, done, fit, found.smaller, found.broken, alike, faulty, hardest, as_of(store, slug))


def as_of(store: Store, slug: str) -> str:
    """Return what tells whether something was tried with what is there now.

    Raises:
        StorageError: the database fails.
    """
    return f"{store.decisions.as_of(slug)} {store.events.as_of(slug)}"


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was tried: whose it is, and a sentence for everything that keeps it from being printed."""

    ref: str
    person: PersonKey
    name: str
    wrong: Sequence[str] = ()


def last(store: Store, slug: str) -> Tried | None:
    """Return what was tried last, None where nothing was.

    Raises:
        StorageError: the database fails.
    """
    errand = store.errands.newest(ErrandKind.REHEARSE, slug, found=True)
    return Tried.of(errand.outcome) if errand else None


def tried_pages(store: Store, slug: str, tried: Tried, base_url: str, now: datetime) -> tuple[list[Page], list[Page]]:
    """Return the pages that cannot be printed, with why, and the hardest ones; of people who are still decided on.

    Raises:
        InputError: the design is missing or wrong.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    people: dict[str, PersonKey] = {}
    for ref in (*tried.faulty, *tried.hardest):
        with suppress(NotFoundError):
            people[ref] = store.links.person(ref)
    event, countries = imports.event_of(store, slug), questions.countries(store, slug, people.values())
    found: dict[str, Page] = {}
    for ref, person in people.items():
        if (decision := _decided(store, slug, person, tried.kind)) is not None:
            one = statement(event, decision, countries.get(person, ""), now)
            found[ref] = Page(ref, person, one.name, faults(one, base_url) if ref in tried.faulty else ())
    faulty, hardest = ([found[ref] for ref in refs if ref in found] for refs in (tried.faulty, tried.hardest))
    return faulty, hardest


def statement_of(store: Store, slug: str, ref: str, kind: str, now: datetime) -> Statement:
    """Return what the certificate of the person behind *ref* would say.

    Raises:
        NotFoundError: no such person or event, or nothing was decided on her.
        StorageError: the database fails.
    """
    person, event = store.links.person(ref), imports.event_of(store, slug)
    decision = _decided(store, slug, person, kind)
    if decision is None:
        raise NotFoundError(say("Nothing is decided on this person yet."))
    country = questions.countries(store, slug, [person]).get(person, "")
    return statement(event, decision, country, now)


def _decided(store: Store, slug: str, person: PersonKey, kind: str) -> Decision | None:
    return next((one for one in store.decisions.one(slug, person) if one.kind == kind), None)


def statement(event: Event, one: Decision, country: str, now: datetime) -> Statement:
    """Return what the certificate that *one* decides on would say, under a number that nobody was given."""
    facts = rehearsal.facts_of(event, orders.kind_of(event, one.kind), demo=False, granted=not one.by_rule)
    language = orders.name_language(one.name, country, event.language)
    issued_on = now.astimezone(ZoneInfo(event.zone)).date()
    said = (one.kind, one.name, language, one.attended, one.quarter_hours, issued_on)
    return Statement(facts, from_bits(0), *said)


def faults(one: Statement, base_url: str) -> Sequence[str]:
    """Return a sentence for everything that keeps *one* from being printed.

    Raises:
        InputError: the design is missing or wrong.
    """
    from certs import pdf  # noqa: PLC0415 -- fonts, which help does not need

    return pdf.unprintable([one], pdf.Design.of(one.event), base_url).get(one.number, [])


def sample(event: Event, design: str, name: str = "") -> Statement:
    """Return what a certificate of *event* may say in another *design*: with *name*, or an invented one.

    Raises:
        InputError: there is no such design, or it has no words in the event's language.
    """
    from certs.pdf import rehearse  # noqa: PLC0415

    kind = event.kinds[0]
    facts = rehearsal.facts_of(replace(event, design=design), kind, demo=False)
    return rehearse.sample(facts, kind.name, name or rehearse.NAME)


@lru_cache(maxsize=64)
def picture(one: Statement, base_url: str) -> bytes:
    """Return the page of *one*, SPECIMEN across, as a small PNG.

    Raises:
        InputError: it cannot be printed.
    """
    from certs.pdf import raster, specimen  # noqa: PLC0415

    return raster.picture(specimen.specimens([(one, _address(one, base_url))], base_url))


def pages(stated: Sequence[Statement], base_url: str) -> bytes:
    """Return the pages of *stated*, SPECIMEN across, as one PDF.

    Raises:
        InputError: one cannot be printed, or there is none.
    """
    from certs.pdf import specimen  # noqa: PLC0415

    if not stated:
        raise InputError(say("Nobody is eligible yet: there is nothing to print."))
    return specimen.specimens([(one, _address(one, base_url)) for one in stated], base_url)


def _address(one: Statement, base_url: str) -> str:
    return claim.url(base_url, claim.specimen(claim.claim_of(one, _ANY_KID)))


class _Found:
    """What was found of the statements so far; of names, the longest of each script."""

    def __init__(self) -> None:
        self.unfit = self.smaller = self.broken = 0
        self.faulty: list[PersonKey] = []
        self._longest: dict[str, tuple[int, PersonKey]] = {}
        self._any: list[tuple[int, PersonKey]] = []

    def take(self, stated: Mapping[PersonKey, Statement], base_url: str) -> None:
        """Look at some statements, each on its own."""
        from certs import pdf  # noqa: PLC0415
        from certs.pdf import fit, specimen  # noqa: PLC0415

        for person, one in stated.items():
            design = pdf.Design.of(one.event)
            if pdf.unprintable([one], design, base_url):
                self.unfit += 1
                self.faulty.append(person)
                continue
            lines, smaller = fit.name_setting(one, design, base_url)
            self.broken += lines > 1
            self.smaller += smaller
            length = (len(one.name), person)
            group = specimen.group(one)
            self._longest[group] = max(self._longest.get(group, length), length)
            self._any = sorted([*self._any, length], reverse=True)[:HARDEST]

    def hardest(self) -> Sequence[PersonKey]:
        """Return whose pages are the hardest: the longest name, then the longest of each script, then long ones."""
        by_script = sorted(self._longest.values(), reverse=True)
        order = [*self._any[:1], *by_script, *self._any[1:]]
        most = max(HARDEST, len(by_script))
        return list(dict.fromkeys(person for _, person in order))[:most]


def _eligible(store: Store, slug: str, kind: str) -> Iterator[Decision]:
    return (one for one in store.decisions.all(slug, kind) if one.eligible)


def _refs(store: Store, people: Sequence[PersonKey]) -> Sequence[str]:
    refs = store.links.refs(people)
    return [refs[person] for person in people if person in refs]
