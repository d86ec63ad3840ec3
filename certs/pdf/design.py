"""A design: a folder with geometry, words and vector artwork, see `shelf`; a new look needs no Python.

`design.toml` lists styles and, in reading order, blocks; `words.toml` the words in each language; artwork and logo are
SVG files. Lengths are points, x from the left edge, y from the top edge down; a text's y is its first baseline. A block
with `gap` in place of `y` stands that far below the block before it. The dataclasses here are the schema: their fields
are the keys.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, get_origin, get_type_hints

from certs.errors import InputError, Problem
from certs.model import EventFacts, PictureFile
from certs.pdf import shelf
from certs.pdf.drawing import Drawing
from certs.pdf.picture import Picture
from certs.pdf.picture import parse as parse_picture
from certs.pdf.svg import colour, parse
from certs.pdf.typeface import STYLES
from certs.pdf.words import Words
from certs.wording import say


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Style:
    """How a text looks: one line from *size* to *least*, then up to *lines* lines from *wrapped* to *smallest*.

    Marks piled up may reach no more than *rises* points above its first baseline and *falls* below its last.
    """

    face: str
    size: float
    colour: str
    least: float = 0
    lines: int = 1
    wrapped: float = 0
    smallest: float = 0
    leading: float = 1.25
    align: str = "left"
    tracking: float = 0
    rises: float = 0
    falls: float = 0
    paint: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """What all blocks have; *when* names an event fact without which the block is left out."""

    x: float
    y: float = 0
    gap: float = 0
    width: float
    words: str
    style: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TextBlock(Block):
    """A text; *role* is its structure type; with anchor `last` it grows upwards.

    With *beside* it stands so far from the issuer's logo, where there is one, and from the partners' logos.
    """

    role: str = "P"
    anchor: str = "first"
    beside: float = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinkBlock(Block):
    """A text that leads to the certificate's page."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LogoBlock(Block):
    """The issuer's logo at the left of a box whose upper left corner is x, y; its words say what it shows.

    Without a logo of the event's there is none.
    """

    height: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PartnersBlock(Block):
    """Logos of partners at the right of a box, each at most *most_width* wide; its words say what one shows.

    They leave the issuer's name *leave* points beside its logo, which is at most *logo_width* wide then.
    """

    height: float
    most_width: float = 110
    between: float = 14
    leave: float = 150
    logo_width: float = 150


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QrBlock(Block):
    """The QR code with its quiet zone, a square of side *width* whose upper left corner is x, y."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SealBlock(Block):
    """Where viewers show the seal: a box of *height* whose upper left corner is x, y; its words describe it."""

    height: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StampBlock(Block):
    """Large words across the page as an ornament, turned by *angle* degrees about x, y."""

    angle: float = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SessionsBlock(Block):
    """The table of sessions down to *bottom*, in one or two columns; an event whose sessions do not fit is refused.

    Above it stand headings; each row has the day, or the times where all sessions are on one day, the title in *style*
    and, in the tail, the words `attended` or `missed`.
    """

    bottom: float
    day_style: str
    attended_style: str
    missed_style: str
    heading_style: str
    rule: str
    least_sessions: int = 2
    most_sessions: int = 24
    two_columns_from: int = 5
    column_gap: float = 24
    day_width: float = 100
    mark_width: float = 70
    most_air: float = 11


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SignatoriesBlock(Block):
    """Names and functions of those who sign, side by side.

    A picture of a signature, which its words describe, stands on a line of colour *rule* above the name; who has none
    has no line either, for it would look unsigned. The table of sessions makes room.
    """

    role_style: str
    rule: str
    role_gap: float
    column_gap: float = 24
    most_width: float = 190
    words: str = "signature"
    signature_height: float = 30


_KINDS: dict[str, type[Block]] = {
    "text": TextBlock,
    "link": LinkBlock,
    "logo": LogoBlock,
    "partners": PartnersBlock,
    "qr": QrBlock,
    "seal": SealBlock,
    "stamp": StampBlock,
    "sessions": SessionsBlock,
    "signatories": SignatoriesBlock,
}


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """One look of the certificate, read from its folder."""

    name: str
    width: float
    height: float
    art: Drawing
    colours: Mapping[str, bytes]
    styles: Mapping[str, Style]
    blocks: tuple[Block, ...]
    words: Mapping[str, Words]
    kept: PictureFile
    """All of its files in one, as the register keeps them."""

    @classmethod
    def load(cls, name: str) -> "Design":
        """Read the design *name* as it is now, the program's or the deployment's own.

        Raises:
            InputError: there is no such design, or its files are wrong; says file and place.
        """
        return _read(taken := shelf.take(name), taken.data)

    @classmethod
    def of(cls, event: EventFacts) -> "Design":
        """Return the design as it was when the batch of *event* was ordered; if that was not kept yet, as it is now.

        Raises:
            InputError: it was not kept, and `load` fails; or *event* came from the register without it.
        """
        if event.design_file is None:
            return cls.load(event.design)
        if not event.design_file.data:
            raise InputError(say("The files of the design “{design}” are not at hand.", design=event.design))
        return _read(event.design_file, event.design_file.data)

    def language(self, tag: str) -> Words:
        """Return the words for the BCP 47 *tag*.

        Raises:
            InputError: the design does not speak that language.
        """
        for candidate in (tag.lower(), tag.lower().partition("-")[0]):
            if candidate in self.words:
                return self.words[candidate]
        known = ", ".join(sorted(self.words))
        raise InputError(
            say(
                "The design “{name}” has no words in “{tag}”; it has them in: {known}.",
                name=self.name,
                tag=tag,
                known=known,
            )
        )

    def check(self, language: str, logo: str) -> None:
        """Make sure that the design speaks *language* and has *logo*, where the event names one of its own.

        Raises:
            InputError: it does not.
        """
        self.language(language)
        if logo:
            self.picture(logo)

    def picture(self, file: str) -> Drawing | Picture:
        """Return the SVG drawing or the picture in *file* of the design's folder.

        Raises:
            InputError: there is no such file, or it cannot be read.
        """
        data = shelf.opened(self.kept.data).get(file)
        if data is None:
            raise InputError(say("The design “{name}” has no file “{file}”.", name=self.name, file=file))
        return parse(data, file) if Path(file).suffix == ".svg" else parse_picture(data, file)


@lru_cache(maxsize=64)
def _read(kept: PictureFile, data: bytes) -> Design:
    """Read a design once in each process; *data* are the bytes of *kept*, by which alone it would be known."""
    files = shelf.opened(data)
    table = _checked(_Sheet, _toml(files, shelf.SHEET), "The design")
    if table["art"] not in files:
        raise InputError(Problem(say("art names {table}, which is not beside it.", table=table["art"]), shelf.SHEET))
    colours = {key: _colour(key, value) for key, value in table["colours"].items()}
    return Design(
        name=kept.name,
        width=float(table["width"]),
        height=float(table["height"]),
        art=parse(files[table["art"]], table["art"]),
        colours=colours,
        styles={key: _style(key, entry, colours) for key, entry in table["styles"].items()},
        blocks=tuple(_block(i, entry) for i, entry in enumerate(table["blocks"], 1)),
        words={language: _words(language, entry) for language, entry in _toml(files, "words.toml").items()},
        kept=replace(kept, data=data),
    )


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What `design.toml` holds."""

    width: float
    height: float
    art: str
    colours: dict[str, Any]
    styles: dict[str, Any]
    blocks: list[Any]


def _colour(key: str, value: object) -> bytes:
    """Return the operands of a colour."""
    try:
        return colour(str(value))
    except ValueError:
        raise InputError(
            Problem(say("The colour {key} must look like #12303f, not {value!r}.", key=key, value=value), "design.toml")
        ) from None


def _toml(files: Mapping[str, bytes], name: str) -> dict[str, Any]:
    """Return the table in a TOML file."""
    if name not in files:
        raise InputError(Problem(say("This file is missing."), name))
    try:
        return tomllib.loads(files[name].decode())
    except ValueError as error:
        raise InputError(Problem(say("This file cannot be read: {error}", error=error), name)) from error


def _style(key: str, entry: dict[str, Any], colours: Mapping[str, bytes]) -> Style:
    """Return a style, its smaller sizes filled in."""
    given = _checked(Style, entry, f"[styles.{key}]")
    if given["face"] not in STYLES or given["colour"] not in colours:
        raise InputError(
            Problem(say("[styles.{key}] names a face or colour that does not exist.", key=key), "design.toml")
        )
    size = given["size"]
    given.setdefault("least", size)
    given.setdefault("wrapped", given["least"])
    given.setdefault("smallest", given["wrapped"])
    return Style(**{**given, "paint": colours[given["colour"]]})


def _block(position: int, entry: dict[str, Any]) -> Block:
    """Return the block that *entry* describes."""
    kind = entry.pop("kind", None)
    if kind not in _KINDS:
        raise InputError(
            Problem(
                say(
                    "Block {position} is of kind {kind!r}; known are {kinds}.",
                    position=position,
                    kind=kind,
                    kinds=", ".join(_KINDS),
                ),
                "design.toml",
            )
        )
    return _KINDS[kind](**_checked(_KINDS[kind], entry, f"block {position} ({kind})"))


def _checked(schema: type[Any], entry: dict[str, Any], where: str) -> dict[str, Any]:
    """Return *entry* if its keys and types are those of the dataclass *schema*.

    Raises:
        InputError: a key is unknown or missing, or its value of the wrong type.
    """
    hints, problems = get_type_hints(schema), []
    required = {field.name for field in fields(schema) if field.default is MISSING}
    problems += [f"{where} lacks {key}." for key in sorted(required - entry.keys())]
    problems += [f"{where} has the unknown key {key}." for key in sorted(entry.keys() - hints.keys())]
    for key, value in entry.items():
        hint = hints.get(key, object)
        wanted = (int, float) if hint is float else get_origin(hint) or hint
        if not isinstance(value, wanted):
            problems.append(f"{key} of {where} has the wrong type.")
    if problems:
        raise InputError(*(Problem(text, "design.toml") for text in problems))
    return dict(entry)


def _words(language: str, entry: dict[str, Any]) -> Words:
    """Return the words of one language."""
    months, short = entry.pop("month_names", ()), entry.pop("months_short", ())
    if len(months) != 12 or len(short) != 12:
        raise InputError(
            Problem(say("[{language}] needs twelve month_names and months_short.", language=language), "words.toml")
        )
    texts = {key: (value,) if isinstance(value, str) else tuple(value) for key, value in entry.items()}
    return Words(language, texts, tuple(months), tuple(short))
