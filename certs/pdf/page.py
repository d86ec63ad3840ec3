"""The page: every block of a design printed in reading order, once for all plates of an event.

Text without a person's facts becomes plate content at once. For the rest the page keeps the place, the structure
element and the marked-content identifier, and its `inscription` fills in one statement.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from math import cos, radians, sin

from certs.errors import InputError
from certs.model import EventFacts, Partner, Signatory, Statement
from certs.pdf import artwork
from certs.pdf import design as d
from certs.pdf.drawing import Drawing
from certs.pdf.expected import Box, Expected, Sides
from certs.pdf.inscription import Inscription, KeptText
from certs.pdf.layout import Setting, first_baseline, set_text, side
from certs.pdf.objects import numbers, text_string
from certs.pdf.picture import Picture
from certs.pdf.qr import QUIET_MODULES
from certs.pdf.sessions import Columns, Labels, Row, Styles, Table, arrange
from certs.pdf.structure import Element, Structure, artifact, marked
from certs.pdf.text import Typesetter, ink, outlined
from certs.pdf.typeface import legible, spoken_language
from certs.pdf.words import OWN_FACTS, Words, event_facts, facts_in, fill
from certs.wording import say


@dataclass(slots=True)
class Place:
    """Where something stands that other objects refer to, its structure element, and its description."""

    box: Box
    element: Element
    mcid: int = -1
    words: str = ""


_CLEAR = 1.0
"""Points between the marks under a text and those over the next; the look at the finished page demands half as much."""
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_OVER_NAME = 16.0
"""Points from the baseline of a signatory's name up to the line for the signature."""
REQUIRED = ("name", "link", "qr", "seal")
"""What every certificate has; a design without one of them is refused."""


class Page:
    """One event's page: print it, then nothing of it changes; plates copy its *typesetter* and add what they need."""

    def __init__(
        self, design: d.Design, event: EventFacts, base_url: str, structure: Structure, name_number: int
    ) -> None:
        self._design = design
        self._event = event
        self._structure = structure
        self._name_number = name_number
        self._words: Words = design.language(event.language)
        self._facts = event_facts(event, self._words, base_url)
        self._title = self._words.pattern("title", event, self._facts)
        self._cursor = 0.0
        self._below = 0.0
        self._static: list[bytes] = []
        self.typesetter = Typesetter()
        self.inscription = Inscription(self.typesetter, self._words, self._facts, event.language, len(event.sessions))
        self.qr_content = lru_cache(maxsize=16)(self._show_qr)
        self._said_words: list[str] = []
        self._sides: dict[int, Sides] = {}
        self._frames: list[Box] = []
        self._beside = 0.0
        self.places: dict[str, Place] = {}
        self.pictures: list[Drawing | Picture] = [design.art]

    def print(self) -> bytes:
        """Print all blocks and return the plate's own content.

        Raises:
            InputError: a text does not fit, or has a character without glyph.
        """
        art = self._design.art.placed(0, 0, self._design.width, self._design.height)
        self._static.append(artifact(art))
        for block in self._design.blocks:
            if not block.when or self._present(block.when):
                self._print(block)
        missing = [kind for kind in REQUIRED if kind not in self.places]
        if missing:
            raise InputError(
                say(
                    "The design “{name}” has no place for: {missing}.",
                    name=self._design.name,
                    missing=", ".join(missing),
                )
            )
        return b"".join(self._static)

    def title(self, statement: Statement) -> str:
        """Return the document's title."""
        return fill(self._title, {**self._facts, "name": statement.name})

    def expected(self, statement: Statement) -> Expected:
        """Return what the finished page must show for *statement*."""
        words = (*self._said_words, *self.inscription.words(statement))
        frames = self.places["qr"].box, *self._frames
        return Expected(words, self.inscription.marks(statement), self._sides, frames)

    def _show_qr(self, modules: int) -> bytes:
        """Return the operators that show a symbol of so many modules in its place, its quiet zone around it."""
        box, mcid = self.places["qr"].box, self.places["qr"].mcid
        module = (box.right - box.left) / (modules + 2 * QUIET_MODULES)
        side, quiet = module * modules, module * QUIET_MODULES
        place = numbers(side, 0, 0, side, box.left + quiet, box.bottom + quiet)
        return marked("Figure", mcid, b"q 0 g %b cm /QR Do Q " % place)

    def _present(self, fact: str) -> bool:
        """Say whether the event has *fact*."""
        return self._event.demo if fact == "demo" else bool(self._facts.get(fact))

    def _print(self, block: d.Block) -> None:
        """Print one block."""
        match block:
            case d.TextBlock():
                self._print_text(block)
            case d.LinkBlock():
                self._print_link(block)
            case d.LogoBlock():
                self._print_logo(block)
            case d.PartnersBlock():
                self._print_partners(block)
            case d.QrBlock():
                self._print_qr(block)
            case d.SealBlock():
                self._print_seal(block)
            case d.StampBlock():
                self._print_stamp(block)
            case d.SignatoriesBlock():
                self._print_signatories(block)
            case d.SessionsBlock():
                self._print_sessions(block)

    # ------------------------------------------------------------ places and texts

    def _baseline(self, block: d.Block) -> float:
        """Return a block's baseline or upper edge, from the page's lower edge."""
        down = self._cursor + block.gap if block.gap else block.y
        return self._design.height - down

    def _box(self, block: d.Block, height: float) -> Box:
        """Return the rectangle of a block that has a height."""
        top = self._baseline(block)
        return Box(block.x, top - height, block.x + block.width, top)

    def _style(self, name: str) -> d.Style:
        """Return a style of the design."""
        return self._design.styles[name]

    def _pattern(self, block: d.Block) -> str:
        """Return the text of a block with its facts still in braces."""
        return self._words.pattern(block.words, self._event, self._facts)

    def _said(self, block: d.Block, **more: str) -> str:
        """Return the text of a block that has no person's facts; *more* facts are of the block alone."""
        facts = {**self._facts, **more}
        return fill(self._words.pattern(block.words, self._event, facts), facts)

    def _set(self, text: str, style: d.Style, width: float, language: str = "") -> Setting:
        """Set *text* in *width*."""
        return set_text(self.typesetter, text, style, width, language or self._event.language)

    def _reach(self, text: str, setting: Setting, style: d.Style) -> tuple[float, float]:
        """Return how far *text*, as it is set, reaches above its first baseline and below its last, at most."""
        above, below = ink(text, legible(text, style.face), self._event.language)
        return above * setting.size, below * setting.size

    def _put(self, role: str, operators: bytes, parent: Element | None = None, entries: bytes = b"") -> Element:
        """Print *operators* on the plate as a new element."""
        element = self._structure.element(role, parent, entries)
        self._static.append(marked(role, self._structure.mark(element), operators))
        return element

    def _put_text(
        self, role: str, text: str, operators: bytes, sides: Sides, parent: Element | None = None, entries: bytes = b""
    ) -> Element:
        """Print *operators*, which show *text*, on the plate as a new element; it must keep between its *sides*."""
        element = self._put(role, operators, parent, entries + (b"" if role == "Link" else self._read_aloud(text)))
        self._said_words.append(text)
        self._sides[self._structure.last_mark] = sides
        return element

    def _read_aloud(self, text: str) -> bytes:
        """Return the entries that say how *text* reads, and in which language where its letters tell another."""
        foreign = not _LATIN.search(text) and spoken_language(text, "")
        language = b"/Lang(%b)" % foreign.encode() if foreign and foreign != "und" else b""
        return b"%b/ActualText%b" % (language, text_string(text))

    def _mark(self, element: Element, sides: Sides) -> int:
        """Return the identifier for content of *element* that the tail prints between its *sides*."""
        mcid = self._structure.mark(element)
        self._sides[mcid] = sides
        return mcid

    # ------------------------------------------------------------ blocks

    def _print_text(self, block: d.TextBlock) -> None:
        """Print a text, or keep its place if it holds a person's facts."""
        pattern = self._pattern(block)
        if not pattern:
            return
        baseline, style, sides = self._baseline(block), self._style(block.style), self._room(block)
        x = side(sides.left, sides.right - sides.left, style)
        if facts_in(pattern) & OWN_FACTS:
            self._keep_text(block, pattern, x, baseline)
            self._cursor, self._below = self._design.height - baseline, 0
            return
        text = fill(pattern, self._facts)
        setting = self._set(text, style, sides.right - sides.left)
        above, below = self._reach(text, setting, style)
        if block.gap:
            baseline -= max(0, self._below + above + _CLEAR - block.gap)
        shown = setting.show(x, first_baseline(baseline, setting, block.anchor), style)
        self._put_text(block.role, text, shown, sides)
        self._cursor = self._design.height - baseline + (setting.depth if block.anchor == "first" else 0)
        self._below = below

    def _keep_text(self, block: d.TextBlock, pattern: str, x: float, baseline: float) -> None:
        """Keep the place of a text that the tail prints; the name's element stands there too, for it bears the name."""
        several = len(self._event.sessions) > 1
        complete = (several and self._words.pattern_of_all(block.words, self._event)) or pattern
        kept = KeptText(block, pattern, complete, self._style(block.style), x, baseline)
        element = self._structure.element(block.role, number=self._name_number if kept.is_name else 0)
        mcid = self._mark(element, _sides(block))
        if kept.is_name:
            self.places["name"] = Place(Box(0, 0, 0, 0), element, mcid)
        self.inscription.keep(kept, block.role, mcid)

    def _print_link(self, block: d.LinkBlock) -> None:
        """Print the text that leads to the certificate's page; the annotation itself is the tail's."""
        style, baseline = self._style(block.style), self._baseline(block)
        setting = self._set(self._said(block), style, block.width)
        x = side(block.x, block.width, style)
        left = x - setting.width * {"left": 0, "center": 0.5, "right": 1}[style.align]
        paragraph = self._structure.element("P")
        element = self._put_text("Link", self._said(block), setting.show(x, baseline, style), _sides(block), paragraph)
        below, above = setting.size * 0.3 + setting.depth, setting.size * 0.9
        box = Box(left, baseline - below, left + setting.width, baseline + above)
        self.places["link"] = Place(box, element, words=self._said(block))
        self._cursor, self._below = self._design.height - baseline + setting.depth, 0

    def _print_logo(self, block: d.LogoBlock) -> None:
        """Print the issuer's logo, if the event has one."""
        own = self._event.logo_picture
        if own is None and not self._event.logo:
            return
        logo = artwork.drawn(own) if own else self._design.picture(self._event.logo)
        box = self._box(block, block.height)
        caps = [one.logo_width for one in self._design.blocks if isinstance(one, d.PartnersBlock)]
        width = min([block.width, block.height * logo.width / logo.height, *(caps if self._event.partners else ())])
        self._beside = box.left + width
        self._print_picture(logo, box._replace(right=self._beside), self._said(block))

    def _print_partners(self, block: d.PartnersBlock) -> None:
        """Print the partners' logos side by side, the last at the right edge."""
        box = self._box(block, block.height)
        for partner, logo, sides in self._partner_logos(block):
            words = self._said(block, organisation=partner.name)
            self._print_picture(logo, Box(sides.left, box.bottom, sides.right, box.top), words)

    def _partner_logos(self, block: d.PartnersBlock) -> Iterator[tuple[Partner, Drawing | Picture, Sides]]:
        """Yield the partners with their logos and where these stand, from the left."""
        shown = [(one, artwork.drawn(one.picture)) for one in self._event.partners if one.picture]
        widths = [min(block.most_width, block.height * logo.width / logo.height) for _, logo in shown]
        taken = sum(widths) + block.between * (len(widths) - 1)
        room = block.x + block.width - block.leave - (self._beside or block.x)
        scale = min(1, room / taken) if shown else 1
        left = block.x + block.width - scale * taken
        for (partner, logo), width in zip(shown, widths, strict=True):
            yield partner, logo, Sides(left, left + scale * width)
            left += scale * (width + block.between)

    def _print_picture(self, picture: Drawing | Picture, box: Box, words: str) -> None:
        """Print *picture* in *box*, which it does not leave; *words* say what it shows."""
        width, height = box.right - box.left, box.top - box.bottom
        frame = numbers(box.left, box.bottom, width, height)
        placed = picture.placed(box.left, box.bottom, width, height)
        self.pictures.append(picture)
        self._frames.append(box)
        self._put("Figure", b"q %b re W n %bQ " % (frame, placed), entries=_described(words, box))

    def _room(self, block: d.TextBlock) -> Sides:
        """Return the sides of *block*, where logos leave it room."""
        if not block.beside:
            return _sides(block)
        left = self._beside + block.beside if self._beside else block.x
        logos = [
            sides.left
            for one in self._design.blocks
            if isinstance(one, d.PartnersBlock)
            for _, _, sides in self._partner_logos(one)
        ]
        return Sides(left, min([block.x + block.width, *(edge - block.beside for edge in logos)]))

    def _print_qr(self, block: d.QrBlock) -> None:
        """Keep the place of the QR code."""
        box = self._box(block, block.width)
        element = self._structure.element("Figure", entries=_described(self._said(block), box))
        self.places["qr"] = Place(box, element, self._structure.mark(element))

    def _print_seal(self, block: d.SealBlock) -> None:
        """Keep the place of the seal."""
        words = self._said(block)
        element = self._structure.element("Form", entries=b"/Alt%b" % text_string(words))
        self.places["seal"] = Place(self._box(block, block.height), element, words=words)

    def _print_stamp(self, block: d.StampBlock) -> None:
        """Print large words across the page as outlines, so that they are an ornament and no text."""
        style, words = self._style(block.style), self._said(block)
        size = self._set(words, style, block.width).size
        stamp = outlined(words, style.face, self._event.language, size)
        matrix = _turned(block.angle, block.x, self._baseline(block))
        shift = numbers(1, 0, 0, 1, -stamp.width / 2, 0)
        self._static.append(
            artifact(b"q %b cm %b cm %b rg %b Q " % (numbers(*matrix), shift, style.paint, stamp.operators))
        )

    def _print_signatories(self, block: d.SignatoriesBlock) -> None:
        """Print names and functions side by side, each under a line."""
        people, baseline = self._event.signatories, self._baseline(block)
        width = min(block.most_width, (block.width + block.column_gap) / max(len(people), 1) - block.column_gap)
        name_style, role_style = self._style(block.style), self._style(block.role_style)
        names = [self._set(person.name, name_style, width) for person in people]
        roles = [self._set(person.role, role_style, width) if person.role else None for person in people]
        gaps = [
            self._reach(person.name, name, name_style)[1] + self._reach(person.role, role, role_style)[0] + _CLEAR
            for person, name, role in zip(people, names, roles, strict=True)
            if role
        ]
        below = baseline - max((name.depth for name in names), default=0) - max([block.role_gap, *gaps])
        for i, (person, name, role) in enumerate(zip(people, names, roles, strict=True)):
            left = block.x + i * (width + block.column_gap)
            sides = Sides(left, left + width)
            if person.picture:
                self._print_signature(block, person, sides, baseline + _OVER_NAME)
            self._put_text("P", person.name, name.show(left, baseline, name_style), sides)
            if role:
                self._put_text("P", person.role, role.show(left, below, role_style), sides)

    def _print_signature(self, block: d.SignatoriesBlock, person: Signatory, sides: Sides, y: float) -> None:
        """Print the picture of a signature on a line at *y*."""
        line = numbers(sides.left, y), numbers(sides.right, y)
        self._static.append(artifact(b".6 w %b RG %b m %b l S " % (self._design.colours[block.rule], *line)))
        if person.picture:
            drawn = artwork.drawn(person.picture)
            width = min(sides.right - sides.left, block.signature_height * drawn.width / drawn.height)
            box = Box(sides.left, y + _CLEAR, sides.left + width, y + _CLEAR + block.signature_height)
            self._print_picture(drawn, box, self._said(block, signatory=person.name))

    def _signatures_top(self) -> float:
        """Return how high pictures of signatures reach, 0 where there are none."""
        if not any(person.picture for person in self._event.signatories):
            return 0
        blocks = [block for block in self._design.blocks if isinstance(block, d.SignatoriesBlock)]
        tops = [self._design.height - one.y + _OVER_NAME + 2 * _CLEAR + one.signature_height for one in blocks]
        return max(tops, default=0)

    def _print_sessions(self, block: d.SessionsBlock) -> None:
        """Print the table of sessions; the tail says which were attended.

        Raises:
            InputError: it does not fit.
        """
        if len(self._event.sessions) < block.least_sessions or not self._event.list_sessions:
            return
        top, bottom = self._baseline(block), max(self._design.height - block.bottom, self._signatures_top())
        labels, style = self._labels(), self._style
        marks = style(block.attended_style), style(block.missed_style)
        styles = Styles(style(block.style), style(block.day_style), style(block.heading_style), marks)
        table = arrange(block, styles, self._event.sessions, labels, (top, bottom), self._set)
        element = self._structure.element("Table")
        self._print_headings(block, table, labels.headings, self._structure.element("TR", element))
        for row in table.rows:
            self._print_row(block, table.styles, labels, row, self._structure.element("TR", element))

    def _labels(self) -> Labels:
        """Return the words in the narrow columns: sessions of one day have their times, others their day."""
        lines = self._event.sessions
        timed = len({day for line in lines for day in line.days}) == 1 and all(line.times for line in lines)
        firsts = [line.times if timed else " / ".join(map(self._words.short_day, line.days)) for line in lines]
        headings = "times_heading" if timed else "day_heading", "session_heading", "attendance_heading"
        first, title, mark = map(self._word, headings)
        return Labels(firsts, (self._word("attended"), self._word("missed")), (first, title, mark))

    def _word(self, key: str) -> str:
        """Return the text *key*, its facts filled in."""
        return fill(self._words.pattern(key, self._event, self._facts), self._facts)

    def _print_headings(
        self, block: d.SessionsBlock, table: Table, headings: tuple[str, str, str], parent: Element
    ) -> None:
        """Print the headings of the columns; over a second half they stand again, as an ornament."""
        plain, mark = table.styles.heading, replace(table.styles.heading, align=table.styles.marks[0].align)
        for half, columns in enumerate(table.halves):
            for text, sides, style in zip(headings, columns, (plain, plain, mark), strict=True):
                width = sides.right - sides.left
                shown = self._set(text, style, width).show(side(sides.left, width, style), table.heading, style)
                if half:
                    self._static.append(artifact(shown))
                else:
                    self._put_text("TH", text, shown, sides, parent, b"/A<</O/Table/Scope/Column>>")
            self._draw_rule(block, columns, table.rule)

    def _draw_rule(self, block: d.SessionsBlock, columns: Columns, y: float) -> None:
        """Draw the thin line under a row."""
        line = numbers(columns.first.left, y), numbers(columns.mark.right, y)
        self._static.append(artifact(b".4 w %b RG %b m %b l S " % (self._design.colours[block.rule], *line)))

    def _print_row(self, block: d.SessionsBlock, styles: Styles, labels: Labels, row: Row, parent: Element) -> None:
        """Print one session: its day or times, its title as the row's header, and the place of its mark."""
        firsts, titles, marks = row.columns
        shown = self._set(row.first, styles.first, firsts.right - firsts.left)
        self._put_text("TD", row.first, shown.show(firsts.left, row.baseline, styles.first), firsts, parent)
        shown_title = row.title.show(titles.left, row.baseline, styles.title)
        self._put_text("TH", row.session.title, shown_title, titles, parent, b"/A<</O/Table/Scope/Row>>")
        mcid = self._mark(self._structure.element("TD", parent), marks)
        attended, missed = (
            (word, marked("TD", mcid, self._show_mark(word, style, marks, row.baseline)))
            for word, style in zip(labels.marks, styles.marks, strict=True)
        )
        self.inscription.choose(row.session.id, attended, missed)
        self._draw_rule(block, row.columns, row.bottom)

    def _show_mark(self, word: str, style: d.Style, sides: Sides, y: float) -> bytes:
        """Return the operators that show *word* in the last column."""
        width = sides.right - sides.left
        return self._set(word, style, width).show(side(sides.left, width, style), y, style)


def _sides(block: d.Block) -> Sides:
    """Return the edges of *block*."""
    return Sides(block.x, block.x + block.width)


def _described(words: str, box: Box) -> bytes:
    """Return the entries of a figure: what it shows, and where."""
    return b"/Alt%b/A<</O/Layout/Placement/Block/BBox%b>>" % (text_string(words), box.entry)


def _turned(degrees: float, x: float, y: float) -> tuple[float, ...]:
    """Return the matrix that turns about (x, y), anticlockwise."""
    c, s = cos(radians(degrees)), sin(radians(degrees))
    return c, s, -s, c, x, y
