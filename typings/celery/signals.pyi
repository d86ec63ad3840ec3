from collections.abc import Callable

class _Signal:
    def connect(self, receiver: Callable[..., object], *, weak: bool = ...) -> None: ...

setup_logging: _Signal
worker_ready: _Signal
worker_shutting_down: _Signal
