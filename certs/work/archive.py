"""The archive of an event: a folder by which its certificates can be judged when this site is gone.

It holds the public keys, the status lists, the list of everything that was issued and how it stood (`offline.listed`),
what judges by these, and on request the PDFs. How a certificate stood is the verdict of `verify` at that moment, so an
archive never says more than the site would. The folder appears in one step when it is whole, and is never written over.
"""

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit

from certs import credential, offline
from certs.errors import ConflictError, NotFoundError, StorageError
from certs.ground.number import printed
from certs.model import Purpose, Summary
from certs.offline.listed import STATES, Line, name_of, sign
from certs.offline.page import Carried, licences, page
from certs.offline.readme import About, readme
from certs.ports import Delivery, Keys, Store
from certs.wording import hint, say
from certs.work import publishing
from certs.work.deliver import file_name
from certs.work.verify import verify_pdf

CERTIFICATES = "certificates"
_README = "README.txt"


@dataclass(frozen=True, slots=True)
class Source:
    """What an archive is made from, and when."""

    store: Store
    keys: Keys
    base_url: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Archived:
    """What was written: how many lines the list has, which certificates could not be vouched for, and the paths."""

    listed: int
    unchecked: tuple[str, ...]
    files: tuple[str, ...]


def archive(slug: str, source: Source, keys: Mapping[str, bytes], out: Path, *, with_pdfs: bool = False) -> Archived:
    """Write the archive of the event to the folder *out*; *keys* are the files of the public keys, by name.

    Raises:
        ConflictError: *out* is there already, or the status lists are not up to date.
        NotFoundError: no such event, or nothing was issued for it.
        SigningError: the credential key is out of reach.
        StorageError: the disk refuses, or stored bytes do not match their digest.
    """
    _demand_new(out)
    _demand_published(source)
    beside = out.with_name(f".{out.name}.{token_hex(4)}.part")
    try:
        beside.mkdir(mode=0o700 if with_pdfs else 0o777, parents=True)
        archived = _written(slug, source, keys, beside, with_pdfs=with_pdfs)
        beside.rename(out)
    except OSError as error:
        if out.exists():
            _demand_new(out)
        raise StorageError(
            say("{out} cannot be written: {why}.", out=error.filename or out, why=error.strerror)
        ) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return archived


def _demand_new(out: Path) -> None:
    with suppress(NotADirectoryError, FileNotFoundError):
        if not out.is_symlink() and not any(out.iterdir()):
            return  # an empty folder gives way
    if out.is_symlink() or out.exists():
        raise ConflictError(
            say("{out} is there already, and an archive is never written over. Name another folder.", out=out)
        )


def _demand_published(source: Source) -> None:
    """Refuse where the status lists say less than the register, or nobody can sign."""
    lists = publishing.Lists(source.store, source.keys, source.base_url, lambda: source.now)
    if lists.are_stale():
        raise ConflictError(
            say("The status lists are older than the register: {publish} first.", publish=hint("publish"))
        )


def _written(slug: str, source: Source, keys: Mapping[str, bytes], out: Path, *, with_pdfs: bool) -> Archived:
    """Fill the folder *out*."""
    lines, paths = [], dict[str, bytes | str]()
    newest = None
    for delivery in source.store.deliveries(slug):
        newest, line = delivery.certificate, _line(delivery, source)
        lines.append((newest, line))
        if with_pdfs and line.state is not Summary.UNKNOWN:
            path = f"{CERTIFICATES}/{file_name(newest)}"
            _put(out / path, delivery.pdf.plate + delivery.pdf.tail)
            paths[path] = delivery.pdf.sha256
    if newest is None:
        raise NotFoundError(say("Nothing was issued for {slug} yet, so there is nothing to archive.", slug=slug))
    event = newest.statement.event
    made = _files(slug, event.title, source, keys, [line for _, line in lines])
    for path, content in made.items():
        _put(out / path, content)
    about = About(event.title, event.issuer, urlsplit(source.base_url).netloc, source.now)
    _put(out / _README, readme(about, {**made, **paths}))
    unchecked = tuple(printed(one.number) for one, line in lines if line.state is Summary.UNKNOWN)
    return Archived(len(lines), unchecked, (_README, *sorted({**made, **paths})))


def _line(delivery: Delivery, source: Source) -> Line:
    """Return how a certificate stands, by the verdict on its very file."""
    certificate, tail = delivery.certificate, delivery.pdf.tail
    verdict = verify_pdf(delivery.pdf.plate + tail, source.store, source.keys, source.now)
    state = Summary.VALID if verdict.summary is Summary.EXPIRED else verdict.summary
    return Line(
        certificate.claim_text,
        delivery.pdf.sha256,
        state if state in STATES else Summary.UNKNOWN,
        certificate.statement.event.valid_until,
        credential.status_index_in(tail),
    )


def _files(slug: str, title: str, source: Source, keys: Mapping[str, bytes], lines: Sequence[Line]) -> dict[str, bytes]:
    """Return all files but the PDFs and what tells of them."""
    signer, name = source.keys.signer(Purpose.CREDENTIAL), name_of(source.base_url, slug)
    note = sign(name, source.now, lines, signer)
    status = dict(_status_lists(lines, source))
    jwks, did, *lists = (json.loads(one) for one in (keys["jwks.json"], keys["did.json"], *status.values()))
    at = f"{source.now:%Y-%m-%dT%H:%M:%SZ}"
    return {
        **keys,
        "list.txt": note.encode(),
        "verify.py": resources.files(offline).joinpath("verify.py").read_bytes(),
        "index.html": page(Carried(urlsplit(source.base_url).netloc, at, jwks, did, note, lists, title)),
        "LICENCES.txt": licences(),
        **status,
    }


def _status_lists(lines: Iterable[Line], source: Source) -> Iterator[tuple[str, bytes]]:
    """Yield the status lists that *lines* stand in, by their paths."""
    numbers = {credential.list_of(line.status_index)[0] for line in lines if line.status_index is not None}
    for number in sorted(numbers):
        data = source.store.status_list(number)
        if data is not None:  # else it would be stale
            yield f"status/{number}", data


def _put(file: Path, content: bytes) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
