"""Packs in a strict S3 store: written once, read by ranges; whatever the store does, nothing wrong is believed."""

import hashlib
import sys
from collections.abc import Iterator
from itertools import count

import pytest
from obstore import head, put

from certs.bucket import WORK, Bucket, Patience, pages
from certs.errors import AwayError, InputError, StorageError
from tests import stores
from tests.brokers import free_port

DATA = b"plate" + b"whole tail" + b"squeezed"
NAME = hashlib.sha256(DATA).hexdigest()
QUICK = Patience(seconds=10, retries=0)
_serial = count(1)


@pytest.fixture(scope="module")
def running() -> Iterator[stores.Store]:
    with stores.store() as one:
        yield one


@pytest.fixture
def store(running: stores.Store) -> Iterator[stores.Store]:
    running.gate.behave()
    yield running
    running.gate.behave()


@pytest.fixture
def prefix() -> str:
    """Return a part of the bucket of a test's own."""
    return f"p{next(_serial)}/packs"


@pytest.fixture
def bucket(store: stores.Store, prefix: str) -> Bucket:
    return a_bucket(store, prefix)


def a_bucket(store: stores.Store, prefix: str, secret: str = stores.SECRET, patience: Patience = QUICK) -> Bucket:
    keys = stores.KEY, secret, ""
    return Bucket(f"s3://tails/{prefix}", store.gate.endpoint, "us-east-1", keys, patience)


def test_what_is_kept_is_read_by_ranges(bucket: Bucket) -> None:
    bucket.keep(NAME, DATA)
    assert bucket.read(NAME, 0, len(DATA)) == DATA
    assert bucket.read(NAME, 5, 10) == b"whole tail"
    (one,) = bucket.all()
    assert (one.sha256, one.size) == (NAME, len(DATA))
    assert one.at.tzinfo is not None


def test_the_same_again_is_as_good(store: stores.Store, bucket: Bucket) -> None:
    """Another process may have kept it, or the answer was lost: 412, and what is there is compared."""
    bucket.keep(NAME, DATA)
    store.gate.behave()
    bucket.keep(NAME, DATA)
    assert store.gate.asked == ["PUT", "HEAD", "GET"]


@pytest.mark.parametrize(
    "there", [DATA[:-1], DATA[:-1] + b"X", b"", DATA + b"X"], ids=["short", "other", "empty", "long"]
)
def test_something_else_under_that_name_is_refused_and_stays(
    store: stores.Store, bucket: Bucket, prefix: str, there: bytes
) -> None:
    put(store.bucket(prefix), NAME, there)
    with pytest.raises(StorageError, match="is not what it was"):
        bucket.keep(NAME, DATA)
    assert head(store.bucket(prefix), NAME)["size"] == len(there)


def test_a_store_that_kept_less_than_it_says_is_found_out(store: stores.Store, bucket: Bucket) -> None:
    """Before the register rests on it: it says 200, and is asked for the length."""

    def short(method: str, answer: stores.Answer | None) -> stores.Answer | None:
        return (200, {"Content-Length": "7", "ETag": '"x"', "Last-Modified": AT}, b"") if method == "HEAD" else answer

    store.gate.meddle = short
    with pytest.raises(StorageError, match="is not what it was"):
        bucket.keep(NAME, DATA)


AT = "Mon, 30 Nov 2026 12:00:00 GMT"


def test_a_range_that_is_shorter_than_asked_is_refused(store: stores.Store, bucket: Bucket) -> None:
    """Whether the store says so or not."""
    bucket.keep(NAME, DATA)

    def short(method: str, answer: stores.Answer | None) -> stores.Answer | None:
        if answer is None or method != "GET":
            return answer
        status, headers, body = answer
        return status, headers | {"Content-Length": str(len(body) - 1)}, body[:-1]

    store.gate.meddle = short
    with pytest.raises(StorageError):
        bucket.read(NAME, 5, 10)
    store.gate.behave()
    with pytest.raises(StorageError):
        bucket.read(NAME, 20, 100)


@pytest.mark.parametrize("status", [500, 503])
def test_a_store_that_answers_503_is_away(store: stores.Store, bucket: Bucket, status: int) -> None:
    store.gate.meddle = lambda _, __: (status, {}, b"busy")
    with pytest.raises(AwayError, match="does not answer as a store should"):
        bucket.keep(NAME, DATA)
    with pytest.raises(AwayError):
        bucket.read(NAME, 0, 1)
    with pytest.raises(AwayError):
        list(bucket.all())


def test_who_works_asks_again(store: stores.Store, prefix: str) -> None:
    """One 503 stops no batch."""
    left = [503, 503]
    store.gate.meddle = lambda _, answer: (left.pop(), {}, b"") if left else answer
    a_bucket(store, prefix, patience=WORK).keep(NAME, DATA)
    assert left == []


def test_a_store_whose_answer_was_lost_has_kept_it(store: stores.Store, prefix: str) -> None:
    """Asked again, it says 412, for it has it."""
    lost = [True]

    def lose(method: str, answer: stores.Answer | None) -> stores.Answer | None:
        if method == "PUT" and answer is not None and lost:
            lost.clear()
            return 503, {}, b"lost on the way"
        return answer

    store.gate.meddle = lose
    a_bucket(store, prefix, patience=WORK).keep(NAME, DATA)
    assert store.gate.asked[:2] == ["PUT", "PUT"]


def test_a_wrong_secret_is_refused_and_said(store: stores.Store, bucket: Bucket, prefix: str) -> None:
    bucket.keep(NAME, DATA)
    stranger = a_bucket(store, prefix, "another secret")
    for act in (lambda: stranger.read(NAME, 0, 1), lambda: stranger.keep("0" * 64, b"x"), lambda: list(stranger.all())):
        with pytest.raises(AwayError, match="AWS_ACCESS_KEY_ID"):
            act()


def test_a_pack_that_is_not_there_is_lost(bucket: Bucket) -> None:
    with pytest.raises(StorageError, match="There is no pack") as lost:
        bucket.read("0" * 64, 0, 1)
    assert not isinstance(lost.value, AwayError)


def test_nobody_is_kept_waiting_by_a_store_that_did_not_answer(store: stores.Store, prefix: str) -> None:
    """The next page is told at once; a moment later somebody asks again."""
    store.gate.meddle = lambda _, __: (503, {}, b"")
    impatient = a_bucket(store, prefix, patience=Patience(5, 0, rest_seconds=3600))
    for _ in range(3):
        with pytest.raises(AwayError):
            impatient.read(NAME, 0, 1)
    assert store.gate.asked == ["GET"]
    impatient._rests_until = 0
    with pytest.raises(AwayError, match="as a store should"):
        impatient.read(NAME, 0, 1)
    assert (pages(3).seconds, pages(3).rest_seconds > 0) == (3, True)


def test_where_nobody_listens_it_is_away() -> None:
    nobody = Bucket("s3://tails", f"http://127.0.0.1:{free_port()}", "us-east-1", ("a", "b", ""), QUICK)
    with pytest.raises(AwayError):
        nobody.read(NAME, 0, 1)


def test_what_is_not_installed_is_said_how_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    with pytest.raises(InputError, match=r"certs\[s3\]"):
        Bucket("s3://tails", "", "us-east-1", ("a", "b", "")).read(NAME, 0, 1)
