"""The part of qrcode that certs uses."""

class QRCode:
    modules: list[list[bool]]
    modules_count: int
    data_cache: list[int] | None
    def __init__(self, version: int, error_correction: int, *, mask_pattern: int) -> None: ...
    def makeImpl(self, test: bool, mask_pattern: int) -> None: ...  # noqa: N802
    def add_data(self, data: object, optimize: int = 20) -> None: ...
    def get_matrix(self) -> list[list[bool]]: ...
