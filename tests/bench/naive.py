"""The pipeline most systems have, for comparison: for each certificate reportlab, qrcode as PNG, pyHanko.

It states the same facts on the same A4 landscape page with fonts of the same families, under the same kind of seal
(PAdES B-B, ECDSA P-256, certified against changes). It is no straw man: fonts and signing key are loaded once. It has
less than ours: no shaping, no tags, no archival form, no credential.
"""

import io
import math
from collections.abc import Callable
from pathlib import Path

import qrcode
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from certs.ground.number import printed
from certs.model import Statement

WIDTH, HEIGHT = landscape(A4)
INK, GOLD, GREY = HexColor("#12304f"), HexColor("#b08a3c"), HexColor("#4a5568")
WAVES, WAVE_POINTS = 12, 120
"""Artwork of both edges: so many curves of so many points, about as heavy as our own design's."""


def pipeline(seal: SimpleSigner, fonts: Path) -> Callable[[Statement, str], bytes]:
    """Return the function that makes one sealed PDF from a statement and the address for its QR code."""
    for face, start in (("Serif", "EBGaramond"), ("Sans", "NotoSans_400"), ("Bold", "NotoSans_600")):
        pdfmetrics.registerFont(TTFont(face, str(next(fonts.glob(f"{start}*.ttf")))))
    return lambda statement, address: _signed(_drawn(statement, address), seal)


def _drawn(statement: Statement, address: str) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT))
    canvas.setTitle(f"Certificate {printed(statement.number)}")
    _frame(canvas)
    _words(canvas, statement)
    _sessions(canvas, statement)
    _foot(canvas, statement)
    _code(canvas, address)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _frame(canvas: Canvas) -> None:
    canvas.setFillColor(HexColor("#fdfcf8"))
    canvas.rect(0, 0, WIDTH, HEIGHT, stroke=0, fill=1)
    canvas.setStrokeColor(GOLD)
    canvas.setLineWidth(0.35)
    for wave in range(WAVES):
        for middle in (34.0, HEIGHT - 34):
            path = canvas.beginPath()
            for point in range(WAVE_POINTS + 1):
                x = 30 + (WIDTH - 60) * point / WAVE_POINTS
                y = middle + 10 * math.sin(point / WAVE_POINTS * 18 * math.pi + wave * 0.5)
                (path.lineTo if point else path.moveTo)(x, y)
            canvas.drawPath(path)
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(2)
    canvas.rect(18, 18, WIDTH - 36, HEIGHT - 36)


def _words(canvas: Canvas, statement: Statement) -> None:
    event = statement.event
    lines = (
        (INK, "Bold", 13, 78, event.issuer),
        (INK, "Serif", 34, 122, "Certificate of Attendance"),
        (GREY, "Sans", 12, 150, "This is to certify that"),
        (GOLD, "Serif", 30, 190, statement.name),
        (GREY, "Sans", 12, 218, "attended"),
        (INK, "Bold", 16, 242, event.title),
        (GREY, "Sans", 11, 262, f"{event.place}, {event.first_day} to {event.last_day}"),
        (GREY, "Sans", 11, 280, _attendance(statement)),
    )
    for colour, face, size, from_top, text in lines:
        canvas.setFillColor(colour)
        canvas.setFont(face, size)
        canvas.drawCentredString(WIDTH / 2, HEIGHT - from_top, text)


def _attendance(statement: Statement) -> str:
    hours = statement.quarter_hours / 4
    return f"{hours:g} hours, {statement.sessions_attended} of {statement.sessions_in_all} sessions"


def _sessions(canvas: Canvas, statement: Statement) -> None:
    y = HEIGHT - 304
    canvas.setStrokeColor(GREY)
    canvas.setLineWidth(0.4)
    for session in statement.event.sessions:
        canvas.setFillColor(INK)
        canvas.setFont("Sans", 9.5)
        canvas.drawString(150, y, session.title)
        canvas.drawString(520, y, session.day.isoformat())
        canvas.drawRightString(690, y, "attended" if session.id in statement.attended else "–")
        canvas.line(148, y - 4, 692, y - 4)
        y -= 16


def _foot(canvas: Canvas, statement: Statement) -> None:
    for place, signatory in enumerate(statement.event.signatories):
        x = 110 + place * 230
        canvas.line(x, 108, x + 190, 108)
        canvas.setFillColor(INK)
        canvas.setFont("Bold", 10)
        canvas.drawString(x, 95, signatory.name)
        canvas.setFillColor(GREY)
        canvas.setFont("Sans", 8)
        canvas.drawString(x, 83, signatory.role)
    canvas.drawString(110, 62, f"Certificate {printed(statement.number)}, issued {statement.issued_on}")


def _code(canvas: Canvas, address: str) -> None:
    picture = io.BytesIO()
    qrcode.make(address).save(picture, "PNG")
    picture.seek(0)
    canvas.drawImage(ImageReader(picture), WIDTH - 160, 60, 100, 100)


def _signed(pdf: bytes, seal: SimpleSigner) -> bytes:
    terms = PdfSignatureMetadata(
        field_name="Seal",
        md_algorithm="sha256",
        certify=True,
        subfilter=SigSeedSubFilter.PADES,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    return sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), terms, seal).getvalue()
