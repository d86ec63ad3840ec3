from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

class _Worker:
    exitcode: int | None
    def start(self) -> None: ...

class Celery:
    conf: dict[str, Any]
    Worker: Callable[..., _Worker]
    def __init__(self, main: str, *, broker: str, set_as_current: bool = ...) -> None: ...
    def task(self, *, name: str, Request: str) -> Callable[[Callable[..., object]], object]: ...
    def send_task(
        self,
        name: str,
        args: tuple[object, ...] = ...,
        *,
        connection: object = ...,
        expires: float = ...,
        retry: bool = ...,
    ) -> object: ...
    def connection_for_write(self) -> AbstractContextManager[object]: ...
