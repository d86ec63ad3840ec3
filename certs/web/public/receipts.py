"""Receipts: given for many answers at once, and looked at again by their number.

Whoever has the number is told that we gave it and what it counted. Whoever has the file, as PDF or JWS, is told
whether it is the one that we gave, and what its certificates are now. Nothing of what is sent is kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, Response, request

from certs import receipt as receipts
from certs.errors import InputError, NotFoundError, StorageError
from certs.ground import number as numbers
from certs.model import KeptReceipt, Number, Summary, Verdict
from certs.receipt import Asked, Item
from certs.web.edge import bodies
from certs.web.edge.language import VOICES, language, voice
from certs.web.edge.limits import ITEMS, MISSES
from certs.web.edge.shared import page, site
from certs.web.public.many import Unread
from certs.wording import day, mark, say, say_marked
from certs.work import receipts as giving
from certs.work.verify import Named, headline

pages = Blueprint("receipts", __name__)
MOST_BYTES = 8_000_000
PDF = "application/pdf"
MOST_ITEMS = giving.MOST_ITEMS
_NOT_READ = mark("Not read")


@dataclass(frozen=True, slots=True)
class Line:
    """One answer of a receipt, then and now."""

    asked: str
    link: bool
    then: str
    now: str
    summary: str
    """Of now, where one can be told, else of then."""
    changed: bool


@pages.get("/r/<typed>")
def shown(typed: str) -> Response:
    """Say whether we gave a receipt of that number."""
    return _screen(_kept(_number(typed)))


@pages.post("/r/<typed>")
@bodies.takes(MOST_BYTES)
def compared(typed: str) -> Response:
    """Say whether a file is that receipt, and what its certificates are now."""
    kept, here = _kept(_number(typed)), site()
    file = request.files.get("file")
    try:
        jws = giving.found_in(file.read() if file else b"")
        receipt = giving.confirmed(jws, kept.number, here.receipts(), here.keys)
    except InputError as error:
        return _screen(kept, 400, wrong=error.said_by(voice()))
    here.limits.spend(ITEMS, len(receipt.items))
    return _screen(kept, lines=[_line(one) for one in giving.today(receipt, here.register, here.keys, here.clock())])


def given(answers: Iterable[tuple[Asked, Verdict | Unread, bool | None]]) -> giving.Given:
    """Return a receipt of *answers*, each with what was asked and whether the file was ours.

    Raises:
        InputError, ConflictError, SigningError, StorageError: as `certs.work.receipts.give`; nor is one given where
            the register was away meanwhile.
    """
    here, items = site(), list[Item]()
    for asked, answer, same in answers:
        if not isinstance(answer, Unread):
            items.append(giving.item(asked, answer, same))
        elif answer.code in {"storage", "signing"}:
            raise StorageError(answer.detail)
        else:
            items.append(giving.unread(asked, answer.code))
    return giving.give(items, here.base_url, here.receipts(), here.keys, here.clock())


def as_asked(text: str, named: Named | None) -> Asked:
    """Return what was asked by *text*, which named that, if it could be read; never the text itself."""
    if named is None:
        return {"text_sha256": receipts.digest(text)}
    if named.number is None:
        return {"claim_sha256": receipts.digest(named.claim)}
    return {"number": numbers.printed(named.number)}


def sent(given: giving.Given) -> Response:
    """Return a receipt as a sealed PDF, or as its JWS alone where that is preferred.

    Raises:
        SigningError: the key of the seal cannot be opened.
    """
    alone = request.accept_mimetypes.best_match([PDF, receipts.MEDIA_TYPE]) == receipts.MEDIA_TYPE
    data, kind, ending = (
        (given.jws, receipts.MEDIA_TYPE, "jws") if alone else (giving.as_pdf(given, site().keys), PDF, "pdf")
    )
    name = f'attachment; filename="{receipts.printed(given.receipt.number)}.{ending}"'
    return Response(data, 201, mimetype=kind, headers={"Location": address(given), "Content-Disposition": name})


def address(given: giving.Given) -> str:
    """Return where a receipt is looked at again."""
    return f"{site().base_url}/r/{receipts.printed(given.receipt.number)}"


def _number(typed: str) -> Number:
    return receipts.parse(typed)


def _kept(number: Number) -> KeptReceipt:
    """Return what is kept of a receipt.

    Raises:
        NotFoundError: we gave none of that number.
        StorageError: the register is out of reach.
        TooManyRequests: one miss too many.
    """
    found = site().receipts().find(number)
    if found is None:
        site().limits.spend(MISSES)
        raise NotFoundError(say("We gave no receipt of this number."))
    return found


def _screen(kept: KeptReceipt, status: int = 200, *, wrong: str = "", lines: Iterable[Line] = ()) -> Response:
    speak = voice().say
    return page(
        "receipt.html",
        status,
        number=receipts.printed(kept.number),
        given=speak(say("Given on {day}, {at:%H:%M} UTC.", day=day(kept.at), at=kept.at)),
        sha256=kept.sha256,
        safe=giving.is_safe(kept, site().keys),
        counts=[(_word(summary, language()), n) for summary, n in kept.counts.items()],
        lines=list(lines),
        wrong=wrong,
    )


def _line(one: giving.Now) -> Line:
    item, spoken = one.item, language()
    number, then = item.get("number", ""), item["summary"]
    asked = number or next(iter(item["asked"].values()), "")
    return Line(
        str(asked),
        bool(number),
        _word(then, spoken),
        _word(one.summary, spoken) if one.summary else "",
        one.summary or then,
        one.changed,
    )


def _word(summary: str, language: str) -> str:
    speak = VOICES[language].say
    return speak(say_marked(_NOT_READ) if summary == giving.UNREAD else headline(Verdict(Summary(summary)))[0])
