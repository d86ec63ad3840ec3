class _Message:
    acknowledged: bool

class Request:
    message: _Message
    acknowledged: bool
    def acknowledge(self) -> None: ...
