"""What certificates of an event could not say is refused before anybody attends."""

from pathlib import Path

import pytest

from certs import eligibility, eventfile
from certs.errors import InputError
from certs.model import Event
from certs.pdf import Design
from certs.work import rehearsal
from tests.unit.pdf import cast

EVENTS = Path(__file__).parent / "events"
SITE = "https://certs.example.org"
FRENCH = (EVENTS / "french.toml").read_text(encoding="utf-8")


def event_of(text: str) -> Event:
    return eventfile.parse(text, "event.toml")


def refusal(text: str) -> str:
    with pytest.raises(InputError) as caught:
        rehearsal.check(event_of(text), SITE, "event.toml")
    return str(caught.value)


@pytest.mark.parametrize("name", ["sessions-18", "sessions-8-long-titles", "french"])
def test_what_has_room_is_taken(name: str) -> None:
    """Eighteen sessions, eight long titles, another language."""
    rehearsal.check(event_of((EVENTS / f"{name}.toml").read_text(encoding="utf-8")), SITE, "event.toml")


def test_more_sessions_than_a_page_lists_are_refused() -> None:
    """Unless the event wants no list."""
    session = (
        '[[sessions]]\nid = "{0}"\ntitle = "Part {0}"\nstart = 2026-11-{0:02}T09:00:00\nend = 2026-11-{0:02}T10:00:00\n'
    )
    many = FRENCH.partition("[[sessions]]")[0] + "".join(session.format(i) for i in range(1, 26))
    assert "lists at most 24 sessions, and the event has 25" in refusal(many)
    rehearsal.check(event_of("list_sessions = false\n" + many), SITE, "event.toml")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("Directrice de la formation", "Directrice " + "de la formation " * 18, "is too long for its place"),
        ('place = "Genève"', 'place = "' + "Genève " * 42 + '"', "is too long for its place"),
        ('title = "Data integrity"', 'title = "Data integrity 𓀀"', "No font has the character"),
        ('language = "fr"', 'language = "pl"', "has no words in “pl”"),
        ('place = "Genève"', 'design = "nowhere"', "There is no design “nowhere”"),
    ],
)
def test_words_without_room_or_glyph_are_refused(old: str, new: str, says: str) -> None:
    """Those of the event, before a batch would stop for them."""
    assert old in FRENCH
    assert says in refusal(FRENCH.replace(old, new))


LANGUAGES = {
    "en": (
        "Attended at least 6 of 8 sessions, each for at least 50 % of its scheduled time.",
        "Attended all 8 sessions.",
        "Attended at least 1 of 8 sessions for at least 33.3 % of its scheduled time.",
        "Attended Data integrity and HVAC systems, part 1.",
        "Was present for at least 75 % of the time of all sessions and attended Data integrity.",
        "Was present for at least 1 minute of all sessions.",
        "Was present for at least 90 minutes of all sessions or attended all 8 sessions.",
    ),
    "fr": (
        "A suivi au moins 6 des 8 séances, chacune pendant au moins 50 % de sa durée prévue.",
        "A suivi les 8 séances.",
        "A suivi au moins 1 des 8 séances pendant au moins 33,3 % de sa durée prévue.",
        "A suivi Data integrity et HVAC systems, part 1.",
        "A suivi Data integrity et a suivi au moins 75 % de la durée totale des séances.",
        "A suivi au moins 1 minute de l’ensemble des séances.",
        "A suivi au moins 90 minutes de l’ensemble des séances ou a suivi les 8 séances.",
    ),
    "es": (
        "Asistió al menos a 6 de las 8 sesiones, a cada una durante al menos el 50 % de su duración prevista.",
        "Asistió a las 8 sesiones.",
        "Asistió al menos a 1 de las 8 sesiones durante al menos el 33,3 % de su duración prevista.",
        "Asistió a Data integrity y HVAC systems, part 1.",
        "Asistió a Data integrity y asistió al menos al 75 % del tiempo total de las sesiones.",
        "Asistió durante al menos 1 minuto a las sesiones.",
        "Asistió durante al menos 90 minutos a las sesiones o asistió a las 8 sesiones.",
    ),
}
RULES = (
    "sessions = 6\nshare = 0.5",
    "sessions = 8",
    "sessions = 1\nshare = 0.333",
    'required = ["2", "6"]',
    'percent = 75\nrequired = ["2"]',
    "minutes = 1",
    "any = [{ minutes = 90 }, { sessions = 8 }]",
)


def criteria(text: str, language: str, *, granted: bool = False) -> str:
    event = event_of(text.replace('language = "fr"', f'language = "{language}"'))
    return rehearsal.facts_of(event, event.kinds[0], demo=False, granted=granted).criteria


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", range(len(RULES)))
def test_the_rule_is_said_in_the_certificates_language(language: str, number: int) -> None:
    """Every condition, singular and plural, numbers as they are written there."""
    text = FRENCH.replace("sessions = 6\nshare = 0.5", RULES[number])
    said, wanted = criteria(text, language), LANGUAGES[language][number]
    assert sorted(said.lower().rstrip(".").split()) == sorted(wanted.lower().rstrip(".").split())


@pytest.mark.parametrize(
    ("language", "rule", "said"),
    [
        ("en", "sessions = 1\nshare = 0.5", "Attended the session for at least 50 % of its scheduled time."),
        ("en", "percent = 75", "Was present for at least 75 % of the session."),
        ("en", "minutes = 30", "Was present for at least 30 minutes of the session."),
        ("fr", "sessions = 1\nshare = 0.5", "A suivi la séance pendant au moins 50 % de sa durée prévue."),
        ("fr", "percent = 75", "A suivi au moins 75 % de la séance."),
        ("es", "sessions = 1", "Asistió a la sesión."),
        ("es", "minutes = 30", "Asistió durante al menos 30 minutos a la sesión."),
    ],
)
def test_a_single_session_is_not_counted(language: str, rule: str, said: str) -> None:
    """Nobody attends at least 1 of 1 session."""
    head, _, sessions = FRENCH.replace("sessions = 6\nshare = 0.5", rule).partition("[[sessions]]")
    text = head + "[[sessions]]" + sessions.partition("[[sessions]]")[0]
    assert criteria(text, language) == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_granted_is_said_and_found_in_every_language(language: str) -> None:
    """So that a correction says it again."""
    event = event_of(FRENCH.replace('language = "fr"', f'language = "{language}"'))
    facts = [rehearsal.facts_of(event, event.kinds[0], demo=False, granted=granted) for granted in (True, False)]
    assert [rehearsal.granted(one) for one in facts] == [True, False]


def test_english_phrases_are_those_of_the_program() -> None:
    """`certs decide` and an English certificate say a rule alike."""
    assert rehearsal.phrases("classic", "en") == eligibility.Phrases()


def test_times_of_a_session_are_local() -> None:
    """As its zone has them, not UTC."""
    event = event_of(FRENCH)
    assert {line.times for line in rehearsal.facts_of(event, event.kinds[0], demo=False).sessions} == {"09:00–11:00"}


def test_a_title_too_long_for_the_code_is_refused_and_a_short_one_helps() -> None:
    """Rather than found out when nobody gets a certificate."""
    text = (EVENTS / "title-ru-146.toml").read_text(encoding="utf-8")
    long = text.replace("биопрепаратов", "биопрепаратов " + "и вакцин " * 15)
    said = refusal(long)
    assert "is too long for the QR code" in said
    assert 'short_title = "…"' in said
    rehearsal.check(event_of('short_title = "Марафон GMP 2026"\n' + text), SITE, "event.toml")


def test_a_name_too_long_for_the_code_is_said() -> None:
    """With how much of it fits; one character less than that is taken."""
    facts = cast.EVENT
    room = rehearsal.name_room(facts, "attendance", SITE)
    assert rehearsal.name_fault(facts, "attendance", SITE, "n" * room) == ""
    said = rehearsal.name_fault(facts, "attendance", SITE, "n" * (room + 1))
    assert f"of its {room + 1} characters {room} fit" in said


def test_the_design_speaks_of_rules_in_all_its_languages() -> None:
    for language in Design.load("classic").words:
        assert rehearsal.phrases("classic", language).granted.endswith(".")
