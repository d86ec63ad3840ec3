"""A designer's own designs: found beside certs.toml, and frozen with what was ordered."""

import io
import json
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pypdfium2
import pytest

from certs.db import entered
from certs.ground import places
from tests.register import AUCKLAND
from tests.unit.cli.certified import SLUG, attended, does, report
from tests.unit.cli.conftest import Operator

CLASSIC = places.shipped("templates") / "certificates" / "classic"
OLD, NEW = "This is to certify that", "Hereby we declare that"


@pytest.fixture(autouse=True)
def shelf() -> Iterator[None]:
    yield
    places.add_designs(None)


def folder(operator: Operator, name: str = "designs") -> Path:
    """Make the operator's own design, with words of its own."""
    shutil.copytree(CLASSIC, operator.home / name / "modern")
    return operator.home / name / "modern"


def reword(design: Path, old: str, new: str) -> None:
    words = (design / "words.toml").read_text(encoding="utf-8")
    assert old in words
    (design / "words.toml").write_text(words.replace(old, new), encoding="utf-8")


def ready(operator: Operator, name: str = "Ana", design: str = "modern") -> None:
    """Bring an event with that design so far that it can be ordered for."""
    for purpose in ("claim", "credential", "link", "seal"):
        does(operator, "keys", "new", purpose)
    (operator.home / "event.toml").write_text(f'issuer = "Institute"\ndesign = "{design}"\n{AUCKLAND}')
    does(operator, "event", "add", "event.toml")
    does(operator, "import", SLUG, report(operator, "report.csv", attended(name)))


ORDER = ("order", SLUG, "--yes", "--accept", "session_missing:2", "--reason", "it is still to come")


def issued(operator: Operator, batch: str) -> None:
    does(operator, "approve", batch, "--yes", "--as", "ben")
    does(operator, "issue", batch, "--workers", "1")


def pages(operator: Operator, folder: str) -> dict[str, str]:
    """Return the text of every certificate in force, by number."""
    does(operator, "export", SLUG, "--out", folder)
    found = {}
    for path in (operator.home / folder).glob("*.pdf"):
        with closing(pypdfium2.PdfDocument(path.read_bytes())) as file:
            found[path.name] = file[0].get_textpage().get_text_bounded()
    assert found
    return found


def looks(operator: Operator) -> list[str]:
    """Return what the doctor says of designs."""
    said = operator.types("doctor", "--json")
    return [
        one["text"] for one in json.loads(said.out) if one["about"] == "designs" and (one["doubt"] or not one["good"])
    ]


@pytest.mark.parametrize("later", ["changed", "gone", "broken"])
def test_a_batch_ordered_yesterday_is_drawn_from_yesterdays_design(operator: Operator, later: str) -> None:
    """Whatever became of the folder before it was issued."""
    design = folder(operator)
    ready(operator)
    does(operator, *ORDER)
    if later == "changed":
        reword(design, OLD, NEW)
    elif later == "gone":
        shutil.rmtree(design.parent)
    else:
        (design / "design.toml").write_text("[")
    issued(operator, "1")
    (page,) = pages(operator, "out").values()
    assert OLD in page
    assert NEW not in page


def test_a_batch_ordered_today_is_drawn_from_todays(operator: Operator) -> None:
    """Otherwise nothing would be proved by the others."""
    reword(folder(operator), OLD, NEW)
    ready(operator)
    does(operator, *ORDER)
    issued(operator, "1")
    (page,) = pages(operator, "out").values()
    assert NEW in page


def test_a_program_that_changes_its_own_design_leaves_what_was_ordered(
    operator: Operator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an upgrade between order and issue does."""
    ready(operator, design="classic")
    does(operator, *ORDER)
    shutil.copytree(CLASSIC, tmp_path / "upgraded/certificates/classic")
    reword(tmp_path / "upgraded/certificates/classic", OLD, NEW)
    monkeypatch.setattr(places, "shipped", lambda name: tmp_path / "upgraded")
    issued(operator, "1")
    (page,) = pages(operator, "out").values()
    assert OLD in page


def test_a_correction_keeps_the_look_unless_it_takes_what_the_event_says_now(operator: Operator) -> None:
    """And then it shows that the look changes."""
    design = folder(operator)
    ready(operator)
    does(operator, *ORDER)
    issued(operator, "1")
    reword(design, OLD, NEW)
    first = listed(operator, "one")
    does(operator, "correct", first, "--name", "Anna", "--reason", "typo", "--yes")
    does(operator, "issue", "2", "--workers", "1")
    assert all(OLD in page for page in pages(operator, "after").values())
    said = does(operator, "correct", listed(operator, "two"), "--event", "--reason", "new look", "--yes")
    assert re.search(r"look +modern \(\w{8}\) +modern \(\w{8}\)", said)
    does(operator, "issue", "3", "--workers", "1")
    assert any(NEW in page for page in pages(operator, "last").values())


def listed(operator: Operator, folder: str) -> str:
    """Return the number of the only certificate in force."""
    does(operator, "export", SLUG, "--out", folder)
    manifest = (operator.home / folder / "manifest.csv").read_text(encoding="utf-8-sig").splitlines()
    return manifest[1].split(",")[0]


def test_the_files_stand_once_in_the_register(operator: Operator) -> None:
    """By their digest, however many batches have them; facts say name and digest, and no bytes."""
    folder(operator)
    ready(operator)
    does(operator, *ORDER)
    does(operator, "import", SLUG, report(operator, "late.csv", attended("Dee")), "--yes")
    does(operator, *ORDER)
    with closing(sqlite3.connect(operator.home / "instance/certs.db")) as register:
        ((digest, data),) = register.execute("SELECT sha256, data FROM picture").fetchall()
        facts = [json.loads(text) for (text,) in register.execute("SELECT facts FROM batch")]
    assert [one["design_file"] for one in facts] == [
        {"name": "modern", "sha256": digest, "media_type": "application/zip"}
    ] * 2
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.read("words.toml") == (operator.home / "designs/modern/words.toml").read_bytes()


def test_batches_from_before_are_drawn_as_before(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the folder, for their design was not kept; nor did the trail keep a digest of what was ordered."""
    design = folder(operator)
    ready(operator)
    with monkeypatch.context() as before:
        before.setattr(entered, "digest_of", lambda *_: None)
        does(operator, *ORDER)
    with closing(sqlite3.connect(operator.home / "instance/certs.db")) as register, register:
        ((facts,),) = register.execute("SELECT facts FROM batch").fetchall()
        old = {key: value for key, value in json.loads(facts).items() if key != "design_file"}
        register.execute("UPDATE batch SET facts = ?", (json.dumps(old),))
    reword(design, OLD, NEW)
    issued(operator, "1")
    (page,) = pages(operator, "out").values()
    assert NEW in page


@pytest.mark.parametrize("how", ["file", "variable"])
def test_the_folder_may_be_elsewhere(operator: Operator, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    folder(operator, "looks")
    if how == "file":
        (operator.home / "certs.toml").write_text('designs = "looks"\n')
    else:
        monkeypatch.setenv("CERTS_DESIGNS", str(operator.home / "looks"))
    ready(operator)
    does(operator, *ORDER)


def test_a_folder_that_the_environment_names_must_be_there(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CERTS_DESIGNS", "nowhere")
    assert "CERTS_DESIGNS names nowhere, which is no folder." in does(operator, "event", "list", code=2)


def test_a_name_that_the_program_uses_is_refused(operator: Operator) -> None:
    """By every command that would draw with it, and by the doctor."""
    shutil.copytree(CLASSIC, operator.home / "designs/classic")
    (operator.home / "event.toml").write_text(f'issuer = "Institute"\n{AUCKLAND}')
    assert "two designs “classic”" in does(operator, "event", "add", "event.toml", code=2)
    assert "two designs “classic”" in looks(operator)[0]


def test_the_doctor_says_what_is_missing_changed_or_broken(operator: Operator) -> None:
    design = folder(operator)
    ready(operator)
    assert looks(operator) == []
    does(operator, *ORDER)
    assert looks(operator) == []
    reword(design, OLD, NEW)
    assert f"is not what it was when {SLUG}/1 was ordered" in looks(operator)[0]
    (design / "design.toml").write_text("[")
    assert "The design “modern” cannot be used" in looks(operator)[0]
    shutil.rmtree(design)
    assert looks(operator) == [
        f"The event {SLUG} names the design “modern”, which is not here: nothing new can be ordered for it."
    ]
