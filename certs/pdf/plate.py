"""The plate, which a batch shares, and the tail that makes it one person's certificate.

    plate   header · catalogue, page, artwork, fonts, colour profile · static content · structure tree · seal field
    tail    what is a person's own, the seal, the cross-reference table (see `tail`)

A plate is drawn for statements known beforehand: their content streams are made while its fonts still grow, then the
fonts are closed. The same design, statements and base URL give the same bytes in any process; at seal level B-LT the
plate also carries that day's evidence about the seal's certificates.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from certs.model import EventFacts, Evidence, Number, Statement
from certs.number import printed, to_bytes
from certs.pdf.design import Design
from certs.pdf.metadata import Metadata
from certs.pdf.objects import (
    Objects,
    byte_string,
    deflated,
    midnight,
    numbers,
    reference,
    references,
    stream,
    text_string,
)
from certs.pdf.page import Page, Place
from certs.pdf.picture import Picture
from certs.pdf.qr import symbol
from certs.pdf.seal import Sealer
from certs.pdf.structure import Element, Structure, dictionary
from certs.pdf.svg import Drawing
from certs.pdf.tail import ABSENT, FIRST_OF_PLATE, Own, TailWriter
from certs.pdf.typeface import spoken_language

MAX_CERTIFICATES = 1_000
"""More names on one plate would make its fonts heavy in every file."""

CREDENTIAL_FILE = "credential.json"
_PROFILE = Path(__file__).parent / "srgb.icc"


@dataclass(frozen=True, slots=True)
class Imprint:
    """One certificate's own bytes: the file is the plate's data followed by *tail*."""

    tail: bytes
    sha256: str
    """Of the whole file, in hex."""
    size: int
    """Of the whole file, in bytes."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What was made for one statement while the plate's fonts were open."""

    statement: Statement
    content: bytes
    name_element: bytes


class Plate:
    """A drawn plate: *data* is the constant beginning of every file, *sha256* its digest in hex."""

    def __init__(self, press: "_Press", data: bytes, offsets: Sequence[int], sealer: Sealer) -> None:
        self.data = data
        self.sha256 = hashlib.sha256(data).hexdigest()
        self._prepared = press.prepared
        self._qr_content = press.page.qr_content
        self._link = press.link
        self._metadata = Metadata(press.event.issuer, press.event.language)
        self._title = press.page.title
        self._with_credential = press.with_credential
        self._writer = TailWriter(data, offsets, press.catalog, press.event.issuer, sealer)

    def imprint(self, statement: Statement, claim_url: str, credential: bytes | None = None) -> Imprint:
        """Return the sealed tail of *statement*, one of those the plate was drawn for.

        Raises:
            ValueError: the statement is not one of the plate's; or the plate has a place for a credential and none is
                given, or the reverse.
            SigningError: the seal's key is out of reach.
        """
        prepared = self._prepared.get(statement.number)
        if prepared is None or prepared.statement != statement:
            raise ValueError(f"the plate was not drawn for certificate {statement.number}")
        if (credential is not None) != self._with_credential:
            raise ValueError("the plate must be drawn for certificates with a credential, or for those without")
        bodies, identifier = self._own_bodies(prepared, claim_url, credential), _identifier(statement.number)
        tail, sha256 = self._writer.write(bodies, identifier)
        return Imprint(tail, sha256, len(self.data) + len(tail))

    def digest(self, behind: bytes) -> "hashlib._Hash":
        """Return the state of SHA-256 after the plate and *behind*."""
        return self._writer.digest(behind)

    def _own_bodies(self, prepared: _Prepared, claim_url: str, credential: bytes | None) -> tuple[bytes, ...]:
        """Return the bodies of the tail's objects, in the order of `Own`, without the seal."""
        statement, qr = prepared.statement, symbol(claim_url)
        title = self._title(statement)
        return (
            stream(prepared.content + self._qr_content(qr.modules)),
            stream(qr.image, _QR_IMAGE % (qr.modules, qr.modules)),
            prepared.name_element,
            self._link % byte_string(claim_url),
            self._metadata.packet(title, printed(statement.number), statement.issued_on),
            self._metadata.information(title, statement.issued_on),
            ABSENT if credential is None else _embedded_file(credential, statement),
        )


_QR_IMAGE = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 1/ImageMask true/Decode[1 0]"
"""A stencil: where a bit is 1, the fill colour is painted."""


def draw_plate(
    design: Design, statements: Sequence[Statement], base_url: str, sealer: Sealer, *, with_credential: bool = False
) -> Plate:
    """Draw the plate for *statements*, which share one event.

    Raises:
        ValueError: no statement, more than `MAX_CERTIFICATES`, or several events.
        InputError: a name or word has a character that no font has, or does not fit.
    """
    if not 0 < len(statements) <= MAX_CERTIFICATES:
        raise ValueError(f"a plate serves 1 to {MAX_CERTIFICATES} certificates")
    event = statements[0].event
    if any(statement.event != event for statement in statements):
        raise ValueError("the certificates of one plate share one event")
    press = _Press(design, event, base_url, sealer.evidence, with_credential=with_credential)
    press.draw(statements)
    data, offsets = press.objects.write()
    return Plate(press, data, offsets, sealer)


class _Press:
    """One plate being drawn: its objects, and what imprinting needs of them."""

    def __init__(
        self, design: Design, event: EventFacts, base_url: str, evidence: Evidence | None, *, with_credential: bool
    ) -> None:
        self.event = event
        self._evidence = evidence
        self.base_url = base_url
        self.with_credential = with_credential
        self.objects = Objects(first=FIRST_OF_PLATE)
        self.catalog = self.objects.reserve()
        self._pages = self.objects.reserve()
        self._page_number = self.objects.reserve()
        self._structure = Structure(self.objects, self._page_number, event.language)
        self.page = Page(design, event, base_url, self._structure, Own.NAME)
        self._design = design
        self.prepared: Mapping[Number, _Prepared] = {}
        self.link = b""

    def draw(self, statements: Sequence[Statement]) -> None:
        """Print the page, prepare every statement, close the fonts, and write all objects.

        Raises:
            InputError: a text does not fit, or has a character without glyph.
        """
        static = self.objects.add(deflated(self.page.print()))
        self.prepared = {statement.number: self._prepare(statement) for statement in statements}
        field = self._draw_seal_field(self.page.places["seal"])
        self.link = self._link_annotation(self.page.places["link"])
        self._draw_page(static, field)
        self._draw_catalog(field)
        self._structure.write()

    def _prepare(self, statement: Statement) -> _Prepared:
        """Return what needs the fonts of one statement, and its name's structure element."""
        language = spoken_language(statement.name, statement.language)
        entries = b"/Lang(%b)/ActualText%b" % (language.encode(), text_string(statement.name))
        element = self.page.places["name"].element
        named = Element(Own.NAME, element.role, element.parent, entries, element.kids)
        return _Prepared(statement, self.page.own_content(statement), dictionary(named, self._page_number))

    def _draw_page(self, static: int, field: int) -> None:
        """Write the page, its resources and the page tree."""
        forms = _drawn_forms(self.objects, self.page.pictures)
        resources = b"/Font<<%b>>/XObject<</QR %b%b>>" % (
            self.page.typesetter.write(self.objects),
            reference(Own.QR),
            forms,
        )
        self.objects.put(
            self._page_number,
            b"<</Type/Page/Parent %b/MediaBox[0 0 %b]/Tabs/S/StructParents 0/Resources<<%b>>/Contents%b/Annots%b>>"
            % (
                reference(self._pages),
                numbers(self._design.width, self._design.height),
                resources,
                references([static, Own.CONTENT]),
                references([Own.LINK, field]),
            ),
        )
        self.objects.put(self._pages, b"<</Type/Pages/Kids%b/Count 1>>" % references([self._page_number]))

    def _draw_catalog(self, field: int) -> None:
        """Write the catalogue: language, title in the window, colour intent, tags, seal, attached credential."""
        self.objects.put(
            self.catalog,
            b"<</Type/Catalog/Pages %b/Lang(%b)/MarkInfo<</Marked true>>/ViewerPreferences<</DisplayDocTitle true>>"
            b"/OutputIntents%b/StructTreeRoot %b/Metadata %b/AcroForm<</Fields%b/SigFlags 3>>/Perms<</DocMDP %b>>%b>>"
            % (
                reference(self._pages),
                self.event.language.encode(),
                references([_drawn_intent(self.objects)]),
                reference(self._structure.root),
                reference(Own.METADATA),
                references([field]),
                reference(Own.SEAL),
                (self._attached() if self.with_credential else b"")
                + (_drawn_evidence(self.objects, self._evidence) if self._evidence else b""),
            ),
        )

    def _attached(self) -> bytes:
        """Return the catalogue's entries for the credential, an associated file of PDF/A-3."""
        file = self.objects.add(
            b"<</Type/Filespec/F(%b)/UF(%b)/AFRelationship/Data/Desc(Open Badges 3.0 credential)/EF<</F %b/UF %b>>>>"
            % (*[CREDENTIAL_FILE.encode()] * 2, *[reference(Own.CREDENTIAL)] * 2)
        )
        return b"/AF%b/Names<</EmbeddedFiles<</Names[(%b)%b]>>>>" % (
            references([file]),
            CREDENTIAL_FILE.encode(),
            reference(file),
        )

    def _draw_seal_field(self, place: Place) -> int:
        """Write the seal's field and widget; the panel's words stand in the page content, so it looks like nothing."""
        box = place.box
        blank = self.objects.add(
            stream(
                b"", b"/Type/XObject/Subtype/Form/BBox[0 0 %b]" % numbers(box.right - box.left, box.top - box.bottom)
            )
        )
        field = self.objects.reserve()
        key = self._structure.annotate(place.element, field)
        self.objects.put(
            field,
            b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Seal)/TU%b/Rect%b/F 132/P %b/StructParent %d/AP<</N %b>>/V %b>>"
            % (
                text_string(place.words),
                box.entry,
                reference(self._page_number),
                key,
                reference(blank),
                reference(Own.SEAL),
            ),
        )
        return field

    def _link_annotation(self, place: Place) -> bytes:
        """Return the body of the link, with a gap for the address, which is the QR code's."""
        key = self._structure.annotate(place.element, Own.LINK)
        return (
            b"<</Type/Annot/Subtype/Link/Rect%b/Border[0 0 0]/F 4/StructParent %d/Contents%b/A<</S/URI/URI%%b>>>>"
            % (place.box.entry, key, text_string(place.words).replace(b"%", b"%%"))
        )


def _drawn_forms(objects: Objects, pictures: Sequence[Drawing | Picture]) -> bytes:
    """Write images and the forms of drawings and return their entries in the page's XObject resources."""
    images = b"".join(picture.write(objects) for picture in pictures if isinstance(picture, Picture))
    drawings = [picture for picture in pictures if isinstance(picture, Drawing)]
    named = {name: operators for drawing in drawings for name, operators in drawing.forms.items()}
    shared = objects.reserve()
    of_forms = b"/Type/XObject/Subtype/Form/BBox[-5000 -5000 5000 5000]/Resources %b" % reference(shared)
    entries = b"".join(
        b"/%b %b" % (name.encode(), reference(objects.add(deflated(operators, of_forms))))
        for name, operators in named.items()
    )
    objects.put(shared, b"<</XObject<<%b>>>>" % entries)
    return images + entries


def _drawn_evidence(objects: Objects, evidence: Evidence) -> bytes:
    """Write the document security store (ETSI EN 319 142-1, 5.4.2) and return the catalogue's entries for it."""
    kinds = ((b"Certs", evidence.certificates), (b"OCSPs", evidence.ocsp_responses), (b"CRLs", evidence.crls))
    entries = b"".join(
        b"/%b%b" % (kind, references([objects.add(deflated(item)) for item in items])) for kind, items in kinds if items
    )
    store = objects.add(b"<</Type/DSS%b>>" % entries)
    return b"/DSS %b/Extensions<</ESIC<</BaseVersion/1.7/ExtensionLevel 5>>>>" % reference(store)


def _drawn_intent(objects: Objects) -> int:
    """Write the output intent, sRGB, and return its number."""
    profile = objects.add(deflated(_profile(), b"/N 3"))
    return objects.add(
        b"<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB IEC61966-2.1)"
        b"/DestOutputProfile %b>>" % reference(profile)
    )


@cache
def _profile() -> bytes:
    """Return the sRGB profile."""
    return _PROFILE.read_bytes()


def _embedded_file(credential: bytes, statement: Statement) -> bytes:
    """Return the credential as an embedded file stream."""
    day = midnight(statement.issued_on)
    entries = b"/Type/EmbeddedFile/Subtype/application#2Fvc/Params<</Size %d/ModDate%b>>" % (len(credential), day)
    return stream(credential, entries)


def _identifier(number: Number) -> bytes:
    """Return the file identifier: the certificate's number in sixteen bytes, in hex."""
    return b"%032X" % int.from_bytes(to_bytes(number), "big")
