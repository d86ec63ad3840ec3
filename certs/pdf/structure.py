"""The structure tree: what on the page is a heading, a paragraph, a table cell (ISO 32000-1, 14.7 and 14.8).

Elements are numbered objects. Their content is marked on the page with a marked-content identifier (MCID), counted
through all of the page's content streams, and the parent tree leads back from the identifier to the element. An
element whose dictionary stands in the tail is only named here; the plate already refers to it.
"""

from dataclasses import dataclass, field
from functools import lru_cache

from certs.pdf.objects import Objects, reference, references


@dataclass(slots=True)
class Element:
    """One structure element; *entries* are further entries of its dictionary, *kids* the items of its /K."""

    number: int
    role: str
    parent: int
    entries: bytes = b""
    kids: list[bytes] = field(default_factory=list)
    elsewhere: bool = False
    page: int = 0
    """On which its content stands; 0 stands for the only one."""


class Structure:
    """The structure tree of a document, page by page, being built in reading order."""

    def __init__(self, objects: Objects, page: int, language: str) -> None:
        self._objects = objects
        self._page = page
        self.root = objects.reserve()
        self._pages: list[tuple[int, list[int]]] = [(0, [])]
        self._next_key = 1
        self._annotated: dict[int, int] = {}
        self._elements: list[Element] = []
        self.document = self._new("Document", self.root, b"/Lang(%b)" % language.encode())

    def turn(self, page: int) -> int:
        """Go on with the next page, of that number; return its key in the parent tree."""
        self._page, key = page, self._next_key
        self._next_key += 1
        self._pages.append((key, []))
        return key

    def element(self, role: str, parent: Element | None = None, entries: bytes = b"", number: int = 0) -> Element:
        """Return a new element, the last so far of *parent*; with *number* its dictionary stands elsewhere."""
        above = parent or self.document
        element = self._new(role, above.number, entries, number)
        above.kids.append(reference(element.number))
        return element

    def _new(self, role: str, parent: int, entries: bytes, number: int = 0) -> Element:
        """Return a new element that its parent does not list yet."""
        element = Element(number or self._objects.reserve(), role, parent, entries, [], bool(number), self._page)
        self._elements.append(element)
        return element

    def mark(self, element: Element) -> int:
        """Return the identifier for a piece of page content that belongs to *element*."""
        marked = self._pages[-1][1]
        mcid = len(marked)
        marked.append(element.number)
        element.kids.append(b"%d" % mcid)
        return mcid

    @property
    def last_mark(self) -> int:
        """The identifier that was given last."""
        return len(self._pages[-1][1]) - 1

    def annotate(self, element: Element, annotation: int) -> int:
        """Make the annotation object *annotation* a kid of *element* and return its key in the parent tree."""
        element.kids.append(b"<</Type/OBJR/Obj %b/Pg %b>>" % (reference(annotation), reference(self._page)))
        key = self._next_key
        self._next_key += 1
        self._annotated[key] = element.number
        return key

    def write(self) -> None:
        """Give all elements and the root their bodies; the first page's key in the parent tree is 0."""
        for element in self._elements:
            if not element.elsewhere:
                self._objects.put(element.number, dictionary(element, element.page))
        leaves = {key: references(marked) for key, marked in self._pages}
        leaves |= {key: reference(number) for key, number in self._annotated.items()}
        numbered = b" ".join(b"%d %b" % leaf for leaf in sorted(leaves.items()))
        self._objects.put(
            self.root,
            b"<</Type/StructTreeRoot/K[%b]/ParentTree<</Nums[%b]>>/ParentTreeNextKey %d>>"
            % (reference(self.document.number), numbered, self._next_key),
        )


def dictionary(element: Element, page: int) -> bytes:
    """Return the dictionary of *element*, whose content stands on *page*."""
    return b"<</Type/StructElem/S/%b/P %b/Pg %b/K[%b]%b>>" % (
        element.role.encode(),
        reference(element.parent),
        reference(page),
        b" ".join(element.kids),
        element.entries,
    )


def marked(role: str, mcid: int, operators: bytes) -> bytes:
    """Return *operators* as the content of the element to which *mcid* belongs."""
    return b"%b%bEMC\n" % (_opening(role, mcid), operators)


@lru_cache(maxsize=1024)
def _opening(role: str, mcid: int) -> bytes:
    """Return the operator that begins marked content."""
    return b"/%b<</MCID %d>>BDC " % (role.encode(), mcid)


def artifact(operators: bytes) -> bytes:
    """Return *operators* as an ornament that readers aloud leave out."""
    return b"/Artifact BMC\n%bEMC\n" % operators
