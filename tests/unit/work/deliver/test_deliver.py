"""Links that last, names that are safe, an export whose manifest says what is in it."""

import csv
import hashlib
import io
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote

import pytest

from certs import claim
from certs.errors import ConflictError, NotFoundError, SigningError
from certs.ground.number import printed
from certs.model import Certificate, PersonKey, Purpose, Roll
from certs.ports import Addressed, Delivery
from certs.work.deliver import COLUMNS, MANIFEST, Links, Site, content_disposition, export, file_name, zipped
from tests.world import NOW, World

BASE = "https://certs.example.org"
REF = "q2m9x7"


@pytest.fixture
def world() -> World:
    return World()


# ---------------------------------------------------------------- links


def test_a_link_leads_to_its_person(world: World) -> None:
    links = Links(world.keys)
    assert links.person_ref(links.token(REF)) == REF


def test_an_old_link_survives_the_rotation_and_retirement_of_its_key(world: World) -> None:
    old, token = world.keys.signer(Purpose.LINK).key, Links(world.keys).token(REF)
    world.keys.new(Purpose.LINK, NOW)
    world.keys.retire(old.kid)
    assert Links(world.keys).person_ref(token) == REF
    assert Links(world.keys).token(REF) != token


def test_links_of_a_compromised_key_end(world: World) -> None:
    """Anybody may have made them; the organiser sends new ones."""
    old, token = world.keys.signer(Purpose.LINK).key, Links(world.keys).token(REF)
    world.keys.new(Purpose.LINK, NOW)
    world.keys.compromise(old.kid, since=NOW)
    with pytest.raises(NotFoundError):
        Links(world.keys).person_ref(token)


def test_every_changed_letter_of_a_token_is_refused(world: World) -> None:
    links = Links(world.keys)
    token = links.token(REF)
    for at, letter in enumerate(token):
        for other in "AQgw":
            if other != letter:
                with pytest.raises(NotFoundError):
                    links.person_ref(token[:at] + other + token[at + 1 :])


@pytest.mark.parametrize("token", ["", ".", REF, f"{REF}.", ".AAAA", "ä.AAAA", "x" * 10_000, f"{REF}.AAAA=", "a b.c"])
def test_what_is_no_token_is_refused(world: World, token: str) -> None:
    with pytest.raises(NotFoundError):
        Links(world.keys).person_ref(token)


def test_a_claim_is_no_token(world: World) -> None:
    with pytest.raises(NotFoundError):
        Links(world.keys).person_ref(world.issue().claim_text)


# ---------------------------------------------------------------- file names


def named(world: World, name: str) -> Certificate:
    issued = world.issue()
    return replace(issued, statement=replace(issued.statement, name=name))


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("Ana Souza", "Ana Souza "),
        ("Нина Петрова", "Нина Петрова "),
        ("محمد عبد الله", "محمد عبد الله "),
        ("王芳", "王芳 "),
        ("../../etc/passwd", "etc passwd "),
        ('a/b\\c:d*e?f"g<h>i|j', "a b c d e f g h i j "),
        ("A\r\nB\0C\u202eD\u200b", "ABCD "),
        ("=cmd()", "cmd() "),
        ("CON.", "CON "),
        ("...", ""),
        ("क्‍ष", "क्‍ष "),
    ],
)
def test_a_file_name_is_readable_and_safe(world: World, name: str, begins: str) -> None:
    certificate = named(world, name)
    assert file_name(certificate) == f"{begins}{printed(certificate.number)}.pdf"


@pytest.mark.parametrize("name", ["x" * 200, "é" * 200, "𠜎" * 200, "क्षि" * 50])
def test_a_long_name_fits_every_file_system(world: World, tmp_path: Path, name: str) -> None:
    certificate = named(world, name)
    assert len(file_name(certificate).encode()) <= 255
    (tmp_path / file_name(certificate)).touch()


def test_the_header_carries_any_script_and_no_line_break(world: World) -> None:
    certificate = named(world, 'Нина "x"; a\r\nSet-Cookie: y')
    header = content_disposition(certificate)
    assert header.isascii()
    assert "\n" not in header
    assert unquote(header.partition("filename*=UTF-8''")[2]) == file_name(certificate)


# ---------------------------------------------------------------- export


@dataclass
class Everything:
    """`ports.Deliveries` over the world's register."""

    world: World

    def roll(self, id_: int) -> Roll | None:
        return self.world.register.roll(id_)

    def addressed(self, slug: str) -> Iterator[Addressed]:
        assert slug == "gmp-2026"
        for at, certificate in enumerate(self.world.register.certificates.values()):
            yield Addressed(certificate, PersonKey("ana@example.org"), f"{slug}/{1 + at}")

    def deliveries(self, slug: str) -> Iterator[Delivery]:
        assert slug == "gmp-2026"
        for number, certificate in self.world.register.certificates.items():
            stored = self.world.register.pdf(number)
            assert stored
            yield Delivery(certificate, PersonKey("ana@example.org"), stored)


def site(world: World, base_url: str = BASE) -> Site:
    return Site(Links(world.keys), base_url, NOW.date(), world.keys)


def run(world: World, out: Path) -> int:
    return export("gmp-2026", Everything(world), site(world), out).files


def rows(manifest: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(manifest.decode("utf-8-sig"), newline="")))


def test_the_manifest_describes_every_file(world: World, tmp_path: Path) -> None:
    ana = world.issue("Ana Souza")
    assert run(world, tmp_path) == 1
    (row,) = rows((tmp_path / MANIFEST).read_bytes())
    assert tuple(row) == COLUMNS
    assert hashlib.sha256((tmp_path / row["file"]).read_bytes()).hexdigest() == row["sha256"] == ana.pdf_sha256
    assert row["verify_url"] == claim.url(BASE, ana.claim_text)
    assert Links(world.keys).person_ref(row["personal_url"].removeprefix(f"{BASE}/me/")) == ana.person_ref


def test_a_site_that_moved_says_what_the_codes_hold_and_where_people_look_now(world: World, tmp_path: Path) -> None:
    ana = world.issue("Ana Souza")
    export("gmp-2026", Everything(world), site(world, "https://elsewhere.example"), tmp_path)
    (row,) = rows((tmp_path / MANIFEST).read_bytes())
    assert row["verify_url"] == claim.url(BASE, ana.claim_text)
    assert row["personal_url"].startswith("https://elsewhere.example/me/")


def test_a_zip_holds_the_same(world: World, tmp_path: Path) -> None:
    for name in ("Ana", "Нина"):
        world.issue(name)
    run(world, tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        listed = {row["file"] for row in rows(archive.read(MANIFEST))}
        assert listed | {MANIFEST} == set(archive.namelist())
        assert archive.testzip() is None


def test_a_zip_that_is_sent_as_it_is_read_holds_the_same_without_links(world: World) -> None:
    """One certificate at a time, the manifest last; what is withdrawn stays behind."""
    for name in ("Ana", "Нина"):
        world.issue(name)
    world.revoke(world.issue("W"))
    pieces = list(zipped("gmp-2026", Everything(world), replace(site(world), links=None)))
    assert len(pieces) == 3
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        listed = rows(archive.read(MANIFEST))
        assert {row["file"] for row in listed} | {MANIFEST} == set(archive.namelist())
        assert {hashlib.sha256(archive.read(row["file"])).hexdigest() for row in listed} == {
            row["sha256"] for row in listed
        }
    assert {row["personal_url"] for row in listed} == {""}


def test_withdrawn_and_replaced_certificates_stay_behind(world: World, tmp_path: Path) -> None:
    withdrawn, old, new = (world.issue(name) for name in ("W", "O", "N"))
    world.revoke(withdrawn)
    world.supersede(old, new)
    assert run(world, tmp_path) == 1
    assert rows((tmp_path / MANIFEST).read_bytes())[0]["name"] == "N"


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\tx", "＝1", " =1"])
def test_no_cell_is_a_formula(world: World, tmp_path: Path, name: str) -> None:
    world.issue(name)
    run(world, tmp_path)
    (row,) = rows((tmp_path / MANIFEST).read_bytes())
    assert row["name"] == f"'{name}"
    assert (tmp_path / row["file"]).is_file()


def test_a_zip_appears_only_when_it_is_whole(world: World, tmp_path: Path) -> None:
    world.issue()
    world.keys.forget(world.keys.signer(Purpose.LINK).key.kid)
    with pytest.raises(SigningError):
        run(world, tmp_path / "all.zip")
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_is_a_conflict(world: World, tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    (tmp_path / "folder.zip").mkdir()
    for name in ("taken", "folder.zip"):
        with pytest.raises(ConflictError, match=name):
            run(world, tmp_path / name)


def test_what_is_exported_is_its_owners_alone(world: World, tmp_path: Path) -> None:
    """Names, addresses and secret links, whatever the umask says; also where an older export lies open."""
    world.issue("Ana")
    out, zipped = tmp_path / "out", tmp_path / "all.zip"
    before = os.umask(0)
    try:
        run(world, out)
        run(world, zipped)
        assert out.stat().st_mode & 0o777 == 0o700
        for file in (*out.iterdir(), zipped):
            assert file.stat().st_mode & 0o777 == 0o600
            file.chmod(0o644)
        run(world, out)
        run(world, zipped)
    finally:
        os.umask(before)
    assert {file.stat().st_mode & 0o777 for file in (*out.iterdir(), zipped)} == {0o600}
