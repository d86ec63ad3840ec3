"""Time, and the place where CPU work is done."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Protocol, TypeVar

Clock = Callable[[], datetime]
"""Returns the present moment as an aware UTC datetime."""

Task = TypeVar("Task")

Done = TypeVar("Done")


class Queue(Protocol):
    """Where CPU work is done: in this process, or in others on this machine."""

    @property
    def holder(self) -> str:
        """Name this process for leases: machine, boot, process and its start, so that nobody else ever has it."""
        ...

    def gone(self, token: str) -> bool:
        """Say whether the holder of *token* was a process of this machine that is dead now."""
        ...

    def run(self, work: Callable[[Task], Done], tasks: Iterator[Task]) -> Iterator[Done]:
        """Do *work* on each of *tasks*, which are drawn only as workers become free; results in any order.

        Raises:
            SigningError: a task has killed its worker several times.
        """
        ...
