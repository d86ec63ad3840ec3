"""What programs get: the page's verdict as described, every fault of what they send at its place, never a page."""

import hashlib
import json
import logging
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as under
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from certs.errors import StorageError
from certs.ground.number import printed
from certs.model import Certificate, Number, RevocationReason
from certs.views import verdicts
from certs.web.api.asked import MOST_FAULTS, MOST_ITEMS
from certs.web.api.questions import BATCH_BYTES
from certs.web.edge.limits import ITEMS, MISSES, QUESTIONS
from certs.web.edge.shared import SITE
from tests.web.api.contract import DESCRIPTION, faults, kept
from tests.web.cast import BASE, visitor
from tests.world import World

ONE, VERIFY, BATCH = "/api/v1/certificates/{number}", "/api/v1/verify", "/api/v1/verify/batch"
SELF = "/api/v1/openapi.json"
DIGEST = "0" * 64


@pytest.fixture
def program(world: World) -> FlaskClient:
    return visitor(world)


@pytest.fixture
def ana(world: World) -> Certificate:
    return world.issue("Ana Souza")


def get(program: FlaskClient, number: str, **headers: str) -> TestResponse:
    return kept(program.get(ONE.format(number=number), headers=headers), ONE, "get")


def post(program: FlaskClient, asked: object, path: str = VERIFY, query: str = "") -> TestResponse:
    return kept(program.post(path + query, data=json.dumps(asked), content_type="application/json"), path, "post")


def lines(program: FlaskClient, items: Iterable[object], query: str = "") -> list[dict[str, Any]]:
    answer = post(program, {"items": list(items)}, BATCH, query)
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


def absent(world: World) -> Number:
    return world.statement().number


def test_every_summary_is_the_same_as_the_page_gives_it(world: World, program: FlaskClient, ana: Certificate) -> None:
    """By number, by claim, and in a batch, short and full."""
    old, new, bad = world.issue(), world.issue(), world.issue()
    world.supersede(old, new)
    world.revoke(bad, RevocationReason.FRAUD)
    numbers = [ana.number, old.number, bad.number, absent(world)]
    pages = [program.get(f"/c/{number}", headers={"Accept": "application/json"}).get_json() for number in numbers]
    assert [page["summary"] for page in pages] == ["valid", "replaced", "revoked", "not_issued"]
    assert [get(program, number).get_json() for number in numbers] == pages
    assert [post(program, {"number": number}).get_json() for number in numbers] == pages
    items = [{"number": number} for number in numbers]
    full = lines(program, items, "?detail=full")
    assert full == [{"item": place, **page} for place, page in enumerate(pages)]
    assert [line["summary"] for line in lines(program, items)] == [page["summary"] for page in pages]
    by_code = program.get(f"/V/{ana.claim_text}", headers={"Accept": "application/json"}).get_json()
    assert post(program, {"claim": ana.claim_text}).get_json() == by_code
    assert post(program, {"claim": f"{BASE}/V/{ana.claim_text}"}).get_json() == by_code


def test_a_line_says_what_a_list_needs(world: World, program: FlaskClient, ana: Certificate) -> None:
    old, bad = world.issue(), world.issue()
    world.supersede(old, ana)
    world.revoke(bad)
    of_ana, of_old, of_bad, none = lines(
        program, [{"claim": ana.claim_text}, *({"number": n} for n in (old.number, bad.number, absent(world)))]
    )
    assert (of_ana["name"], of_ana["number"], of_ana["revoked_at"]) == ("Ana Souza", printed(ana.number), None)
    assert of_old["replaced_by"] == printed(ana.number)
    assert of_bad["revoked_at"] is not None
    assert (none["summary"], none["name"], none["issued_on"]) == ("not_issued", None, None)


@pytest.mark.parametrize("spelling", [str, str.lower, lambda n: f" {n[:4]} {n[4:]} ", lambda n: n.replace("0", "o")])
def test_a_number_is_read_in_any_spelling(
    program: FlaskClient, ana: Certificate, spelling: Callable[[str], str]
) -> None:
    assert get(program, spelling(ana.number)).get_json()["summary"] == "valid"
    assert post(program, {"number": spelling(ana.number)}).get_json()["summary"] == "valid"


def test_a_digest_tells_whether_the_file_is_ours(world: World, program: FlaskClient, ana: Certificate) -> None:
    """In either case of letters; and nothing about a file where there is no certificate."""
    ours, asked = ana.pdf_sha256, {"number": ana.number}
    for digest, said in ((ours, "identical"), (ours.upper(), "identical"), (DIGEST, "different")):
        assert post(program, {**asked, "sha256": digest}).get_json()["file"] == said
        assert lines(program, [{**asked, "sha256": digest}])[0]["file"] == said
    assert "file" not in post(program, asked).get_json()
    assert "file" not in post(program, {"number": absent(world), "sha256": DIGEST}).get_json()


def test_absent_numbers_are_alike_to_the_byte(world: World, program: FlaskClient) -> None:
    first, second = (get(program, absent(world)) for _ in range(2))
    assert (first.data, first.headers) == (second.data, second.headers)


def test_who_has_the_same_body_is_told_so(world: World, program: FlaskClient, ana: Certificate) -> None:
    """And gets another when the certificate is withdrawn."""
    first = get(program, ana.number)
    assert first.headers["Cache-Control"] == "no-cache"
    assert not first.headers["ETag"].startswith("W/")
    have = {"If-None-Match": first.headers["ETag"]}
    assert get(program, ana.number, **have).status_code == 304
    world.revoke(ana)
    changed = get(program, ana.number, **have)
    assert (changed.status_code, changed.get_json()["summary"]) == (200, "revoked")


@pytest.mark.parametrize("accept", ["text/html", "*/*", "image/png", ""])
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/api/v1/certificates/abc", 400), ("GET", "/api/v2/x", 404), ("PUT", VERIFY, 405), ("GET", VERIFY, 405)],
)
def test_errors_are_problem_details_whatever_is_accepted(
    program: FlaskClient, accept: str, method: str, path: str, status: int
) -> None:
    answer = program.open(path, method=method, headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert list(faults(answer.get_json(), DESCRIPTION["components"]["schemas"]["Problem"])) == []
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("asked", "pointers"),
    [
        ({}, [""]),
        ([], [""]),
        ("7K3M", [""]),
        (None, [""]),
        ({"claim": "x", "number": "y"}, [""]),
        ({"claim": None}, ["/claim"]),
        ({"number": 7}, ["/number"]),
        ({"number": "abc"}, ["/number"]),
        ({"number": "\ud800"}, ["/number"]),
        ({"number": "A" * 5000}, ["/number"]),
        ({"number": "abc", "sha256": None}, ["/sha256"]),
        ({"number": "abc", "sha256": "0" * 63}, ["/sha256"]),
        ({"number": "abc", "sha256": "0" * 64 + "\n"}, ["/sha256"]),
        ({"sha256": DIGEST}, ["/number"]),
        ({"claim": "x", "sha256": DIGEST}, ["/number"]),
        ({"claim": "x", "sha-256": DIGEST, "a/b~c": 1}, ["/sha-256", "/a~1b~0c"]),
        ({"claim": "x", "\ud800": 1}, ["/?"]),
        ({"claim": "x", **{f"m{n}": n for n in range(99)}}, [f"/m{n}" for n in range(MOST_FAULTS)]),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_place(program: FlaskClient, asked: object, pointers: list[str]) -> None:
    answer = post(program, asked)
    assert (answer.status_code, [one["pointer"] for one in answer.get_json()["errors"]]) == (422, pointers)


def test_a_digest_alone_has_a_code_of_its_own(program: FlaskClient) -> None:
    assert post(program, {"sha256": DIGEST}).get_json()["code"] == "number_missing"
    assert post(program, {"number": 1}).get_json()["code"] == "input"


@pytest.mark.parametrize(
    ("asked", "pointers"),
    [
        ([], [""]),
        ({}, ["/items"]),
        ({"items": {}}, ["/items"]),
        ({"items": []}, ["/items"]),
        ({"items": [{"number": "x"}] * (MOST_ITEMS + 1)}, ["/items"]),
        ({"items": [{"number": "x"}], "detail": "full"}, ["/detail"]),
        ({"items": [{"number": "x"}, {"name": "x"}, 7]}, ["/items/1/name", "/items/2"]),
        ({"items": [7] * 99}, [f"/items/{n}" for n in range(MOST_FAULTS)]),
    ],
)
def test_a_batch_of_something_else_is_refused_as_a_whole(
    program: FlaskClient, asked: object, pointers: list[str]
) -> None:
    answer = post(program, asked, BATCH)
    assert (answer.status_code, [one["pointer"] for one in answer.get_json()["errors"]]) == (422, pointers)


@pytest.mark.parametrize("path", [VERIFY, BATCH])
@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff", b"[" * 50_000, b'{"a":NaN}', b'{"number":' + b"9" * 5000 + b"}", '{"é":1}'.encode("utf-16")],
)
def test_what_is_no_json_cannot_be_read(program: FlaskClient, path: str, body: bytes) -> None:
    answer = kept(program.post(path, data=body, content_type="application/json"), path, "post")
    assert (answer.status_code, answer.get_json()["code"]) == (400, "input")


@pytest.mark.parametrize("path", [VERIFY, BATCH])
def test_other_kinds_and_longer_bodies_are_refused(program: FlaskClient, path: str) -> None:
    other = kept(program.post(path, data={"file": "x"}), path, "post")
    assert (other.status_code, other.get_json()["code"]) == (415, "http_415")
    long = kept(program.post(path, data=b" " * (BATCH_BYTES + 1), content_type="application/json"), path, "post")
    assert long.status_code == 413


def test_a_batch_of_10_000_fits(program: FlaskClient, ana: Certificate) -> None:
    """The largest that is allowed, with digests: in order, and within the limit of its body."""
    found = lines(program, [{"number": ana.number, "sha256": ana.pdf_sha256}] * MOST_ITEMS)
    assert [line["item"] for line in found] == list(range(MOST_ITEMS))
    assert {line["file"] for line in found} == {"identical"}


def test_a_detail_that_there_is_not_is_refused(program: FlaskClient, ana: Certificate) -> None:
    assert post(program, {"items": [{"number": ana.number}]}, BATCH, "?detail=most").status_code == 400


def test_a_number_that_cannot_be_read_fails_its_line_alone(program: FlaskClient, ana: Certificate) -> None:
    wrong, right = lines(program, [{"number": "\ud800"}, {"number": ana.number}])
    assert (wrong["item"], wrong["summary"], wrong["code"]) == (0, "unread", "input")
    assert (right["item"], right["summary"]) == (1, "valid")


def test_misses_are_counted_with_those_of_the_pages(world: World, program: FlaskClient, ana: Certificate) -> None:
    """What is there is answered, however often somebody guessed."""
    for _ in range(MISSES.amount // 2):
        assert program.get(f"/c/{absent(world)}").status_code == 200
        assert get(program, absent(world)).status_code == 200
    assert get(program, absent(world)).status_code == 429
    assert post(program, {"number": absent(world)}).status_code == 429
    assert post(program, {"claim": "x"}).status_code == 429
    missed, found = lines(program, [{"number": absent(world)}, {"number": ana.number}])
    assert (missed["summary"], missed["code"], found["summary"]) == ("unread", "http_429", "valid")
    assert get(program, ana.number).status_code == 200


def test_questions_and_items_have_their_limits(
    monkeypatch: pytest.MonkeyPatch, program: FlaskClient, ana: Certificate
) -> None:
    monkeypatch.setattr(ITEMS, "amount", 3)
    monkeypatch.setattr(QUESTIONS, "amount", 4)
    assert post(program, {"items": [{"number": ana.number}] * 3}, BATCH).status_code == 200
    assert post(program, {"items": [{"number": ana.number}]}, BATCH).status_code == 429
    assert get(program, ana.number).status_code == 200
    assert kept(program.get(SELF), SELF, "get").status_code == 200
    assert kept(program.get(SELF), SELF, "get").status_code == 429
    assert program.get(f"/c/{ana.number}").status_code == 200


class Away:
    """A register that goes away after so many questions."""

    def __init__(self, world: World, left: int) -> None:
        self.world, self.left, self.asked = world, left, 0

    def __call__(self) -> Any:
        self.asked += 1
        self.left -= 1
        if self.left < 0:
            raise StorageError("away")
        return self.world.register


def without(world: World, program: FlaskClient, left: int = 0) -> Away:
    away = Away(world, left)
    object.__setattr__(program.application.extensions[SITE], "opened", away)
    return away


def test_without_a_register_nothing_is_said_of_a_certificate(
    world: World, program: FlaskClient, ana: Certificate
) -> None:
    """But what a code itself proves to be false."""
    without(world, program)
    for answer in (
        get(program, ana.number),
        post(program, {"number": ana.number}),
        post(program, {"claim": ana.claim_text}),
    ):
        assert (answer.status_code, answer.get_json()["code"]) == (503, "storage")
    assert post(program, {"claim": "x"}).get_json()["summary"] == "altered"


def test_a_register_that_goes_away_is_not_asked_for_every_line(
    world: World, program: FlaskClient, ana: Certificate
) -> None:
    away = without(world, program, left=2)
    found = lines(program, [{"number": ana.number}] * 250)
    assert [line["summary"] for line in found] == ["valid"] * 2 + ["unread"] * 248
    assert found[-1]["code"] == "storage"
    assert away.asked == 3


def test_any_page_may_ask_with_a_script(program: FlaskClient, ana: Certificate) -> None:
    """Without credentials, and with nothing for a cookie."""
    for path in (VERIFY, BATCH, ONE.format(number=ana.number)):
        look = program.options(path, headers={"Origin": "https://example.com", "Access-Control-Request-Method": "POST"})
        assert look.status_code == 200
        assert look.headers["Access-Control-Allow-Origin"] == "*"
        assert "Content-Type" in look.headers["Access-Control-Allow-Headers"]
        assert "POST" in look.headers["Access-Control-Allow-Methods"]
    answer = get(program, ana.number)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert {"Set-Cookie", "Access-Control-Allow-Credentials"} & set(answer.headers.keys()) == set()
    assert "Access-Control-Allow-Origin" not in program.get(f"/c/{ana.number}").headers


def test_a_batch_is_logged_by_verdict_alone(
    program: FlaskClient, ana: Certificate, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "certs.web"):
        lines(program, [{"number": ana.number}, {"claim": ana.claim_text}, {"number": "x"}])
    said = [(one.__dict__["verdict"], one.__dict__["count"]) for one in caplog.records if one.msg == "batch_answered"]
    assert said == [("valid", 2), ("unread", 1)]
    assert ana.number not in "".join(str(one.__dict__) for one in caplog.records if one.name == "certs.web")


def test_the_description_names_this_site_and_every_route(program: FlaskClient) -> None:
    answer = kept(program.get(SELF), SELF, "get")
    assert answer.get_json() == {**DESCRIPTION, "servers": [{"url": BASE}]}
    rules = [rule for rule in program.application.url_map.iter_rules() if rule.rule.startswith("/api/")]
    routes = {
        (rule.rule.replace("<typed>", "{number}"), method.lower())
        for rule in rules for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }  # fmt: skip
    assert routes == {(path, method) for path, methods in DESCRIPTION["paths"].items() for method in methods}


SHAPES: dict[str, Any] = {
    "Attended": verdicts.AttendedView, "Claim": verdicts.ClaimView, "Line": verdicts.LineView,
    "Reinstated": verdicts.ReinstatedView, "Revocation": verdicts.RevocationView, "Signatory": verdicts.SignatoryView,
    "Statement": verdicts.StatementView, "Step": verdicts.StepView, "Unread": verdicts.UnreadView,
    "Verdict": verdicts.VerdictView,
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_the_description_has_the_members_of_every_shape(name: str) -> None:
    schema, shape = DESCRIPTION["components"]["schemas"][name], SHAPES[name]
    assert set(schema["properties"]) == set(shape.__annotations__)
    assert set(schema["required"]) == shape.__required_keys__


def test_a_full_line_is_a_verdict_with_its_place() -> None:
    schemas = DESCRIPTION["components"]["schemas"]
    line, verdict = schemas["FullLine"], schemas["Verdict"]
    assert line["properties"] == {"item": line["properties"]["item"], **verdict["properties"]}
    assert set(line["required"]) == {"item", *verdict["required"]}


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["claim", "number", "sha256", "items", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@under(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=_VALUES, digest=st.sampled_from([None, DIGEST, hashlib.sha256(b"").hexdigest().upper()]))
def test_whatever_is_sent_is_answered_as_described(asked: object, digest: str | None) -> None:
    """What the description allows is answered but for a number's digits, and what it forbids is refused."""
    if digest and isinstance(asked, dict):
        asked = {**asked, "sha256": digest}
    program = visitor(_QUIET)
    for path, name in ((VERIFY, "Question"), (BATCH, "Batch")):
        allowed = not list(faults(asked, DESCRIPTION["components"]["schemas"][name]))
        answer = post(program, asked, path)
        if not allowed:
            assert answer.status_code == 422
        elif path == BATCH or "claim" in asked:  # type: ignore[operator]
            assert answer.status_code == 200


_QUIET = World()
