"""Statements -> credentials with their proof, filled into a template that is canonicalised once per batch."""

from datetime import datetime

from certs.model import EventFacts, Number, Statement
from certs.ports import Signer


def credential_path(number: Number) -> str:
    """Return the path below the base URL where the credential of *number* is served; also its id.

    Raises:
        Nothing.
    """
    return f"/c/{number}/credential.json"


class Writer:
    """Writes the credentials of one event and kind; make one per batch and process, for setting up takes 0.1 s.

    *issued_at* becomes validFrom and the time of the proof: freeze it with the order, so that the same row gives the
    same bytes. With *addresses* each credential also names its recipient by a salted hash of the e-mail address.
    """

    def __init__(
        self,
        event: EventFacts,
        base_url: str,
        issued_at: datetime,
        signer: Signer,
        *,
        kind: str = "attendance",
        addresses: bool = False,
    ) -> None:
        """Canonicalise the event's part.

        Raises:
            InputError: a text of the event has a control character.
        """
        raise NotImplementedError

    def json(self, statement: Statement, status_index: int, address: str = "") -> bytes:
        """Return the UTF-8 JSON of *statement*'s signed credential.

        *status_index* is the certificate's place in the status lists, from 0, unique in the register and never reused.

        Raises:
            InputError: the name has a control character.
            ValueError: another event or kind, a negative index, or *address* against what the writer was made for.
            SigningError: the private key is out of reach.
        """
        raise NotImplementedError
