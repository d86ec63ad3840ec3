"""The forme: an event's page with everything that its plates share, printed once in each process.

In letterpress a forme is type and blocks locked up for the press; each plate is cast from it. Here it holds the first
objects of every plate: static content, artwork, colour profile, structure tree, seal field. A plate adds the fonts,
which depend on its names, and with them page and catalogue, whose numbers are reserved.
"""

from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path

from certs.errors import InputError
from certs.model import EventFacts, Evidence, Statement
from certs.pdf.design import Design
from certs.pdf.objects import Objects, deflated, numbers, reference, references, stream, text_string
from certs.pdf.page import Page, Place
from certs.pdf.structure import Element, Structure, dictionary
from certs.pdf.tail import FIRST_OF_PLATE, Own
from certs.pdf.text import Typesetter
from certs.pdf.typeface import spoken_language

CREDENTIAL_FILE = "credential.json"
_PROFILE = Path(__file__).parent / "srgb.icc"


class Forme:
    """One event's page, printed; *page* tells what imprinting needs, *link* is the link's body with a gap."""

    def __init__(self, design: Design, event: EventFacts, base_url: str) -> None:
        """Print the page.

        Raises:
            InputError: a text does not fit, or has a character without glyph.
        """
        self.event = event
        self._design = design
        self._objects = Objects(first=FIRST_OF_PLATE)
        self.catalog = self._objects.reserve()
        self._pages = self._objects.reserve()
        self._page_number = self._objects.reserve()
        self._structure = Structure(self._objects, self._page_number, event.language)
        self.page = Page(design, event, base_url, self._structure, Own.NAME)
        self._static = self._objects.add(deflated(self.page.print()))
        self._field = self._draw_seal_field(self.page.places["seal"])
        self.link = self._link_annotation(self.page.places["link"])
        self._named = self._named_element(self.page.places["name"].element)
        self._pictures = b"".join(picture.write(self._objects) for picture in dict.fromkeys(self.page.pictures))
        self._intent = drawn_intent(self._objects)
        self._structure.write()
        self._objects.put(self._pages, b"<</Type/Pages/Kids%b/Count 1>>" % references([self._page_number]))

    def cast(self, typesetter: Typesetter, evidence: Evidence | None, *, with_credential: bool) -> Objects:
        """Return all objects of a plate whose names *typesetter* has set."""
        objects = self._objects.copy()
        self._draw_page(objects, typesetter.write(objects))
        attached = self._attached(objects) if with_credential else b""
        self._draw_catalog(objects, attached + (_drawn_evidence(objects, evidence) if evidence else b""))
        return objects

    def name_element(self, statement: Statement) -> bytes:
        """Return the structure element of the name, with the language in which it is read aloud."""
        language = spoken_language(statement.name, statement.language)
        return self._named % (language.encode(), text_string(statement.name))

    def _named_element(self, element: Element) -> bytes:
        """Return the dictionary of *element* with gaps for language and name."""
        gaps = b"/Lang(%b)/ActualText%b"
        return dictionary(Element(Own.NAME, element.role, element.parent, gaps, element.kids), self._page_number)

    def _draw_page(self, objects: Objects, fonts: bytes) -> None:
        """Write the page and its resources."""
        resources = b"/Font<<%b>>/XObject<</QR %b%b>>" % (fonts, reference(Own.QR), self._pictures)
        objects.put(
            self._page_number,
            b"<</Type/Page/Parent %b/MediaBox[0 0 %b]/Tabs/S/StructParents 0/Resources<<%b>>/Contents%b/Annots%b>>"
            % (
                reference(self._pages),
                numbers(self._design.width, self._design.height),
                resources,
                references([self._static, Own.CONTENT]),
                references([Own.LINK, self._field]),
            ),
        )

    def _draw_catalog(self, objects: Objects, further: bytes) -> None:
        """Write the catalogue: language, title in the window, colour intent, tags, seal, and *further* entries."""
        objects.put(
            self.catalog,
            b"<</Type/Catalog/Pages %b/Lang(%b)/MarkInfo<</Marked true>>/ViewerPreferences<</DisplayDocTitle true>>"
            b"/OutputIntents%b/StructTreeRoot %b/Metadata %b/AcroForm<</Fields%b/SigFlags 3>>/Perms<</DocMDP %b>>%b>>"
            % (
                reference(self._pages),
                self.event.language.encode(),
                references([self._intent]),
                reference(self._structure.root),
                reference(Own.METADATA),
                references([self._field]),
                reference(Own.SEAL),
                further,
            ),
        )

    def _attached(self, objects: Objects) -> bytes:
        """Return the catalogue's entries for the credential, an associated file of PDF/A-3."""
        file = objects.add(
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
        blank = self._objects.add(
            stream(
                b"", b"/Type/XObject/Subtype/Form/BBox[0 0 %b]" % numbers(box.right - box.left, box.top - box.bottom)
            )
        )
        field = self._objects.reserve()
        key = self._structure.annotate(place.element, field)
        self._objects.put(
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


@lru_cache(maxsize=4)
def forme_of(design: Design, event: EventFacts, base_url: str) -> Forme:
    """Return the forme of *event*, made once in each process; worker processes inherit it.

    Raises:
        InputError: as `Forme`.
    """
    return Forme(design, event, base_url)


def prepare(event: EventFacts, base_url: str) -> None:
    """Print *event*'s page ahead, for processes forked later; what is wrong with it is said of each certificate."""
    with suppress(InputError):
        forme_of(Design.of(event), event, base_url)


def _drawn_evidence(objects: Objects, evidence: Evidence) -> bytes:
    """Write the document security store (ETSI EN 319 142-1, 5.4.2) and return the catalogue's entries for it."""
    kinds = ((b"Certs", evidence.certificates), (b"OCSPs", evidence.ocsp_responses), (b"CRLs", evidence.crls))
    entries = b"".join(
        b"/%b%b" % (kind, references([objects.add(deflated(item)) for item in items])) for kind, items in kinds if items
    )
    store = objects.add(b"<</Type/DSS%b>>" % entries)
    return b"/DSS %b/Extensions<</ESIC<</BaseVersion/1.7/ExtensionLevel 5>>>>" % reference(store)


def drawn_intent(objects: Objects) -> int:
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
