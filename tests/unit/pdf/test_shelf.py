"""Designs on disk and as one file: found once, taken whole, the same everywhere."""

import os
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from certs.errors import InputError
from certs.ground import places
from certs.pdf import Design, draw_plate, shelf
from tests.unit.pdf import cast

CLASSIC = places.designs()[0] / "classic"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Path]:
    """A deployment's own folder of designs."""
    folder = tmp_path / "designs"
    folder.mkdir()
    places.add_designs(folder)
    yield folder
    places.add_designs(None)


def test_own_designs_stand_beside_the_built_in_ones(own: Path) -> None:
    shutil.copytree(CLASSIC, own / "modern")
    assert {"classic", "modern"} <= set(shelf.names())
    assert Design.load("modern").name == "modern"


def test_a_name_that_the_program_uses_is_refused(own: Path) -> None:
    """Neither wins: whoever ordered could mean either."""
    shutil.copytree(CLASSIC, own / "classic")
    with pytest.raises(InputError, match="There are two designs “classic”") as caught:
        Design.load("classic")
    assert str(own) in str(caught.value)


@pytest.mark.parametrize("name", ["absent", "../designs/modern", "", ".", "modern/"])
def test_a_design_that_is_not_there_is_said_with_those_that_are(own: Path, name: str) -> None:
    """Only folders of the shelf itself are looked at."""
    shutil.copytree(CLASSIC, own / "modern")
    with pytest.raises(InputError, match=r"there is: classic, modern\.$"):
        Design.load(name)


def test_a_folder_of_designs_that_is_away_is_said(tmp_path: Path) -> None:
    """As where a disk is not mounted."""
    places.add_designs(tmp_path / "away")
    with pytest.raises(InputError, match="away is not there"):
        Design.load("modern")
    places.add_designs(None)


def test_the_same_files_have_the_same_digest_wherever_and_whenever(own: Path) -> None:
    """Times, modes and files that no page is drawn from do not count; every other byte does."""
    shutil.copytree(CLASSIC, own / "one")
    first = shelf.take("one").sha256
    os.utime(own / "one/design.toml", (0, 0))
    (own / "one/words.toml").chmod(0o600)
    (own / "one/notes.txt").write_text("to do")
    assert shelf.take("one").sha256 == first
    (own / "one/art.svg").write_bytes((own / "one/art.svg").read_bytes() + b"\n")
    assert shelf.take("one").sha256 != first


def test_what_is_taken_is_a_plain_archive_of_all_that_is_drawn_from(own: Path) -> None:
    """So that a person can take it out of the register with any tool."""
    shutil.copytree(CLASSIC, own / "one")
    (own / "one/logo.png").write_bytes(b"x")
    taken = shelf.take("one")
    with zipfile.ZipFile(BytesIO(taken.data)) as archive:
        assert archive.namelist() == ["art.svg", "design.toml", "logo.png", "words.toml"]
    assert shelf.opened(taken.data)["logo.png"] == b"x"


def test_the_built_in_design_is_light() -> None:
    """It goes into every register, and to every process that issues."""
    assert len(shelf.take("classic").data) < 40_000


def test_a_design_too_large_to_keep_is_refused(own: Path) -> None:
    shutil.copytree(CLASSIC, own / "one")
    (own / "one/photo.png").write_bytes(bytes(shelf.MAX_BYTES))
    with pytest.raises(InputError, match=r"has 4\.0 MB of files; it may have 4 MB"):
        Design.load("one")


def test_what_is_no_design_is_not_read_as_one() -> None:
    with pytest.raises(ValueError, match="no files of a design"):
        shelf.opened(b"PK")


def test_a_kept_design_draws_the_same_bytes_though_the_folder_is_gone(own: Path) -> None:
    """And is read once in each process, however often it comes from the register."""
    shutil.copytree(CLASSIC, own / "modern")
    design = Design.load("modern")
    event = replace(cast.EVENT, design="modern", design_file=design.kept)
    statement = cast.statement(event=event)
    before = draw_plate(design, [statement], cast.BASE_URL, cast.sealer()).data
    shutil.rmtree(own / "modern")
    assert Design.of(event) is Design.of(replace(event, title="other"))
    assert draw_plate(Design.of(event), [statement], cast.BASE_URL, cast.sealer()).data == before


def test_a_kept_design_wins_over_the_folder(own: Path) -> None:
    shutil.copytree(CLASSIC, own / "modern")
    event = replace(cast.EVENT, design="modern", design_file=shelf.take("modern"))
    (own / "modern/design.toml").write_text("broken")
    assert Design.of(event).name == "modern"
    with pytest.raises(InputError):
        Design.of(replace(event, design_file=None))


def test_facts_without_the_bytes_draw_nothing(own: Path) -> None:
    """Rather than from whatever the folder holds today."""
    shutil.copytree(CLASSIC, own / "modern")
    kept = replace(shelf.take("modern"), data=b"")
    with pytest.raises(InputError, match="not at hand"):
        Design.of(replace(cast.EVENT, design="modern", design_file=kept))
