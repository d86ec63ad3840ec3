"""Exports as organisers have them: each is read to the second, refused or asked about; none is taken for another."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from certs import attendance
from certs.attendance import Answers, QuestionKind, Reading
from certs.errors import InputError
from certs.ground import presence
from certs.model import Interval, PersonKey, Session, SessionId
from tests.unit.attendance.exports import ADA, JOSE, SESSION

ROOT = Path(__file__).parents[2] / "vectors" / "attendance" / "field"
CASES = sorted(folder.name for folder in ROOT.iterdir() if folder.is_dir())
FILES = [(case, file.name) for case in CASES for file in sorted((ROOT / case).iterdir()) if file.suffix != ".md"]


def expected(case: str) -> Mapping[str, Any]:
    """Return what must be read from a case."""
    found = json.loads((ROOT / case / "expected.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def sessions_of(case: str) -> Sequence[Session]:
    """Return the sessions of a case."""
    return [
        Session(
            SessionId(one["id"]),
            one["title"],
            one["timezone"],
            Interval(*(_moment(one[key]) for key in ("window_start_local", "window_end_local"))),
        )
        for one in expected(case)["sessions"]
    ]


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z").astimezone(UTC)


def files(case: str) -> list[Path]:
    """Return the files of a case."""
    return [ROOT / case / name for of, name in FILES if of == case and name != "expected.json"]


RIGHT = [case for case in CASES if expected(case)["format"] != "none"]
WRONG = [(case, file.name) for case in CASES if case not in RIGHT for file in files(case)]


@pytest.mark.parametrize("case", RIGHT)
def test_everybody_has_the_seconds_that_she_was_there(case: str) -> None:
    readings = [attendance.read(file.name, file.read_bytes(), sessions_of(case)) for file in files(case)]
    assert not [question for reading in readings for question in reading.unanswered]
    found = presence.tallies([join for reading in readings for join in reading.joins], sessions_of(case))
    seconds = {(p, s): tally.seconds for p, tallies in found.items() for s, tally in tallies.items()}
    people = expected(case)["people"]
    assert seconds == {
        (person["email"], session): one["seconds"] for person in people for session, one in person["sessions"].items()
    }
    inside = {(p, s): tally.seconds_in_window for p, tallies in found.items() for s, tally in tallies.items()}
    for person in people:
        for session, one in person["sessions"].items():
            assert inside[person["email"], session] == one.get("seconds_in_window", inside[person["email"], session])


@pytest.mark.parametrize("case", [case for case in RIGHT if expected(case).get("registered_never_attended")])
def test_who_never_came_is_registered(case: str) -> None:
    readings = [attendance.read(file.name, file.read_bytes(), sessions_of(case)) for file in files(case)]
    came = {join.person for reading in readings for join in reading.joins}
    registered = {one.person for reading in readings for one in reading.registrations}
    assert sorted(registered - came) == expected(case)["registered_never_attended"]


@pytest.mark.parametrize("case", [case for case in RIGHT if not expected(case).get("unusable_rows")])
def test_no_row_is_faulted(case: str) -> None:
    readings = [attendance.read(file.name, file.read_bytes(), sessions_of(case)) for file in files(case)]
    allowed = [tuple(one) for one in expected(case).get("may_be_unusable", [])]
    rows = [(row.line, row.reason) for reading in readings for row in reading.unusable]
    assert rows == [] or case == "02_zoom_history_host_columns" or rows == allowed


@pytest.mark.parametrize(("case", "name"), WRONG)
def test_what_is_no_attendance_is_refused_or_asked_about(case: str, name: str) -> None:
    try:
        reading = attendance.read(name, (ROOT / case / name).read_bytes(), sessions_of(case))
    except InputError as error:
        assert len(str(error)) > 80  # noqa: PT017 -- a sentence that says what to do
    else:
        assert [question.text for question in reading.unanswered]
        assert not reading.joins
        assert not reading.registrations


def test_the_name_asked_for_on_the_certificate_counts_where_it_is_filled_in() -> None:
    case = "32_registration_with_name_for_certificate"
    reading = attendance.read(files(case)[0].name, files(case)[0].read_bytes(), sessions_of(case))
    names = {str(one.person): one.name for one in reading.registrations}
    assert names == {person["email"]: person["name"] for person in expected(case)["people"]}


def read(text: str, answers: Answers | None = None, name: str = "export.csv") -> Reading:
    """Read one file of the one session."""
    return attendance.read(name, text.encode(), [SESSION], answers or Answers())


def seconds(reading: Reading) -> Mapping[PersonKey, int]:
    """Return the seconds that are counted for each person."""
    found = presence.tallies(reading.joins, [SESSION])
    return {person: tallies[SESSION.id].seconds for person, tallies in found.items()}


HOUR = "04/23/2026 09:00:00 AM,04/23/2026 10:00:00 AM"
BOTH = {ADA: 3600, JOSE: 3600}
RIGHTLY: Mapping[str, tuple[str, Mapping[PersonKey, int]]] = {
    "a host under titles of her own": (
        f"Host Name,Host Email,Name,Email,Join Time,Leave Time\nH,h@example.org,Ada,{ADA},{HOUR}\n",
        {ADA: 3600},
    ),
    "the same address twice": (
        f"Email,Name,Join Time,Leave Time,E-mail\n{ADA},Ada,{HOUR},{ADA}\n",
        {ADA: 3600},
    ),
    "a meeting behind the person": (
        f"Name,Email,Join Time,Leave Time,Topic,Meeting ID,Start Time\nAda,{ADA},{HOUR},T,1,04/23/2026 08:00 AM\n",
        {ADA: 3600},
    ),
    "hours in parentheses": (f"Name,Email,Duration (h)\nAda,{ADA},1.5\n", {ADA: 5400}),
    "hours in a word": (f'Name,Email,Hours attended\nAda,{ADA},"0,75"\n', {ADA: 2700}),
    "seconds in brackets": (f"Name,Email,Duration [s]\nAda,{ADA},3540\n", {ADA: 3540}),
    "minutes in a word": (f"Name,Email,Minutes attended\nAda,{ADA},95\n", {ADA: 5700}),
    "German hours": (f"Name;E-Mail;Dauer (Std.)\nAda;{ADA};1,25\n", {ADA: 4500}),
    "clock, unit and ISO 8601": (
        f"Name,Email,Duration\nAda,{ADA},1:30:00\nJosé,{JOSE},90 min\nEva,eva@example.org,PT1H30M\n",
        {ADA: 5400, JOSE: 5400, PersonKey("eva@example.org"): 5400},
    ),
    "names of columns as programs write them": (
        f"user_email,name,join_time,leave_time,duration\n{ADA},Ada,{HOUR},3600\n",
        {ADA: 3600},
    ),
    "address, then name": (f"Attendee,Joined,Left\n{ADA} (Ada Lovelace),{HOUR}\n", {ADA: 3600}),
    "name, then address in parentheses": (f"Attendee,Joined,Left\nAda Lovelace ({ADA}),{HOUR}\n", {ADA: 3600}),
    "addresses alone under names": (f"Participant,Joined,Left\n{ADA},{HOUR}\n{JOSE},{HOUR}\n", BOTH),
    "name and address under the address": (f"E-mail,Joined,Left\nAda Lovelace <{ADA}>,{HOUR}\n", {ADA: 3600}),
    "one row each, a total shorter than the span": (
        f"Name,Email,Joined,Left,Total (min)\nAda,{ADA},{HOUR},30\nJosé,{JOSE},{HOUR},60\n",
        {ADA: 1800, JOSE: 3600},
    ),
    "several rows each, one shorter than its span": (
        f"Name,Email,Joined,Left,Duration (min)\nAda,{ADA},{HOUR},30\n"
        f"Ada,{ADA},04/23/2026 10:10:00 AM,04/23/2026 10:20:00 AM,10\n",
        {ADA: 1800 + 600},
    ),
    "totals that are rounded": (
        f"Name,Email,Joined,Left,Duration (hours)\nAda,{ADA},{HOUR},0.8\n",
        {ADA: 3600},
    ),
    "an unknown summary above the joins": (
        "1. Summary\nMeeting title\tT\nAttended participants\t1\n\n2. Participants\n"
        "Name\tFirst Join\tLast Leave\tSaapuminen\tEmail\tRole\n"
        f"Ada\t4/23/26, 9:00:00 AM\t4/23/26, 10:00:00 AM\t1 h\t{ADA}\tAttendee\n\n3. In-Meeting Activities\n"
        "Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole\n"
        f"Ada\t4/23/26, 9:00:00 AM\t4/23/26, 10:00:00 AM\t1h\t{ADA}\tAttendee\n",
        {ADA: 3600},
    ),
}


@pytest.mark.parametrize("shape", RIGHTLY)
def test_shapes_that_are_read(shape: str) -> None:
    text, right = RIGHTLY[shape]
    reading = read(text)
    assert seconds(reading) == right
    assert [row.reason for row in reading.unusable] == []


REFUSED = {
    "two addresses that differ": (
        f"Email,Name,Join Time,Leave Time,E-mail\n{ADA},Ada,{HOUR},{JOSE}\n",
        "hold the participant's address",
    ),
    "two tables side by side": (
        f"Name,Email,Joined,Left,,Name,Email,Joined,Left\nAda,{ADA},{HOUR},,José,{JOSE},{HOUR}\n",
        "two tables side by side",
    ),
    "two pairs of times": (
        "Name,Email,Joined,Left,Join time,Leave time\n"
        f"Ada,{ADA},{HOUR},04/23/2026 10:05:00 AM,04/23/2026 10:45:00 AM\n",
        "say when she joined",
    ),
    "arrivals in words": (f"Name,Email,Attendance\nAda,{ADA},Present\nJosé,{JOSE},Absent\n", "says who arrived"),
    "arrivals in a status": (f"Name,Email,Status\nAda,{ADA},Checked in\n", "says who arrived"),
    "arrivals under an unknown title": (f"Name,Email,Saal\nAda,{ADA},anwesend\n", "says who arrived"),
    "arrivals in Spanish": (f"Nombre,Correo,Asistencia\nAda,{ADA},Sí\n", "says who arrived"),
    "a time at the door": (f"Name,Email,Scanned at\nAda,{ADA},2026-04-23 09:01\n", "says who arrived"),
    "marks": (f"Name,Email,S1,S2,S3\nAda,{ADA},x,,x\nJosé,{JOSE},,x,\n", "one for each session"),
    "minutes by day": (f"Name,Email,Day 1,Day 2\nAda,{ADA},90,120\n", "one for each session"),
    "hours by module": (f"Name,Email,Module 1 (h),Module 2 (h)\nAda,{ADA},1.5,0\n", "one for each session"),
    "a series": (f"Name,Email,Sessions attended,Total minutes\nAda,{ADA},6,610\n", "adds up several sessions"),
    "meetings in Spanish": (
        "Tema,ID de reunión,Nombre de usuario,Correo electrónico del usuario,Hora de inicio,Hora de finalización,"
        f"Duración (minutos),Participantes\nT,1,Ana,{ADA},23/04/2026 09:00:00,23/04/2026 11:00:00,120,312\n",
        "lists meetings with their hosts",
    ),
    "meetings in German": (
        "Thema,Meeting-ID,Benutzername,Benutzer-E-Mail,Startzeit,Endzeit,Dauer (Minuten),Teilnehmer\n"
        f"T,1,Ana,{ADA},23.04.2026 09:00:00,23.04.2026 11:00:00,120,312\n",
        "lists meetings with their hosts",
    ),
    "meetings without a count of participants": (
        "Topic,Meeting ID,User Name,Email,Start Time,End Time,Duration\n"
        f"T,1,Ana,{ADA},04/23/2026 09:00,04/23/2026 11:00,120\n"
        f"T,2,Ana,{ADA},04/24/2026 09:00,04/24/2026 11:00,120\n",
        "lists meetings with their hosts",
    ),
}


@pytest.mark.parametrize("shape", REFUSED)
def test_shapes_that_are_refused(shape: str) -> None:
    text, says = REFUSED[shape]
    with pytest.raises(InputError, match=says):
        read(text)


ASKED = {
    "a length without a unit": (f"Name,Email,Duration\nAda,{ADA},95\n", QuestionKind.UNIT),
    "names and addresses": (f"Name,Email\nAda,{ADA}\n", QuestionKind.LIST),
    "a form": (f"Timestamp,Email address,Full name\n2026-04-23 09:01:00,{ADA},Ada\n", QuestionKind.LIST),
    "a poll": (
        f"#,User Name,User Email,Submitted Date/Time,Which?\n1,Ada,{ADA},2026-04-23 09:30,B\n",
        QuestionKind.LIST,
    ),
    "a host's address alone": (
        "Topic,Meeting ID,User Name,User Email,Start Time,End Time,Participants,Name (Original Name),Join Time,"
        "Leave Time\n"
        f"T,1,Ana,ana@example.org,04/23/2026 09:00,04/23/2026 11:00,9,Ada,{HOUR}\n",
        QuestionKind.PEOPLE,
    ),
    "sessions that somebody registers for": (
        f"Name,Email,Registration time,Session 1,Session 2\nAda,{ADA},2026-04-01 10:00,Yes,No\n",
        QuestionKind.LIST,
    ),
}


@pytest.mark.parametrize("shape", ASKED)
def test_shapes_that_are_asked_about(shape: str) -> None:
    text, kind = ASKED[shape]
    reading = read(text, Answers(zone=SESSION.zone))
    assert kind in [question.kind for question in reading.questions]
    assert not reading.joins
    assert not reading.registrations


@pytest.mark.parametrize(("unit", "right"), [("second", 95), ("minute", 5700), ("hour", 342000)])
def test_an_answered_unit_counts(unit: str, right: int) -> None:
    assert seconds(read(f"Name,Email,Duration\nAda,{ADA},95\n", Answers(unit=unit))) == {ADA: right}


@pytest.mark.parametrize("name", ["registration.csv", "Inscripciones.csv", "Anmeldungen 2026.csv", "注册名单.csv"])
def test_a_list_that_somebody_called_one_of_registrations_is_one(name: str) -> None:
    assert [one.person for one in read(f"Name,Email\nAda,{ADA}\n", name=name).registrations] == [ADA]


@pytest.mark.parametrize("name", ["registered who came.csv", "attendance.csv", "list.csv", "registration poll.csv"])
def test_any_other_name_tells_nothing(name: str) -> None:
    assert [question.kind for question in read(f"Name,Email\nAda,{ADA}\n", name=name).unanswered] == [QuestionKind.LIST]


def shifted(minutes: int) -> str:
    """Return joins of an hour from the session's beginning, that many minutes off."""
    begin = SESSION.window.start.timestamp() + minutes * 60 + 7200  # as the clock in Zurich shows it in UTC
    stamps = [datetime.fromtimestamp(begin + later, UTC).strftime("%Y-%m-%d %H:%M:%S") for later in (0, 5400)]
    people = "".join(f"P{n},p{n}@example.org,{stamps[0]},{stamps[1]}\n" for n in range(5))
    return f"Name,Email,Join time,Leave time\n{people}"


@pytest.mark.parametrize(
    ("minutes", "zone"),
    [
        (-540, "America/Los_Angeles"),
        (-120, "UTC"),
        (-60, "Europe/London"),
        (210, "Asia/Kolkata"),
        (225, "Asia/Kathmandu"),
    ],
)
def test_joins_in_the_clock_of_another_zone_are_asked_about(minutes: int, zone: str) -> None:
    (question,) = read(shifted(minutes)).unanswered
    assert question.kind is QuestionKind.TIMEZONE
    assert question.candidates[0] == zone
    assert f"Answer with the zone {zone}; " in question.text
    assert set(seconds(read(shifted(minutes), Answers(zone=zone))).values()) == {5400}


@pytest.mark.parametrize("minutes", [-20, 0, 10, 25])
def test_joins_a_little_beside_the_window_are_not_asked_about(minutes: int) -> None:
    assert read(shifted(minutes)).unanswered == []


def test_a_zone_that_somebody_gave_is_believed() -> None:
    assert read(shifted(-540), Answers(zone="Europe/Zurich")).unanswered == []


def test_a_unit_that_contradicts_the_joins_is_asked_about() -> None:
    """Sixty minutes under "seconds" would leave everybody a minute."""
    text = f"Name,Email,Joined,Left,Duration (seconds)\nAda,{ADA},{HOUR},60\nJosé,{JOSE},{HOUR},60\n"
    (question,) = read(text, Answers(zone=SESSION.zone)).unanswered
    assert question.kind is QuestionKind.UNIT
    assert question.candidates == ("minute", "second")
    assert seconds(read(text, Answers(zone=SESSION.zone, unit="minute"))) == BOTH
    assert seconds(read(text, Answers(zone=SESSION.zone, unit="second"))) == {ADA: 60, JOSE: 60}


def test_lengths_without_a_unit_are_in_the_one_that_fits_the_joins() -> None:
    """Then the one that is shorter than its joins counts."""
    rows = "".join(f"P{n},p{n}@example.org,{HOUR},3600\n" for n in range(5))
    text = f"Name,Email,Joined,Left,Duration\n{rows}Ada,{ADA},{HOUR},1800\n"
    assert seconds(read(text))[ADA] == 1800
