"""The first half of step 9: a sheet's certificates are put on a roll, which the claim key signs.

It is done by whoever stores them, for only then is it known when they are registered.
"""

from dataclasses import replace
from datetime import datetime

from certs import roll
from certs.errors import SigningError
from certs.model import Finished, Sheet
from certs.ports import Signer
from certs.wording import say


def enrolled(signer: Signer, sheet: Sheet, finished: Finished, batch: str, at: datetime) -> Finished:
    """Return *finished* with the roll of what was made of *sheet* in the *batch* called so, registered at that moment.

    Raises:
        SigningError: another claim key than *signer* signed the sheet, or it is out of reach.
    """
    if not finished.made:
        return finished
    if finished.claim_kid != signer.key.kid:
        raise SigningError(
            say(
                "Key {claim_kid} signed the claims, {kid} would sign their roll.",
                claim_kid=finished.claim_kid,
                kid=signer.key.kid,
            )
        )
    statements = {one.number: one for one in sheet.everyone}
    keys = roll.keys(finished.claim_kid, finished.seal_kid, finished.credential_kid)
    moment, address = roll.moment(at), finished.base_url
    owns = [
        roll.Own(
            one.number,
            one.claim_text,
            *roll.said(statements[one.number]),
            batch,
            sheet.replaces.get(one.number, ""),
            moment,
            address,
            keys,
            statements[one.number].name,
            sheet.people[one.number],
            f"{one.sha256} {one.size}",
        )
        for one in finished.made
    ]
    return replace(finished, roll=roll.write(signer, sheet.everyone[0].event, owns, at))
