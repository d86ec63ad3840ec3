"""Designs on disk, and a design's files as one that the register keeps with a batch.

A design is what its folder's TOML files and pictures hold when a batch is ordered. They are packed into one ZIP file,
uncompressed, by name and without times, so that the same files have the same digest on every machine.
"""

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from certs.errors import InputError
from certs.ground import places
from certs.model import PictureFile
from certs.wording import say

MEDIA_TYPE = "application/zip"
SHEET = "design.toml"
MAX_BYTES = 4_000_000
"""Of all files of a design: they go to every process that issues. The built-in one has 25 kB."""
_KINDS = {".toml", ".svg", ".png"}


def names() -> Sequence[str]:
    """Return the names of all designs, in order."""
    return sorted({path.parent.name for folder in places.designs() for path in folder.glob(f"*/{SHEET}")})


def take(name: str) -> PictureFile:
    """Return the files of the design *name* as one, as they are now.

    Raises:
        InputError: there is no such design, or there are two; its files cannot be read, or are too large.
    """
    folder = _folder(name)
    files = sorted(path for path in folder.iterdir() if path.suffix in _KINDS and path.is_file())
    size = sum(path.stat().st_size for path in files)
    if size > MAX_BYTES:
        raise InputError(
            say(
                "The design “{name}” has {size:.1f} MB of files; it may have {max_bytes:g} MB.",
                name=name,
                size=size / 1000000.0,
                max_bytes=MAX_BYTES / 1000000.0,
            )
        )
    try:
        data = _packed({path.name: path.read_bytes() for path in files})
    except OSError as error:
        raise InputError(say("The design “{name}” cannot be read: {error}", name=name, error=error)) from error
    return PictureFile(name, hashlib.sha256(data).hexdigest(), MEDIA_TYPE, data)


def opened(data: bytes) -> Mapping[str, bytes]:
    """Return the files that `take` made one of, by name.

    Raises:
        ValueError: it did not.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except zipfile.BadZipFile as error:
        raise ValueError("these are no files of a design") from error


def _folder(name: str) -> Path:
    """Return the one folder of the design *name*."""
    found = [folder / name for folder in places.designs() if (folder / name / SHEET).is_file()]
    if Path(name).name != name or not found:
        away = "".join(f" {folder} is not there." for folder in places.designs() if not folder.is_dir())
        raise InputError(
            say("There is no design “{name}”; there is: {names}.{away}", name=name, names=", ".join(names()), away=away)
        )
    if len(found) > 1:
        raise InputError(
            say(
                "There are two designs “{name}”, one of the program and one in {parent}: give that another name, "
                "and name it in the event file.",
                name=name,
                parent=found[1].parent,
            )
        )
    return found[0]


def _packed(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name)
            entry.create_system = 3
            archive.writestr(entry, data)
    return out.getvalue()
