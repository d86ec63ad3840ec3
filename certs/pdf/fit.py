"""Whether a statement can be printed, before anything is signed."""

from certs.model import Statement
from certs.pdf.design import Design


def unprintable(statement: Statement, design: Design) -> list[str]:
    """Return a sentence for everything that keeps *statement* from being printed; empty when all is well.

    Raises:
        Nothing.
    """
    return []
