"""Names that would be printed, hosts, and what is open."""

from dataclasses import replace

import pytest

from certs.model import AskedQuestion, PersonKey, SessionId, Severity
from certs.work import readiness
from tests.unit.work.readiness.cast import EVENT, HOST, SESSIONS, Record, crowd, found, joined, minutes, named, seen

ONE, TWO, THREE = SESSIONS
NO_NAMES = [
    "undefined undefined", "null", "N/A", "n / a", "- -", "iPhone", "iPhone (2)", "#REF!", "#N/A", "1",
    "ana@example.org", "+41 79 123 45 67", "Zoom user", "????", "www.example.org", "TBD", "Unknown", "No Name",
    "First Name Last Name", "SM-A515F", "Guest 12", "Participant #3",
]  # fmt: skip
NAMES = [
    "Ana Souza",
    "Na Na",
    "Null Mensah",
    "Ng",
    "王伟",
    "Nan Goldin",
    "Guest Mwangi",
    "Ömer",
    "José-María",
]


def as_named(name: str) -> list[Record]:
    """Return an event that one of the people, P1, was registered for under *name*."""
    return [*crowd(), named("p1", name)]


@pytest.mark.parametrize("name", NO_NAMES)
def test_what_is_no_name_stops(name: str) -> None:
    """Nobody is printed as an iPhone; the person is named, and what to do."""
    one = found(as_named(name))["name_none:p1@example.org"]
    assert one.severity is Severity.STOPS
    assert one.acceptable
    assert f'"{name}" ' in one.text
    assert "p1@example.org" in one.remedy


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_one_however_odd(name: str) -> None:
    """There are people called so."""
    assert found(as_named(name)) == {}


def test_nobody_can_accept_that_there_is_no_name_at_all() -> None:
    """The certificate would be nobody's."""
    records = [replace(one, name="") for one in crowd() if not hasattr(one, "country")]
    stops = [one for one in found(records).values() if one.code == "name_none"]
    assert len(stops) == 20
    assert not any(one.acceptable for one in stops)
    listed = list(readiness.listed(stops, "certs order e"))
    assert listed[-1] == "… and 10 more of name_none; the whole outcome lists them all."


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ANA SOUZA", "name_capitals"),
        ("ana souza", "name_lower"),
        ("Suharto .", "name_filler"),
        ("Suharto -", "name_filler"),
        ("Suharto ---", "name_filler"),
        ("- Suharto", "name_filler"),
        ("ИВАН ПЕТРОВ", "name_capitals"),
    ],
)
def test_a_name_that_a_form_bent_is_said(name: str, code: str) -> None:
    """It is printed as typed unless somebody corrects it."""
    one = found(as_named(name))[code]
    assert one.severity is Severity.SAID
    assert f"1 name {'is' if code != 'name_filler' else 'ends'}" in one.text
    assert f"{name} (p1@example.org)" in one.text


@pytest.mark.parametrize(
    "name",
    ["Li", "LI", "Martin Luther King Jr.", "Ana S.", "王伟", "प्रिया मिश्रा", "J.-P. Okri", "გიორგი ბერიძე", "ᎠᏂ ᏣᎳᎩ"],
)
def test_usual_endings_and_scripts_without_cases_are_not(name: str) -> None:
    """An initial and a title end in a point; two capitals are an abbreviation or a name."""
    assert found(as_named(name)) == {}


def test_only_the_names_that_would_be_printed_matter() -> None:
    """Who is not eligible may be called what she likes."""
    assert found([*crowd(), joined("x", ONE), named("x", "iPhone")]) == {}


def test_a_display_name_that_may_hold_more_is_said() -> None:
    """With how many there are."""
    records = [*crowd(), *(joined("x", one, name="Ana (MoH)") for one in SESSIONS)]
    said = found(records)["name_uncertain"]
    assert "1 name comes from a display name" in said.text
    assert said.severity is Severity.SAID


def test_hosts_and_panelists_who_would_have_a_certificate_are_counted() -> None:
    """Unless the event file says whose presence counts."""
    records = [*crowd(), *(joined("x", one, role=HOST) for one in SESSIONS)]
    said = found(records)["hosts_counted"]
    assert "1 host or panelist is counted" in said.text
    assert 'roles = ["attendee"]' in said.remedy
    outspoken = replace(EVENT.kinds[0], names_roles=True)
    assert found(records, replace(EVENT, kinds=(outspoken,))) == {}


def test_open_questions_say_how_many_people_they_could_make_eligible() -> None:
    """Two addresses of one person with a session each, a row without address, and somebody held back."""
    records = [
        *crowd(), joined("cy", ONE), joined("cy2", TWO), joined("dot", ONE), joined("far", ONE, 0, 10),
        *(joined("office", one) for one in SESSIONS),
    ]  # fmt: skip
    nobodys = [joined("", TWO, name="Dot Lee"), joined("", THREE, 0, 5, name="Far")]
    questions = [
        asked("same_person_two_emails?", "cy", candidates=("cy@example.org", "cy2@example.org")),
        asked("no_email", "Dot Lee", session=SessionId("2"), candidates=("dot@example.org",)),
        asked("no_email", "Far", session=SessionId("3"), candidates=("far@example.org",)),
        asked("shared_email", "office", people=frozenset({PersonKey("office@example.org")})),
    ]
    said = found(records, questions=questions, nobodys=nobodys)["questions_open"]
    assert said.text == (
        "4 questions are open: answers could make up to 3 people eligible; 1 person held back until then."
    )
    assert said.remedy == "the questions of small"
    assert said.severity is Severity.SAID


def test_rows_of_several_questions_count_together() -> None:
    """Two rows that may both be hers make two sessions."""
    nobodys = [joined("", TWO, name="D."), joined("", ONE, name="Dot")]
    questions = [asked("no_email", one.name, session=one.session, candidates=("dot@example.org",)) for one in nobodys]
    known = seen([*crowd(), minutes("dot", THREE, 5)], questions=questions, nobodys=nobodys)
    assert readiness.could_earn(known) == 1
    assert readiness.could_earn(replace(known, questions=questions[:1])) == 0


def test_two_certificates_for_one_person_are_said() -> None:
    """Both addresses earned one."""
    questions = [asked("same_person_two_emails?", "p", candidates=("p1@example.org", "p2@example.org"))]
    said = found(crowd(), questions=questions)["questions_open"]
    assert "no answer could make anybody eligible; 1 person may be given two certificates" in said.text


def asked(
    kind: str,
    subject: str,
    session: SessionId | None = None,
    candidates: tuple[str, ...] = (),
    people: frozenset[PersonKey] = frozenset(),
) -> AskedQuestion:
    """Return an open question."""
    return AskedQuestion(subject, kind, subject, "?", session, candidates, "", (), people)
