"""What she asks for on her page: kept for a person, hers alone, refused in words; a form only opened is nothing."""

from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from certs.ground.number import parse, printed
from certs.model import RequestKind, RequestsSought, RequestState, RevocationReason
from certs.work import revocations
from certs.work.deliver import personal
from tests.register import act
from tests.web.console.conftest import SLUG
from tests.web.participant.conftest import MARIA, PEDRO, Marathon
from tests.web.participant.test_counted import MOST_PAGE_BYTES, number_of
from tests.web.test_languages import ENGLISH, spoken

PDF = b"%PDF-1.7 a signed sheet"


def asked(marathon: Marathon) -> list[tuple[str, str, str]]:
    """Return kind, person and words or name of everything that was asked for."""
    found = marathon.desk.store.requests.listed(SLUG, RequestsSought()).items
    return [(one.asked.kind.value, one.asked.person, one.asked.name or one.asked.words) for one in found]


def test_a_name_is_shown_as_it_would_look_and_asked_for_then(issued: Marathon) -> None:
    browser, form = issued.browser(), f"{issued.path(MARIA)}/name/{number_of(issued)}"
    look = browser.post(form, data={"name": "María López"})
    assert look.status_code == 200, look.text
    assert 'name="sure" value="yes"' in look.text
    picture = browser.get(f"{form}.png", query_string={"name": "María López"})
    assert (picture.status_code, picture.mimetype) == (200, "image/png")
    assert asked(issued) == []
    sent = browser.post(form, data={"name": "María López", "sure": "yes"})
    assert (sent.status_code, sent.location.partition("/me/")[2]) == (303, issued.path(MARIA)[4:] + "#requests")
    assert asked(issued) == [("name", MARIA[1], "María López")]
    assert "A person looks at it." in issued.page(MARIA)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "Write your name."),
        ("Maria Lopez", "the name on the certificate already"),
        ("  Maria  Lopez ", "the name on the certificate already"),
        ("Maria \U0001f600", "No font here has \U0001f600"),
        ("M" * 201, "more than 200 characters"),
        ("Wa" * 90, "cannot be printed"),
    ],
)
def test_a_name_that_cannot_be_is_refused_beside_the_field(issued: Marathon, name: str, says: str) -> None:
    form = f"{issued.path(MARIA)}/name/{number_of(issued)}"
    answer = issued.browser().post(form, data={"name": name, "sure": "yes"})
    assert answer.status_code == 400
    assert says in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert asked(issued) == []


def test_attendance_is_asked_for_in_words_with_a_file(issued: Marathon) -> None:
    """By somebody who earned nothing; what she wrote is text, whatever it looks like."""
    form = f"{issued.path(PEDRO)}/attendance/{SLUG}"
    given = {"words": "<b>I</b> sat\nbeside Maria", "file": (BytesIO(PDF), "sheet.pdf")}
    assert issued.browser().post(form, data=given).status_code == 303
    (one,) = issued.desk.store.requests.of_person(issued.key(PEDRO))
    assert (one.asked.kind, one.asked.words) == (RequestKind.ATTENDANCE, "<b>I</b> sat\nbeside Maria")
    assert (one.attached, one.media) == ("sheet.pdf", "application/pdf")
    assert issued.desk.store.requests.content(SLUG, one.id) == PDF


@pytest.mark.parametrize(
    ("given", "status", "says"),
    [
        ({"words": " "}, 400, "Say what we missed"),
        ({"words": "a" * 2001}, 400, "at most 2,000 characters"),
        ({"words": "x", "file": (b"<script>", "proof.pdf")}, 400, "neither a PDF nor a picture"),
        ({"words": "x", "file": (b"%PDF-" + bytes(5_000_000), "proof.pdf")}, 400, "larger than 5 MB"),
        ({"words": "x", "file": (b"%PDF-" + bytes(6_000_000), "proof.pdf")}, 413, "more than this page takes"),
    ],
)
def test_what_cannot_be_asked_is_refused(issued: Marathon, given: dict[str, object], status: int, says: str) -> None:
    if isinstance(file := given.get("file"), tuple):
        given = {**given, "file": FileStorage(BytesIO(file[0]), file[1])}
    boundary, body = encode_multipart(given)
    kind = f"multipart/form-data; boundary={boundary}"
    answer = issued.browser().post(f"{issued.path(PEDRO)}/attendance/{SLUG}", data=body, content_type=kind)
    assert answer.status_code == status
    assert says in answer.text
    assert asked(issued) == []


def test_the_same_is_asked_once_until_it_is_answered(issued: Marathon) -> None:
    form = f"{issued.path(PEDRO)}/attendance/{SLUG}"
    assert issued.browser().post(form, data={"words": "one"}).status_code == 303
    again = issued.browser().post(form, data={"words": "two"})
    assert again.status_code == 400
    assert "nobody has answered yet" in again.text
    (one,) = issued.desk.store.requests.of_person(issued.key(PEDRO))
    issued.desk.store.requests.end(SLUG, one.id, RequestState.REFUSED, "You left after twenty minutes.", act("ana"))
    assert "You left after twenty minutes." in issued.page(PEDRO)
    assert issued.browser().post(form, data={"words": "two"}).status_code == 303


def test_nobody_asks_for_others_or_by_another_link(issued: Marathon) -> None:
    """Another's number, an event without her, a link that was withdrawn or never signed."""
    browser, hers = issued.browser(), issued.path(PEDRO)
    number = number_of(issued)
    paths = [f"{hers}/name/{number}", f"{hers}/name/{number}.png?name=x", f"{hers}/attendance/others-2026"]
    paths += [f"/me/abc.def/name/{number}", f"/me/abc.def/attendance/{SLUG}", f"{hers}/name/x", f"{hers}/attendance/no"]
    personal.withdraw(issued.desk.store, MARIA[1], act(reason="lost"))
    paths += [f"{issued.path(MARIA)}/name/{number}", f"{issued.path(MARIA)}/attendance/{SLUG}"]
    for path in paths:
        assert browser.get(path).status_code == 404, path
        if ".png" not in path:
            assert browser.post(path, data={"name": "x", "words": "x", "sure": "yes"}).status_code == 404, path
    assert asked(issued) == []


def test_opening_the_forms_changes_nothing_and_fits_a_slow_line(issued: Marathon) -> None:
    before = len(list(issued.desk.store.audit(SLUG)))
    for path in (f"{issued.path(MARIA)}/name/{number_of(issued)}", f"{issued.path(PEDRO)}/attendance/{SLUG}"):
        for language in ("ar", "es", "fr", "ru", "zh"):
            answer = issued.browser().get(path, headers={"Accept-Language": language})
            assert ENGLISH.search(spoken(answer.text)) is None, spoken(answer.text)
            assert len(answer.data) <= MOST_PAGE_BYTES
        assert issued.browser().head(path).status_code == 200
    assert len(list(issued.desk.store.audit(SLUG))) == before


def test_a_withdrawn_certificate_is_not_corrected(issued: Marathon) -> None:
    number = parse(number_of(issued))
    revocations.revoke(issued.desk.store, [number], RevocationReason.ERROR, act(reason="x"), said="wrong")
    answer = issued.browser().post(
        f"{issued.path(MARIA)}/name/{printed(number)}", data={"name": "Marie", "sure": "yes"}
    )
    assert answer.status_code == 409
    assert asked(issued) == []
