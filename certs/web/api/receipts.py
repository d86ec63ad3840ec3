"""The route that gives a receipt of many answers, for programs."""

from collections.abc import Iterator, Sequence

from flask import Response, request

from certs.errors import InputError
from certs.ground import number as numbers
from certs.model import Verdict
from certs.receipt import Asked as Receipted
from certs.web.api import asked
from certs.web.api.asked import Asked
from certs.web.api.questions import BATCH_BYTES, judged, pages, same
from certs.web.edge import bodies
from certs.web.edge.limits import ITEMS
from certs.web.edge.shared import site
from certs.web.public import many, receipts
from certs.web.public.many import Unread
from certs.work.verify import Named


@pages.post("/receipts")
@bodies.takes(BATCH_BYTES)
def give() -> Response:
    """Answer many and sign it."""
    items = asked.many(asked.parsed(request.get_data(), request.mimetype), receipts.MOST_ITEMS)
    site().limits.spend(ITEMS, len(items))
    return receipts.sent(receipts.given(_answers(items)))


def _answers(items: Sequence[Asked]) -> Iterator[tuple[Receipted, Verdict | Unread, bool | None]]:
    for question, answer in many.answers(items, judged):
        told = None if isinstance(answer, Unread) else same(answer, question)
        yield _as_asked(question), answer, told


def _as_asked(question: Asked) -> Receipted:
    """Return what was asked, without a name in it."""
    if question.claim is not None:
        return receipts.as_asked(question.claim, Named(claim=question.claim.rpartition("/V/")[2]))
    try:
        found = receipts.as_asked("", Named(numbers.parse(question.number or "")))
    except InputError:
        found = receipts.as_asked(question.number or "", None)
    if question.sha256 is not None:
        found["file_sha256"] = question.sha256.lower()
    return found
