"""Values that are many lie in a file, and are given again as they were."""

import resource
import signal

import pytest

from certs.errors import StorageError
from certs.ground.spool import Laid, spooled


def test_few_and_many_are_given_again_alike() -> None:
    """In their order, again and again."""
    for few in (0, 1, 999, 5_000):
        laid = Laid((str(at) for at in range(1_777)), few)
        assert len(laid) == 1_777
        assert list(laid) == list(laid) == [str(at) for at in range(1_777)]
        assert "1776" in laid
        assert "1777" not in laid


def test_several_go_through_them_at_a_time_while_more_are_added() -> None:
    """Each finds her place again."""
    laid = Laid(range(1_200), few=100)
    pairs = zip(laid, laid, strict=True)
    assert next(pairs) == (0, 0)
    laid.add(1_200)
    assert list(laid)[-1] == 1_200
    assert next(pairs) == (1, 1)


def test_many_are_not_held() -> None:
    """Of a long row of values none stays in memory once it lies in the file."""
    laid = Laid(([at] for at in range(3_000)), few=10)
    assert len(laid._last) < 500
    assert len(laid._places) == 6


def test_a_full_temporary_folder_is_said_with_what_to_do() -> None:
    """Both where something is laid down for once and for many times; nothing of a defect."""
    room = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, room[1]))
    try:
        with pytest.raises(StorageError, match=r"takes no more: File too large.* set TMPDIR"):
            Laid((str(at) * 10 for at in range(20_000)), few=10)
        with pytest.raises(StorageError, match="set TMPDIR"), spooled(["x" * 1_000_000] * 20) as parts:
            list(parts)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, room)
        signal.signal(signal.SIGXFSZ, ignored)
