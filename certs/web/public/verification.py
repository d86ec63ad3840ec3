"""Verification for everybody: the QR code's address, a number's address, and the form to type a number."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from flask import Blueprint, Response, request
from markupsafe import Markup, escape

from certs.errors import InputError, StorageError
from certs.ground import number as numbers
from certs.model import Outcome, Purpose, Step, Summary, Verdict
from certs.views import verdicts
from certs.web.edge import errors
from certs.web.edge.language import VOICES, language, voice
from certs.web.edge.limits import MISSES
from certs.web.edge.shared import as_json, page, site, wants_json
from certs.web.public import visits
from certs.web.public.facts import Facts, claimed, facts
from certs.web.public.keeping import is_offered
from certs.wording import day, mark, say, say_marked
from certs.work.verify import AWAY, headline, verify_claim, verify_number, verify_paper

pages = Blueprint("verification", __name__)


@pages.get("/V/<path:text>")
def claim(text: str) -> Response:
    """Answer the address in a QR code; while the register is out of reach, with what the paper proves by itself."""
    here = site()
    try:
        verdict = verify_claim(text, here.register, here.keys, here.clock())
        if is_guess(verdict):
            here.limits.spend(MISSES)
        return _answer(verdict)
    except StorageError as error:
        errors.note(error)
        return _answer(verify_paper(text, here.keys), away=True)


@pages.get("/c/<typed>")
def number(typed: str) -> Response:
    """Answer a certificate's public address."""
    return _answer_number(typed)


@pages.get("/")
@pages.get("/verify")
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
        return page("form.html", 400, typed=typed[:64], wrong=error.said_by(voice()))


def _answer_number(typed: str) -> Response:
    here = site()
    verdict = verify_number(numbers.parse(typed), here.register, here.keys, here.clock())
    if not is_held(verdict):
        here.limits.spend(MISSES)
    return _answer(verdict)


def is_guess(verdict: Verdict) -> bool:
    """Say whether somebody may try out numbers in codes that we did not sign; ours whose key is lost is none."""
    return verdict.claim is None and verdict.summary is not Summary.UNKNOWN


def is_held(verdict: Verdict) -> bool:
    """Say whether the register holds that number, be it that nothing of it may be shown."""
    return any(step.name == "register" and step.outcome is Outcome.PASSED for step in verdict.steps)


def _answer(verdict: Verdict, *, away: bool = False) -> Response:
    """Return *verdict*; programs are told by the status where that is for now alone."""
    visits.about(verdict)
    if wants_json():
        for_now = away and verdict.summary is Summary.UNKNOWN
        return as_json(verdicts.verdict(verdict), 503 if for_now else 200)
    title, sentence = headline(verdict)
    certificate, spoken = verdict.certificate, language()
    speak = VOICES[spoken].say
    return page(
        "verdict.html",
        summary=verdict.summary.value,
        title=speak(title),
        sentence=speak(sentence),
        reasons=[speak(step.text) for step in verdict.steps if step.outcome is not Outcome.PASSED],
        steps=_listed(verdict.steps, spoken),
        facts=_facts(verdict, spoken),
        away=away,
        keeps=not away and is_offered(verdict),
        replaced_by=certificate and certificate.superseded_by and numbers.printed(certificate.superseded_by),
        checked_at=_checked_at(site().clock().replace(second=0, microsecond=0), site().host, spoken),
    )


def _facts(verdict: Verdict, language: str) -> Facts | None:
    """Return what is shown to be compared with the paper: what the register holds, or without it what we signed."""
    if verdict.certificate:
        return facts(verdict.certificate.statement, language)
    if AWAY in verdict.steps and verdict.claim:
        key = site().keys.find(Purpose.CLAIM, verdict.claim.kid)
        return claimed(verdict.claim, language, demo=key is not None and key.demo)
    return None


def _listed(steps: Sequence[Step], language: str) -> Markup:
    """Return the steps as items of a list."""
    return Markup("".join([_item(step, language) for step in steps]))  # noqa: S704 - items that were escaped one by one


_OUTCOMES = {Outcome.PASSED: mark("passed"), Outcome.FAILED: mark("failed"), Outcome.UNKNOWN: mark("unknown")}


@lru_cache(maxsize=4096)
def _item(step: Step, language: str) -> str:
    """Return a step as an item; most say the same about thousands of certificates."""
    speak = VOICES[language].say
    outcome, text = escape(speak(say_marked(_OUTCOMES[step.outcome]))), escape(speak(step.text))
    return f'<li class="{step.outcome}"><span class="outcome">{outcome}</span> {text}</li>\n'


@lru_cache(maxsize=48)
def _checked_at(moment: datetime, host: str, language: str) -> str:
    """Return when and where the answer was given."""
    said = say("Checked on {day}, {at:%H:%M} UTC at {host}.", day=day(moment), at=moment, host=host)
    return VOICES[language].say(said)
