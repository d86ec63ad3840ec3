"""A file sent by a program: the verdict of `certs verify FILE`, every fault of its form, a limit on looks."""

import io
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from certs.model import Certificate, RevocationReason
from certs.web.api.questions import FILE_BYTES
from certs.web.edge.limits import LOOKS
from certs.work.verify import sandbox
from tests.web.api.contract import kept
from tests.web.cast import visitor
from tests.world import World

VERIFY = "/api/v1/verify"
PDF = b"%PDF-1.7 of somebody else"


@pytest.fixture
def program(world: World) -> FlaskClient:
    return visitor(world)


@pytest.fixture
def ana(world: World) -> Certificate:
    return world.issue("Ana Souza")


def post(program: FlaskClient, body: bytes, boundary: str = "x") -> TestResponse:
    answer = program.post(VERIFY, data=body, content_type=f"multipart/form-data; boundary={boundary}")
    return kept(answer, VERIFY, "post")


def form(*parts: tuple[str, bytes], filename: str | None = "a.pdf") -> bytes:
    named = f'; filename="{filename}"' if filename is not None else ""
    heads = (f'--x\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'.encode() for name, _ in parts)
    return b"".join(head + data + b"\r\n" for head, (_, data) in zip(heads, parts, strict=True)) + b"--x--\r\n"


def send(program: FlaskClient, data: bytes) -> TestResponse:
    return post(program, form(("file", data)))


def test_every_summary_of_a_file_is_that_of_its_number(world: World, program: FlaskClient, ana: Certificate) -> None:
    old, new, bad = world.issue(), world.issue(), world.issue()
    world.supersede(old, new)
    world.revoke(bad, RevocationReason.FRAUD)
    for certificate, summary in ((ana, "valid"), (old, "replaced"), (bad, "revoked")):
        told = send(program, world.register.pdfs[certificate.number]).get_json()
        by_number = program.get(f"/api/v1/certificates/{certificate.number}").get_json()
        assert (told["summary"], told["file"]) == (summary, "identical")
        assert told["statement"] == by_number["statement"]
        assert told["steps"][0] == {
            "name": "identical",
            "outcome": "passed",
            "text": "The file is, byte for byte, the one that we issued.",
        }


@pytest.mark.parametrize("filename", ["a.pdf", None, "", "../../etc/passwd", "a\tb\u202e.pdf"])
def test_a_file_is_judged_whatever_it_is_called(
    world: World, program: FlaskClient, ana: Certificate, filename: str | None
) -> None:
    answer = post(program, form(("file", world.register.pdfs[ana.number]), filename=filename))
    assert answer.get_json()["summary"] == "valid"


def test_a_file_keeps_bytes_that_look_like_line_breaks_and_boundaries(
    world: World, program: FlaskClient, ana: Certificate
) -> None:
    """One byte more or less would be another file."""
    data = world.register.pdfs[ana.number]
    assert send(program, data + b"\r\n--y\r\n").get_json()["summary"] != "valid"
    assert send(program, data + b"\n").get_json()["summary"] != "valid"
    assert send(program, data).get_json()["summary"] == "valid"


def test_a_changed_file_is_different(world: World, program: FlaskClient, ana: Certificate) -> None:
    told = send(program, world.register.pdfs[ana.number] + b"\n%").get_json()
    assert (told["summary"], told.get("file", "different")) == ("not_issued", "different")


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        (form(), ["/file"]),
        (form(("other", b"x")), ["/other", "/file"]),
        (form(("file", b"x"), ("file", b"y")), ["/file"]),
        (form(("file", b"x"), ("a/b~c", b"y")), ["/a~1b~0c"]),
        (form(("", b"x")), ["/", "/file"]),
    ],
)
def test_another_form_is_refused_at_its_place(program: FlaskClient, body: bytes, pointers: list[str]) -> None:
    answer = post(program, body)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.get_json()["errors"]] == pointers


@pytest.mark.parametrize(
    ("body", "boundary"),
    [
        (b"nothing", "x"),
        (form(("file", b"x"))[:-10], "x"),
        (form(("file", b"x")), "other"),
        (form(("file", b"x")), ""),
        (b"--x\r\nno header at all\r\n\r\nx\r\n--x--", "x"),
        (b'--x\r\nContent-Disposition: form-data; name="\xff"\r\n\r\nx\r\n--x--', "x"),
        (form(("file", b"x")), "\u00e9"),
    ],
)
def test_what_is_no_form_cannot_be_read(program: FlaskClient, body: bytes, boundary: str) -> None:
    assert post(program, body, boundary).status_code == 400


def test_too_many_parts_and_too_long_a_file_are_refused(program: FlaskClient) -> None:
    assert post(program, form(*[("file", b"x")] * 501)).status_code == 413
    assert send(program, b"%" * FILE_BYTES).status_code == 413


def test_a_question_in_json_takes_no_more_than_before(program: FlaskClient) -> None:
    long = b'{"number": "' + b"7" * 70_000 + b'"}'
    answer = program.post(VERIFY, data=long, content_type="application/json")
    assert kept(answer, VERIFY, "post").status_code == 413


def test_looks_are_limited_and_our_own_files_are_always_answered(
    world: World, program: FlaskClient, ana: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "_ran", lambda *_: False)
    assert {send(program, PDF).status_code for _ in range(LOOKS.amount)} == {200}
    refused = send(program, PDF)
    assert (refused.status_code, refused.get_json()["code"]) == (429, "http_429")
    assert int(refused.headers["Retry-After"]) > 0
    assert send(program, world.register.pdfs[ana.number]).status_code == 200
    assert send(program, b"noise").status_code == 200


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hold every place for children."""
    monkeypatch.setattr(sandbox, "WAIT_SECONDS", 0.01)
    with ExitStack() as stack:
        for _ in range(sandbox.MOST_CHILDREN):
            stack.enter_context(sandbox.place())
        yield


@pytest.mark.usefixtures("taken")
def test_without_a_free_place_programs_are_told_when_to_come_back(program: FlaskClient) -> None:
    answer = send(program, PDF)
    assert (answer.status_code, answer.get_json()["code"]) == (503, "busy")
    assert answer.headers["Retry-After"] == str(sandbox.RETRY_SECONDS)


def test_a_body_that_comes_in_pieces_is_read_to_its_end(world: World, program: FlaskClient, ana: Certificate) -> None:
    body = form(("file", world.register.pdfs[ana.number]))
    answer = program.post(VERIFY, input_stream=io.BytesIO(body), content_length=len(body),
                          content_type="multipart/form-data; boundary=x")  # fmt: skip
    assert answer.get_json()["summary"] == "valid"
