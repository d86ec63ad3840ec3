"""Behind a personal link: hers, all of hers, and nothing else, for anybody else nothing."""

import hashlib
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient

from certs.ground.number import printed
from certs.work.deliver import Links
from tests.web.cast import personal_path, visitor
from tests.world import World


@pytest.fixture
def participant(world: World) -> FlaskClient:
    return visitor(world)


@pytest.fixture
def stranger(world: World) -> FlaskClient:
    return visitor(world)


def test_she_sees_her_facts_and_can_download(world: World, participant: FlaskClient) -> None:
    ana = world.issue("Ana Souza")
    page = participant.get(personal_path(world, ana)).get_data(as_text=True)
    assert "Ana Souza" in page
    assert "Valid</b>." in page
    assert f'href="{personal_path(world, ana)}/{printed(ana.number)}.pdf"' in page


def test_she_does_not_see_others(world: World, participant: FlaskClient) -> None:
    ana, ben = world.issue("Ana Souza"), world.issue("Ben Okri")
    assert "Ben" not in participant.get(personal_path(world, ana)).get_data(as_text=True)
    assert participant.get(f"{personal_path(world, ana)}/{ben.number}.pdf").status_code == 404


def test_the_download_is_the_issued_file_under_a_readable_name(world: World, participant: FlaskClient) -> None:
    nina = world.issue("Нина Петрова")
    response = participant.get(f"{personal_path(world, nina)}/{printed(nina.number)}.pdf")
    assert response.mimetype == "application/pdf"
    assert hashlib.sha256(response.data).hexdigest() == nina.pdf_sha256
    assert "Нина Петрова" in unquote(response.headers["Content-Disposition"])


def test_a_replaced_certificate_stands_beside_its_correction(world: World, participant: FlaskClient) -> None:
    old, new = world.issue("Ana Suza"), world.issue("Ana Souza")
    world.supersede(old, new)
    page = participant.get(personal_path(world, old)).get_data(as_text=True)
    assert page.index("Ana Souza") < page.index("Ana Suza")
    assert "Replaced</b>." in page


def test_opening_the_link_changes_nothing(world: World, participant: FlaskClient) -> None:
    """Scanners of mail prefetch every link, with GET and HEAD."""
    path = personal_path(world, world.issue())
    pages = [participant.get(path).data for _ in range(3)]
    assert participant.head(path).status_code == 200
    assert len(set(pages)) == 1


def test_a_stranger_cannot_tell_a_forged_link_from_one_of_nobody(world: World, stranger: FlaskClient) -> None:
    forged = stranger.get("/me/abc.def")
    nobody = stranger.get(f"/me/{Links(world.keys).token('nobody')}")
    assert forged.status_code == nobody.status_code == 404
    assert forged.data == nobody.data


def test_a_stranger_gets_no_file_without_the_link(world: World, stranger: FlaskClient) -> None:
    ana = world.issue()
    for path in (f"/c/{ana.number}.pdf", f"/me/{ana.person_ref}", f"/me/{ana.person_ref}/{ana.number}.pdf"):
        response = stranger.get(path)
        assert response.status_code in {400, 404}
        assert b"%PDF" not in response.data


@pytest.mark.parametrize("typed", ["x", "0" * 12, "..%2f..", "7K3M-9QXZ-2P4C"])
def test_odd_numbers_behind_a_right_link_are_not_found(world: World, participant: FlaskClient, typed: str) -> None:
    assert participant.get(f"{personal_path(world, world.issue())}/{typed}.pdf").status_code == 404


def test_a_withdrawn_link_says_so_and_nothing_about_her(world: World, participant: FlaskClient) -> None:
    """The page and the download; whoever verifies the certificate sees no change."""
    ana = world.issue("Ana Souza")
    verified = participant.get(f"/c/{ana.number}").data
    world.register.withdrawn.add(ana.person_ref)
    for path in (personal_path(world, ana), f"{personal_path(world, ana)}/{printed(ana.number)}.pdf"):
        response = participant.get(path)
        assert response.status_code == 404
        assert "This personal link was withdrawn" in response.get_data(as_text=True)
        assert "Ana" not in response.get_data(as_text=True)
    assert participant.get(f"/c/{ana.number}").data == verified
