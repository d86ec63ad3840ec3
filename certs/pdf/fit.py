"""Whether a statement can be printed, before anything is signed."""

from functools import lru_cache

from certs.errors import InputError
from certs.model import EventFacts, Statement
from certs.pdf.design import Design
from certs.pdf.objects import Objects
from certs.pdf.page import Page
from certs.pdf.structure import Structure
from certs.pdf.tail import FIRST_OF_PLATE, Own

_TRIAL_URL = "https://certs.example.org"


def unprintable(statement: Statement, design: Design, base_url: str = _TRIAL_URL) -> list[str]:
    """Return a sentence for everything that keeps *statement* from being printed; empty when all is well.

    Raises:
        Nothing.
    """
    if not statement.name.strip():
        return [f"Certificate {statement.number} has no name."]
    try:
        _trial_page(design, statement.event, base_url).check_fit(statement)
    except InputError as error:
        return [str(problem) for problem in error.problems]
    return []


@lru_cache(maxsize=4)
def _trial_page(design: Design, event: EventFacts, base_url: str) -> Page:
    """Print the page of *event* on a plate that nobody keeps.

    Raises:
        InputError: the event's own texts do not fit, or have a character without glyph.
    """
    objects = Objects(first=FIRST_OF_PLATE)
    page = Page(design, event, base_url, Structure(objects, objects.reserve(), event.language), Own.NAME)
    page.print()
    return page
