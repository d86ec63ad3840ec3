"""Packs in an S3 store; implements `certs.ports.Tails`.

    bucket = Bucket("s3://bucket/prefix", endpoint, region, ("key", "secret", ""), PAGES)

A pack is written under its digest with `If-None-Match: *`, so nothing is ever overwritten, and counts as kept once the
store has said how long it is. The library (obstore, an optional extra) is imported only where a bucket is used. It runs
threads of its own, which a forked process has not: whoever forks lets the parent alone keep and read.
"""

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from certs.errors import AwayError, InputError, StorageError
from certs.ports import KeptPack
from certs.wording import say

if TYPE_CHECKING:
    from obstore.store import S3Store

_CONNECT_SECONDS = 5
_REFUSED = "status code: 403"
"""So the library says where a list is refused, for which it has no error of its own."""
_BEYOND = "status code: 416"
"""And so where a pack ends before the piece begins."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the store is waited for."""

    seconds: float
    """For each answer."""
    retries: int
    """How often what failed on its side is asked again."""
    rest_seconds: float = 0
    """For which nobody asks a store that did not answer."""


WORK = Patience(seconds=20, retries=3)
"""Of a command: a lease lasts two minutes."""


def pages(seconds: float) -> Patience:
    """Return the patience of pages that wait so long for an answer: a store that hangs must not hold all threads."""
    return Patience(seconds, retries=1, rest_seconds=2)


class Bucket:
    """A place for packs below a prefix of a bucket."""

    def __init__(
        self, place: str, endpoint: str, region: str, keys: tuple[str, str, str], patience: Patience = WORK
    ) -> None:
        """Take the bucket at *place*, `s3://bucket/prefix`, at Amazon's or at *endpoint*.

        *keys* are the access key, its secret and, or empty, the token of a session.
        """
        self.place = place
        self._endpoint, self._region, self._keys, self._patience = endpoint, region, keys, patience
        self._lock = threading.Lock()
        self._rests_until = 0.0

    @cached_property
    def _store(self) -> "S3Store":
        try:
            from obstore.store import S3Store  # noqa: PLC0415 -- an optional extra
        except ImportError as error:
            raise InputError(
                say("CERTS_TAILS_URL is set, and what speaks to S3 is not installed: pip install 'certs[s3]'.")
            ) from error
        where, wait = urlsplit(self.place), self._patience
        key, secret, token = self._keys
        given = {"access_key_id": key, "secret_access_key": secret, "region": self._region}
        given |= {"endpoint": self._endpoint} if self._endpoint else {}
        given |= {"session_token": token} if token else {}
        return S3Store(
            where.netloc,
            prefix=where.path.strip("/") or None,
            client_options={
                "timeout": timedelta(seconds=wait.seconds),
                "connect_timeout": timedelta(seconds=min(wait.seconds, _CONNECT_SECONDS)),
                "allow_http": self._endpoint.startswith("http://"),
            },
            retry_config={"max_retries": wait.retries, "retry_timeout": timedelta(seconds=wait.seconds)},
            **given,  # type: ignore[arg-type]  # its settings are one TypedDict
        )

    def keep(self, sha256: str, data: bytes) -> None:
        """Keep *data* under its digest; see `certs.ports.Tails`.

        Raises:
            AwayError, StorageError: as there.
        """
        from obstore import head, put  # noqa: PLC0415 -- as above
        from obstore.exceptions import AlreadyExistsError  # noqa: PLC0415

        with self._asking(AwayError(say("There is no such bucket: {place}.", place=self.place))):
            try:
                put(self._store, sha256, data, mode="create", use_multipart=False)
            except AlreadyExistsError:
                size = int(head(self._store, sha256)["size"])
                if size != len(data) or hashlib.sha256(self._piece(sha256, 0, size)).hexdigest() != sha256:
                    raise self._differs(sha256) from None
                return
            if int(head(self._store, sha256)["size"]) != len(data):
                raise self._differs(sha256)

    def read(self, sha256: str, start: int, length: int) -> bytes:
        """Return *length* bytes of a pack from *start* on; see `certs.ports.Tails`.

        Raises:
            AwayError, StorageError: as there.
        """
        lost = say("There is no pack {pack} in {place}. Bring it back.", pack=sha256, place=self.place)
        with self._asking(StorageError(lost), self._differs(sha256)):
            found = self._piece(sha256, start, length)
        if len(found) != length:
            raise self._differs(sha256)
        return found

    def _piece(self, sha256: str, start: int, length: int) -> bytes:
        from obstore import get_range  # noqa: PLC0415 -- as above

        return bytes(get_range(self._store, sha256, start=start, length=length))

    def all(self) -> Iterator[KeptPack]:
        """Yield every pack that is there; see `certs.ports.Tails`.

        Raises:
            AwayError: as there.
        """
        from obstore import list as listed  # noqa: PLC0415 -- as above

        with self._asking(AwayError(say("There is no such bucket: {place}.", place=self.place))):
            for some in listed(self._store):
                for one in some:
                    yield KeptPack(one["path"].rpartition("/")[2], one["size"], one["last_modified"])

    @contextmanager
    def _asking(self, missing: StorageError, short: StorageError | None = None) -> Iterator[None]:
        """Translate what goes wrong, and leave a store alone for a moment that did not answer.

        Raises:
            AwayError: it does not answer, or refuses.
            StorageError: *missing* where nothing is found, *short* where there is less.
        """
        with self._lock:
            if time.monotonic() < self._rests_until:
                raise AwayError(say("{place} did not answer a moment ago.", place=self.place))
        _ = self._store  # says what to install
        refused = AwayError(say("{place} refuses the key in AWS_ACCESS_KEY_ID, or what it asks for.", place=self.place))
        from obstore.exceptions import (  # noqa: PLC0415 -- as above
            BaseError,
            PermissionDeniedError,
            UnauthenticatedError,
        )

        try:
            yield
        except FileNotFoundError as error:
            raise missing from error
        except (PermissionDeniedError, UnauthenticatedError) as error:
            raise refused from error
        except (BaseError, OSError, ValueError) as error:
            if _REFUSED in str(error):
                raise refused from error
            if short is not None and _BEYOND in str(error):
                raise short from error
            with self._lock:
                self._rests_until = time.monotonic() + self._patience.rest_seconds
            raise AwayError(say("{place} does not answer as a store should.", place=self.place)) from error

    def _differs(self, sha256: str) -> StorageError:
        return StorageError(
            say(
                "The pack {pack} in {place} is not what it was when it was kept. Bring it back from its backup.",
                pack=sha256,
                place=self.place,
            )
        )
