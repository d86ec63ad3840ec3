"""A receipt as a sealed PDF: a table of what was answered, over as many pages as it needs, with its JWS inside.

    pdf = print_receipt(Sheet("Receipt R-…", …), number, jws, sealer)

PDF/A-3a and PDF/UA-1, put together from what certificates are made of: typesetter, structure tree, seal and tail. No
plate is shared: the pages stand where a certificate has its plate, and of the tail's own objects there are metadata,
information, the enclosed file and the seal. The texts are English words, numbers and digests; nobody's name.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from certs.ground.number import to_bytes
from certs.model import Number
from certs.pdf.design import Style
from certs.pdf.forme import drawn_intent
from certs.pdf.layout import set_text
from certs.pdf.metadata import Metadata
from certs.pdf.objects import Objects, date, deflated, numbers, reference, references, stream, text_string
from certs.pdf.seal import Seals
from certs.pdf.structure import Element, Structure, artifact, marked
from certs.pdf.tail import ABSENT, FIRST_OF_PLATE, Own, TailWriter
from certs.pdf.text import Typesetter

_LANGUAGE = "en"
_WIDTH, _HEIGHT, _MARGIN = 595.276, 841.89, 48.0
"""A4, in points."""
_ROW, _LINE = 15.0, 14.0
_COLUMNS = (0.0, 34.0, 172.0, 286.0, 352.0)
"""Where columns begin, from the left margin; the last one ends at the right margin."""
_INK, _SOFT = b".11 .14 .19", b".34 .38 .44"
_TITLE = Style(face="bold", size=20, colour="", least=8, paint=_INK)
_TEXT = Style(face="regular", size=10, colour="", least=3, paint=_INK)
_HEADING = Style(face="bold", size=8.5, colour="", least=6, paint=_SOFT)
_CELL = Style(face="regular", size=8.5, colour="", least=4, paint=_INK)
_SEAL = "Electronic seal over the whole document."


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the pages say: title, lines below it, headings of the five columns, and a row for each answer."""

    title: str
    issuer: str
    lines: Sequence[str]
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


def print_receipt(sheet: Sheet, number: Number, file: tuple[str, bytes], sealer: Seals) -> bytes:
    """Return *sheet* as a sealed PDF that encloses *file*, by its name and its bytes.

    Raises:
        InputError: a text does not fit, or has a character without glyph.
        SigningError: the seal's key is out of reach.
    """
    printer = _Printer()
    printer.print(sheet)
    name, data = file
    plate, offsets = printer.finished(name).write()
    metadata, day = Metadata(sheet.issuer, _LANGUAGE), sealer.signed_at.date()
    enclosed = b"/Type/EmbeddedFile/Subtype/application#2Fjose/Params<</Size %d/ModDate%b>>"
    bodies = (
        *[ABSENT] * 4,
        metadata.packet(sheet.title, sheet.title.rpartition(" ")[2], day),
        metadata.information(sheet.title, day),
        stream(data, enclosed % (len(data), date(sealer.signed_at))),
    )
    writer = TailWriter(plate, offsets, printer.catalog, sheet.issuer, sealer, "Receipt given")
    tail, _ = writer.write(bodies, b"%032X" % int.from_bytes(to_bytes(number), "big"))
    return plate + tail


class _Printer:
    """Prints line by line, page after page."""

    def __init__(self) -> None:
        self._objects = Objects(first=FIRST_OF_PLATE)
        self.catalog, self._tree = self._objects.reserve(), self._objects.reserve()
        self._pages: list[tuple[int, int, list[bytes]]] = [(self._objects.reserve(), 0, [])]
        self._structure = Structure(self._objects, self._pages[0][0], _LANGUAGE)
        self._typesetter = Typesetter()
        self._y = _HEIGHT - _MARGIN - 20
        self._form = Element(0, "", 0)

    def print(self, sheet: Sheet) -> None:
        """Print all of *sheet*."""
        self._say("H1", sheet.title, _TITLE)
        self._y -= 8
        for line in sheet.lines:
            self._say("P", line, _TEXT)
        self._form = self._structure.element("Form", entries=b"/Alt%b" % text_string(_SEAL))
        self._field = self._objects.reserve()
        self._key = self._structure.annotate(self._form, self._field)
        table = self._structure.element("Table")
        self._y -= 12
        self._print_row(sheet.headings, self._structure.element("TR", table), "TH", _HEADING)
        for row in sheet.rows:
            if self._y < _MARGIN + _ROW:
                self._turn(sheet.headings)
            self._print_row(row, self._structure.element("TR", table), "TD", _CELL)

    def finished(self, enclosed: str) -> Objects:
        """Return all objects; the file *enclosed* stands in the tail."""
        objects = self._objects
        resources = b"<</Font<<%b>>>>" % self._typesetter.write(objects)
        self._draw_field()
        for place, (page, key, content) in enumerate(self._pages):
            annotations = b"/Annots%b" % references([self._field]) if place == 0 else b""
            body = b"<</Type/Page/Parent %b/MediaBox[0 0 %b]/Tabs/S/StructParents %d/Resources%b/Contents %b%b>>"
            shown = reference(objects.add(deflated(b"".join(content))))
            size = numbers(_WIDTH, _HEIGHT)
            objects.put(page, body % (reference(self._tree), size, key, resources, shown, annotations))
        kids = [page for page, _, _ in self._pages]
        objects.put(self._tree, b"<</Type/Pages/Kids%b/Count %d>>" % (references(kids), len(kids)))
        self._structure.write()
        self._draw_catalog(enclosed)
        return objects

    def _draw_field(self) -> None:
        """Write the seal's field, which looks like nothing."""
        blank = self._objects.add(stream(b"", b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]"))
        self._objects.put(
            self._field,
            b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Seal)/TU%b/Rect[%b]/F 132/P %b/StructParent %d/AP<</N %b>>/V %b>>"
            % (
                text_string(_SEAL),
                numbers(_MARGIN, _HEIGHT - 30, _MARGIN + 1, _HEIGHT - 29),
                reference(self._pages[0][0]),
                self._key,
                reference(blank),
                reference(Own.SEAL),
            ),
        )

    def _draw_catalog(self, enclosed: str) -> None:
        """Write the catalogue: language, tags, colour intent, seal, and the enclosed file, associated with it all."""
        name, intent = enclosed.encode("ascii"), drawn_intent(self._objects)
        file = self._objects.add(
            b"<</Type/Filespec/F(%b)/UF(%b)/AFRelationship/Data/Desc(Signed receipt, JWS)/EF<</F %b/UF %b>>>>"
            % (name, name, *[reference(Own.CREDENTIAL)] * 2)
        )
        self._objects.put(
            self.catalog,
            b"<</Type/Catalog/Pages %b/Lang(%b)/MarkInfo<</Marked true>>/ViewerPreferences<</DisplayDocTitle true>>"
            b"/OutputIntents%b/StructTreeRoot %b/Metadata %b/AcroForm<</Fields%b/SigFlags 3>>/Perms<</DocMDP %b>>"
            b"/AF%b/Names<</EmbeddedFiles<</Names[(%b)%b]>>>>>>"
            % (
                reference(self._tree),
                _LANGUAGE.encode(),
                references([intent]),
                reference(self._structure.root),
                reference(Own.METADATA),
                references([self._field]),
                reference(Own.SEAL),
                references([file]),
                name,
                reference(file),
            ),
        )

    def _turn(self, headings: Sequence[str]) -> None:
        """Begin a page; the headings stand again, as an ornament."""
        page = self._objects.reserve()
        self._pages.append((page, self._structure.turn(page), []))
        self._y = _HEIGHT - _MARGIN
        for text, x, width in _cells(headings):
            self._put(artifact(self._set(text, _HEADING, x, width)))
        self._y -= _ROW

    def _print_row(self, cells: Sequence[str], parent: Element, role: str, style: Style) -> None:
        entries = b"/A<</O/Table/Scope/Column>>" if role == "TH" else b""
        for text, x, width in _cells(cells):
            element = self._structure.element(role, parent, entries)
            if text:
                self._put(marked(role, self._structure.mark(element), self._set(text, style, x, width)))
        rule = numbers(_MARGIN, self._y - 4), numbers(_WIDTH - _MARGIN, self._y - 4)
        self._put(artifact(b".4 w .8 G %b m %b l S " % rule))
        self._y -= _ROW

    def _say(self, role: str, text: str, style: Style) -> None:
        element = self._structure.element(role)
        operators = self._set(text, style, _MARGIN, _WIDTH - 2 * _MARGIN)
        self._put(marked(role, self._structure.mark(element), operators))
        self._y -= _LINE

    def _set(self, text: str, style: Style, x: float, width: float) -> bytes:
        return set_text(self._typesetter, text, style, width, _LANGUAGE).show(x, self._y, style)

    def _put(self, operators: bytes) -> None:
        self._pages[-1][2].append(operators)


def _cells(row: Sequence[str]) -> Iterator[tuple[str, float, float]]:
    """Yield each cell with its left edge and its width."""
    ends = (*_COLUMNS[1:], _WIDTH - 2 * _MARGIN + 6)
    for text, left, right in zip(row, _COLUMNS, ends, strict=True):
        yield text, _MARGIN + left, right - left - 6
