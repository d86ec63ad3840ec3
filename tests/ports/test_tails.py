"""What every store of packs must hold: the S3 store, and the one in memory that other tests use."""

import hashlib
from collections.abc import Iterator
from itertools import count

import pytest

from certs.bucket import Bucket, Patience
from certs.errors import AwayError, StorageError
from certs.ports import Tails
from tests import stores
from tests.memory import MemoryTails
from tests.register import NOW

DATA = b"plate" + b"whole tail" + b"squeezed"
NAME = hashlib.sha256(DATA).hexdigest()
_serial = count(1)


@pytest.fixture(scope="module")
def store() -> Iterator[stores.Store]:
    with stores.store() as running:
        yield running


@pytest.fixture(params=["memory", "s3"])
def tails(request: pytest.FixtureRequest) -> Tails:
    if request.param == "memory":
        return MemoryTails(NOW)
    running: stores.Store = request.getfixturevalue("store")
    running.gate.behave()
    keys, patience = (stores.KEY, stores.SECRET, ""), Patience(seconds=10, retries=0)
    return Bucket(f"s3://tails/contract{next(_serial)}", running.gate.endpoint, "us-east-1", keys, patience)


def test_what_is_kept_is_read_piece_by_piece(tails: Tails) -> None:
    tails.keep(NAME, DATA)
    assert (tails.read(NAME, 0, len(DATA)), tails.read(NAME, 5, 10)) == (DATA, b"whole tail")
    assert [(one.sha256, one.size) for one in tails.all()] == [(NAME, len(DATA))]
    assert tails.place.startswith("s3://")


def test_the_same_again_is_as_good_and_nothing_is_overwritten(tails: Tails) -> None:
    tails.keep(NAME, DATA)
    tails.keep(NAME, DATA)
    with pytest.raises(StorageError):
        tails.keep(NAME, DATA + b"more")
    assert tails.read(NAME, 0, len(DATA)) == DATA


@pytest.mark.parametrize(("name", "start", "length"), [("0" * 64, 0, 1), (NAME, 20, 100), (NAME, 100, 1)])
def test_what_is_not_there_is_lost_and_nobody_is_away(tails: Tails, name: str, start: int, length: int) -> None:
    """A pack that there is not, and a piece beyond the end of one."""
    tails.keep(NAME, DATA)
    with pytest.raises(StorageError) as lost:
        tails.read(name, start, length)
    assert not isinstance(lost.value, AwayError)
