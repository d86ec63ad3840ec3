"""Files from outside the register are ours in form, or refused with what is wrong."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from certs import credential
from certs.errors import InputError
from certs.ground.number import from_bits, printed
from certs.model import Purpose
from certs.work import salvage
from tests.world import World

NUMBER = from_bits(7)
MANIFEST = f"number,name,event,batch,state\r\n{printed(NUMBER)},Ana,gmp,gmp/2,revoked\r\n"
ENTRY = {
    "id": 7, "at": "2026-11-22T12:00:00.000000+00:00", "actor": "ana", "role": "operator", "act": "batch.issue",
    "event": "gmp", "subject": "batch gmp/1", "old": "", "new": "{}", "reason": "", "software": "certs 1",
    "previous": "0" * 64,
}  # fmt: skip


@pytest.fixture
def world() -> World:
    return World()


def refused(path: Path, world: World, kind: str) -> str:
    exports, trails, lists = ([path] if kind == one else [] for one in ("exports", "trails", "lists"))
    with pytest.raises(InputError) as error:
        salvage.read(exports, trails, lists, world.keys)
    return str(error.value)


def test_a_status_list_that_was_changed_or_is_a_strangers_is_refused(world: World, tmp_path: Path) -> None:
    """One bit more would withdraw somebody's certificate."""
    path = tmp_path / "1"
    signer = world.keys.signer(Purpose.CREDENTIAL)
    honest = credential.status_list("https://certs.example.org", 1, [5], world.now, signer)
    path.write_bytes(honest)
    assert list(salvage.read([], [], [path], world.keys).places) == [5]
    assert list(salvage.read([], [], [tmp_path], world.keys).places) == [5]
    more = credential.status_list("https://certs.example.org", 1, [5, 6], world.now, signer)
    forged = json.loads(honest) | {"credentialSubject": json.loads(more)["credentialSubject"]}
    path.write_text(json.dumps(forged))
    assert "not signed by a credential key" in refused(path, world, "lists")
    path.write_bytes(honest)
    assert "not signed by a credential key" in refused(path, World(), "lists")
    for data in (b"", b"[]", b"{}", b'{"proof": [{}]}', honest[:-20]):
        path.write_bytes(data)
        assert "no status list that we write" in refused(path, world, "lists")


def test_a_changed_entry_of_a_trail_is_refused(world: World, tmp_path: Path) -> None:
    """Its digest tells."""
    path = tmp_path / "trail.json"
    path.write_text(json.dumps({"entries": [ENTRY | {"sha256": "0" * 64}]}))
    assert "entry 7 was changed" in refused(path, world, "trails")
    for text in ("{}", '{"entries": [{}]}', "name,mail\r\nAna,x\r\n", "\x00"):
        path.write_text(text)
        assert "audit trail" in refused(path, world, "trails")


def test_an_export_is_read_as_folder_archive_or_manifest(world: World, tmp_path: Path) -> None:
    """And nothing else is one."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("manifest.csv", MANIFEST)
    (tmp_path / "export.zip").write_bytes(packed.getvalue())
    (tmp_path / "manifest.csv").write_text(MANIFEST)
    for path in (tmp_path, tmp_path / "export.zip", tmp_path / "manifest.csv"):
        found = salvage.read([path], [], [], world.keys)
        ((number, one),) = found.seen.items()
        assert (number, one.name, one.state, found.batches) == (NUMBER, "Ana", "revoked", {"gmp": 2})
    other = tmp_path / "other.csv"
    for text, said in (
        ("name\r\nAna\r\n", "lacks number"),
        (MANIFEST.replace(printed(NUMBER), "0000-0000-0001"), "other.csv:2"),
    ):
        other.write_text(text)
        assert said in refused(other, world, "exports")
    assert "cannot be read" in refused(tmp_path / "none.csv", world, "exports")
