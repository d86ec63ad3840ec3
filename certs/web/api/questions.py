"""The routes of the first version, each of which asks the one judgement of `certs.work.verify`.

A question costs one of 600 in a minute, and an item of a batch one of 60,000 in an hour; numbers that do not exist are
counted as on the pages. In a batch, what cannot be read, or is one miss too many, is a line `unread` among the others;
when the register goes away within one, so are all lines that are left. Claims and numbers stay out of the log.
"""

import json
import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from http import HTTPStatus
from itertools import islice
from pathlib import Path

from flask import Blueprint, Flask, Response, request, stream_with_context

from certs.errors import InputError, StorageError
from certs.ground import number as numbers
from certs.model import Summary, Verdict
from certs.views import verdicts
from certs.web.api import asked
from certs.web.api.asked import Asked, Fault, UnfitError
from certs.web.edge import bodies, errors
from certs.web.edge.limits import ITEMS, LOOKS, QUESTIONS
from certs.web.edge.multipart import MULTIPART
from certs.web.edge.shared import API, as_json, as_text, site, stream
from certs.web.public import many, visits
from certs.web.public.many import Unread
from certs.work.verify import MAX_BYTES, Named, same_file, same_very_file, verify_file, verify_paper

pages = Blueprint("api", __name__, url_prefix=f"{API}v1")
BATCH_BYTES = 4_000_000
FILE_BYTES = MAX_BYTES + bodies.FORM_BYTES
"""A file, and the form around it."""
NDJSON = "application/x-ndjson"
_LINES = 100
"""So many are sent together: each piece of an answer costs a change of threads."""
_RETRY_SECONDS = "30"
_ALL = "*"
_log = logging.getLogger("certs.web")


def install(flask: Flask) -> None:
    """Hang the routes on *flask*, and let scripts of any page read whatever is answered below them."""
    flask.register_blueprint(pages)
    flask.after_request(_opened)


@pages.before_request
def count() -> None:
    """Count a question; a browser's look whether it may ask is none."""
    if request.method != "OPTIONS":
        site().limits.spend(QUESTIONS)


@pages.get("/certificates/<typed>")
def certificate(typed: str) -> Response:
    """Answer a number, in any spelling."""
    return _kept(as_json(_judged_alone(Asked(number=typed))))


@pages.post("/verify")
@bodies.takes(FILE_BYTES)
def verify() -> Response:
    """Answer a claim, a number and perhaps a file's digest, or a file."""
    if request.mimetype == MULTIPART:
        return as_json(_judged_file(asked.file(request)))
    request.max_content_length = bodies.FORM_BYTES
    question = asked.one(asked.parsed(request.get_data(), request.mimetype))
    try:
        return as_json(_judged_alone(question))
    except InputError as error:
        raise asked.unfit([Fault("/number", str(error))]) from None


@pages.post("/verify/batch")
@bodies.takes(BATCH_BYTES)
def batch() -> Response:
    """Answer many, in their order, as they are judged."""
    detail = request.args.get("detail", "short")
    if detail not in {"short", "full"}:
        raise UnfitError(HTTPStatus.BAD_REQUEST, "The detail is either short or full.")
    items = asked.many(asked.parsed(request.get_data(), request.mimetype))
    site().limits.spend(ITEMS, len(items))
    return stream(stream_with_context(_pieces(items, full=detail == "full")), NDJSON)


@pages.get("/openapi.json")
def description() -> Response:
    """Describe all this."""
    return _kept(Response(_description(site().base_url), mimetype="application/json"))


@pages.errorhandler(UnfitError)
def unfit(error: UnfitError) -> Response:
    """Refuse a body, with every fault at its place."""
    told = [{"pointer": fault.pointer, "detail": fault.detail} for fault in error.faults]
    return errors.problem(error.status, error.code, error.detail, members={"errors": told} if told else {})


def _judged_alone(question: Asked) -> verdicts.VerdictView:
    """Return the verdict on the one *question* of a request.

    Raises:
        InputError: it has a number that cannot be read.
        StorageError: the register is out of reach, and the code by itself does not tell.
    """
    try:
        verdict = judged(question)
    except StorageError:
        if question.claim is None:
            raise
        verdict = verify_paper(_claim_in(question.claim), site().keys)
        if verdict.summary is Summary.UNKNOWN:
            raise
    visits.about(verdict)
    return verdicts.verdict(verdict, same(verdict, question))


def _judged_file(data: bytes) -> verdicts.VerdictView:
    """Return the verdict on a file; one that costs a look is counted."""
    here = site()
    verdict = verify_file(data, here.register, here.keys, here.clock(), lambda: here.limits.spend(LOOKS))
    visits.about(verdict)
    return verdicts.verdict(verdict, same_very_file(verdict))


def judged(question: Asked) -> Verdict:
    """Return the verdict on *question*; what may be a guess is counted.

    Raises:
        InputError: it has a number that cannot be read.
        StorageError: the register is out of reach.
        SigningError: the key folder cannot be read.
        TooManyRequests: one miss too many.
    """
    if question.claim is not None:
        return many.judged(Named(claim=_claim_in(question.claim)))
    return many.judged(Named(numbers.parse(question.number or "")))


def _claim_in(text: str) -> str:
    """Return the claim of what a scanner read: the whole address, or its last part alone."""
    return text.rpartition("/V/")[2]


def same(verdict: Verdict, question: Asked) -> bool | None:
    """Say whether the file that was asked about is the one that we issued; None where none was."""
    return None if question.sha256 is None else same_file(verdict, question.sha256)


def _pieces(items: Sequence[Asked], *, full: bool) -> Iterator[bytes]:
    """Yield the lines of a batch, some together, and log how many had which verdict."""
    counts: Counter[str] = Counter()
    lines = _lines(items, counts, full=full)
    while some := "".join(islice(lines, _LINES)):
        yield some.encode()
    for summary, count in counts.items():
        _log.info("batch_answered", extra={"verdict": summary, "count": count})


def _lines(items: Sequence[Asked], counts: Counter[str], *, full: bool) -> Iterator[str]:
    for place, (question, answer) in enumerate(many.answers(items, judged)):
        view = _unread(place, answer) if isinstance(answer, Unread) else _line(place, question, answer, full=full)
        counts[str(view["summary"])] += 1
        yield as_text(view)


def _unread(place: int, answer: Unread) -> verdicts.LineView | verdicts.UnreadView | dict[str, object]:
    return verdicts.unread(place, answer.code, str(answer.detail))


def _line(
    place: int, question: Asked, verdict: Verdict, *, full: bool
) -> verdicts.LineView | verdicts.UnreadView | dict[str, object]:
    told = same(verdict, question)
    if full:
        return {"item": place, **verdicts.verdict(verdict, told)}
    number = numbers.parse(question.number) if question.number is not None else None
    return verdicts.line(place, verdict, number, told)


def _kept(response: Response) -> Response:
    """Return *response* with a tag of its body: who has the same is told so (RFC 9110, section 13.1.2)."""
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request.environ)
    return response


@cache
def _description(base_url: str) -> bytes:
    """Return the description of the site at that address."""
    written = json.loads(Path(__file__).with_name("openapi.json").read_bytes())
    return json.dumps({**written, "servers": [{"url": base_url}]}, ensure_ascii=False).encode()


def _opened(response: Response) -> Response:
    """Let any page's script read *response*, if it is one of ours (Fetch, section 3.3)."""
    if not request.path.startswith(API):
        return response
    response.headers["Access-Control-Allow-Origin"] = _ALL
    response.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, POST"
        response.headers["Access-Control-Allow-Headers"] = "Content-Type, If-None-Match"
        response.headers["Access-Control-Max-Age"] = "86400"
    if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers.setdefault("Retry-After", _RETRY_SECONDS)
    return response
