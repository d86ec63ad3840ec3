"""Whether statements can be printed, before anything is signed."""

from collections.abc import Iterable, Sequence

from certs.errors import InputError
from certs.model import Number, Statement
from certs.pdf.design import Design
from certs.pdf.forme import Forme, forme_of
from certs.pdf.legible import illegible


def unprintable(statements: Sequence[Statement], design: Design, base_url: str) -> dict[Number, list[str]]:
    """Return, by number, a sentence for everything that keeps one of *statements* of one event from being printed.

    Those that can be printed are not in it.
    """
    try:
        forme = forme_of(design, statements[0].event, base_url)
    except InputError as error:
        return {statement.number: _sentences(error) for statement in statements}
    return dict(_faults(statements, forme))


def name_setting(statement: Statement, design: Design, base_url: str) -> tuple[int, bool]:
    """Return on how many lines the name of *statement*, which can be printed, stands, and whether it is set smaller.

    Raises:
        InputError: it cannot be printed.
    """
    return forme_of(design, statement.event, base_url).page.inscription.name_setting(statement)


def _faults(statements: Iterable[Statement], forme: Forme) -> Iterable[tuple[Number, list[str]]]:
    for statement in statements:
        if not statement.name.strip():
            yield statement.number, [f"Certificate {statement.number} has no name."]
            continue
        if faults := illegible(statement.name, statement.language):
            yield statement.number, faults
            continue
        try:
            forme.page.inscription.check_fit(statement)
        except InputError as error:
            yield statement.number, _sentences(error)


def _sentences(error: InputError) -> list[str]:
    return [str(problem) for problem in error.problems]
