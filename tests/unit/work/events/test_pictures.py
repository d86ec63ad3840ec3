"""Logo and signatures: from the event's own folder alone, looked at before they are taken, frozen with the batch."""

import io
import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from certs.db.store import Store
from certs.errors import InputError, StorageError
from certs.model import EventFacts, Purpose, Signatory
from certs.pdf import Design, artwork, draw_plate, lint
from certs.pdf.drawing import Drawing
from certs.pdf.objects import text_string
from certs.work import events, issue, orders
from tests.register import AUCKLAND, LATER, NOW, act
from tests.unit.pdf import cast
from tests.unit.work.test_amend import SLUG, export, place, take
from tests.world import MemoryKeys

SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="10" height="10" fill="{}"/></svg>'
TEXT = 'logo = "logo.svg"\n' + AUCKLAND + '[[signatories]]\nname = "Elin Falk"\nsignature = "pictures/elin.png"\n'


def png(colour: str = "navy", size: tuple[int, int] = (300, 100)) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", size, colour).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with an event file, a logo and a signature."""
    home = tmp_path / "event"
    (home / "pictures").mkdir(parents=True)
    (home / "e.toml").write_text(TEXT)
    (home / "logo.svg").write_text(SQUARE.format("#aa0000"))
    (home / "pictures" / "elin.png").write_bytes(png())
    return home


def source(folder: Path, given: str = TEXT) -> events.Source:
    return events.Source.of(given, folder / "e.toml")


def added(store: Store, folder: Path, given: str = TEXT) -> events.Proposal:
    proposal = events.propose(store, source(folder, given), NOW)
    events.accept(store, proposal, act())
    return proposal


def ordered(store: Store) -> EventFacts:
    """Order for all who are eligible; return the facts as a worker gets them."""
    batch = place(store, orders.plan(store, SLUG))
    sheet = store.sheets.claim(batch, f"t{batch}", NOW, LATER)
    assert sheet is not None
    return sheet.everyone[0].event


def test_what_was_ordered_shows_the_pictures_of_the_order(store: Store, folder: Path) -> None:
    """Whatever lies in the folder when it is issued, and whatever the event has by then."""
    added(store, folder)
    take(store, export(ana=120))
    (folder / "logo.svg").write_text(SQUARE.format("#00aa00"))
    assert added(store, folder).differences == ["logo: logo.svg is another picture now"]
    first = ordered(store)
    assert first.logo_picture is not None
    assert b"#00aa00" in first.logo_picture.data
    (folder / "logo.svg").unlink()
    added(store, folder, TEXT.replace('logo = "logo.svg"\n', ""))
    again = store.batches.of_event(SLUG)[0].facts
    assert again.logo_picture is not None
    assert again.logo_picture.data == first.logo_picture.data
    assert [one.picture.data for one in again.signatories if one.picture] == [png()]


def test_a_picture_is_kept_once(store: Store, folder: Path) -> None:
    """By its bytes, whatever it is called and however often it is named; the trail says which."""
    (folder / "pictures" / "other.png").write_bytes(png())
    given = TEXT + '[[signatories]]\nname = "Ben"\nsignature = "pictures/other.png"\n'
    added(store, folder, given)
    with store.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM picture")).scalar_one() == 2
    (entry,) = store.audit(SLUG)
    assert '"logo.svg":' in entry.new


def test_it_is_issued_with_its_own_logo(store: Store, folder: Path) -> None:
    """Another logo makes another plate, and the page is right."""
    keys = MemoryKeys()
    for purpose in (Purpose.CLAIM, Purpose.CREDENTIAL, Purpose.SEAL):
        keys.new(purpose)
    added(store, folder)
    take(store, export(ana=120))
    batch = place(store, orders.plan(store, SLUG))
    sheet = store.sheets.claim(batch, "t", NOW, LATER)
    assert sheet is not None
    made = issue.make(issue.Tools.of(keys, cast.BASE_URL), (sheet, NOW))
    assert len(made.made) == 1
    assert made.held == ()


@pytest.mark.parametrize("own", [True, False])
def test_the_page_shows_the_logo_of_the_facts(folder: Path, own: bool) -> None:
    """Not the design's mark."""
    logo = source(folder).event().logo_picture
    assert logo is not None
    drawing = artwork.drawn(logo)
    assert isinstance(drawing, Drawing)
    facts = replace(cast.EVENT, logo_picture=logo if own else None)
    statement = cast.statement(event=facts)
    plate = draw_plate(Design.load("classic"), [statement], cast.BASE_URL, cast.sealer())
    imprint = plate.imprint(statement, cast.claim_url(statement))
    assert lint(plate.data + imprint.tail, statement, cast.claim_url(statement), plate.expected(statement)) == []
    assert (drawing.operators in _streams(plate.data)) is own


def _streams(data: bytes) -> bytes:
    """Return every stream of a plate, unpacked."""
    found = b""
    for start in (match.end() for match in re.finditer(rb"stream\n", data)):
        try:
            found += zlib.decompressobj().decompress(data[start:])
        except zlib.error:
            continue
    return found


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (lambda folder: (folder / "logo.svg").unlink(), "logo.svg is not in the folder of the event file"),
        (lambda folder: (folder / "logo.svg").write_bytes(b""), "logo.svg is empty"),
        (lambda folder: (folder / "logo.svg").write_text("<html>"), "logo.svg:1:"),
        (lambda folder: (folder / "logo.svg").write_bytes(b" " * 2_000_001), "logo.svg is larger than 2 MB"),
        (lambda folder: elsewhere(folder / "logo.svg"), "logo.svg lies outside the folder of the event file"),
        (lambda folder: directory(folder / "logo.svg"), "logo.svg is no file"),
        (lambda folder: (folder / "pictures/elin.png").write_bytes(b"\x89PNG"), "elin.png is no picture"),
        (lambda folder: (folder / "pictures/elin.png").write_text(SQUARE), "elin.png is no picture"),
        (lambda folder: Image.new("RGB", (9, 9)).save(folder / "pictures/elin.png", "GIF"), "elin.png is no picture"),
        (lambda folder: (folder / "pictures/elin.png").write_bytes(png(size=(5000, 5000))), "make it smaller"),
        (lambda folder: loop(folder / "pictures/elin.png"), "elin.png is not in the folder"),
    ],
)
def test_a_picture_that_is_not_right_is_refused(folder: Path, prepare: Callable[[Path], object], said: str) -> None:
    prepare(folder)
    with pytest.raises(InputError) as caught:
        source(folder)
    (problem,) = caught.value.problems
    assert said in str(problem)
    assert str(problem).startswith("e.toml: ")


def elsewhere(file: Path) -> None:
    """Let *file* lead out of its folder."""
    outside = file.parent.parent / "secret.svg"
    outside.write_text(SQUARE.format("#000000"))
    file.unlink()
    file.symlink_to(outside)


def directory(file: Path) -> None:
    file.unlink()
    file.mkdir()


def loop(file: Path) -> None:
    """Let *file* lead to itself."""
    file.unlink()
    file.symlink_to(file)


@pytest.mark.parametrize(
    "name", ["../logo.svg", "/etc/logo.svg", "a/../../logo.svg", "logo.jpg", ".hidden.svg", "a//b.svg"]
)
def test_a_name_that_leads_elsewhere_is_refused(folder: Path, name: str) -> None:
    """Before any file is looked at."""
    with pytest.raises(InputError, match=r'"logo" must be the name of an \.svg or \.png file in the folder'):
        source(folder, TEXT.replace('"logo.svg"', f'"{name}"'))


def test_a_link_inside_the_folder_is_followed(folder: Path) -> None:
    (folder / "logo.svg").rename(folder / "pictures" / "new.svg")
    (folder / "logo.svg").symlink_to("pictures/new.svg")
    assert set(source(folder).pictures) == {"logo.svg", "pictures/elin.png"}


def test_a_picture_that_was_changed_in_the_register_is_not_printed(store: Store, folder: Path) -> None:
    added(store, folder)
    with store.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER picture_never_changes"))
        connection.execute(text("UPDATE picture SET data = X'78' WHERE media_type = 'image/png'"))
    with pytest.raises(StorageError, match=r"pictures/elin.png is missing in the register or was changed"):
        orders.plan(store, SLUG)


def test_pictures_in_the_register_never_change(store: Store, folder: Path) -> None:
    added(store, folder)
    for change in ("UPDATE picture SET data = 'x'", "DELETE FROM picture"):
        with pytest.raises(DBAPIError, match="never forgets"), store.engine.begin() as connection:
            connection.execute(text(change))


@pytest.mark.parametrize("sessions", [1, 8, 16])
def test_signatures_stand_on_their_lines(folder: Path, sessions: int) -> None:
    """With a logo in pixels as well: each has a name of its own and a description; the table of sessions makes room."""
    picture = source(folder).event().signatories[0].picture
    assert picture is not None
    other = artwork.read("ben.png", png("black", (90, 90)))
    logo = artwork.read("logo.png", png("red", (400, 100)))
    signatories = (Signatory("Elin Falk", "Director", "elin.png", picture), Signatory("Ben", "", "ben.png", other))
    event = replace(cast.with_sessions(sessions), signatories=signatories, logo_picture=logo)
    statement = cast.statement(event=event)
    plate = draw_plate(Design.load("classic"), [statement], cast.BASE_URL, cast.sealer())
    imprint = plate.imprint(statement, cast.claim_url(statement))
    file = plate.data + imprint.tail
    assert lint(file, statement, cast.claim_url(statement), plate.expected(statement)) == []
    assert len(set(re.findall(rb"/Picture[0-9a-f]{8} Do", _streams(plate.data)))) == 3
    assert plate.data.count(text_string("Signature of Elin Falk")) == 1
