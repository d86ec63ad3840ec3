from typing import Any

class PublicKeyInfo:
    @classmethod
    def load(cls, encoded_data: bytes, strict: bool = ...) -> PublicKeyInfo: ...

class EncryptedPrivateKeyInfo:
    @classmethod
    def load(cls, encoded_data: bytes, strict: bool = ...) -> EncryptedPrivateKeyInfo: ...
    @property
    def native(self) -> Any: ...
