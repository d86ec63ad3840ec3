"""An event file on disk with the pictures that it names, which lie in its own folder and nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from certs import eventfile
from certs.errors import InputError, Problem
from certs.model import Event, PictureFile
from certs.wording import say


@dataclass(frozen=True, slots=True)
class Source:
    """The text of an event file, its name in messages, and the pictures by the names that it gives them."""

    text: str
    name: str
    pictures: Mapping[str, PictureFile] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str, file: Path) -> "Source":
        """Return *text*, which stands in *file*, with the pictures beside it.

        Raises:
            InputError: the file is wrong, or a picture is missing, elsewhere, or none that a page can show.
        """
        event = eventfile.parse(text, file.name, strict=True)
        problems: list[Problem] = []
        found: dict[str, PictureFile] = {}
        for name in event.picture_names:
            try:
                found[name] = _read(name, file.parent)
            except InputError as error:
                problems += [Problem(problem.message, file.name) for problem in error.problems]
        if problems:
            raise InputError(*problems)
        return cls(text, file.name, found)

    def event(self) -> Event:
        """Return the event with its pictures.

        Raises:
            InputError: the file is wrong; says every problem.
        """
        return eventfile.parse(self.text, self.name, strict=True).with_pictures(self.pictures)


def _read(name: str, folder: Path) -> PictureFile:
    """Read the picture *name* in *folder*, wherever links lead.

    Raises:
        InputError: it is not there, or not inside the folder, or no picture.
    """
    from certs.pdf import artwork  # noqa: PLC0415 -- reading exports needs no pictures

    path = folder / name
    try:
        real = path.resolve(strict=True)
        if not real.is_relative_to(folder.resolve()):
            raise InputError(say("{name} lies outside the folder of the event file: copy it there.", name=name))
        if not real.is_file():
            raise InputError(say("{name} is no file.", name=name))
        if real.stat().st_size > artwork.MAX_BYTES:
            raise InputError(
                say(
                    "{name} is larger than {max_bytes:g} MB: make it smaller.",
                    name=name,
                    max_bytes=artwork.MAX_BYTES / 1000000.0,
                )
            )
        return artwork.read(name, real.read_bytes())
    except (OSError, RuntimeError, ValueError):
        raise InputError(
            say("{name} is not in the folder of the event file, {folder}, or cannot be read.", name=name, folder=folder)
        ) from None
