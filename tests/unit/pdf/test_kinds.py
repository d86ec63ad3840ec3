"""A kind's own title and what its people did are printed, in every language of the design."""

from dataclasses import replace

import pytest

from certs.model import EventFacts, SessionId, Statement
from certs.pdf import Design, draw_plate, lint
from tests.unit.pdf import cast

CLASSIC = Design.load("classic")
SPEAKER = replace(cast.EVENT, heading="Certificate of contribution", spoke=True)


def printed(statement: Statement) -> tuple[bytes, list[str]]:
    """Return the tail of *statement*, whose page the look at it finds right, and its texts."""
    plate = draw_plate(CLASSIC, [statement], cast.BASE_URL, cast.sealer())
    imprint = plate.imprint(statement, cast.claim_url(statement))
    expected = plate.expected(statement)
    assert lint(plate.data + imprint.tail, statement, cast.claim_url(statement), expected) == []
    return imprint.tail, [*expected.words, *expected.marks.split()]


def spoken_at(event: EventFacts, *sessions: str) -> Statement:
    """Return a statement of somebody who was there in *sessions*."""
    return replace(cast.statement(event=event), attended=frozenset(map(SessionId, sessions)), quarter_hours=6)


def test_the_title_of_a_kind_is_heading_and_title_of_the_document() -> None:
    statement = spoken_at(SPEAKER, "1", "3")
    tail, texts = printed(statement)
    assert "Certificate of contribution" in texts
    assert "Certificate of Attendance" not in texts
    title = "Certificate of contribution – cGMP Training Marathon 2026 – Jana Nováková"
    assert title.encode() in tail


def test_without_a_title_the_heading_stays_the_designs() -> None:
    """Registers of before have facts without one."""
    statement = cast.statement()
    tail, texts = printed(statement)
    assert "Certificate of Attendance" in texts
    assert "Certificate of Attendance – cGMP Training Marathon 2026 – Jana Nováková".encode() in tail


def test_a_speaker_spoke() -> None:
    _, texts = printed(spoken_at(SPEAKER, "1", "3"))
    assert "spoke at 2 of the 8 sessions, present for 1.5 hours altogether, of" in texts
    assert texts.count("spoke") == 2
    assert not [text for text in texts if text.startswith("attended")]
    _, texts = printed(spoken_at(SPEAKER, *"12345678"))
    assert "spoke at all 8 sessions, present for 1.5 hours altogether, of" in texts
    _, texts = printed(spoken_at(replace(SPEAKER, sessions=SPEAKER.sessions[:1]), "1"))
    assert "spoke, present for 1.5 hours, at" in texts


def test_what_the_event_says_people_did_goes_before_what_the_design_says() -> None:
    led = replace(SPEAKER, attended="led")
    _, texts = printed(spoken_at(led, "2"))
    assert "led 1 of the 8 sessions, present for 1.5 hours altogether, of" in texts
    assert texts.count("yes") == 1
    _, texts = printed(spoken_at(replace(led, sessions=led.sessions[:1]), "1"))
    assert "led, present for 1.5 hours," in texts


@pytest.mark.parametrize(
    ("language", "spoke", "did"),
    [
        ("fr", "a pris la parole à 1 des 8 séances, présence de 1,5 heure au total, de", "a animé 1 des 8 séances"),
        (
            "es",
            "intervino en 1 de las 8 sesiones, con 1,5 horas de presencia en total, de",
            "dirigió 1 de las 8 sesion",
        ),
    ],
)
def test_in_every_language(language: str, spoke: str, did: str) -> None:
    event = replace(SPEAKER, language=language)
    assert spoke in printed(spoken_at(event, "1"))[1]
    own = replace(event, attended=did.partition(" 1 ")[0])
    assert any(text.startswith(did) for text in printed(spoken_at(own, "1"))[1])
