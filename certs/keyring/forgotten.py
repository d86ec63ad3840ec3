"""References of people who were erased, one a line, in the key folder: backups of the register do not have them.

A reference is random and says nothing of its person. The list only grows, and is written in one step.
"""

import logging
import re
from collections.abc import Collection
from pathlib import Path

from certs.errors import SigningError
from certs.keyring import record
from certs.wording import say

FILE = "erased"
_REFERENCE = re.compile(r"[0-9a-f]{32}")
_log = logging.getLogger("certs.keys")


class Forgotten:
    """The list in a key folder."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE

    def read(self) -> frozenset[str]:
        """Return the references, none where there is no list.

        Raises:
            SigningError: it cannot be read, or holds something else.
        """
        if not self._file.exists() and not self._file.is_symlink():
            return frozenset()
        lines = record.read_regular(self._file).decode(errors="replace").split()
        if not all(map(_REFERENCE.fullmatch, lines)):
            raise SigningError(say("{file} is no list of people who were erased.", file=self._file))
        return frozenset(lines)

    def keep(self, refs: Collection[str]) -> bool:
        """Add *refs* to the list; say whether it holds them now, which a folder that may only be read refuses.

        Raises:
            SigningError: the list cannot be read, or holds something else.
        """
        before = self.read()
        every = before | set(refs)
        if every == before:
            return True
        try:
            record.replace(self._file, "".join(f"{one}\n" for one in sorted(every)).encode())
        except OSError as error:
            _log.warning("erased_not_kept", extra={"reason": type(error).__name__})
            return False
        return True
