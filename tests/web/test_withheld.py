"""The public pages of a certificate whose person was erased: genuine, and nameless in every language."""

import pytest

from certs.ground.number import printed
from certs.wording import LANGUAGES
from tests.web.cast import personal_path, visitor
from tests.world import World


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("by", ["code", "number"])
def test_the_page_is_valid_and_shows_no_name(world: World, by: str, language: str) -> None:
    ana = world.issue("Ana Souza")
    world.withhold(ana)
    path = f"/V/{ana.claim_text}" if by == "code" else f"/c/{ana.number}"
    page = visitor(world).get(f"{path}?lang={language}").get_data(as_text=True)
    assert "Souza" not in page
    assert '"valid"' in page or " valid" in page
    assert ("Held, withheld at the person" in page) is (language == "en")


def test_her_credential_and_her_own_page_are_gone(world: World) -> None:
    """The credential states her name; her link is withdrawn with her."""
    ana = world.issue("Ana Souza")
    assert visitor(world).get(personal_path(world, ana)).status_code == 200
    world.withhold(ana)
    answer = visitor(world).get(f"/c/{printed(ana.number)}/credential.json")
    assert (answer.status_code, b"Souza" in answer.data) == (404, False)
