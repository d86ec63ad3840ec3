"""What plates share is printed once, and no plate can tell which others were drawn before it."""

import gc
from dataclasses import replace

import pytest

from certs.model import Statement
from certs.pdf import Design, draw_plate, lint, prepare, unprintable
from certs.pdf.forme import forme_of
from certs.pdf.words import specimen
from tests.unit.pdf import cast

CLASSIC = Design.load("classic")


def drawn(*statements: Statement) -> bytes:
    """Return the plate's bytes."""
    return draw_plate(CLASSIC, statements, cast.BASE_URL, cast.sealer()).data


def test_a_plate_does_not_depend_on_the_plates_before_it() -> None:
    """Another process may draw it first, and must draw the same bytes."""
    thai, arabic = (cast.statement(cast.NAMES[script], serial) for serial, script in enumerate(("thai", "arabic")))
    after_thai = [drawn(thai), drawn(arabic)][1]
    forme_of.cache_clear()
    assert drawn(arabic) == after_thai


def test_an_event_is_printed_once() -> None:
    """However many plates it has."""
    assert forme_of(CLASSIC, cast.EVENT, cast.BASE_URL) is forme_of(CLASSIC, cast.EVENT, cast.BASE_URL)


def test_what_is_prepared_is_found_made() -> None:
    """By worker processes that are forked later."""
    forme_of.cache_clear()
    prepare(cast.EVENT, cast.BASE_URL)
    assert forme_of.cache_info().currsize == 1
    forme_of(Design.load(cast.EVENT.design), cast.EVENT, cast.BASE_URL)
    assert forme_of.cache_info().hits == 1


def test_a_page_that_cannot_be_prepared_is_no_error_yet() -> None:
    """Each certificate says what is wrong when its turn comes."""
    event = replace(cast.EVENT, language="fi")
    prepare(event, cast.BASE_URL)
    statement = cast.statement(event=event)
    assert unprintable([statement], CLASSIC, cast.BASE_URL).keys() == {statement.number}


def test_own_texts_need_no_glyph_that_the_page_lacks() -> None:
    """Counts, hours, dates and numbers are set once for all plates; the name here has only letters of the heading."""
    forme = forme_of(CLASSIC, cast.EVENT, cast.BASE_URL)
    typesetter = forme.page.typesetter.copy()
    for serial in range(40):
        statement = cast.statement("Certificate", serial)
        forme.page.inscription.content(typesetter, statement)
    assert typesetter.codes == forme.page.typesetter.codes


def test_a_text_that_needs_more_glyphs_is_set_by_its_plate(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where a design's words form other ligatures than was foreseen: the page shows them all the same."""
    lacking = dict.fromkeys(specimen(CLASSIC.language("en")), " ")
    monkeypatch.setattr("certs.pdf.inscription.specimen", lambda _: lacking)
    forme_of.cache_clear()
    statement = cast.statement()
    plate = draw_plate(CLASSIC, [statement], cast.BASE_URL, cast.sealer())
    forme_of.cache_clear()
    url = cast.claim_url(statement)
    assert lint(plate.data + plate.imprint(statement, url).tail, statement, url) == []


def test_a_plate_that_is_done_with_is_forgotten_at_once() -> None:
    """Its fonts and texts leave no cycle behind, so that memory stays flat however many plates a batch has."""
    drawn(cast.statement())
    drawn(cast.statement(cast.NAMES["thai"], 1))  # what is loaded once for all makes cycles, and stays
    gc.collect()
    gc.disable()
    left = []
    try:
        for serial in range(2, 5):  # other threads of the tests may leave something behind once
            drawn(cast.statement(cast.NAMES["thai"], serial))
            left.append(gc.collect())
    finally:
        gc.enable()
    assert min(left) == 0
