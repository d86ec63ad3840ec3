"""What every request passes through: a policy for each mount, limits for bodies, answers that are sent as they come."""

from collections.abc import Iterator

import pytest
from flask import Blueprint, Flask, Response, request

from certs.web.edge import assets, bodies, shared
from certs.web.edge.headers import OWN_SCRIPT, Headers

CSP = "Content-Security-Policy"


@pytest.fixture
def flask() -> Flask:
    """A site of three pages: one that takes 200 kB, one that takes forms, one that streams."""
    flask, pages = Flask("edge"), Blueprint("desk", __name__)

    @pages.post("/desk/upload")
    @bodies.takes(200_000)
    def upload() -> str:
        return str(len(request.get_data()))

    @pages.post("/form")
    def form() -> str:
        return str(len(request.get_data()))

    @pages.get("/list")
    def stream() -> Response:
        return shared.stream(sent(), "text/plain")

    flask.register_blueprint(pages)
    bodies.install(flask)
    flask.wsgi_app = Headers(flask.wsgi_app, secure=False, mounts={"/desk": OWN_SCRIPT})  # type: ignore[method-assign]
    return flask


SENT: list[int] = []


def sent() -> Iterator[bytes]:
    """Ten pieces; says which were asked for."""
    for piece in range(10):
        SENT.append(piece)
        yield b"x"


def test_only_a_mount_may_run_scripts_of_its_own(flask: Flask) -> None:
    """A path that merely begins with the same letters is no part of it."""
    browser = flask.test_client()
    assert "script-src 'self'; connect-src 'self'" in browser.post("/desk/upload").headers[CSP]
    for public in ("/form", "/deskchair", "/", "/V/desk"):
        assert "script-src" not in browser.get(public).headers[CSP]
        assert browser.get(public).headers[CSP].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/desk/upload", 200_000, 200),
        ("/desk/upload", 200_001, 413),
        ("/form", 64 * 1024, 200),
        ("/form", 64 * 1024 + 1, 413),
    ],
)
def test_a_page_takes_what_it_says_and_no_more(flask: Flask, path: str, size: int, status: int) -> None:
    """A large upload somewhere does not open the forms to large bodies."""
    assert flask.test_client().post(path, data=b"x" * size).status_code == status


def test_a_body_without_length_is_held_to_the_limit_as_well(flask: Flask) -> None:
    """Chunks do not announce how many come."""
    from io import BytesIO

    answer = flask.test_client().post(
        "/form", input_stream=BytesIO(b"x" * 70_000), environ_overrides={"wsgi.input_terminated": True}
    )
    assert answer.status_code == 413


def test_a_stream_is_sent_as_it_comes(flask: Flask) -> None:
    """Nothing is made before somebody takes it; other answers are sent in one piece."""
    SENT.clear()
    answer = flask.test_client().get("/list", buffered=False)
    pieces = answer.iter_encoded()
    next(iter(pieces))
    assert len(SENT) < 10
    answer.close()


def test_files_are_named_by_their_digest() -> None:
    """And nothing else beside the pages is sent."""
    assert assets.address("site.css").startswith("/static/site.css?")
    with pytest.raises(KeyError):
        assets.address("../templates.py")
