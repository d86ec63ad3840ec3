"""The export of an event: its PDFs and `manifest.csv`, in a folder or a ZIP file.

Only certificates in force are exported: neither withdrawn nor replaced. The manifest is UTF-8 with one line for each:
number, name, email, file, sha256, verify_url (byte for byte what the QR code holds, wherever the site is now),
personal_url. A cell that a spreadsheet would run as a formula gets an apostrophe in front.
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from certs import claim
from certs import number as numbers
from certs.deliver.links import Links
from certs.deliver.names import file_name, neutral
from certs.errors import ConflictError, StorageError
from certs.ports import Deliveries, Delivery

MANIFEST = "manifest.csv"
COLUMNS = ("number", "name", "email", "file", "sha256", "verify_url", "personal_url")


class _Place(Protocol):
    """Where files go."""

    def write(self, name: str, content: bytes) -> None:
        """Write one file."""
        ...


def export(slug: str, register: Deliveries, links: Links, base_url: str, out: Path) -> int:
    """Write the event's certificates to *out*, a ZIP file if its name ends so, else a folder; return how many.

    Raises:
        NotFoundError: no such event.
        ConflictError: *out* is something else already.
        StorageError: the disk refuses, or stored bytes do not match their digest.
        SigningError: the link key is out of reach.
    """
    manifest = io.StringIO(newline="")
    writer = csv.writer(manifest)
    writer.writerow(COLUMNS)
    count = 0
    try:
        with _place(out) as place:
            for delivery in _in_force(register.deliveries(slug)):
                place.write(file_name(delivery.certificate), delivery.pdf.plate + delivery.pdf.tail)
                writer.writerow(_row(delivery, links, base_url))
                count += 1
            place.write(MANIFEST, manifest.getvalue().encode())
    except OSError as error:
        raise StorageError(f"{error.filename or out} cannot be written: {error.strerror}.") from error
    return count


def _in_force(deliveries: Iterator[Delivery]) -> Iterator[Delivery]:
    return (d for d in deliveries if not d.certificate.revocation and not d.certificate.superseded_by)


def _row(delivery: Delivery, links: Links, base_url: str) -> tuple[str, ...]:
    certificate = delivery.certificate
    return (
        numbers.printed(certificate.number),
        neutral(certificate.statement.name),
        neutral(delivery.person),
        file_name(certificate),
        certificate.pdf_sha256,
        claim.url(certificate.base_url, certificate.claim_text),
        f"{base_url}/me/{links.token(certificate.person_ref)}",
    )


class _Folder:
    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, name: str, content: bytes) -> None:
        (self._path / name).write_bytes(content)


class _Zip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def write(self, name: str, content: bytes) -> None:
        self._archive.writestr(zipfile.ZipInfo(name), content)


@contextmanager
def _place(out: Path) -> Iterator[_Place]:
    """Open *out*; a ZIP file appears under its name only when it is whole."""
    if out.suffix.lower() != ".zip":
        if out.exists() and not out.is_dir():
            raise ConflictError(f"{out} is a file: name a folder, or a file that ends in .zip.")
        out.mkdir(parents=True, exist_ok=True)
        yield _Folder(out)
        return
    if out.is_dir():
        raise ConflictError(f"{out} is a folder: name a file that ends in .zip.")
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = out.with_name(f".{out.name}.part")
    try:
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_STORED) as archive:
            yield _Zip(archive)
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)
