"""Downloads: certificates, their list, and the links, which are handed out to an organiser with her password alone."""

import io
import zipfile
from dataclasses import replace

import pytest

from certs.web.console.desk import DESK
from certs.work import record
from tests.web.console.conftest import PASSWORD, SLUG, Desk
from tests.web.console.test_certificates import issued
from tests.world import World

__all__ = ["issued"]
PAGE = f"/desk/{SLUG}/downloads"
FILES = ("certificates.zip", "manifest.csv", "links.csv")


@pytest.fixture(autouse=True)
def checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the register holds here was signed by nobody; that it is looked at is tested elsewhere."""
    monkeypatch.setattr(record, "checked", lambda *_: True)


@pytest.fixture
def linked(issued: Desk) -> Desk:
    """The desk whose keys sign links, too."""
    parts = issued.flask.extensions[DESK]
    issued.flask.extensions[DESK] = replace(parts, keys=World().keys)
    return issued


def test_the_certificates_come_as_one_file_with_their_list_and_without_links(issued: Desk) -> None:
    ana = issued.browser("ana@example.org")
    assert "2 PDFs in one ZIP file" in ana.get(PAGE).text
    answer = ana.get(f"{PAGE}/certificates.zip")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{SLUG}.zip"'
    assert answer.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert len(archive.namelist()) == 3
        assert b"ana.souza@example.org" in archive.read("manifest.csv")
        assert b"/me/" not in archive.read("manifest.csv")
    assert b"/me/" not in ana.get(f"{PAGE}/manifest.csv").data


def test_links_need_the_password_of_late(linked: Desk) -> None:
    ana = linked.browser("ana@example.org")
    assert ana.get(f"{PAGE}/links.csv").data.count(b"/me/") == 2
    linked.later(minutes=11)
    answer = ana.get(f"{PAGE}/links.csv")
    assert answer.headers["Location"] == f"/sign-in/again?next={PAGE}/links.csv"
    answer = ana.submit("/sign-in/again", password=PASSWORD, next=f"{PAGE}/links.csv")
    assert answer.headers["Location"] == f"{PAGE}/links.csv"
    assert ana.get(f"{PAGE}/links.csv").data.count(b"/me/") == 2


@pytest.mark.parametrize("email", ["ben@example.org", "vera@example.org"])
def test_nobody_but_organisers_takes_anything_away(issued: Desk, email: str) -> None:
    browser = issued.browser(email)
    assert [browser.get(f"{PAGE}/{name}").status_code for name in FILES] == [403, 403, 403]
    assert PAGE not in browser.get(f"/desk/{SLUG}/certificates").text


def test_without_certificates_there_is_nothing_to_take(desk: Desk) -> None:
    ana = desk.browser("ana@example.org")
    assert "Nothing is issued yet." in ana.get(PAGE).text
    with zipfile.ZipFile(io.BytesIO(ana.get(f"{PAGE}/certificates.zip").data)) as archive:
        assert archive.namelist() == ["manifest.csv"]
