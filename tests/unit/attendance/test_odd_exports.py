"""Exports without addresses or headers, with columns of the organiser's own, and rows that cannot be credited."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from certs import attendance
from certs.attendance import Answers, DateOrder, QuestionKind, Reading
from certs.errors import InputError
from certs.model import Interval, Role, Session, SessionId
from tests.unit.attendance.exports import ADA, SESSION, at

MEETING = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,In Waiting Room\n"
ADAS = f"Ada,{ADA},04/23/2026 09:01:00 AM,04/23/2026 10:01:00 AM,60,No,No\n"
ATTENDEES = (
    "Attended,User Name (Original Name),First Name,Last Name,Email,Registration Time,"
    "Approval Status,Join Time,Leave Time,"
    "Time in Session (minutes),Is Guest"
)
HERE = (
    'Yes,Ada L.,Ada,Lovelace,ada@example.org,"Apr 20, 2026 11:23:29",approved,'
    '"Apr 23, 2026 09:01","Apr 23, 2026 10:01",60,No'
)
AWAY = 'No,Grace,Grace,Hopper,grace@example.org,"Apr 20, 2026 11:23:29",approved,--,--,--,--'
DAY, HOURS = timedelta(days=1), timedelta(hours=1)
HOUR = Interval(at("09:01"), at("10:01"))


def read(data: bytes | str, sessions: Sequence[Session] = (SESSION,)) -> Reading:
    """Read one export, its zone known."""
    raw = data.encode() if isinstance(data, str) else data
    return attendance.read("export.csv", raw, sessions, Answers(zone=SESSION.zone))


def reasons(reading: Reading) -> list[tuple[int, str]]:
    """Return line and reason of each row that counts for nobody."""
    return [(row.line, row.reason) for row in reading.unusable]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",,04/23/2026 09:01:00 AM,04/23/2026 10:01:00 AM,60,No,No", "no_email"),
        ("B,nobody,04/23/2026 09:01:00 AM,04/23/2026 10:01:00 AM,60,No,No", "bad_email"),
        ("B,b@example.org; c@example.org,04/23/2026 09:01:00 AM,04/23/2026 10:01:00 AM,60,No,No", "two_emails_in_cell"),
        ("B,b@example.org,04/23/2026 10:01:00 AM,04/23/2026 09:01:00 AM,60,No,No", "leave_before_join"),
        ("B,b@example.org,04/23/2026 09:01:00 AM,,60,No,No", "missing_leave"),
        ("B,b@example.org,nine o'clock: sharp,04/23/2026 10:01:00 AM,60,No,No", "unreadable_time"),
        ("B,b@example.org,04/24/2026 09:01:00 AM,04/24/2026 10:01:00 AM,60,No,No", "outside_session_date"),
        ("B,b@example.org", "short_row"),
        ("B,b@example.org,04/23/2026 09:01:00 AM,04/23/2026 10:01:00 AM,60,No,Yes", "waiting_room_only"),
        ("Total,,,,120,,", "totals_row"),
    ],
)
def test_a_row_that_counts_for_nobody_is_reported(row: str, reason: str) -> None:
    reading = read(MEETING + ADAS + row + "\n" + ADAS)
    assert reasons(reading) == [(3, reason)]
    assert [(join.line, join.interval) for join in reading.joins] == [(2, HOUR), (4, HOUR)]


@pytest.mark.parametrize("end", ['"B,b@example.org,04/23/2026 09:01', "B,b@example.org,04/23/2026 09:0"])
def test_a_file_that_stops_in_the_middle_is_asked_about(end: str) -> None:
    reading = read(MEETING + ADAS + end)
    assert [question.kind for question in reading.unanswered] == [QuestionKind.TRUNCATED_FILE]
    assert not reading.joins


def test_complete_rows_of_a_cut_file_are_taken_when_asked_to() -> None:
    data = (MEETING + ADAS + "B,b@example.org,04/23/2026 09:0").encode()
    reading = attendance.read("export.csv", data, [SESSION], Answers(zone=SESSION.zone, accept_complete_rows=True))
    assert [join.person for join in reading.joins] == [ADA]
    assert reasons(reading) == [(3, "truncated_row")]


def test_a_question_called_role_makes_nobody_a_host() -> None:
    """An organiser asks registrants for their role; who answers "Organiser" stays an attendee."""
    reading = read(f"Attendee Details\n{ATTENDEES},Role\n{HERE},Organiser\n")
    assert [join.role for join in reading.joins] == [Role.ATTENDEE]


def test_answers_with_line_breaks_and_a_second_address_change_nothing() -> None:
    header = f'{ATTENDEES},"Have you, attended\nbefore?",Email'
    reading = read(f'Attendee Details,\n{header}\n{HERE},"yes\nno",x@example.org\n{HERE},,\n')
    assert [(join.line, join.person) for join in reading.joins] == [(4, ADA), (6, ADA)]


def test_who_never_came_is_registered_under_first_and_last_name() -> None:
    reading = read(f"Attendee Details\n{ATTENDEES}\n{HERE}\n{AWAY}\n")
    assert {person.name for person in reading.registrations} == {"Ada Lovelace", "Grace Hopper"}


def test_phone_callers_of_a_webinar_are_reported() -> None:
    others = "Other Attended\nUser Name,Join Time,Leave Time,Time in Session (minutes),Country/Region Name\n"
    caller = '41791234567,"Apr 23, 2026 09:01:00","Apr 23, 2026 10:01:00",60,Switzerland\n'
    reading = read(f"Attendee Details\n{ATTENDEES}\n{HERE}\n{others}{caller}")
    assert [(row.line, row.reason, row.name, row.seconds) for row in reading.unusable] == [
        (6, "no_email", "41791234567", 3600)
    ]


OLD_LISTS = {
    "en": ("Full Name\tUser Action\tTimestamp", "Joined", "Left"),
    "es": ("Nombre completo\tAcción del usuario\tMarca de tiempo", "Se unió", "Salió"),
    "fr": ("Nom complet\tAction de l'utilisateur\tHorodateur", "A rejoint", "A quitté"),
    "de": ("Vollständiger Name\tBenutzeraktion\tZeitstempel", "Beigetreten", "Verlassen"),
    "pt": ("Nome Completo\tAtividade\tCarimbo de data/hora", "Ingressou", "Saiu"),
    "it": ("Nome completo\tAzione utente\tTimestamp", "Si è unito", "Ha abbandonato"),
    "no header": ("", "Joined before", "Left"),
}


@pytest.mark.parametrize("language", OLD_LISTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_the_old_list_of_teams_is_read_by_name(language: str, encoding: str) -> None:
    """No address, no end: who was still there stays until the window ends."""
    header, joined, left = OLD_LISTS[language]
    text = f'{header}\n"Doe, Jane"\t{joined}\t23/04/2026, 9:01:00 AM\nBob\t{joined}\t23/04/2026, 9:30:00 AM\n'
    text += f'"Doe, Jane"\t{left}\t23/04/2026, 10:01:00 AM\n'
    reading = read(text.lstrip("\n").encode(encoding))
    assert {join.name: join.interval for join in reading.unmatched} == {
        "Doe, Jane": HOUR,
        "Bob": Interval(at("09:30"), at("11:00")),
    }
    assert {question.kind for question in reading.questions} == {QuestionKind.SESSION_END, QuestionKind.PEOPLE}


@pytest.mark.parametrize(
    "heading",
    [
        "23 Apr 2026 9.00AM All students",
        "23. Apr 2026 09.00 Alle Teilnehmer",
        "23 avr. 2026 09.00 Tous",
        "23 abr 2026 09:00",
        "23/04/26 09:00 All students",
        "2026-04-23 09:00",
        "Thu 23 Apr 2026, 9:00 AM: Group A",
        "2026年4月23日 09:00 全体",
    ],
)
def test_a_moodle_column_finds_its_session_by_its_date(heading: str) -> None:
    reading = read(f"Course\tGMP\n\nLast name\tFirst name\tEmail address\t{heading}\nLovelace\tAda\t{ADA}\tP (2/2)\n")
    assert [(mark.session, mark.person, mark.letter) for mark in reading.marks] == [(SESSION.id, ADA, "P")]


def test_status_letters_without_addresses_are_refused_with_what_to_do() -> None:
    with pytest.raises(InputError, match="choose the e-mail address"):
        read("Last name\tFirst name\t23 Apr 2026 9.00AM All students\nLovelace\tAda\tP (2/2)\n")


def test_dates_that_can_be_read_two_ways_are_asked_about() -> None:
    """AM and PM prove nothing, and no session's day decides."""
    reading = read(MEETING + ADAS.replace("04/23/2026", "03/04/2026"), sessions=())
    assert [(q.kind, q.candidates) for q in reading.unanswered] == [(QuestionKind.DATE_ORDER, ("dmy", "mdy"))]


def test_a_file_of_either_day_belongs_to_no_session_until_somebody_says() -> None:
    """The event has sessions on 3 April and on 4 March, and the file says 03/04."""
    days = {"march": datetime(2026, 3, 4, 9, tzinfo=UTC), "april": datetime(2026, 4, 3, 9, tzinfo=UTC)}
    sessions = [Session(SessionId(name), "", "UTC", Interval(start, start + 2 * HOURS)) for name, start in days.items()]
    table = "Name,Email,Join Time,Leave Time\nAda,ada@example.org,03/04/2026 09:00,03/04/2026 09:50\n"
    asked = read(table, sessions)
    assert ([q.kind for q in asked.unanswered], asked.session) == ([QuestionKind.DATE_ORDER], None)
    answered = attendance.read("export.csv", table.encode(), sessions, Answers(date_order=DateOrder.DMY))
    assert answered.session == "april"


def test_a_dashboard_counts_hours_minutes_and_seconds() -> None:
    header = "Name,Moderator,Aktivitätspunktzahl,Redezeit,Beigetreten,Verlassen,Dauer"
    row = '"Ada","FALSE","7,5","00:01:00","23.4.2026, 09:01:00","23.4.2026, 10:01:00","01:00:00"'
    reading = read(f'{header}\r\n{row}\r\n"Anonymous","","","","","",""\r\n')
    assert [(join.name, join.stated_seconds) for join in reading.unmatched] == [("Ada", 3600)]
    assert not reading.unusable


def test_a_day_in_a_column_of_its_own_belongs_to_the_times() -> None:
    """Two days in one sheet must not be taken for one."""
    text = f"Date,Name,Email,Arrival,Departure\n23/04/2026,Ada,{ADA},09:01,10:01\n24/04/2026,Ada,{ADA},10:30,10:45\n"
    reading = read(text)
    assert [join.interval for join in reading.joins] == [HOUR]
    assert reasons(reading) == [(3, "outside_session_date")]


def test_a_day_beside_minutes_tells_the_session() -> None:
    text = f"Fecha;Correo electrónico;Minutos\n23/04/2026;{ADA};60\n24/04/2026;{ADA};15\n"
    reading = read(text)
    assert [(join.person, join.stated_seconds) for join in reading.joins] == [(ADA, 3600)]
    assert reasons(reading) == [(3, "outside_session_date")]


def test_the_buyers_address_is_not_the_attendees() -> None:
    """A shop knows both; the ticket of one person must not make the buyer attend."""
    header = "Veranstaltung,Bestellnummer,Status,E-Mail,Teilnehmername,Teilnehmer-E-Mail"
    reading = read(f"{header}\ne,ABC,bezahlt,buyer@example.org,Ada Lovelace,{ADA}\n")
    assert [(person.person, person.name) for person in reading.registrations] == [(ADA, "Ada Lovelace")]


TEAMS_HEAD = "1. Summary\nMeeting title\tX\nAttended participants\t1\n\n2. Participants\n"


@pytest.mark.parametrize(
    "text",
    [
        f"2. Participants\nName\tEmail\tParticipant ID (UPN)\tRole\nLovelace, Ada\t{ADA}\t{ADA}\tAttendee\n",
        f"{TEAMS_HEAD}Name\tEmail\tRole\nLovelace, Ada\t{ADA}\tAttendee\n",
        f"{TEAMS_HEAD}Name\tEmail\nLovelace, Ada\t{ADA}\n",
        f"Name,Email,Attended\nAda,{ADA},Yes\nGrace,grace@example.org,No\n",
        "Attended,Last Name,First Name,Email Address,Registration Date/Time,Join Time - Leave Time (Time in Session),"
        f"Unsubscribed\nYes,Lovelace,Ada,{ADA},x,9:01 AM EDT - 10:01 AM EDT (60 minutes),No\n",
    ],
)
def test_a_report_without_times_is_refused_with_what_to_do(text: str) -> None:
    """As a registration list it would mean that nobody came."""
    with pytest.raises(InputError, match="who attended but not how long"):
        read(text)


def test_a_list_that_says_of_nobody_that_she_attended_may_be_one_of_registrations() -> None:
    """Who fills in "Attended" beforehand leaves it empty."""
    text = f"Name,Email,Attended\nAda,{ADA},\n"
    assert [question.kind for question in read(text).unanswered] == [QuestionKind.LIST]
    answers = Answers(registered=frozenset({"export.csv"}))
    reading = attendance.read("export.csv", text.encode(), [SESSION], answers)
    assert [one.person for one in reading.registrations] == [ADA]


def test_a_report_of_teams_with_fewer_people_than_it_states_was_cut() -> None:
    header = "Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole\n"
    row = f"Ada\t4/23/26, 9:01:00 AM\t4/23/26, 10:01:00 AM\t1h\t{ADA}\t{ADA}\tAttendee\n"
    assert not read(TEAMS_HEAD + header + row).unanswered
    cut = read(TEAMS_HEAD.replace("participants\t1", "participants\t2") + header + row)
    assert [question.kind for question in cut.unanswered] == [QuestionKind.TRUNCATED_FILE]


@pytest.mark.parametrize(
    "end", ["Grace Hopper,grace@example.org,04/23/2026 09", 'Grace Hopper,grace@example.org,"04/23']
)
def test_the_row_that_was_cut_is_named_where_its_name_is_whole(end: str) -> None:
    answers = Answers(zone=SESSION.zone, accept_complete_rows=True)
    reading = attendance.read("export.csv", (MEETING + ADAS + end).encode(), [SESSION], answers)
    assert [(row.line, row.reason, row.name) for row in reading.unusable] == [(3, "truncated_row", "Grace Hopper")]
    reading = attendance.read("export.csv", (MEETING + ADAS + end[:9]).encode(), [SESSION], answers)
    assert [(row.line, row.reason, row.name) for row in reading.unusable] == [(3, "truncated_row", "")]


@pytest.mark.parametrize("note", ["* Minutes are rounded\n", "\n* Minutes are rounded", "* Minutes are rounded,,,"])
def test_a_footnote_is_no_row_that_was_cut(note: str) -> None:
    assert not read(MEETING + ADAS + note).unanswered


def test_a_complete_last_row_without_line_end_is_not_the_one_that_is_missing() -> None:
    """The file states more people than it holds; what it holds is whole."""
    block = "Topic,ID,Host,Duration (minutes),Participants\nX,1,h,60,3\n\n"
    answers = Answers(zone=SESSION.zone, accept_complete_rows=True)
    reading = attendance.read("export.csv", (block + MEETING + ADAS.rstrip()).encode(), [SESSION], answers)
    assert [join.person for join in reading.joins] == [ADA]
    assert not reading.unusable
    (note,) = reading.notes
    assert note.startswith("The file is cut short: it states 3")
    assert note.endswith("Only its complete rows were taken.")


@pytest.mark.parametrize("header", ["Email\n", "E-Mail-Adresse,,\n", "\n\n,Adresse électronique\n"])
def test_a_column_of_addresses_alone_is_a_registration_list(header: str) -> None:
    before = "," * header.count(",", 0, 3 if header.startswith("\n") else 0)
    text = f"{header}{before}{ADA}\n{before}grace@example.org\n"
    assert [question.kind for question in read(text).unanswered] == [QuestionKind.LIST]
    answers = Answers(registered=frozenset({"export.csv"}))
    reading = attendance.read("export.csv", text.encode(), [SESSION], answers)
    assert [one.person for one in reading.registrations] == [ADA, "grace@example.org"]


def test_a_lone_total_is_reported() -> None:
    """Its number was a formula whose value nobody saved."""
    assert reasons(read(MEETING + ADAS + "Total,,,,,,\n")) == [(3, "totals_row")]


def test_logins_and_dates_of_adobe_connect_are_addresses_and_times() -> None:
    row = f"{ADA},Room,Ada,2026-04-23T07:01:00.000+00:00,2026-04-23T08:01:00.000+00:00\n"
    reading = read(f"Login,Session Name,Participant Name,Date Created,Date End\n{row}")
    assert [(join.person, join.interval) for join in reading.joins] == [(ADA, HOUR)]


def test_first_and_last_names_of_a_registration_for_teams_are_names() -> None:
    """Section 2 has them, section 3 the times."""
    header = "Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole\t"
    header += "Registration First Name\tRegistration Last Name\tRegistration Email\n"
    times = "4/23/26, 9:01:00 AM\t4/23/26, 10:01:00 AM\t1h\t"
    row = f"Lovelace, A\t{times}{ADA}\t{ADA}\tAttendee\tAda\tLovelace\t{ADA}\n"
    activities = "3. In-Meeting Activities\nName\tJoin Time\tLeave Time\tDuration\tEmail\tRole\n"
    reading = read(f"{TEAMS_HEAD}{header}{row}{activities}Lovelace, A\t{times}{ADA}\tAttendee\n")
    assert [(join.person, join.interval) for join in reading.joins] == [(ADA, HOUR)]
    assert [one.name for one in reading.registrations] == ["Ada Lovelace"]


def test_a_guest_called_guest_is_no_header_row() -> None:
    """Name and role of this row are titles in other reports; the time between them says that it is a person."""
    header = "Name\tErster Beitritt\tLetztes Verlassen\tBesprechungsdauer\tE-Mail\tTeilnehmer-ID (UPN)\tRolle\n"
    guest = "Gast (Nicht überprüft)\t23.04.26, 09:00:00\t23.04.26, 10:05:00\t1 Std. 5 Min.\t\t\tTeilnehmer\n"
    known = f"Ada\t23.04.26, 09:00:00\t23.04.26, 10:05:00\t1 Std. 5 Min.\t{ADA}\t{ADA}\tTeilnehmer\n"
    reading = read(f"2. Teilnehmer\n{header}{guest}{known}")
    assert [(row.line, row.reason, row.seconds) for row in reading.unusable] == [(3, "no_email", 3900)]
    assert [join.person for join in reading.joins] == [ADA]


def test_in_a_report_of_teams_nobody_without_a_good_address_is_listed_twice() -> None:
    """Section 2 lists each once, section 3 every join; both bear the same address."""
    header = "Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole\n"
    activities = "\n3. In-Meeting Activities\nName\tJoin Time\tLeave Time\tDuration\tEmail\tRole\n"
    times = "4/23/26, 9:01:00 AM\t4/23/26, 10:01:00 AM\t1h"
    people = [("Ada", ADA), ("Bad", "nobody"), ("Two", "a@example.org; b@example.org"), ("Guest", "")]
    text = TEAMS_HEAD.replace("\t1", "\t4") + header
    text += "".join(f"{name}\t{times}\t{mail}\t\tAttendee\n" for name, mail in people)
    text += activities + "".join(f"{name}\t{times}\t{mail}\tAttendee\n" for name, mail in people)
    assert reasons(read(text)) == [(8, "bad_email"), (9, "two_emails_in_cell"), (10, "no_email")]


@pytest.mark.parametrize(
    ("header", "joined", "left"),
    [
        ("Sitzungs-ID,Teilnehmer-ID,Vollständiger Name,UTC-Ereigniszeitstempel,Aktion", "Beigetreten", "Verlassen"),
        ("ID de session,ID du participant,Nom complet,Horodatage de l’événement UTC,Action", "A rejoint", "A quitté"),
    ],
)
def test_a_live_event_in_other_languages(header: str, joined: str, left: str) -> None:
    reading = read(f"{header}\n1,{ADA},Ada,23/04/2026 07:01:00,{joined}\n1,{ADA},Ada,23/04/2026 08:01:00,{left}\n")
    assert [(join.person, join.interval) for join in reading.joins] == [(ADA, HOUR)]


def test_minutes_without_a_date_are_taken_for_the_day_on_which_the_meeting_began() -> None:
    """It is asked all the same."""
    tomorrow = Session(SessionId("s2"), "More", "Europe/Zurich", Interval(at("09:00") + DAY, at("11:00") + DAY))
    block = "Meeting ID,Topic,Start Time,End Time,Participants\n1,X,04/24/2026 09:00:00 AM,04/24/2026 11:00:00 AM,1\n\n"
    text = f"{block}Name (Original Name),User Email,Total Duration (Minutes),Guest\nAda,{ADA},62,No\n"
    reading = read(text, [SESSION, tomorrow])
    assert [(q.kind, q.assumed) for q in reading.questions] == [(QuestionKind.SESSION, "s2")]
    assert [join.session for join in reading.joins] == ["s2"]


def test_lengths_of_more_hours_than_a_day_has_are_minutes_and_seconds() -> None:
    """And so are those beside them."""
    reading = read(f"Name,Email,Duration\nAda,{ADA},62:30\nBob,bob@example.org,05:30\n")
    assert [join.stated_seconds for join in reading.joins] == [3750, 330]
    reading = read(f"Name,Email,Duration\nAda,{ADA},1:02\nBob,bob@example.org,05:30\n")
    assert [join.stated_seconds for join in reading.joins] == [3720, 19_800]


def test_rows_of_a_table_without_addresses_are_unmatched_and_not_odd() -> None:
    """What is odd about them is reported all the same."""
    rows = "Sam,2026-04-23 09:01,2026-04-23 10:01,60\nTim,2026-04-23 10:01,2026-04-23 09:01,60\nTotal,,,120\n"
    reading = read(f"Name,Join time,Leave time,Duration (minutes)\n{rows}")
    assert [(join.name, join.interval) for join in reading.unmatched] == [("Sam", HOUR)]
    assert reasons(reading) == [(3, "leave_before_join"), (4, "totals_row")]
    assert [question.kind for question in reading.questions] == [QuestionKind.PEOPLE]


def test_a_plain_table_that_says_attended_has_no_hosts() -> None:
    """In a webinar's report hosts stand under a title of their own."""
    table = f"Attended,Name,Email,Join Time,Leave Time\nTRUE,Ada,{ADA},2026-04-23 09:01,2026-04-23 10:01\n"
    assert [join.role for join in read(table).joins] == [Role.ATTENDEE]
    assert [join.role for join in read(f"Host Details\n{table}").joins] == [Role.HOST]


def test_a_number_alone_below_the_rows_is_a_total() -> None:
    assert reasons(read(MEETING + ADAS + ",,,,60,,\n")) == [(3, "totals_row")]
