class _Message:
    acknowledged: bool

class Request:
    _message: object
    message: _Message
    acknowledged: bool
    def acknowledge(self) -> None: ...
