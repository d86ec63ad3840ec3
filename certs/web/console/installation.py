"""What administrators see and change of the installation itself, as far as the console needs it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask import current_app

from certs.config.shown import Shown
from certs.errors import NotFoundError
from certs.model import Act, Purpose, TrustedKey
from certs.ports import Keys
from certs.work.keys import Cabinet
from certs.work.publishing import Lists

INSTALLATION = "certs.installation"


class Folder(Keys, Cabinet, Protocol):
    """The folder of the signing keys, whose life goes on."""

    def compromised(
        self, kid: str, since: datetime, reason: str, now: datetime, *, correction: bool = False
    ) -> TrustedKey:
        """Return what the key would be if it were declared so; nothing is changed."""
        ...


class Maker(Protocol):
    """What makes a key, entered in the trail."""

    def __call__(self, purpose: Purpose, act: Act, *, organisation: str) -> TrustedKey:
        """Make a key for *purpose*; from now on it signs."""
        ...


@dataclass(frozen=True, slots=True)
class Installation:
    """The parts that only administrators' pages use; *organisation* is who stands behind new seals."""

    keys: Folder
    lists: Lists
    make_key: Maker
    organisation: str
    settings: Sequence[Shown]


def installation() -> Installation:
    """Return the installation that answers this request.

    Raises:
        NotFoundError: this site shows nothing of it.
    """
    found = current_app.extensions.get(INSTALLATION)
    if not isinstance(found, Installation):
        raise NotFoundError("There is no such page here.")
    return found
