"""What nobody does without saying why; the reason stays in the audit trail."""

from certs.errors import InputError
from certs.model import Act
from certs.wording import hint, say

USUAL = say("Say why, with {by}: it stays in the audit trail.", by=hint("reason"))


def demand(act: Act, otherwise: str = USUAL) -> None:
    """Check that *act* has a reason.

    Raises:
        InputError: it has none; says *otherwise*.
    """
    if not act.reason.strip():
        raise InputError(otherwise)
