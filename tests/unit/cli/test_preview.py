"""`certs preview`, as somebody types it."""

import json

from tests.unit.cli.conftest import Operator
from tests.unit.cli.test_evidence import EVENT, organiser

__all__ = ["organiser"]


def test_a_preview_needs_no_key_and_tells_whose_pages_they_are(organiser: Operator) -> None:
    """One file, for its owner alone; those who would have none are said on the side."""
    (organiser.home / "small.toml").write_text(EVENT.replace("sessions = 2", "sessions = 1"))
    assert organiser.types("event", "add", "small.toml", "--yes").code == 0
    said = organiser.types("preview", "small")
    assert said.code == 0
    assert said.out.splitlines() == [
        "  Ana Souza (attendance)",
        "  Ben Okri (attendance)",
        "2 specimens in specimen.pdf. It certifies nothing; nothing was ordered.",
    ]
    file = organiser.home / "specimen.pdf"
    assert file.read_bytes().startswith(b"%PDF-")
    assert file.stat().st_mode & 0o777 == 0o600
    one = organiser.types("preview", "small", "ana@example.org", "cy@example.org", "--out", "look.pdf", "--json")
    made = json.loads(one.out)
    assert (made["file"], made["pages"]) == ("look.pdf", [{"name": "Ana Souza", "kind": "attendance"}])
    assert made["left_out"][0].startswith("Cy Twombly (cy@example.org) would have no certificate")
    assert organiser.types("preview", "small", "nobody@example.org").code == 4
    assert organiser.types("preview", "small", "--out", "nowhere/x.pdf").code == 7


def test_a_file_that_is_no_preview_is_not_written_over(organiser: Operator) -> None:
    """Settings, an export, a certificate: none is lost by a slip of the tongue; the last preview is replaced."""
    (organiser.home / "small.toml").write_text(EVENT.replace("sessions = 2", "sessions = 1"))
    assert organiser.types("event", "add", "small.toml", "--yes").code == 0
    (organiser.home / "other.pdf").write_bytes(b"%PDF-1.7 a certificate")
    assert organiser.types("preview", "small", "--out", "/dev/full").code == 5
    for name in ("small.toml", "other.pdf"):
        before = (organiser.home / name).read_bytes()
        said = organiser.types("preview", "small", "--out", name)
        assert (said.code, said.err) == (
            5,
            f"certs: {name} is no specimen that was printed here. Move it away, or name another file.\n",
        )
        assert (organiser.home / name).read_bytes() == before
    for _ in range(2):
        assert organiser.types("preview", "small", "ana@example.org", "--out", "look.pdf").code == 0
    assert sorted(one.name for one in organiser.home.glob("*look*")) == ["look.pdf"]


def test_a_folder_takes_a_file_for_each(organiser: Operator) -> None:
    """For their owner alone, named by whose they are; a name that no file system takes does no harm."""
    text = EVENT.replace("sessions = 2", "sessions = 1")
    (organiser.home / "small.toml").write_text(text)
    assert organiser.types("event", "add", "small.toml", "--yes").code == 0
    assert organiser.types("name", "small", "ben@example.org", "Ben / Okri", "--insist").code == 0
    assert organiser.types("preview", "small", "--out", "looks").code == 0
    folder = organiser.home / "looks"
    assert sorted(one.name.split(" ", 1)[1] for one in folder.iterdir()) == [
        "Ana Souza attendance.pdf",
        "Ben Okri attendance.pdf",
    ]
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {one.stat().st_mode & 0o777 for one in folder.iterdir()} == {0o600}
    assert all(one.read_bytes().startswith(b"%PDF-") for one in folder.iterdir())
    made = json.loads(organiser.types("preview", "small", "ana@example.org", "--out", "looks", "--json").out)
    assert made["pages"] == [{"name": "Ana Souza", "kind": "attendance", "file": "looks/01 Ana Souza attendance.pdf"}]
