"""Verification for everybody: the QR code's address, a number's address, and the form to type a number."""

from flask import Blueprint, Response, g, request

from certs import number as numbers
from certs.errors import InputError
from certs.model import Summary, Verdict
from certs.verify import as_json as verdict_json
from certs.verify import headline, verify_claim, verify_number
from certs.web.facts import facts
from certs.web.limits import FORM, MISSES, limiter
from certs.web.shared import TEMPLATES, as_json, page, site, wants_json

pages = Blueprint("verification", __name__, template_folder=str(TEMPLATES))


def _is_miss(_response: Response) -> bool:
    return g.get("summary") is Summary.NOT_ISSUED


@pages.get("/V/<path:text>")
def claim(text: str) -> Response:
    """Answer the address in a QR code."""
    here = site()
    return _answer(verify_claim(text, here.register, here.keys, here.clock()))


@pages.get("/c/<typed>")
@limiter.limit(MISSES, deduct_when=_is_miss)
def number(typed: str) -> Response:
    """Answer a certificate's public address."""
    return _answer_number(typed)


@pages.get("/")
@pages.get("/verify")
@limiter.limit(FORM, exempt_when=lambda: "number" not in request.args)
def form() -> Response:
    """Show the form, or answer the number typed into it."""
    typed = request.args.get("number", "")
    if not typed.strip():
        return page("form.html", typed="", wrong="")
    try:
        return _answer_number(typed)
    except InputError as error:
        if wants_json():
            raise
        return page("form.html", 400, typed=typed[:64], wrong=str(error))


def _answer_number(typed: str) -> Response:
    here = site()
    return _answer(verify_number(numbers.parse(typed), here.register, here.keys, here.clock()))


def _answer(verdict: Verdict) -> Response:
    g.summary = verdict.summary
    if wants_json():
        return as_json(verdict_json(verdict))
    title, sentence = headline(verdict.summary)
    certificate = verdict.certificate
    return page(
        "verdict.html",
        summary=verdict.summary.value,
        title=title,
        sentence=sentence,
        steps=verdict.steps,
        facts=facts(certificate.statement) if certificate else None,
        replaced_by=certificate and certificate.superseded_by and numbers.printed(certificate.superseded_by),
        checked_at=site().clock(),
    )
