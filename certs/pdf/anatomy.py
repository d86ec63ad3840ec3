"""What a PDF's reader is shown, taken apart so that two files can be compared part by part.

Object numbers, compression and the order of objects do not count: a part is a digest of values, followed through all
references. The file may be hostile: depth and number of objects are limited, and whoever parses strangers' files does
so in a process with little memory and time.
"""

import hashlib
import io
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, fields

import pikepdf

_MAX_DEPTH = 60
_MAX_OBJECTS = 50_000
_UPWARDS = frozenset({"/Parent", "/P", "/Pg", "/StructParent", "/StructParents", "/StructTreeRoot"})
"""Keys that lead back to what is being walked, or to the tags, which nobody sees."""
_WRITING = frozenset({"/Length", "/Filter", "/DecodeParms"})
"""How a stream is written, not what it is."""
_PARTS_OF_ROOT = frozenset({"/Pages", "/AcroForm", "/Metadata", "/Perms"})
"""What is a part of its own, or leads to the seal."""
_BROKEN = (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError, RecursionError)
"""What pikepdf raises on files that are not what they say."""


@dataclass(frozen=True, slots=True)
class Anatomy:
    """Digests of a file's parts; *byte_range* and *contents* of its seal are empty where they lack or are nulled.

    A *damaged* file had to be repaired to be read, and another reader may repair it to show something else.
    """

    pages: bytes
    annotations: bytes
    form: bytes
    catalog: bytes
    metadata: bytes
    byte_range: bytes
    contents: bytes
    damaged: bool


def dissect(data: bytes) -> Anatomy | None:
    """Return the parts of *data*, or None where it is no readable PDF."""
    try:
        with warnings.catch_warnings(action="ignore"), pikepdf.open(io.BytesIO(data)) as pdf:
            return _dissected(pdf)
    except _BROKEN:
        return None


def changed_parts(issued: Anatomy, brought: Anatomy) -> frozenset[str]:
    """Return the names of the parts that differ."""
    names = (field.name for field in fields(Anatomy))
    return frozenset(name for name in names if getattr(issued, name) != getattr(brought, name))


def _dissected(pdf: pikepdf.Pdf) -> Anatomy:
    """Take an open file apart."""
    root, walker = pdf.Root, _Walker()
    form = root.get("/AcroForm", pikepdf.Dictionary())
    annotations = [annotation for page in pdf.pages for annotation in page.obj.get("/Annots", ())]
    widgets = [annotation for annotation in annotations if annotation.get("/Subtype") == "/Widget"]
    others = [annotation for annotation in annotations if annotation.get("/Subtype") != "/Widget"]
    rest = [root[key] for key in sorted(root.keys() - _PARTS_OF_ROOT - _UPWARDS)]
    seal = _seal(form)
    return Anatomy(
        pages=walker.digest(part for page in pdf.pages for part in (_without(page.obj), _operators(page.obj))),
        annotations=walker.digest(others),
        form=walker.digest([form, *widgets]),
        catalog=walker.digest([*rest, *sorted(root.keys())]),
        metadata=walker.digest([root.get("/Metadata"), pdf.trailer.get("/Info")]),
        byte_range=walker.digest([seal["/ByteRange"]]) if _holds_numbers(seal.get("/ByteRange")) else b"",
        contents=walker.digest([seal["/Contents"]]) if any(bytes(seal.get("/Contents", b""))) else b"",
        damaged=bool(pdf.get_warnings()),
    )


def _seal(form: pikepdf.Object) -> pikepdf.Object:
    """Return the dictionary of the first signature in *form*, an empty one where there is none."""
    for field in form.get("/Fields", ()):
        if field.get("/FT") == "/Sig" and isinstance(field.get("/V"), pikepdf.Dictionary):
            return field.V
    return pikepdf.Dictionary()


def _holds_numbers(byte_range: object) -> bool:
    """Say whether a byte range is there and covers anything."""
    return isinstance(byte_range, pikepdf.Array) and any(int(value) for value in byte_range)


def _without(page: pikepdf.Dictionary) -> pikepdf.Dictionary:
    """Return a copy of *page* without what is compared by itself."""
    return pikepdf.Dictionary({key: value for key, value in page.items() if key not in ("/Annots", "/Contents")})


def _operators(content: pikepdf.Dictionary | pikepdf.Stream) -> pikepdf.String:
    """Return the operators of a page or form, written alike whatever spaces stood between them."""
    return pikepdf.String(pikepdf.unparse_content_stream(pikepdf.parse_content_stream(content)))


class _Walker:
    """Digests objects with all that they refer to; each numbered object once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], bytes] = {}
        self._left = _MAX_OBJECTS

    def digest(self, objects: Iterable[object]) -> bytes:
        """Return the digest of *objects* in their order.

        Raises:
            ValueError: there are more objects, or they lie deeper, than any certificate has.
        """
        return hashlib.sha256(b"".join(self._object(item, 0) for item in objects)).digest()

    def _object(self, item: object, depth: int) -> bytes:
        """Return the digest of one object."""
        self._left -= 1
        if depth > _MAX_DEPTH or self._left < 0:
            raise ValueError("too many objects")
        number = item.objgen if isinstance(item, pikepdf.Object) else (0, 0)
        if number == (0, 0):
            return self._value(item, depth)
        if number not in self._known:
            self._known[number] = b"on the way"
            self._known[number] = self._value(item, depth)
        return self._known[number]

    def _value(self, item: object, depth: int) -> bytes:
        """Return the digest of an object's kind and value."""
        if isinstance(item, pikepdf.Stream):
            parts = [self._dictionary(item, depth, _WRITING), _decoded(item)]
        elif isinstance(item, pikepdf.Dictionary):
            skipped = frozenset({"/V"}) if item.get("/FT") == "/Sig" else frozenset[str]()
            parts = [self._dictionary(item, depth, skipped)]
        elif isinstance(item, pikepdf.Array):
            parts = [self._object(element, depth + 1) for element in item]
        elif isinstance(item, pikepdf.String):
            parts = [bytes(item)]
        else:
            parts = [str(item).encode()]
        return hashlib.sha256(b"%b:%b" % (type(item).__name__.encode(), b"".join(parts))).digest()

    def _dictionary(self, item: pikepdf.Object, depth: int, skipped: frozenset[str]) -> bytes:
        """Return the digest of a dictionary's entries, without *skipped* and those that lead upwards."""
        keys = sorted(item.keys() - skipped - _UPWARDS)
        return b"".join(key.encode() + self._object(item.get(key), depth + 1) for key in keys)


def _decoded(stream: pikepdf.Stream) -> bytes:
    """Return the digest of a stream's data: a form's operators, else its bytes, undecoded where they must be."""
    try:
        data = bytes(_operators(stream)) if stream.get("/Subtype") == "/Form" else stream.read_bytes()
    except pikepdf.PdfError:
        data = stream.read_raw_bytes()
    return hashlib.sha256(data).digest()
