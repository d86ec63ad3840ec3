"""What files outside the register still know of it: exports, printed trails, published status lists.

    export        a folder or ZIP of `certs export`, or its manifest alone: numbers, batches, what was withdrawn
    trail         a file of `certs audit SLUG --csv` or `--json`: orders, issues, revocations with their reasons
    status lists  as `/status/N` serves them: places whose credentials were withdrawn, without a reason

Each file is one of ours in form, or refused; a trail's entries must fit their own digests, a status list its signature.
Nothing here says that a certificate is genuine: it says which numbers, places and batches were given, and what was
withdrawn.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from certs import credential
from certs.errors import InputError
from certs.ground import number as numbers
from certs.model import AuditEntry, Number, RevocationReason
from certs.model.herself import MASK
from certs.ports import Trusted
from certs.wording import hint, joined, say
from certs.work.deliver.spreadsheet import neutral

_MANIFEST = "manifest.csv"
_MOST_BYTES = 500_000_000
_GONE = {"revoked", "replaced"}
_ENTRY = tuple(one.name for one in fields(AuditEntry))


@dataclass(frozen=True, slots=True)
class Seen:
    """A certificate that a file names: *state* is empty where the file does not say."""

    number: Number
    name: str
    event: str
    source: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A revocation as a trail has it; *until* where it was taken back, *told* where the page tells of that."""

    number: Number
    at: datetime
    reason: RevocationReason
    detail: str
    until: datetime | None = None
    told: bool = False


@dataclass(slots=True)
class Salvage:
    """What was found, all files together."""

    seen: dict[Number, Seen] = field(default_factory=dict)
    """Certificates that were issued."""
    ordered: set[Number] = field(default_factory=set)
    """Numbers that were given, issued or not."""
    batches: dict[str, int] = field(default_factory=dict)
    """The highest number of a batch by the slug of its event."""
    withdrawals: list[Withdrawal] = field(default_factory=list)
    places: dict[int, str] = field(default_factory=dict)
    """Places in the status lists that were withdrawn, with the file that says so."""

    def see(self, one: Seen) -> None:
        """Note a certificate; what says more of it wins."""
        known = self.seen.get(one.number)
        if known is None or (one.state and not known.state):
            self.seen[one.number] = one
        self.ordered.add(one.number)

    def reach(self, reference: str) -> None:
        """Note that a batch was given, `cgmp-2026/3`."""
        slug, _, ordinal = reference.rpartition("/")
        if slug and ordinal.isdecimal():
            self.batches[slug] = max(int(ordinal), self.batches.get(slug, 0))


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known beside the backup and the register in its place."""

    nothing_since: bool = False
    """Somebody knows that nothing was done after the backup, as when a register moves."""
    newer: Sequence[str] = ()
    """Other registers of the same history, each a file or the address of a PostgreSQL database."""
    salvage: Salvage = field(default_factory=Salvage)
    """What exports, trails and status lists say."""
    erased: frozenset[str] = frozenset()
    """References of people who were erased, as the key folder lists them: a backup may bring them back."""


def read(exports: Iterable[Path], trails: Iterable[Path], lists: Iterable[Path], keys: Trusted) -> Salvage:
    """Return what all these files know.

    Raises:
        InputError: one of them is not what it should be; says which.
        SigningError: the key folder cannot be read.
    """
    found = Salvage()
    for path in exports:
        _read_manifest(_manifest_of(path), path, found)
    for path in trails:
        _read_trail(_bytes_of(path), path, found)
    for path in (one for given in lists for one in (sorted(given.iterdir()) if given.is_dir() else [given])):
        try:
            _, places = credential.read_status_list(_bytes_of(path), keys)
        except InputError as error:
            raise InputError(say("{path}: {error}", path=path, error=error)) from error
        found.places.update(dict.fromkeys(places, path.name))
    return found


# ---------------------------------------------------------------- exports


def _manifest_of(path: Path) -> bytes:
    """Return the manifest of a folder or ZIP, or *path* itself."""
    if path.is_dir():
        return _bytes_of(path / _MANIFEST)
    if not zipfile.is_zipfile(path):
        return _bytes_of(path)
    with zipfile.ZipFile(path) as archive:
        if _MANIFEST not in archive.namelist() or archive.getinfo(_MANIFEST).file_size > _MOST_BYTES:
            raise InputError(
                say("{path} has no {manifest}, so it is no export of certs.", path=path, manifest=_MANIFEST)
            )
        return archive.read(_MANIFEST)


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InputError(say("{path} is too large for what it should be.", path=path))
        return path.read_bytes()
    except OSError as error:
        raise InputError(say("{path} cannot be read: {why}.", path=path, why=error.strerror)) from error


def _read_manifest(data: bytes, path: Path, found: Salvage) -> None:
    rows = _table(data, path, {"number", "name"}, joined(["a manifest of", hint("export")]))
    for line, row in rows:
        try:
            number = numbers.parse(row["number"])
        except InputError as error:
            raise InputError(say("{path}:{line}: {error}", path=path, line=line, error=error)) from error
        state = row.get("state") or ""
        found.see(Seen(number, _plain(row["name"]), row.get("event") or "", path.name, state if state in _GONE else ""))
        found.reach(row.get("batch") or "")


def _table(data: bytes, path: Path, needed: set[str], what: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row of a CSV with its line.

    Raises:
        InputError: it is no such table.
    """
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        if not needed <= set(reader.fieldnames or ()):
            raise InputError(
                say(
                    "{path} is not {what}: it lacks {needed}.",
                    path=path,
                    what=what,
                    needed=", ".join(sorted(needed - set(reader.fieldnames or ()))),
                )
            )
        for row in reader:
            if None in row or None in row.values():
                raise InputError(
                    say(
                        "{path}:{line_num}: the row has more or fewer cells than the head.",
                        path=path,
                        line_num=reader.line_num,
                    )
                )
            yield reader.line_num, row
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(say("{path} is not {what}.", path=path, what=what)) from error


def _plain(cell: str) -> str:
    """Return *cell* without the apostrophe that keeps spreadsheets from reading more into it."""
    bare = cell.removeprefix("'")
    return bare if neutral(bare) == cell else cell


# ---------------------------------------------------------------- trails


def _read_trail(data: bytes, path: Path, found: Salvage) -> None:
    entries = sorted(_entries(data, path), key=lambda entry: int(entry["id"]))
    for entry in entries:
        new = json.loads(entry["new"]) if entry["new"] else {}
        act, subject = entry["act"], entry["subject"]
        if act == "batch.order":
            found.ordered.update(Number(one) for one in (*new.get("numbers", ()), *new.get("supersedes", ())))
        elif act == "batch.issue":
            for number in new.get("issued", ()):
                found.see(Seen(Number(number), "", entry["event"], path.name))
        elif act == "certificate.revoke":
            reason = RevocationReason(new["reason"])
            at = datetime.fromisoformat(entry["at"])
            found.withdrawals.append(Withdrawal(Number(subject), at, reason, new.get("detail", "")))
        elif act in {"certificate.unrevoke", "certificate.reinstate"}:
            _take_back(found, Number(subject), datetime.fromisoformat(entry["at"]), told=act.endswith("reinstate"))
        if subject.startswith("batch "):
            found.reach(subject.removeprefix("batch "))


def _take_back(found: Salvage, number: Number, at: datetime, *, told: bool) -> None:
    """Let the last revocation of *number* end."""
    for place in range(len(found.withdrawals) - 1, -1, -1):
        one = found.withdrawals[place]
        if one.number == number and one.until is None:
            found.withdrawals[place] = Withdrawal(one.number, one.at, one.reason, one.detail, at, told)
            return


def _entries(data: bytes, path: Path) -> list[dict[str, Any]]:
    """Return the entries of a trail in JSON or CSV, each fitting its own digest.

    Raises:
        InputError: it is no trail, or an entry was changed.
    """
    if data.lstrip()[:1] == b"{":
        try:
            entries = [dict(one) for one in json.loads(data)["entries"]]
        except (ValueError, TypeError, KeyError) as error:
            raise InputError(say("{path} is no output of {audit}.", path=path, audit=hint("audit_json"))) from error
    else:
        rows = _table(data, path, {*_ENTRY}, joined(["an output of", hint("audit_csv")]))
        entries = [{name: _plain(cell) for name, cell in row.items()} for _, row in rows]
    whole = [entry for entry in entries if not _is_masked(entry)]
    for entry in whole:
        _check(entry, path)
    return whole


def _is_masked(entry: dict[str, Any]) -> bool:
    """Say whether somebody who was erased was left out of *entry*: it fits no digest, and is not taken over."""
    return any(MASK in str(entry.get(name, "")) for name in _ENTRY)


def _check(entry: dict[str, Any], path: Path) -> None:
    """Hold an entry against its own digest, which the audit trail's own documentation describes.

    Raises:
        InputError: it does not fit.
    """
    try:
        values = [int(entry["id"]), *(str(entry[name]) for name in _ENTRY[1:-1])]
        text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
        fits = hashlib.sha256(text.encode()).hexdigest() == entry["sha256"]
    except (KeyError, ValueError, TypeError) as error:
        raise InputError(say("{path} is no trail as {audit} writes it.", path=path, audit=hint("audit"))) from error
    if not fits:
        raise InputError(
            say(
                "{path}: entry {entry} was changed after it was written. Take another file.",
                path=path,
                entry=entry["id"],
            )
        )
