import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from certs.errors import SigningError
from certs.ports import Pulse
from certs.queue import MAX_DEATHS, Queue


def square(number: int) -> int:
    return number * number


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_every_task_is_done_once(workers: int) -> None:
    """With workers or without."""
    assert sorted(Queue(workers).run(square, iter(range(20)))) == [n * n for n in range(20)]


def test_tasks_are_drawn_only_as_workers_become_free() -> None:
    """A lease is taken when work begins, not long before."""
    drawn: list[int] = []

    def tasks() -> Iterator[int]:
        for number in range(10):
            drawn.append(number)
            yield number

    results = Queue(2).run(square, tasks())
    with closing(results):  # type: ignore[type-var]  # a generator, and nobody goes to its end
        next(results)
        assert len(drawn) <= 3


def test_an_error_in_a_worker_is_raised_here() -> None:
    """With its type and sentence."""

    def fails(number: int) -> int:
        raise SigningError(f"no key for {number}")

    with pytest.raises(SigningError, match="no key for 1"):
        list(Queue(2).run(fails, iter([1])))


def test_a_killed_worker_is_replaced(tmp_path: Path) -> None:
    """Its task is done by another."""
    flag = tmp_path / "killed"

    def dies_once(number: int) -> int:
        if number == 3 and not flag.exists():
            flag.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    assert sorted(Queue(2).run(dies_once, iter(range(6)))) == list(range(6))


def test_a_task_that_kills_every_worker_is_given_up() -> None:
    """A sentence instead of an endless loop."""

    def dies(_: int) -> int:
        os.kill(os.getpid(), signal.SIGKILL)
        return 0

    with pytest.raises(SigningError, match=f"died {MAX_DEATHS} times"):
        list(Queue(2).run(dies, iter([1])))


def test_workers_end_with_their_parent() -> None:
    """Even when it is killed."""
    program = (
        "import os, signal\n"
        "from certs.queue import Queue\n"
        "def work(n):\n"
        "    print(os.getpid(), flush=True)\n"
        "    if n: os.kill(os.getppid(), signal.SIGKILL)\n"
        "    return n\n"
        "list(Queue(2).run(work, iter([0, 1])))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL
    assert done.stdout.split()  # it ends when nobody is left who could write it: the workers are gone


def test_this_process_is_not_gone() -> None:
    """Nor is a holder on another machine, as far as can be seen."""
    queue = Queue(1)
    assert not queue.gone(f"{queue.holder}/1")
    assert not queue.gone("elsewhere/boot/1/2/3")


def test_a_dead_process_of_this_machine_is_gone() -> None:
    """Its leases may be taken at once."""
    program = "from certs.queue import Queue; print(Queue(1).holder)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert Queue(1).gone(f"{done.stdout.strip()}/1")


def test_a_process_with_a_dead_ones_number_is_not_mistaken_for_it() -> None:
    """The time of its start is part of its name."""
    queue = Queue(1)
    place, pid, start = queue.holder.rsplit("/", 2)
    assert queue.gone(f"{place}/{pid}/{int(start) - 1}/1")


@pytest.mark.parametrize("part", ["machine", "boot", "namespace"])
def test_another_boot_or_namespace_is_another_machine(part: str) -> None:
    """Machines of one image and containers of one host name see nothing of each other, so nobody there is dead."""
    machine, boot, namespace, pid, start = Queue(1).holder.split("/")
    there = {"machine": machine, "boot": boot, "namespace": namespace, "pid": pid, "start": f"{int(start) - 1}"}
    assert Queue(1).gone("/".join([*there.values(), "1"]))
    there[part] += "0"
    assert not Queue(1).gone("/".join([*there.values(), "1"]))


@pytest.mark.parametrize("token", ["", "t", "{machine}/{boot}/123/456/1", "{machine}/{boot}/{namespace}/x/y/1"])
def test_a_token_that_this_program_did_not_write_is_of_nobody_dead(token: str) -> None:
    """Not even one of an earlier version, which left out the namespace."""
    machine, boot, namespace, *_ = Queue(1).holder.split("/")
    assert not Queue(1).gone(token.format(machine=machine, boot=boot, namespace=namespace))


@pytest.mark.parametrize("workers", [1, 2])
def test_the_pulse_beats_in_this_process_while_work_goes_on(workers: int, tmp_path: Path) -> None:
    """And work that waits for it is done: with workers or without, nobody is too busy to beat."""
    sign, beaten = tmp_path / "beaten", []

    def beat() -> None:
        beaten.append(os.getpid())
        sign.touch()

    def until_beaten(number: int) -> int:
        while not sign.exists():
            time.sleep(0.01)
        return number

    assert sorted(Queue(workers).run(until_beaten, iter(range(3)), Pulse(0.02, beat))) == [0, 1, 2]
    assert set(beaten) == {os.getpid()}


@pytest.mark.parametrize("workers", [1, 2])
def test_the_collector_rests_while_a_task_runs_and_only_then(workers: int) -> None:
    """In workers as in this process; afterwards everything is as it was.

    What earlier tests left behind goes first: a run that nobody finished would thaw everything when it is collected.
    """
    gc.unfreeze()
    gc.collect()
    seen = list(Queue(workers).run(lambda _: (gc.isenabled(), gc.get_freeze_count() > 0), iter(range(2))))
    assert seen == [(False, True)] * 2
    assert (gc.isenabled(), gc.get_freeze_count()) == (True, 0)
