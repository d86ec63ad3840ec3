"""Design and rehearsal: pictures of this event, every name tried by the worker, and who cannot be printed."""

import io
from dataclasses import replace

import pypdfium2
import pytest
from PIL import Image

from certs.model import Act, Interval, Join, PersonKey, Received, SessionId
from certs.work import specimens
from certs.work.specimens import Tried
from tests.register import EVENT
from tests.web.console.conftest import NOW, SLUG, Desk
from tests.web.console.test_earned import counted, queries_of, ref_of

__all__ = ["counted"]
PAGE, REHEARSAL = f"/desk/{SLUG}/design", f"/desk/{SLUG}/rehearsal"
LONG = "Lestariani Ratnasari Wiranatakusumah Tirtoatmodjo Hadiningrat"
NOBODYS = "Ana \U000e1234 Example"
"""With a character that no font has."""


def came(desk: Desk, **names: str) -> None:
    """Let people of these names have been at both sessions, all the time."""
    for session in EVENT.sessions:
        window = Interval(session.window.start, session.window.end)
        joins = [
            Join(SessionId(session.id), PersonKey(f"{key}@example.org"), window, line, name)
            for line, (key, name) in enumerate(names.items(), 2)
        ]
        received = Received(f"all-{session.id}.csv", f"{session.id}" * 64, "test", session.id, b"x", joins, (), ())
        desk.store.imports.add(SLUG, [received], Act("Ana", NOW))


def tried(desk: Desk) -> Tried:
    """Let Ana ask for a rehearsal, and the worker do it."""
    answer = desk.browser("ana@example.org").submit(REHEARSAL, PAGE)
    assert answer.status_code == 303
    found = specimens.last(desk.store, SLUG)
    assert found is not None
    return found


def test_every_name_is_tried_and_the_hardest_pages_are_shown(counted: Desk) -> None:
    came(counted, tata=LONG, nina="Нина Петрова", ren="高橋 蓮", twin="Ana Souza")
    found = tried(counted)
    assert (found.due, found.fit, found.alike) == (5, 5, 2)
    assert found.broken >= 1
    page = counted.browser("ana@example.org").get(PAGE).text
    for name in (LONG, "Нина Петрова", "高橋 蓮"):
        assert f"<bdi>{name}</bdi>" in page, name
    first = page.index(f"<figcaption><bdi>{LONG}")
    assert first == page.index("<figcaption><bdi>"), "the longest comes first"


def test_a_name_that_cannot_be_printed_is_named_with_what_to_do(counted: Desk) -> None:
    came(counted, odd=NOBODYS)
    found = tried(counted)
    assert (found.due, found.fit) == (2, 1)
    page = counted.browser("ana@example.org").get(PAGE).text
    assert "1 name cannot be printed." in page
    assert f"/people/{ref_of(counted, 'odd@example.org')}" in page
    assert "odd@example.org" in page
    assert "odd@example.org" not in counted.browser("vera@example.org").get(PAGE).text
    ref = ref_of(counted, "odd@example.org")
    assert counted.browser("ana@example.org").get(f"{REHEARSAL}/{ref}.png?kind=attendance").status_code == 404


def test_pictures_are_of_this_person_and_this_event(counted: Desk) -> None:
    found, ana = tried(counted), counted.browser("ana@example.org")
    answer = ana.get(f"{REHEARSAL}/{found.hardest[0]}.png?kind=attendance")
    assert answer.content_type == "image/png"
    with Image.open(io.BytesIO(answer.data)) as picture:
        assert picture.width == 702
    assert len(answer.data) < 60_000
    assert ana.get(f"{PAGE}/classic.png").data != answer.data
    assert [ana.get(f"{PAGE}/{name}.png").status_code for name in ("none", "..")] == [404, 404]
    assert ana.get(f"{REHEARSAL}/{'0' * 32}.png?kind=attendance").status_code == 404


def test_the_hardest_pages_come_as_one_file_that_says_specimen(counted: Desk) -> None:
    assert counted.browser("ana@example.org").get(f"{REHEARSAL}.pdf").status_code == 400
    tried(counted)
    answer = counted.browser("ben@example.org").get(f"{REHEARSAL}.pdf")
    document = pypdfium2.PdfDocument(answer.data)
    assert len(document) == 1
    document.close()
    assert counted.browser("vera@example.org").get(f"{REHEARSAL}.pdf").status_code == 403


def test_figures_of_before_a_change_say_so(counted: Desk) -> None:
    tried(counted)
    ana = counted.browser("ana@example.org")
    assert "Something changed since." not in ana.get(PAGE).text
    came(counted, eve="Eve Lang")
    assert "Something changed since." in ana.get(PAGE).text


def test_nobody_eligible_is_how_a_rehearsal_ends(desk: Desk) -> None:
    ana = desk.browser("ana@example.org")
    assert "Nothing was tried yet." in ana.get(PAGE).text
    ana.submit(REHEARSAL, PAGE)
    assert "Nobody is eligible yet" in ana.get(PAGE).text


def test_another_design_is_shown_as_a_change_before_it_is_saved(counted: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = counted.browser("ana@example.org").submit(f"/desk/{SLUG}/setup/design", PAGE, design="none")
    assert answer.status_code == 400
    assert "none" in answer.text
    assert "design" not in counted.store.events.definition(SLUG)


def test_what_is_kept_names_nobody(counted: Desk) -> None:
    """And comes back as it was; of somebody who is not known any more nothing is shown."""
    found = tried(counted)
    text = found.as_text()
    assert Tried.of(text) == replace(found, faulty=list(found.faulty), hardest=list(found.hardest))
    assert "Ana" not in text
    assert "@" not in text
    gone = replace(found, hardest=["0" * 32], faulty=["1" * 32])
    assert specimens.tried_pages(counted.store, SLUG, gone, "https://certs.example.org", NOW) == ([], [])


def test_the_page_asks_a_bounded_number_of_times(counted: Desk) -> None:
    """Of each person it shows, only who she is and what was decided on her."""
    alone = tried(counted).hardest
    before = queries_of(counted, PAGE)
    came(counted, tata=LONG, nina="Нина Петрова", ren="高橋 蓮", twin="Ana Souza")
    more = len(tried(counted).hardest) - len(alone)
    after = queries_of(counted, PAGE)
    assert before < 60
    assert more > 2
    assert after - before <= 3 * more
