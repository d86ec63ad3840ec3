"""What is served at `/offline/`: its policy, its manifest, what keeps it."""

import re

from certs.model import Purpose
from tests.web.cast import visitor
from tests.world import World


def test_the_page_may_run_its_own_script_and_use_the_camera_and_others_may_not(world: World) -> None:
    """By its digest, which is that of the page; nothing else on the site changes."""
    page, other = (visitor(world).get(path) for path in ("/offline/", "/keys"))
    policy = page.headers["Content-Security-Policy"]
    digest = re.findall(r"script-src ('sha256-[^']+')", page.get_data(as_text=True))
    assert digest
    assert f"script-src {digest[0]};" in policy
    assert policy.count("style-src") == policy.count("img-src") == policy.count("script-src") == 1
    assert "unsafe" not in policy
    assert page.headers["Permissions-Policy"] == "camera=(self), geolocation=(), microphone=()"
    assert "script-src" not in other.headers["Content-Security-Policy"]
    assert other.headers["Permissions-Policy"] == "camera=(), geolocation=(), microphone=()"


def test_it_carries_our_keys_and_no_list(world: World) -> None:
    text = visitor(world).get("/offline/").get_data(as_text=True)
    assert f'"kid": "{world.keys.signer(Purpose.CLAIM).key.kid}"'.replace(": ", ":") in text
    assert '"list":""' in text


def test_another_page_has_another_worker(world: World) -> None:
    """So a browser that kept the one of before asks for it."""
    before = visitor(world).get("/offline/worker.js").data
    assert visitor(world).get("/offline/worker.js").data == before
    world.keys.new(Purpose.CLAIM)
    assert visitor(world).get("/offline/worker.js").data != before


def test_a_site_below_a_path_keeps_to_it(world: World) -> None:
    told = visitor(world, "https://example.org/certs").get("/certs/offline/manifest.json").get_json()
    assert (told["scope"], told["start_url"]) == ("/certs/offline/", "/certs/offline/")
    assert told["icons"][0]["src"] == "/certs/static/icon.svg"
