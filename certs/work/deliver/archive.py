"""The export of an event: its PDFs and `manifest.csv`, in a folder or a ZIP file, or the manifest alone.

Only certificates in force are exported, neither withdrawn nor replaced, and of these what is `Wanted`. The manifest is
for spreadsheets (see `spreadsheet`) and has one line for each: number, name, email, file, sha256, verify_url (byte for
byte what the QR code holds, wherever the site is now), personal_url, event, kind, title (as printed), batch, issued_on,
state (valid, expired, replaced, revoked, unknown), language (of the certificate's own words). On request it also lists
those that are no longer in force, with their state and without a file. What could not be checked (see `record`) has a
line with number and state alone, and no file.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, NamedTuple

from certs import claim
from certs.errors import InputError, StorageError
from certs.ground import number as numbers
from certs.ground.spool import Laid, written
from certs.model import Certificate, EventFacts, Number, Summary
from certs.ports import Addressed, Deliveries, Delivery, StoredPdf, Trusted
from certs.wording import say
from certs.work import record
from certs.work.deliver import places
from certs.work.deliver.links import Links
from certs.work.deliver.names import file_name
from certs.work.deliver.spreadsheet import Cell, Verbatim, write_csv

MANIFEST = places.MANIFEST
COLUMNS = (
    "number",
    "name",
    "email",
    "file",
    "sha256",
    "verify_url",
    "personal_url",
    "event",
    "kind",
    "title",
    "batch",
    "issued_on",
    "state",
    "language",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which certificates of the event: empty and None mean all."""

    kinds: Sequence[str] = ()
    batches: Sequence[str] = ()
    """References such as `cgmp-2026/1`."""
    since: datetime | None = None
    """Registered at that moment or later."""
    all_states: bool = False
    """List in the manifest those too that were withdrawn or replaced."""
    manifest_only: bool = False


@dataclass(frozen=True, slots=True)
class Exported:
    """How many PDFs were written, listed and, being stale, removed; *changed* are stale ones that somebody changed."""

    files: int
    listed: int
    removed: int = 0
    changed: Sequence[str] = ()
    unchecked: Sequence[Number] = ()
    """What is in the register otherwise than we signed it: listed by its number alone, its file is not written."""


EVERYTHING = Wanted()


@dataclass(frozen=True, slots=True)
class Site:
    """Where links lead, and who signs them."""

    links: Links | None
    """None where personal links are not given out."""
    base_url: str
    today: date
    keys: Trusted


def export(slug: str, register: Deliveries, site: Site, out: Path, wanted: Wanted = EVERYTHING) -> Exported:
    """Write certificates of the event to *out*, a ZIP file if its name ends so, else a folder.

    In a folder, what an earlier export wrote and this one does not goes. A manifest alone may have any name in .csv.
    What could not be checked is given out in no way.

    Raises:
        InputError: the event has no certificate of a kind that is wanted.
        NotFoundError: no such event.
        ConflictError: *out* is something else already, or a file of somebody else is in the way.
        StorageError: the disk refuses, or stored bytes do not match their digest.
        SigningError: the link key is out of reach.
    """
    with _listed(slug, register, site, wanted) as (found, table):
        try:
            if wanted.manifest_only:
                _write_manifest(out, table)
                return Exported(0, found.count, unchecked=found.unchecked)
            return _write(slug, register, found, table, out)
        except OSError as error:
            raise StorageError(
                say("{out} cannot be written: {why}.", out=error.filename or out, why=error.strerror)
            ) from error


def manifest(slug: str, register: Deliveries, site: Site) -> Iterator[bytes]:
    """Yield the manifest of what is in force alone, a piece after the other.

    Raises:
        NotFoundError: no such event.
        SigningError: the link key is out of reach.
        StorageError: the database fails, or the temporary folder is full.
    """
    with _listed(slug, register, site, EVERYTHING) as (_, table):
        yield from places.pieces_of(table)


def zipped(slug: str, register: Deliveries, site: Site) -> Iterator[bytes]:
    """Yield a ZIP file of what is in force, a certificate at a time, the manifest last.

    Raises:
        NotFoundError: no such event.
        SigningError: the link key is out of reach.
        StorageError: the database fails, or the temporary folder is full; what was yielded until then is no whole ZIP
            file.
    """
    with _listed(slug, register, site, EVERYTHING) as (found, table), places.passing() as (place, taken):
        for file, pdf in _delivered(register.deliveries(slug), found.files):
            place.write(file.name, pdf.plate + pdf.tail)
            yield taken()
        for _ in place.add(MANIFEST, table):
            yield taken()
    yield taken()


class _File(NamedTuple):
    """A file that is given out."""

    number: Number
    name: str
    sha256: str


class _Found:
    """What is listed; of each only what is to be written is kept, in a file where they are many."""

    def __init__(self, register: Deliveries, site: Site) -> None:
        self._register, self._site = register, site
        self.count = 0
        self.files = Laid[_File]()
        """In the order of the list."""
        self.unchecked: list[Number] = []

    def row(self, one: Addressed) -> tuple[Cell, ...]:
        """Take note of a certificate; return its row."""
        self.count += 1
        certificate = one.certificate
        if record.checked(certificate, self._register, self._site.keys) is None:
            self.unchecked.append(certificate.number)
            return _unchecked_row(one)
        if _in_force(certificate):
            self.files.add(_File(certificate.number, file_name(certificate), certificate.pdf_sha256))
        return _row(one, self._site)


@contextmanager
def _listed(slug: str, register: Deliveries, site: Site, wanted: Wanted) -> Iterator[tuple[_Found, IO[bytes]]]:
    """Yield what is wanted, and its manifest."""
    found = _Found(register, site)
    with written(lambda out: write_csv(out, COLUMNS, map(found.row, _wanted(slug, register, wanted)))) as table:
        yield found, table


def _delivered(deliveries: Iterable[Delivery], files: Iterable[_File]) -> Iterator[tuple[_File, StoredPdf]]:
    """Yield each of *files* with its bytes, as they come in the same order; others came meanwhile.

    Raises:
        StorageError: not all of them are there.
    """
    waiting = iter(files)
    file = next(waiting, None)
    for one in deliveries:
        if file is None:
            return
        if one.certificate.number == file.number:
            yield file, one.pdf
            file = next(waiting, None)
    if file is not None:
        raise StorageError(
            say("Certificate {number} is listed, and its file is not there.", number=numbers.printed(file.number))
        )


def _write_manifest(out: Path, table: IO[bytes]) -> None:
    if out.suffix.lower() == ".zip":
        raise InputError(say("A manifest alone goes to a folder, or to a file that ends in .csv."))
    if out.suffix.lower() == ".csv":
        places.write_alone(out, table)
    else:
        places.folder(out).only_manifest(table)


def _write(slug: str, register: Deliveries, found: _Found, table: IO[bytes], out: Path) -> Exported:
    with places.opened(out) as place:
        place.begin((file.name, file.sha256) for file in found.files)
        for file, pdf in _delivered(register.deliveries(slug), found.files):
            place.write(file.name, pdf.plate + pdf.tail)
        removed, changed = place.finish(table)
    return Exported(len(found.files), found.count, removed, changed, found.unchecked)


def _wanted(slug: str, register: Deliveries, wanted: Wanted) -> Iterator[Addressed]:
    seen: set[str] = set()
    for one in register.addressed(slug):
        seen.add(one.certificate.statement.kind)
        is_wanted = (
            (not wanted.kinds or one.certificate.statement.kind in wanted.kinds)
            and (not wanted.batches or one.batch in wanted.batches)
            and (wanted.since is None or one.certificate.registered_at >= wanted.since)
        )
        if is_wanted and (wanted.all_states or _in_force(one.certificate)):
            yield one
    if unknown := sorted(set(wanted.kinds) - seen):
        has = f"; there are {', '.join(sorted(seen))}" if seen else ""
        raise InputError(
            say(
                "No certificate of kind {unknown} was issued for {slug}{has}.",
                unknown=", ".join(unknown),
                slug=slug,
                has=has,
            )
        )


def _in_force(certificate: Certificate) -> bool:
    return not certificate.revocation and not certificate.superseded_by


def state(certificate: Certificate, today: date) -> str:
    """Return the certificate's state in one word, as its page would say it of a trusted key."""
    if certificate.revocation:
        return "revoked"
    if certificate.superseded_by:
        return "replaced"
    until = certificate.statement.event.valid_until
    return "expired" if until is not None and until < today else "valid"


def _row(one: Addressed, site: Site) -> tuple[Cell, ...]:
    certificate, statement = one.certificate, one.certificate.statement
    return (
        Verbatim(numbers.printed(certificate.number)),
        statement.name,
        one.person,
        file_name(certificate) if _in_force(certificate) else "",
        Verbatim(certificate.pdf_sha256),
        Verbatim(claim.url(certificate.base_url, certificate.claim_text)),
        Verbatim(_personal(one, site)),
        statement.event.slug,
        statement.kind,
        title_of(statement.event),
        one.batch,
        statement.issued_on,
        state(certificate, site.today),
        statement.event.language,
    )


def _personal(one: Addressed, site: Site) -> str:
    """Return the address of the person's page, empty where her link is withdrawn or none is given out."""
    if site.links is None or not one.linked:
        return ""
    return f"{site.base_url}/me/{site.links.token(one.certificate.person_ref)}"


def _unchecked_row(one: Addressed) -> tuple[Cell, ...]:
    """Return the row of what could not be checked: its number, and that."""
    told = {"number": Verbatim(numbers.printed(one.certificate.number)), "state": Summary.UNKNOWN.value}
    return tuple(told.get(column, "") for column in COLUMNS)


@lru_cache(maxsize=256)
def title_of(event: EventFacts) -> str:
    """Return what stands above the name on certificates of *event*: the kind's own title, else the design's."""
    from certs.pdf import words  # noqa: PLC0415 -- who only makes links needs no design
    from certs.pdf.design import Design  # noqa: PLC0415

    if event.heading:
        return event.heading
    try:
        at_hand = event.design_file is None or event.design_file.data
        design = Design.of(event) if at_hand else Design.load(event.design)
        language = design.language(event.language)
    except InputError:  # a design that is here no more
        return ""
    facts = words.event_facts(event, language, "")
    return words.fill(language.pattern("heading", event, facts), facts)
