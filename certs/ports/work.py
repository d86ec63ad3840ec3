"""Time, and the place where CPU work is done."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar

Clock = Callable[[], datetime]
"""Returns the present moment as an aware UTC datetime."""

Task = TypeVar("Task")

Done = TypeVar("Done")


class Bell(Protocol):
    """Calls other machines. It owns nothing: what is to be done stands in the register."""

    def ring(self, batch: int, helpers: int) -> None:
        """Ask so many others to help with *batch*. May be lost, doubled or late; where it cannot, it says so."""
        ...


class Silent:
    """Rings nowhere: one machine does everything. Implements `Bell`."""

    def ring(self, batch: int, helpers: int) -> None:
        """Ask nobody."""


class Pulse(NamedTuple):
    """Something to call again and again while work goes on. It must raise nothing."""

    seconds: float
    beat: Callable[[], None]


class Queue(Protocol):
    """Where CPU work is done: in this process, or in others on this machine."""

    @property
    def holder(self) -> str:
        """Name this process for leases: where it is, its number and its start, so that nobody else ever has it."""
        ...

    def gone(self, token: str) -> bool:
        """Say whether the holder of *token* was a process that can be seen from here, and is dead now."""
        ...

    def run(self, work: Callable[[Task], Done], tasks: Iterator[Task], pulse: Pulse | None = None) -> Iterator[Done]:
        """Do *work* on each of *tasks*, which are drawn only as workers become free; results in any order.

        While work goes on, *pulse* is called every so many seconds, by this process.

        Raises:
            SigningError: a task has killed its worker several times.
        """
        ...
