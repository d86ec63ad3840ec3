"""Whether a statement can be printed, before anything is signed."""

from certs.errors import InputError
from certs.model import Statement
from certs.pdf.design import Design
from certs.pdf.forme import forme_of


def unprintable(statement: Statement, design: Design, base_url: str) -> list[str]:
    """Return a sentence for everything that keeps *statement* from being printed; empty when all is well.

    Raises:
        Nothing.
    """
    if not statement.name.strip():
        return [f"Certificate {statement.number} has no name."]
    try:
        forme_of(design, statement.event, base_url).page.inscription.check_fit(statement)
    except InputError as error:
        return [str(problem) for problem in error.problems]
    return []
