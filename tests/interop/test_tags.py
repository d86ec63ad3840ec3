"""What somebody hears who has the certificate read aloud: tags in reading order, languages, alternative texts."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf
import pytest

from certs.pdf.typeface import HAN, LATIN, SCRIPTS, plate_group
from tests.interop.people import PEOPLE
from tests.interop.sealed import Sealed


@dataclass(frozen=True, slots=True)
class Tag:
    """A structure element without element kids: its path, its marked content, and what it says about itself."""

    path: str
    mcids: tuple[int, ...]
    alt: str
    actual: str
    language: str
    objects: int


def _tags(element: pikepdf.Object, path: str = "") -> Iterator[Tag]:
    """Yield the leaves below *element* in the order of the tree."""
    own = f"{path}{element.S}"
    kids = element.get("/K", pikepdf.Array())
    elements = [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]
    for kid in elements:
        yield from _tags(kid, own)
    if not elements:
        marks = tuple(int(kid) for kid in kids if not isinstance(kid, pikepdf.Dictionary))
        alt, actual, language = (str(element.get(key, "")) for key in ("/Alt", "/ActualText", "/Lang"))
        yield Tag(own, marks, alt, actual, language, sum(isinstance(kid, pikepdf.Dictionary) for kid in kids))


def tags(document: pikepdf.Pdf) -> list[Tag]:
    """Return the leaves of the structure tree in reading order."""
    return [tag for element in document.Root.StructTreeRoot.K for tag in _tags(element)]


@pytest.fixture
def document(sealed: Sealed) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(sealed.data)) as opened:
        yield opened


def roles(document: pikepdf.Pdf) -> list[str]:
    return [tag.path.removeprefix("/Document/") for tag in tags(document)]


def test_every_script_that_certs_prints_is_among_these_people() -> None:
    """What the doctor promises is what the judges see; a new font needs a new person here."""
    groups = {plate_group(person.name, person.language) for person in PEOPLE}
    assert groups == {LATIN, *(script.group for script in (*SCRIPTS, *HAN.values()))}


def test_it_is_read_from_the_heading_to_the_seal(document: pikepdf.Pdf) -> None:
    """Issuer, heading, name, what was attended, event, sessions, who signs; then the panel with the code."""
    row = ["Table/TR/TD", "Table/TR/TH", "Table/TR/TD"]
    left = ["P", "H1", "P", "H2", "P", "P", "P", "P", *3 * ["Table/TR/TH"], *8 * row, "P", "P"]
    assert roles(document) == [*left, "Figure", "P", "P/Link", "P", "P", "P", "Form", "P"]


def test_content_is_marked_in_the_order_of_the_tags(document: pikepdf.Pdf) -> None:
    """Readers that follow the tree and those that count identifiers tell the same; each belongs to one tag."""
    mcids = [mcid for tag in tags(document) for mcid in tag.mcids]
    assert mcids == list(range(len(mcids)))
    content = b"".join(part.read_bytes() for part in document.pages[0].Contents)
    assert sorted(map(int, re.findall(rb"/MCID (\d+)", content))) == mcids


def test_the_parent_tree_leads_back_to_every_tag(document: pikepdf.Pdf) -> None:
    """From each piece of content to its element."""
    page_key, parents = document.Root.StructTreeRoot.ParentTree.Nums[:2]
    assert int(page_key) == int(document.pages[0].StructParents)
    found = [parent.S for parent in parents]
    assert found == [tag.path.rpartition("/")[2].join(("/", "")) for tag in tags(document) for _ in tag.mcids]


def test_the_name_bears_its_text_and_language(sealed: Sealed, document: pikepdf.Pdf) -> None:
    """As it is written, whatever glyphs the page has in whatever order."""
    (name,) = (tag for tag in tags(document) if tag.path.endswith("/H2"))
    assert name.actual == sealed.person.name
    assert re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3})?", name.language)
    if sealed.person.language:
        assert name.language == sealed.person.language


def test_the_document_has_language_and_title(sealed: Sealed, document: pikepdf.Pdf) -> None:
    assert str(document.Root.Lang) == sealed.statement.event.language
    assert bool(document.Root.ViewerPreferences.DisplayDocTitle)
    assert sealed.person.name in str(document.docinfo.Title)
    assert bool(document.Root.MarkInfo.Marked)


def test_pictures_link_and_seal_have_words(sealed: Sealed, document: pikepdf.Pdf) -> None:
    """QR code and seal are described; link and seal lead to their annotations."""
    found = tags(document)
    (code,) = (tag.alt for tag in found if tag.path.endswith("/Figure"))
    (seal,) = (tag for tag in found if tag.path.endswith("/Form"))
    (link,) = (tag for tag in found if tag.path.endswith("/Link"))
    issuer = sealed.statement.event.issuer
    assert ("QR code" in code, seal.alt) == (True, f"Electronic seal of {issuer}")
    assert (link.objects, seal.objects) == (1, 1)
    assert all(str(annotation.get("/Contents", annotation.get("/TU"))) for annotation in document.pages[0].Annots)


def test_every_row_of_the_table_has_its_sessions_title_as_header(sealed: Sealed, document: pikepdf.Pdf) -> None:
    """The table of sessions is there in every file: the headings of its columns, then one row for each."""
    (table,) = (kid for kid in document.Root.StructTreeRoot.K[0].K if kid.S == "/Table")
    headings, *rows = table.K
    assert [(str(cell.S), str(cell.A.O), str(cell.A.Scope)) for cell in headings.K] == 3 * [
        ("/TH", "/Table", "/Column")
    ]
    assert len(rows) == len(sealed.statement.event.sessions)
    for row in rows:
        day, title, mark = row.K
        assert [cell.S for cell in (day, title, mark)] == ["/TD", "/TH", "/TD"]
        assert (str(title.A.O), str(title.A.Scope)) == ("/Table", "/Row")


def test_every_text_of_the_event_bears_its_words(sealed: Sealed, document: pikepdf.Pdf) -> None:
    """As they are written, however lines break; the person's own name does too, and the link leads on by its kid."""
    event = sealed.statement.event
    said = [tag.actual for tag in tags(document) if tag.actual]
    assert [
        text for text in (event.title, event.issuer, *(one.title for one in event.sessions)) if text not in said
    ] == []
    silent = [tag.path for tag in tags(document) if tag.mcids and not tag.actual and not tag.alt]
    assert {path.rpartition("/")[2] for path in silent} <= {"P", "TD", "Link"}
