"""Where an export goes: a folder that says what is in it, or one file. Everything is mode 0600, for links are secrets.

A folder keeps an index, `.certs-export.json`: each file that an export wrote there, with its SHA-256. By it the next
export takes away what it wrote once and would not write now, and by it a file of somebody else, or one that somebody
changed since, is never overwritten or removed. The index is written before the files and the manifest after them, each
in one step, so that an export that breaks off leaves the old manifest with all its files, and the next one knows what
is its own.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from certs.errors import ConflictError
from certs.wording import hint, say

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

MANIFEST = "manifest.csv"
INDEX = ".certs-export.json"
_FIRST_COLUMNS = ("number", "name", "email", "file", "sha256")
"""How every manifest of ours begins, those of before the index too."""
_MODE = 0o600
_NO_MANIFEST = (UnicodeDecodeError, csv.Error)
_PIECE = 1 << 18
"""Bytes of a file that are copied at once."""


class Place(Protocol):
    """Where files go."""

    def begin(self, planned: Iterable[tuple[str, str]]) -> None:
        """Make ready for files of these names and SHA-256.

        Raises:
            ConflictError: a file of somebody else is in the way.
        """
        ...

    def write(self, name: str, content: bytes) -> None:
        """Write one file."""
        ...

    def finish(self, manifest: IO[bytes]) -> tuple[int, list[str]]:
        """Write the manifest; return how many stale files went, and the names of those that somebody changed."""
        ...


class Folder:
    """A folder that earlier exports may have written to."""

    def __init__(self, path: Path, index: str = INDEX) -> None:
        self._path, self._index = path, index
        self._ours = _index(path, index)
        self._planned: dict[str, str] = {}

    def begin(self, planned: Iterable[tuple[str, str]]) -> None:
        """Look that nothing of somebody else is in the way, then note what will be written."""
        self._planned = dict(planned)
        for name, digest in self._planned.items():
            self._demand_ours(name, digest)
        if self._index == INDEX:
            self._demand_ours(MANIFEST, "")
        self._note({**self._ours, **self._planned})

    def _demand_ours(self, name: str, planned: str) -> None:
        place = self._path / name
        if not place.is_symlink() and not place.exists():
            return
        found = _sha256(place) if place.is_file() and not place.is_symlink() else None
        known = self._ours.get(name)
        if found is None or found not in {planned, known}:
            what = "was changed since it was exported" if known else "was not written by certs"
            raise ConflictError(
                say(
                    "{place} {what}. Move it away, or write to another folder; nothing was changed.",
                    place=place,
                    what=what,
                )
            )

    def _note(self, ours: Mapping[str, str]) -> None:
        content = json.dumps({"files": dict(sorted(ours.items()))}, ensure_ascii=False, indent=0)
        _put(self._path / self._index, content.encode())

    def write(self, name: str, content: bytes) -> None:
        """Write one file unless it is there just so; then it is its owner's alone from now on, too."""
        place = self._path / name
        if not place.exists() or _sha256(place) != self._planned.get(name):
            _put(place, content)
        else:
            place.chmod(_MODE)

    def finish(self, manifest: IO[bytes]) -> tuple[int, list[str]]:
        """Write the manifest, then take away what no longer belongs here."""
        self._planned[MANIFEST] = _digest(manifest)
        self._note({**self._ours, **self._planned})
        _put(self._path / MANIFEST, manifest)
        removed, changed = 0, []
        for name in sorted(self._ours.keys() - self._planned.keys()):
            place = self._path / name
            if place.is_file() and not place.is_symlink() and _sha256(place) == self._ours[name]:
                place.unlink()
                removed += 1
            elif place.exists():
                changed.append(name)
        self._note(self._planned)
        return removed, changed

    def only_manifest(self, manifest: IO[bytes]) -> None:
        """Write the manifest alone and leave everything else as it is.

        Raises:
            ConflictError: a manifest of somebody else is in the way, or one that was changed.
        """
        self._demand_ours(MANIFEST, "")
        self._note({**self._ours, MANIFEST: _digest(manifest)})
        _put(self._path / MANIFEST, manifest)


class Zip:
    """A ZIP file that is being written."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def begin(self, planned: Iterable[tuple[str, str]]) -> None:
        """Do nothing: the file is new."""

    def write(self, name: str, content: bytes) -> None:
        """Add one file."""
        self._archive.writestr(_info(name), content)

    def finish(self, manifest: IO[bytes]) -> tuple[int, list[str]]:
        """Add the manifest."""
        for _ in self.add(MANIFEST, manifest):
            pass
        return 0, []

    def add(self, name: str, content: IO[bytes]) -> Iterator[None]:
        """Add one file, which may be long, a piece after the other; yield between them."""
        info = _info(name)
        info.file_size = content.seek(0, io.SEEK_END)
        with self._archive.open(info, "w") as entry:
            for place, piece in enumerate(pieces_of(content)):
                if place:
                    yield
                entry.write(piece)


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = _MODE << 16
    return info


def pieces_of(content: IO[bytes]) -> Iterator[bytes]:
    """Yield *content* from its beginning, a piece after the other."""
    content.seek(0)
    while piece := content.read(_PIECE):
        yield piece


class _Passing(io.RawIOBase):
    """A file that keeps nothing that was taken of it; a ZIP file can be written to it, as to a pipe."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        """Say that it is."""
        return True

    def write(self, data: "Buffer", /) -> int:
        """Keep *data* until it is taken."""
        self._pieces.append(bytes(data))
        return len(self._pieces[-1])

    def take(self) -> bytes:
        """Return what was written since the last time."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


@contextmanager
def passing() -> Iterator[tuple[Zip, Callable[[], bytes]]]:
    """Open a ZIP file that is taken away as it is written: give the place, and what takes the pieces."""
    out = _Passing()
    with zipfile.ZipFile(out, "w") as archive:
        yield Zip(archive), out.take


@contextmanager
def opened(out: Path) -> Iterator[Place]:
    """Open *out*, a ZIP file if its name ends so, else a folder; a ZIP file appears only when it is whole.

    Raises:
        ConflictError: *out* is something else already.
    """
    if out.suffix.lower() != ".zip":
        yield folder(out)
        return
    if out.is_dir():
        raise ConflictError(say("{out} is a folder: name a file that ends in .zip.", out=out))
    if out.exists() and not _is_export(out):
        raise ConflictError(
            say(
                "{out} was not written by {export}. Move it away, or name another file.", out=out, export=hint("export")
            )
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = out.with_name(f".{out.name}.part")
    try:
        beside.unlink(missing_ok=True)
        beside.touch(_MODE)
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_STORED) as archive:
            yield Zip(archive)
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)


def folder(out: Path, index: str = INDEX) -> Folder:
    """Return the folder *out*, made where it is not there; what is written to it stands in a file called *index*.

    Raises:
        ConflictError: *out* is a file.
    """
    if out.exists() and not out.is_dir():
        other = ", or a file that ends in .zip" if index == INDEX else ""
        raise ConflictError(say("{out} is a file: name a folder{other}.", out=out, other=other))
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Folder(out, index)


def write_alone(out: Path, manifest: IO[bytes]) -> None:
    """Write the manifest as a file of another name.

    Raises:
        ConflictError: a file that is no manifest is in the way.
    """
    if out.is_dir():
        raise ConflictError(say("{out} is a folder.", out=out))
    if out.exists() and not _is_manifest(out):
        raise ConflictError(
            say(
                "{out} was not written by {export}. Move it away, or name another file.", out=out, export=hint("export")
            )
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    _put(out, manifest)


def _put(place: Path, content: bytes | IO[bytes]) -> None:
    """Put a file in place in one step."""
    beside = place.with_name(".certs-export.part")
    try:
        beside.unlink(missing_ok=True)
        beside.touch(_MODE)
        if isinstance(content, bytes):
            beside.write_bytes(content)
        else:
            with beside.open("wb") as file:
                file.writelines(pieces_of(content))
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)


def _index(path: Path, name: str) -> dict[str, str]:
    """Return what earlier exports wrote to the folder, by its index, else by the manifest of an older program."""
    if (index := path / name).is_file():
        try:
            files = json.loads(index.read_bytes())["files"]
            return {str(file): str(digest) for file, digest in files.items() if _is_plain(str(file))}
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ConflictError(
                say("{index} is damaged. Remove the folder, or export to another one.", index=index)
            ) from None
    if name != INDEX or not (manifest := path / MANIFEST).is_file():
        return {}
    try:
        with manifest.open("rb") as file:
            rows = {row["file"]: row["sha256"] for row in _listed(file)}
    except _NO_MANIFEST:
        return {}
    ours = {file: digest for file, digest in rows.items() if _is_plain(file)}
    return ours | ({MANIFEST: _sha256(manifest)} if rows else {})


def _is_plain(name: str) -> bool:
    """Say whether *name* is one in the folder itself: nothing elsewhere is ever touched, whatever an index says."""
    return bool(name) and Path(name).name == name and name not in {".", "..", INDEX}


def _listed(manifest: IO[bytes]) -> Iterator[dict[str, str]]:
    """Yield the rows of a manifest of ours; a file that is none has no rows, and one without people the empty row.

    Raises:
        UnicodeDecodeError, csv.Error: it is no table.
    """
    with io.TextIOWrapper(manifest, "utf-8-sig", newline="") as text:
        reader = csv.DictReader(text)
        if tuple(reader.fieldnames or ())[: len(_FIRST_COLUMNS)] == _FIRST_COLUMNS:
            yield next(reader, dict.fromkeys(_FIRST_COLUMNS, ""))
            yield from reader


def _is_ours(manifest: IO[bytes]) -> bool:
    """Say whether that is a manifest of ours from its first row to its last."""
    try:
        return sum(1 for _ in _listed(manifest)) > 0
    except _NO_MANIFEST:
        return False


def _is_manifest(file: Path) -> bool:
    with file.open("rb") as manifest:
        return _is_ours(manifest)


def _is_export(file: Path) -> bool:
    try:
        with zipfile.ZipFile(file) as archive, archive.open(MANIFEST) as manifest:
            return _is_ours(manifest)
    except (zipfile.BadZipFile, KeyError, OSError):
        return False


def _digest(content: IO[bytes]) -> str:
    content.seek(0)
    return hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]


def _sha256(file: Path) -> str:
    with file.open("rb") as opened_file:
        return hashlib.file_digest(opened_file, "sha256").hexdigest()
