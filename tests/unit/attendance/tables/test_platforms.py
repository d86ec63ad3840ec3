"""More shapes that people have: what looks like attendance and is none, and attendance that looks like none."""

from collections.abc import Mapping

import pytest

from certs import attendance
from certs.attendance import Answers, QuestionKind, Reading
from certs.errors import InputError
from certs.ground import presence
from certs.model import PersonKey
from tests.unit.attendance.exports import ADA, JOSE, SESSION

HOUR = "2026-04-23 09:00:00,2026-04-23 10:00:00"
LATE = "2026-04-23 09:30:00,2026-04-23 11:00:00"
BOTH = {ADA: 3600, JOSE: 5400}


def read(text: str, answers: Answers | None = None) -> Reading:
    """Read one file of the one session."""
    return attendance.read("export.csv", text.encode(), [SESSION], answers or Answers())


def seconds(reading: Reading) -> Mapping[PersonKey, int]:
    """Return the seconds that are counted for each person."""
    found = presence.tallies(reading.joins, [SESSION])
    return {person: tallies[SESSION.id].seconds for person, tallies in found.items()}


RIGHTLY = {
    "webex": (
        "Attendee name\tAttendee email\tJoin time\tLeave time\tAttendance duration\tConnection type\n"
        f"Ada\t{ADA}\t2026-04-23 09:00:00\t2026-04-23 10:00:00\t60 mins\tDesktop\n"
        f"José\t{JOSE}\t2026-04-23 09:30:00\t2026-04-23 11:00:00\t90 mins\tPhone\n"
    ),
    "goto webinar": (
        "Attended,Last Name,First Name,Email Address,Registration Date / Time,Join Time,Leave Time,Time in Session\n"
        f'Yes,L,Ada,{ADA},"Apr 1, 2026 10:00 AM CEST","Apr 23, 2026 9:00 AM CEST","Apr 23, 2026 10:00 AM CEST",1 hour\n'
        f'Yes,N,José,{JOSE},"Apr 1, 2026 10:00 AM CEST","Apr 23, 2026 9:30 AM CEST","Apr 23, 2026 11:00 AM CEST",'
        "1 hour 30 minutes\n"
    ),
    "google meet": (
        "First name,Last name,Email,Duration,Time joined,Time exited\n"
        f"Ada,L,{ADA},1 hr,9:00 AM,10:30 AM\nJosé,N,{JOSE},1 hr 30 min,9:30 AM,11:00 AM\n"
    ),
    "zoom dashboard": (
        "Participant,Email,Device,IP Address,Location,Network Type,Data Center,Join Time,Leave Time,Duration\n"
        f"Ada,{ADA},Windows,192.0.2.1,Zurich,Wifi,FRA,04/23/2026 09:00 AM,04/23/2026 10:00 AM,01:00:00\n"
        f"José,{JOSE},Mac,192.0.2.2,Lima,Wifi,FRA,04/23/2026 09:30 AM,04/23/2026 11:00 AM,01:30:00\n"
    ),
    "livestorm: registered, and how long live": (
        "Email,First Name,Last Name,Registration date,Attended live,Attendance duration,Viewed replay,Replay duration\n"
        f"{ADA},Ada,L,2026-04-01 10:00,Yes,01:00:00,Yes,00:40:00\n"
        f"{JOSE},José,N,2026-04-01 10:00,Yes,01:30:00,No,00:00:00\n"
    ),
    "on24 without a total": (
        f"First Name,Last Name,Email,Archive Minutes,Live Minutes\nAda,L,{ADA},30,60\nJosé,N,{JOSE},0,90\n"
    ),
    "demio": (
        "Name,Email,Joined At,Attended,Attended Minutes,Focus Percent\n"
        f"Ada,{ADA},2026-04-23 09:00:00,Yes,60,80\nJosé,{JOSE},2026-04-23 09:30:00,Yes,90,90\n"
    ),
    "a sign-in sheet": (
        "Attendance sheet,,,,,\nDate: 23/04/2026,,,,,\nNo.,Name,Phone,E-mail,Time in,Time out\n"
        f"1,Ada,+41 44 668 18 00,{ADA},09:00,10:00\n2,José,,{JOSE},09:30,11:00\n"
    ),
    "two rows of titles": (
        f"Participant,,Attendance,,\nName,Email,Join,Leave,Minutes\nAda,{ADA},{HOUR},60\nJosé,{JOSE},{LATE},90\n"
    ),
    "an average and a total": f"Name,Email,Minutes\nAda,{ADA},60\nJosé,{JOSE},90\nAverage,,75\nTotal,,150\n",
    "scheduled beside actual": (
        "Name,Email,Start time,End time,Join time,Leave time\n"
        f"Ada,{ADA},2026-04-23 09:00,2026-04-23 11:00,{HOUR}\nJosé,{JOSE},2026-04-23 09:00,2026-04-23 11:00,{LATE}\n"
    ),
    "the meeting's length beside one's own": (
        f"Name,Email,Meeting duration (min),Attendance duration (min)\nAda,{ADA},120,60\nJosé,{JOSE},120,90\n"
    ),
    "somebody else's address": (
        f"Name,E-mail,Manager e-mail,Minutes\nAda,{ADA},boss@example.org,60\nJosé,{JOSE},boss@example.org,90\n"
    ),
    "minutes and seconds in the title": f"Name,Email,Duration (mm:ss)\nAda,{ADA},60:00\nJosé,{JOSE},90:00\n",
    "the Buddhist era": (
        f"ชื่อ,อีเมล,Join time,Leave time\nAda,{ADA},23/04/2569 09:00,23/04/2569 10:00\n"
        f"José,{JOSE},23/04/2569 09:30,23/04/2569 11:00\n"
    ),
    "Arabic digits": (
        f"Name,Email,Join time,Leave time\nAda,{ADA},٢٠٢٦-٠٤-٢٣ ٠٩:٠٠,٢٠٢٦-٠٤-٢٣ ١٠:٠٠\n"
        f"José,{JOSE},٢٠٢٦-٠٤-٢٣ ٠٩:٣٠,٢٠٢٦-٠٤-٢٣ ١١:٠٠\n"
    ),
}


@pytest.mark.parametrize("shape", RIGHTLY)
def test_shapes_that_are_read(shape: str) -> None:
    reading = read(RIGHTLY[shape])
    assert reading.unanswered == []
    assert seconds(reading) == BOTH


def test_short_lengths_under_a_title_in_minutes_and_seconds_are_no_hours() -> None:
    """Nobody stayed beyond an hour, so that only the title tells."""
    text = f"Name,Email,Duration (mm:ss)\nAda,{ADA},20:00\nJosé,{JOSE},10:30\n"
    assert seconds(read(text)) == {ADA: 1200, JOSE: 630}


REFUSED = {
    "a quiz": (
        "Last name,First name,Email address,Status,Started,Completed,Duration,Grade/10.00\n"
        f"L,Ada,{ADA},Finished,23 April 2026 9:00 AM,23 April 2026 10:00 AM,1 hour,9.00\n",
        "what people answered",
    ),
    "a quiz, older": (
        "Surname,First name,Email address,State,Started on,Completed,Time taken,Grade/10.00\n"
        f"L,Ada,{ADA},Finished,23 April 2026 9:00 AM,23 April 2026 10:00 AM,1 hour,9.00\n",
        "titles we do not know",
    ),
    "a survey": (
        "Start Date,End Date,Progress,Duration (in seconds),Finished,Recorded Date,Name,Email\n"
        f"{HOUR},100,3600,True,2026-04-23 10:00:00,Ada,{ADA}\n",
        "what people answered",
    ),
    "a course": (
        f"Name,Email,Course,Progress,Time spent,Last access\nAda,{ADA},Leprosy,100%,01:00:00,2026-04-23 10:00\n",
        "what people answered",
    ),
    "a form of a telephone": (
        f"start,end,today,deviceid,name,email\n2026-04-23T09:00:12+02:00,2026-04-23T10:00:12+02:00,2026-04-23,a,Ada,{ADA}\n",
        "titles we do not know",
    ),
    "a total with the recording": (
        f"Last Name,First Name,Email,Archive Minutes,Total Minutes\nL,Ada,{ADA},30,90\n",
        "count the recording as well",
    ),
    "live beside a total": (
        f"Last Name,First Name,Email,Live Minutes,Archive Minutes,Total Minutes\nL,Ada,{ADA},60,30,90\n",
        "how long she was there",
    ),
    "a recording's views": (
        f"Name,Email,Recording,Views,Minutes\nAda,{ADA},Session 1,3,60\n",
        "watched a recording",
    ),
    "minutes of all sessions": (f"Name,Email,Total minutes (all sessions)\nAda,{ADA},600\n", "several sessions"),
    "minutes of so many": (f"Name,Email,Minutes,Sessions\nAda,{ADA},600,6 of 6\n", "several sessions"),
    "shares": (f"Name,Email,Attendance (%)\nAda,{ADA},100\n", "who arrived"),
    "pairs of times": (
        f"Name,Email,Join 1,Leave 1,Join 2,Leave 2\nAda,{ADA},{HOUR},{LATE}\n",
        "titles we do not know",
    ),
    "date and time apart": (
        f"Name,Email,Join date,Join time,Leave date,Leave time\nAda,{ADA},2026-04-23,09:00,2026-04-23,10:00\n",
        "when she joined",
    ),
    "google meet without its lengths": (
        f"First name,Last name,Email,Time joined,Time exited\nAda,L,{ADA},9:00 AM,10:30 AM\n",
        "without its column Duration",
    ),
    "invitations": (f"Name,Email,Attendance,Response\nAda,{ADA},Required,Accepted\n", "who arrived"),
    "the Persian calendar": (
        f"Name,Email,Join time,Leave time\nAda,{ADA},1405/02/03 09:00,1405/02/03 10:00\n",
        "unreadable_time",
    ),
    "thousands or decimals": (f'Name,Email,Duration (seconds)\nAda,{ADA},"3,600"\n', "unreadable_time"),
}


@pytest.mark.parametrize("shape", REFUSED)
def test_shapes_that_are_refused(shape: str) -> None:
    text, says = REFUSED[shape]
    with pytest.raises(InputError, match=says):
        read(text)


ASKED = {
    "a form's beginning and end": (
        f"ID,Start time,Completion time,Email,Name\n1,4/23/26 9:00:00,4/23/26 10:00:00,{ADA},Ada\n"
    ),
    "a form in French": f"Horodateur,Adresse e-mail,Nom complet\n23/04/2026 09:01:00,{ADA},Ada\n",
    "a poll": f"User name,User email,Poll,Answer,Voted at\nAda,{ADA},Q1,yes,2026-04-23 09:10:00\n",
    "questions that were put": f"#,Question,User Name,User Email,Question Time\n1,Why?,Ada,{ADA},2026-04-23 09:10:00\n",
    "a chat": f"Time,Name,Email,Message\n09:01:00,Ada,{ADA},Hello\n",
    "people of a course": f"First name,Last name,Email address,Groups,Last access\nAda,L,{ADA},G,1 hour 3 mins\n",
    "archive alone": f"First Name,Last Name,Email,Archive Minutes\nAda,L,{ADA},30\n",
    "credits": f"Name,Email,CPD hours\nAda,{ADA},2\n",
    "in and out in words": (
        f"Name,Email,Time,Direction\nAda,{ADA},2026-04-23 09:00,IN\nAda,{ADA},2026-04-23 10:00,OUT\n"
    ),
}


@pytest.mark.parametrize("shape", ASKED)
def test_shapes_that_are_asked_about(shape: str) -> None:
    reading = read(ASKED[shape])
    assert [question.kind for question in reading.unanswered] == [QuestionKind.LIST]
    assert not reading.joins


def test_a_title_with_a_zone_that_nobody_knows_is_asked_about() -> None:
    rows = "".join(f"P{n},p{n}@example.org,2026-04-23 03:00,2026-04-23 04:00\n" for n in range(6))
    text = f"Name,Email,Join Time (Eastern Time),Leave Time (Eastern Time)\n{rows}"
    assert [question.kind for question in read(text).unanswered] == [QuestionKind.TIMEZONE]
    assert set(seconds(read(text, Answers(zone="America/New_York"))).values()) == {3600}


def test_a_column_of_breaks_is_named() -> None:
    """Nobody takes them off, so the organiser must see it."""
    reading = read(f"Name,Email,Join,Leave,Break (min)\nAda,{ADA},{HOUR},30\n")
    assert any('"Break (min)" (time that may have to be taken off)' in note for note in reading.notes)


def test_a_remark_and_a_state_do_no_harm() -> None:
    text = f"Name,Email,State,Minutes,Note,Completed\nAda,{ADA},Kano,60,left early,yes\nJosé,{JOSE},Lima,90,,yes\n"
    assert seconds(read(text)) == BOTH


def test_further_rows_without_times_are_said() -> None:
    """Whether 60 and 45 minutes overlap nobody knows: the longest counts, and the others are told of."""
    reading = read(f"Name,Email,Minutes\nAda,{ADA},60\nAda,{ADA},45\nJosé,{JOSE},90\n")
    assert seconds(reading) == BOTH
    assert reading.records.notes() == [
        "1 row is a further one of somebody, without times of joining and leaving: nobody knows whether they overlap,"
        " so the longest counts, and 45 minutes do not. An export with both times counts all of them."
    ]
