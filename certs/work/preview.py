"""Specimens of what an order would print: chosen people, or those whose pages are hardest to print.

Nothing is reserved and nothing signed. Each page says SPECIMEN, and so does its code.
"""

import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from certs import claim
from certs.errors import ConflictError, InputError, NotFoundError, Problem, StorageError
from certs.ground import address
from certs.ground.number import from_bits
from certs.model import Decision, Event, Kid, PersonKey, Statement
from certs.ports import Store
from certs.wording import say
from certs.work import orders, questions, rehearsal

MOST = 12
"""Pages where nobody says whose."""
_ANY_KID = Kid("0" * 8)


@dataclass(frozen=True, slots=True)
class Press:
    """Where and when specimens are printed, and what draws those by lot."""

    base_url: str
    now: datetime
    chance: Random


@dataclass(frozen=True, slots=True)
class Preview:
    """The specimens in one file or, *apart*, in one each, whose they are, and why others have none: a sentence each."""

    files: Sequence[bytes]
    people: Sequence[Statement]
    left_out: Sequence[str]


@dataclass(frozen=True, slots=True)
class Place:
    """A file for all pages, or where they go *apart*, a folder with a file for each; nothing else is written over."""

    out: Path
    apart: bool

    @classmethod
    def named(cls, out: Path) -> "Place":
        """Return the place that *out* names: FILE.pdf, or else a folder.

        Raises:
            ConflictError: it is a file, and no specimen.
            StorageError: it cannot be read.
        """
        apart = out.is_dir() or (out.suffix.lower() != ".pdf" and not out.exists())
        if not apart:
            _demand_ours(out)
        return cls(out, apart)

    def take(self, made: Preview) -> Sequence[Path]:
        """Write what was *made*, for its owner alone, and return its files.

        Raises:
            ConflictError: one of them is there and is no specimen; nothing was written.
            StorageError: one cannot be written.
        """
        paths = self._in_folder(made.people) if self.apart else [self.out]
        for path in paths:
            _demand_ours(path)
        for path, data in zip(paths, made.files, strict=True):
            _put(path, data)
        return paths

    def _in_folder(self, people: Sequence[Statement]) -> list[Path]:
        """Return where the specimen of each goes in the folder, which is made if it is not there.

        Raises:
            StorageError: it cannot be made.
        """
        from certs.work.deliver import plain_name  # noqa: PLC0415 -- keys, which help does not need

        try:
            self.out.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(say("{out} cannot be made: {why}.", out=self.out, why=error.strerror)) from error
        return [self.out / f"{place:02} {plain_name(one.name)} {one.kind}.pdf" for place, one in enumerate(people, 1)]


def _demand_ours(out: Path) -> None:
    """Refuse to write over a file that is no specimen.

    Raises:
        ConflictError: it is something else.
        StorageError: it cannot be read.
    """
    from certs.pdf.specimen import END  # noqa: PLC0415

    try:
        if out.exists() and not (out.is_file() and _end(out, len(END)) == END):
            raise ConflictError(
                say("{out} is no specimen that was printed here. Move it away, or name another file.", out=out)
            )
    except OSError as error:
        raise StorageError(say("{out} cannot be written: {why}.", out=out, why=error.strerror)) from error


def _end(file: Path, size: int) -> bytes:
    """Return the last bytes of *file*."""
    with file.open("rb") as opened:
        opened.seek(max(file.stat().st_size - size, 0))
        return opened.read(size)


def _put(out: Path, data: bytes) -> None:
    """Put a file that holds names in place in one step, for its owner alone.

    Raises:
        StorageError: it cannot be written.
    """
    beside = out.with_name(f".{out.name}.part")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "wb") as file:  # noqa: PTH123 -- of a descriptor
            file.write(data)
        beside.replace(out)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise StorageError(say("{out} cannot be written: {why}.", out=out, why=error.strerror)) from error


def preview(
    store: Store, slug: str, people: Sequence[str], press: Press, kind: str | None = None, *, apart: bool = False
) -> Preview:
    """Print specimens for *people*, or for the hardest of those who would have a certificate and some by lot.

    They are pages of one file, or where they shall be *apart* one file each.

    Raises:
        InputError: an address is none, or nobody has anything to print; says why.
        NotFoundError: no such event, or the imports name nobody of that address.
        StorageError: the database fails.
    """
    from certs import pdf  # noqa: PLC0415 -- fonts, which help does not need
    from certs.pdf import specimen  # noqa: PLC0415

    left_out: list[str] = []
    stated = _stated(store, slug, _keys(people), kind, press.now, left_out)
    if not people:
        stated = hardest(stated, press.chance)
    printable: list[tuple[Statement, str]] = []
    for one in stated:
        if faults := pdf.unprintable([one], pdf.Design.of(one.event), press.base_url).get(one.number):
            left_out.append(f"{one.name}: would be held back. {' '.join(faults)}")
        else:
            text = claim.specimen(claim.claim_of(one, _ANY_KID))
            printable.append((one, claim.url(press.base_url, text)))
    if not printable:
        raise InputError(*(Problem(one) for one in left_out or ["Nobody is eligible yet: there is nothing to print."]))
    in_files = [[one] for one in printable] if apart else [printable]
    files = [specimen.specimens(some, press.base_url) for some in in_files]
    return Preview(files, [one for one, _ in printable], left_out)


def _stated(
    store: Store, slug: str, people: Sequence[PersonKey], kind: str | None, now: datetime, left_out: list[str]
) -> list[Statement]:
    """Return what certificates would say, of *people* or, if there are none, of everybody eligible.

    Raises:
        InputError, NotFoundError, StorageError: as `preview`.
    """
    seen = orders.survey(store, slug, kind)
    kinds = {one.name for one in seen.event.kinds} if kind is None else {orders.kind_of(seen.event, kind).name}
    decisions = [one for kind_of, some in seen.decisions.items() if kind_of in kinds for one in some]
    if kind is None:
        decisions = _given(seen.event, decisions)
    eligible = [one for one in decisions if one.eligible]
    chosen = list(_asked_for(decisions, people, left_out)) if people else eligible
    countries = questions.countries(store, slug)
    return [_statement(seen.event, one, countries.get(one.person, ""), now, at) for at, one in enumerate(chosen)]


def _given(event: Event, decisions: Sequence[Decision]) -> list[Decision]:
    """Return *decisions* without those in whose place another kind stands that the same person earned."""
    earned = {(one.person, one.kind) for one in decisions if one.eligible}
    return [one for one in decisions if not any((one.person, kind) in earned for kind in event.above(one.kind))]


def hardest(stated: Sequence[Statement], chance: Random, most: int = MOST) -> list[Statement]:
    """Return of *stated* the longest name of each kind and each script, some of the longest of all, and some by lot."""
    from certs.pdf import specimen  # noqa: PLC0415

    longest = sorted(stated, key=lambda one: -len(one.name))
    found: dict[object, Statement] = {}
    for one in longest:
        found.setdefault(one.kind, one)
        found.setdefault(specimen.group(one), one)
    chosen = list(dict.fromkeys((*found.values(), *longest[:3])))
    others = [one for one in stated if one not in chosen]
    room = max(most - len(chosen), min(3, len(others)))
    return chosen + chance.sample(others, min(room, len(others)))


def _keys(people: Sequence[str]) -> list[PersonKey]:
    """Return the people whose addresses are given.

    Raises:
        InputError: one is none.
    """
    read = [address.read(one) for one in people]
    if bad := [given for given, key in zip(people, read, strict=True) if isinstance(key, address.BadAddress)]:
        raise InputError(*(Problem(say("{one} is no e-mail address.", one=one)) for one in bad))
    return [key for key in dict.fromkeys(read) if not isinstance(key, address.BadAddress)]


def _asked_for(decisions: Sequence[Decision], people: Collection[PersonKey], left_out: list[str]) -> Iterator[Decision]:
    """Yield what *people* would be given; say of everybody else in *left_out* why it is nothing.

    Raises:
        NotFoundError: nobody of one of the addresses is known.
    """
    for person in people:
        theirs = [one for one in decisions if one.person == person]
        if not theirs:
            raise NotFoundError(say("The imports name nobody with the address {person}.", person=person))
        yield from (one for one in theirs if one.eligible)
        if not any(one.eligible for one in theirs):
            left_out.append(f"{theirs[0].name} ({person}) would have no certificate. {theirs[0].reason}")


def _statement(event: Event, one: Decision, country: str, now: datetime, serial: int) -> Statement:
    """Return what the certificate of a person would say, under a number that nobody was given."""
    kind = orders.kind_of(event, one.kind)
    facts = rehearsal.facts_of(event, kind, demo=False, granted=not one.by_rule)
    language = orders.name_language(one.name, country, event.language)
    issued_on = now.astimezone(ZoneInfo(event.zone)).date()
    said = (one.kind, one.name, language, one.attended, one.quarter_hours, issued_on)
    return Statement(facts, from_bits(serial), *said)
