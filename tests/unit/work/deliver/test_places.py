"""What an export leaves in a folder: what belongs there now, and everything that is not its own."""

import csv
import io
import json
import stat
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from certs.errors import ConflictError, InputError, StorageError
from certs.work.deliver import MANIFEST, Exported, Wanted, export, file_name
from certs.work.deliver.places import INDEX
from tests.unit.work.deliver.test_deliver import Everything, rows, site
from tests.world import EVENT, NOW, World


@pytest.fixture
def world() -> World:
    return World()


def run(world: World, out: Path, wanted: Wanted | None = None) -> Exported:
    return export("gmp-2026", Everything(world), site(world), out, wanted or Wanted())


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {MANIFEST, INDEX}


def test_what_is_replaced_or_revoked_leaves_the_folder(world: World, tmp_path: Path) -> None:
    old, gone, kept = (world.issue(name) for name in ("Old", "Gone", "Kept"))
    run(world, tmp_path)
    new = world.issue("New")
    world.supersede(old, new)
    world.revoke(gone)
    done = run(world, tmp_path)
    assert (done.files, done.removed, done.changed) == (2, 2, [])
    assert names(tmp_path) == {file_name(kept), file_name(new)}


def test_a_strangers_file_is_never_touched(world: World, tmp_path: Path) -> None:
    """Not even one that is called like a certificate, nor one that took the place of an exported file."""
    ana, ben = world.issue("Ana"), world.issue("Ben")
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "Cy 0000-0000-0000.pdf").write_text("mine, too")
    run(world, tmp_path)
    (tmp_path / file_name(ben)).write_bytes(b"signed by hand")
    world.revoke(ana)
    world.revoke(ben)
    done = run(world, tmp_path)
    assert (done.removed, done.changed) == (1, [file_name(ben)])
    assert names(tmp_path) == {"notes.txt", "Cy 0000-0000-0000.pdf", file_name(ben)}
    assert run(world, tmp_path).changed == []
    assert file_name(ben) in names(tmp_path)


@pytest.mark.parametrize("what", ["pdf", "manifest", "link"])
def test_a_file_in_the_way_stops_the_export(world: World, tmp_path: Path, what: str) -> None:
    """Nothing is written then."""
    ana, _ = world.issue("Ana"), world.issue("Ben")
    place = tmp_path / (MANIFEST if what == "manifest" else file_name(ana))
    if what == "link":
        (tmp_path / "elsewhere").write_text("mine")
        place.symlink_to(tmp_path / "elsewhere")
    else:
        place.write_text("mine")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(ConflictError, match="was not written by certs"):
        run(world, tmp_path)
    assert sorted(tmp_path.iterdir()) == before
    assert place.read_text() == "mine"


def test_a_manifest_that_somebody_changed_is_not_overwritten(world: World, tmp_path: Path) -> None:
    """It may hold notes; the sentence says what to do."""
    world.issue("Ana")
    run(world, tmp_path)
    with (tmp_path / MANIFEST).open("a") as manifest:
        manifest.write("a note\r\n")
    with pytest.raises(ConflictError, match="was changed since it was exported"):
        run(world, tmp_path)


def test_a_folder_of_an_older_program_is_known_by_its_manifest(world: World, tmp_path: Path) -> None:
    """It had no index, and no byte order mark."""
    ana = world.issue("Ana")
    run(world, tmp_path)
    (tmp_path / INDEX).unlink()
    lines = list(csv.reader(io.StringIO((tmp_path / MANIFEST).read_bytes().decode("utf-8-sig"), newline="")))
    with (tmp_path / MANIFEST).open("w", newline="") as manifest:
        csv.writer(manifest).writerows(line[:7] for line in lines)
    world.revoke(ana)
    assert run(world, tmp_path).removed == 1
    assert names(tmp_path) == set()


@pytest.mark.parametrize("name", ["../stranger.pdf", "/tmp/stranger.pdf", "..", ".", ""])
def test_an_index_never_leads_out_of_its_folder(world: World, tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (tmp_path / "stranger.pdf").write_bytes(b"x")
    digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    (out / INDEX).write_text(json.dumps({"files": {name: digest}}))
    run(world, out)
    assert (tmp_path / "stranger.pdf").is_file()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"files": 3}', "{}"])
def test_a_damaged_index_stops_the_export(world: World, tmp_path: Path, content: str) -> None:
    (tmp_path / INDEX).write_text(content)
    with pytest.raises(ConflictError, match="damaged"):
        run(world, tmp_path)


def test_an_export_that_breaks_off_leaves_the_old_manifest_with_its_files(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the next one knows what the broken one had written."""
    old, early, late = (world.issue(name) for name in ("Old", "Early", "Late"))
    keep = dict(world.register.certificates)
    world.register.certificates = {old.number: old}
    run(world, tmp_path)
    before = (tmp_path / MANIFEST).read_bytes()
    world.register.certificates = {n: one for n, one in keep.items() if n != old.number}
    write = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        if world.register.pdfs[late.number] == content:
            raise OSError(28, "No space left on device", str(path))
        return write(path, content)

    with monkeypatch.context() as broken:
        broken.setattr(Path, "write_bytes", full)
        with pytest.raises(StorageError, match="No space left"):
            run(world, tmp_path)
    assert (tmp_path / MANIFEST).read_bytes() == before
    assert names(tmp_path) == {file_name(old), file_name(early)}
    assert run(world, tmp_path).removed == 1
    assert names(tmp_path) == {file_name(early), file_name(late)}


def test_everything_is_for_its_owner_alone(world: World, tmp_path: Path) -> None:
    """Links are secrets: in the folder, in the ZIP file and inside it."""
    world.issue("Ana")
    run(world, tmp_path / "out")
    run(world, tmp_path / "all.zip")
    run(world, tmp_path / "list.csv", Wanted(manifest_only=True))
    places = [*(tmp_path / "out").iterdir(), tmp_path / "all.zip", tmp_path / "list.csv"]
    assert {stat.S_IMODE(place.stat().st_mode) for place in places} == {0o600}
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert {info.external_attr >> 16 for info in archive.infolist()} == {0o600}


def test_a_zip_file_of_somebody_else_stays(world: World, tmp_path: Path) -> None:
    world.issue("Ana")
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        archive.writestr("a.jpg", b"x")
    (tmp_path / "empty.zip").write_bytes(b"")
    for name in ("photos.zip", "empty.zip"):
        with pytest.raises(ConflictError, match="was not written by an export"):
            run(world, tmp_path / name)
    run(world, tmp_path / "all.zip")
    run(world, tmp_path / "all.zip")


# ---------------------------------------------------------------- what is wanted


def test_the_manifest_says_what_each_certificate_is(world: World, tmp_path: Path) -> None:
    ana = world.issue("Ana", event=replace(EVENT, language="fr"))
    spoke = world.issue("Ben", event=replace(EVENT, heading="Certificate of Contribution"))
    run(world, tmp_path)
    first, second = sorted(rows((tmp_path / MANIFEST).read_bytes()), key=lambda row: row["name"])
    assert (first["event"], first["kind"], first["batch"]) == ("gmp-2026", "attendance", "gmp-2026/1")
    assert (first["title"], first["language"]) == ("Attestation de participation", "fr")
    assert (first["issued_on"], first["state"]) == (ana.statement.issued_on.isoformat(), "valid")
    assert (second["title"], second["number"].replace("-", "")) == ("Certificate of Contribution", spoke.number)


def test_all_states_are_listed_on_request_without_a_file(world: World, tmp_path: Path) -> None:
    old, gone = world.issue("Old"), world.issue("Gone")
    world.issue("Late", event=replace(EVENT, valid_until=date(2026, 11, 21)))
    world.supersede(old, world.issue("New"))
    world.revoke(gone)
    done = run(world, tmp_path, Wanted(all_states=True))
    assert (done.files, done.listed) == (2, 4)
    states = {row["name"]: (row["state"], bool(row["file"])) for row in rows((tmp_path / MANIFEST).read_bytes())}
    assert states == {
        "Old": ("replaced", False),
        "Gone": ("revoked", False),
        "New": ("valid", True),
        "Late": ("expired", True),
    }


def test_a_part_can_be_exported(world: World, tmp_path: Path) -> None:
    """By kind, batch and moment, and all of them together."""
    world.issue("Early", registered_at=NOW - timedelta(days=9))
    world.issue("Late", registered_at=NOW)
    for out, wanted, expected in (
        ("batch", Wanted(batches=["gmp-2026/1"]), ["Early"]),
        ("since", Wanted(since=NOW), ["Late"]),
        ("kind", Wanted(kinds=["attendance"], since=NOW - timedelta(days=1)), ["Late"]),
        ("none", Wanted(batches=["gmp-2026/1"], since=NOW), []),
    ):
        run(world, tmp_path / out, wanted)
        assert [row["name"] for row in rows((tmp_path / out / MANIFEST).read_bytes())] == expected
    with pytest.raises(InputError, match="there are attendance"):
        run(world, tmp_path / "x", Wanted(kinds=["speaker"]))


def test_the_manifest_alone_leaves_the_files_that_are_there(world: World, tmp_path: Path) -> None:
    ana = world.issue("Ana")
    run(world, tmp_path)
    world.revoke(ana)
    done = run(world, tmp_path, Wanted(manifest_only=True))
    assert (done.files, done.listed, names(tmp_path)) == (0, 0, {file_name(ana)})
    assert run(world, tmp_path).removed == 1


def test_the_manifest_alone_may_have_any_name(world: World, tmp_path: Path) -> None:
    world.issue("Ana")
    for _ in range(2):
        run(world, tmp_path / "new.csv", Wanted(manifest_only=True))
    (tmp_path / "other.csv").write_text("name\nAna\n")
    with pytest.raises(ConflictError, match="was not written by an export"):
        run(world, tmp_path / "other.csv", Wanted(manifest_only=True))
    with pytest.raises(InputError, match=r"ends in \.csv"):
        run(world, tmp_path / "x.zip", Wanted(manifest_only=True))
