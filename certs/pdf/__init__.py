"""The certificate as a PDF: a plate that a batch shares, and a short sealed tail for each person.

    design = Design.load("classic")
    plate = draw_plate(design, statements, base_url, Sealer(signer, signed_at))
    imprint = plate.imprint(statement, claim_url)
    pdf = plate.data + imprint.tail

Every name of a plate is known when it is drawn, because its fonts are subset to what they need; `plate_group` says
which names may share one. The plate depends on the design, the statements and the base URL alone, so any process draws
the same bytes again. Nothing touches a file after its seal.

`certs.pdf.compare` says how a file that somebody brought differs from the issued one; it is imported by itself, because
issuing does not need what it needs.
"""

from certs.pdf.check import check_structure
from certs.pdf.design import Design
from certs.pdf.fit import unprintable
from certs.pdf.forme import prepare
from certs.pdf.grouping import plate_labels
from certs.pdf.lint import lint
from certs.pdf.plate import MAX_CERTIFICATES, Imprint, Plate, draw_plate
from certs.pdf.seal import Sealer
from certs.pdf.typeface import plate_group
from certs.pdf.unseal import check_seal

__all__ = [
    "MAX_CERTIFICATES",
    "Design",
    "Imprint",
    "Plate",
    "Sealer",
    "check_seal",
    "check_structure",
    "draw_plate",
    "lint",
    "plate_group",
    "plate_labels",
    "prepare",
    "unprintable",
]
