"""Our hot path as a contestant: claim, credential and seal of every certificate on plates drawn before."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime

from certs import claim, credential, pdf
from certs.model import Purpose, Statement
from certs.ports import Keys

Certificate = Callable[[Statement, int], bytes]
"""Makes the tail of one statement; the integer is its place in the status lists."""


def pipelines(
    statements: Sequence[Statement], keys: Keys, base_url: str, now: datetime
) -> dict[str, tuple[Certificate, list[Statement]]]:
    """Return for each group of scripts the function that makes a certificate, and whom it makes one for."""
    groups: dict[str, list[Statement]] = defaultdict(list)
    for statement in statements:
        groups[pdf.plate_group(statement.name, statement.language)].append(statement)
    return {label: (_pipeline(group, keys, base_url, now), group) for label, group in groups.items()}


def _pipeline(statements: Sequence[Statement], keys: Keys, base_url: str, now: datetime) -> Certificate:
    event = statements[0].event
    sealer = pdf.Sealer(keys.signer(Purpose.SEAL), now)
    plate = pdf.draw_plate(pdf.Design.load(event.design), statements, base_url, sealer, with_credential=True)
    claims = claim.Writer(keys.signer(Purpose.CLAIM))
    credentials = credential.Writer(event, base_url, now, keys.signer(Purpose.CREDENTIAL))

    def certificate(statement: Statement, status_index: int) -> bytes:
        address = claim.url(base_url, claims.text(statement))
        return plate.imprint(statement, address, credentials.json(statement, status_index)).tail

    return certificate
