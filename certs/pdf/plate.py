"""The plate, which a batch shares, and the tail that makes it one person's certificate.

    plate   header · catalogue, page, artwork, fonts, colour profile · static content · structure tree · seal field
    tail    what is a person's own, the seal, the cross-reference table (see `tail`)

What depends on the event alone comes from its `forme`. A plate is drawn for statements known beforehand: their
content streams are made while its fonts still grow, then the fonts are closed. The same design, statements and base
URL give the same bytes in any process; at seal level B-LT the plate also carries that day's evidence about the seal's
certificates.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from certs.ground.number import printed, to_bytes
from certs.model import Number, Statement
from certs.pdf.design import Design
from certs.pdf.expected import Expected
from certs.pdf.forme import Forme, forme_of
from certs.pdf.metadata import Metadata
from certs.pdf.objects import Objects, byte_string, midnight, stream
from certs.pdf.qr import Symbol, symbol
from certs.pdf.seal import Seals
from certs.pdf.tail import ABSENT, TailWriter

MAX_CERTIFICATES = 1_000
"""More names on one plate would make its fonts heavy in every file."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """One certificate's own bytes: the file is the plate's data followed by *tail*."""

    tail: bytes
    sha256: str
    """Of the whole file, in hex."""
    size: int
    """Of the whole file, in bytes."""


class _Prepared(NamedTuple):
    """What was made for one statement while the plate's fonts were open."""

    statement: Statement
    content: bytes
    name_element: bytes


class Plate:
    """A drawn plate: *data* is the constant beginning of every file, *sha256* its digest in hex."""

    def __init__(
        self,
        forme: Forme,
        objects: Objects,
        prepared: Mapping[Number, _Prepared],
        sealer: Seals,
        with_credential: bool,
    ) -> None:
        self.data, offsets = objects.write()
        self.sha256 = hashlib.sha256(self.data).hexdigest()
        self._prepared = prepared
        self._qr_content = forme.page.qr_content
        self._link = forme.link
        self._metadata = Metadata(forme.event.issuer, forme.event.language)
        self._title = forme.page.title
        self._expected = forme.page.expected
        self._with_credential = with_credential
        self._writer = TailWriter(self.data, offsets, forme.catalog, forme.event.issuer, sealer)

    def imprint(self, statement: Statement, claim_url: str, credential: bytes | None = None) -> Imprint:
        """Return the sealed tail of *statement*, one of those the plate was drawn for.

        Raises:
            ValueError, SigningError: as `imprints`.
        """
        return self.imprints([(statement, claim_url, credential)])[0]

    def imprints(self, wanted: Sequence[tuple[Statement, str, bytes | None]]) -> list[Imprint]:
        """Return the sealed tails of statements, each with the address of its claim and its credential.

        QR codes, contents and seals are made in turn for all, which is quicker than to alternate.

        Raises:
            ValueError: a statement is not one of the plate's; or the plate has a place for a credential and none is
                given, or the reverse.
            SigningError: the seal's key is out of reach.
        """
        symbols = [symbol(claim_url) for _, claim_url, _ in wanted]
        bodies = [self._own_bodies(*each, qr) for each, qr in zip(wanted, symbols, strict=True)]
        numbers = [statement.number for statement, _, _ in wanted]
        return [self._sealed(number, own) for number, own in zip(numbers, bodies, strict=True)]

    def _sealed(self, number: Number, bodies: Sequence[bytes]) -> Imprint:
        """Return the sealed tail with *bodies* as its objects."""
        tail, sha256 = self._writer.write(bodies, _identifier(number))
        return Imprint(tail, sha256, len(self.data) + len(tail))

    def _prepared_for(self, statement: Statement, credential: bytes | None) -> _Prepared:
        """Return what was made for *statement* when the plate was drawn.

        Raises:
            ValueError: nothing was, or the plate expects a credential and there is none, or the reverse.
        """
        prepared = self._prepared.get(statement.number)
        if prepared is None or prepared.statement != statement:
            raise ValueError(f"the plate was not drawn for certificate {statement.number}")
        if (credential is not None) != self._with_credential:
            raise ValueError("the plate must be drawn for certificates with a credential, or for those without")
        return prepared

    def expected(self, statement: Statement) -> Expected:
        """Return what the page of *statement* must show."""
        return self._expected(statement)

    def digest(self, behind: bytes) -> "hashlib._Hash":
        """Return the state of SHA-256 after the plate and *behind*."""
        return self._writer.digest(behind)

    def _own_bodies(
        self, statement: Statement, claim_url: str, credential: bytes | None, qr: Symbol
    ) -> tuple[bytes, ...]:
        """Return the bodies of the tail's objects, in the order of `Own`, without the seal."""
        prepared, title = self._prepared_for(statement, credential), self._title(statement)
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
    design: Design, statements: Sequence[Statement], base_url: str, sealer: Seals, *, with_credential: bool = False
) -> Plate:
    """Draw the plate for *statements*, which share one event: prepare every statement, then close the fonts.

    Raises:
        ValueError: no statement, more than `MAX_CERTIFICATES`, or several events.
        InputError: a name or word has a character that no font has, or does not fit.
    """
    if not 0 < len(statements) <= MAX_CERTIFICATES:
        raise ValueError(f"a plate serves 1 to {MAX_CERTIFICATES} certificates")
    event = statements[0].event
    if any(one.event is not event and one.event != event for one in statements):
        raise ValueError("the certificates of one plate share one event")
    forme = forme_of(design, event, base_url)
    typesetter = forme.page.typesetter.copy()
    prepared = {
        one.number: _Prepared(one, forme.page.inscription.content(typesetter, one), forme.name_element(one))
        for one in statements
    }
    objects = forme.cast(typesetter, sealer.evidence, with_credential=with_credential)
    return Plate(forme, objects, prepared, sealer, with_credential)


def _embedded_file(credential: bytes, statement: Statement) -> bytes:
    """Return the credential as an embedded file stream."""
    day = midnight(statement.issued_on)
    entries = b"/Type/EmbeddedFile/Subtype/application#2Fvc/Params<</Size %d/ModDate%b>>" % (len(credential), day)
    return stream(credential, entries)


def _identifier(number: Number) -> bytes:
    """Return the file identifier: the certificate's number in sixteen bytes, in hex."""
    return b"%032X" % int.from_bytes(to_bytes(number), "big")
