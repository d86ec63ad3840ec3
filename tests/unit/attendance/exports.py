"""One small meeting, told by every platform in many languages, as far as `docs/attendance.md` says they are read.

On 23 April 2026, 09:00 to 11:00 in Zurich, Ada was there from 09:01 to 10:01 and from 10:05 to 10:50, José from 09:30
to 11:00. The headers are those of real exports where they are known, else what the platform's own words suggest.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from certs.model import Interval, PersonKey, Session, SessionId

ZURICH = ZoneInfo("Europe/Zurich")
ADA, JOSE = PersonKey("ada@example.org"), PersonKey("jose@example.org")


def at(clock: str) -> datetime:
    """Return a moment of that day, given as it was in Zurich."""
    return datetime.fromisoformat(f"2026-04-23T{clock}").replace(tzinfo=ZURICH).astimezone(UTC)


SESSION = Session(SessionId("s1"), "Round table", "Europe/Zurich", Interval(at("09:00"), at("11:00")))
TIMES = {
    ADA: [Interval(at("09:01"), at("10:01")), Interval(at("10:05"), at("10:50"))],
    JOSE: [Interval(at("09:30"), at("11:00"))],
}
MINUTES = {ADA: 105, JOSE: 90}
_ROWS = (
    ("Ada", "Lovelace", ADA, "09:01", "10:01", 60),
    ("José", "Núñez", JOSE, "09:30", "11:00", 90),
    ("Ada", "Lovelace", ADA, "10:05", "10:50", 45),
)
US = "%m/%d/%Y %I:%M:%S %p"
DAY_FIRST = "%d/%m/%Y %H:%M:%S"
DOTS = "%d.%m.%Y %H:%M:%S"
ISO = "%Y-%m-%d %H:%M:%S"
WORDS = '"%b %d, %Y %H:%M:%S"'


@dataclass(frozen=True, slots=True)
class Export:
    """One file: what it is called in test reports, and its text."""

    label: str
    text: str

    def __str__(self) -> str:
        return self.label


def rows(template: str, stamp: str, *, zone: str = "Europe/Zurich", end: str = "\n") -> str:
    """Return a line for each join, filled into *template*; *stamp* is how the times are written."""
    there = ZoneInfo(zone)
    lines = []
    for first, last, email, join, leave, minutes in _ROWS:
        name = f"{first} {last}"
        joined, left = (at(clock).astimezone(there).strftime(stamp) for clock in (join, leave))
        clock = f"{minutes // 60:02}:{minutes % 60:02}:00"
        row = template.replace("NAME", name).replace("FIRST", first).replace("LAST", last).replace("EMAIL", email)
        row = row.replace("JOIN", joined).replace("LEAVE", left).replace("MIN", str(minutes)).replace("CLOCK", clock)
        lines.append(row + end)
    return "".join(lines)


def _meeting(language: str, header: str, no: str, stamp: str, preamble: str = "") -> Export:
    """Return Zoom's list of participants; the cells after the minutes all say no."""
    spare = max(header.count(",") - 4, 0)
    mark = ";" if ";" in header else ","
    template = mark.join(["NAME", "EMAIL", "JOIN", "LEAVE", "MIN", *[no] * spare])
    return Export(f"zoom meeting {language}", f"{preamble}{header}\n{rows(template, stamp)}")


ZOOM_MEETINGS = (
    _meeting(
        "en",
        "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,"
        "Recording Consent,In Waiting Room",
        "No",
        US,
    ),
    _meeting(
        "en new",
        "Name (original name),Email,Join time,Leave time,Duration (minutes),Guest,Recording disclaimer response,"
        "In waiting room",
        "No",
        US,
    ),
    _meeting(
        "en header block",
        "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest",
        "No",
        US,
        "Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants,\n"
        "900 0000 0111,Round table,04/23/2026 09:00:00 AM,04/23/2026 11:00:00 AM,host@example.org,120,2,\n\n",
    ),
    _meeting(
        "es old",
        "Nombre (nombre original),E-mail del usuario,Hora para unirse,Hora para salir,Duración (minutos)",
        "",
        DAY_FIRST,
    ),
    _meeting(
        "es semicolons",
        "Nombre (nombre original);E-mail del usuario;Hora para unirse;Hora para salir;Duración (minutos)",
        "",
        DAY_FIRST,
    ),
    _meeting(
        "es new",
        "Nombre (nombre original),Correo electrónico,Hora de entrada,Hora de salida,Duración (minutos),Invitado,"
        "Respuesta al descargo de responsabilidad relativa a la grabación,En sala de espera",
        "No",
        DAY_FIRST,
    ),
    _meeting(
        "pt",
        "Nome (nome original),E-mail,Ingressar na hora,Hora de saída,Duração (minutos),Convidado,Na sala de espera",
        "Não",
        "%d/%m/%Y %I:%M:%S %p",
        "Tópico,ID,Anfitrião,Duração (minutos),Hora de início,Hora de término,Participantes\n"
        "Mesa,900 0000 0111,Anfitriã,120,23/04/2026 09:00:00 AM,23/04/2026 11:00:00 AM,2\n\n",
    ),
    _meeting(
        "fr",
        "Nom (nom original),Adresse e-mail de l’utilisateur,Heure d’arrivée,Heure de départ,Durée (minutes),Invité,"
        "Salle d’attente",
        "Non",
        DAY_FIRST,
    ),
    _meeting(
        "fr connexion",
        "Nom (nom original),Adresse e-mail de l'utilisateur,Heure de connexion,"
        "Heure de déconnexion,Durée (minutes),Invité",
        "Non",
        DAY_FIRST,
    ),
    _meeting(
        "de",
        "Name (Originalname),Benutzer-E-Mail,Beitrittszeit,Zeitpunkt des Verlassens,Dauer (Minuten),Gast,Im Warteraum",
        "Nein",
        DOTS,
    ),
    _meeting(
        "it",
        "Nome (nome originale),E-mail utente,Ora di ingresso,Ora di uscita,Durata (minuti),Ospite,In sala d’attesa",
        "No",
        DAY_FIRST,
    ),
    _meeting(
        "pl",
        "Nazwa (nazwa oryginalna),Adres e-mail użytkownika,Godzina dołączenia,"
        "Godzina opuszczenia,Czas trwania (minuty),"
        "Gość,W poczekalni",
        "Nie",
        DOTS,
    ),
    _meeting(
        "ru",
        "Имя (настоящее имя),Электронная почта пользователя,Время входа,Время выхода,"
        "Продолжительность (минуты),Гость,"
        "В зале ожидания",
        "Нет",
        DOTS,
    ),
    _meeting(
        "zh",
        "名称（原始名称）,用户电子邮件,加入时间,离开时间,持续时间（分钟）,访客,在等候室中",
        "否",
        "%Y/%m/%d %H:%M:%S",
    ),
    _meeting(
        "ar",
        "الاسم (الاسم الأصلي),البريد الإلكتروني للمستخدم,وقت الانضمام,وقت المغادرة,"
        "المدة (بالدقائق),ضيف,في غرفة الانتظار",
        "لا",
        DAY_FIRST,
    ),
)


def _webinar(language: str, title: str, header: str, yes: str, approved: str, stamp: str) -> Export:
    """Return Zoom's attendee report: the table of attendees, with one who never came."""
    line = ",".join(
        [
            yes,
            "NAME",
            "FIRST",
            "LAST",
            "EMAIL",
            '"Apr 20, 2026 11:23:29"',
            approved,
            "JOIN",
            "LEAVE",
            "MIN",
            yes,
            "Schweiz",
        ]
    )
    absent = f'No,Grace Hopper,Grace,Hopper,grace@example.org,"Apr 20, 2026 11:23:29",{approved},--,--,--,--,'
    return Export(f"zoom webinar {language}", f"{title}\n{header}\n{absent}\n{rows(line, stamp)}")


ZOOM_WEBINARS = (
    _webinar(
        "en generation A",
        'Attendee Report,\nReport Generated:,"Apr 24, 2026 6:26 PM"\nTopic,Webinar ID,Actual Start Time,'
        "Actual Duration (minutes),# Registered,# Cancelled,Unique Viewers,Total Users,Max Concurrent Views,"
        'Enable Registration\nTable,847 0000 0000,"Apr 22, 2026 7:13 PM",120,3,0,2,2,2,Yes\n'
        "Host Details,\nAttendee Details,",
        "Attended,User Name (Original Name),First Name,Last Name,Email,Registration Time,"
        "Approval Status,Join Time,Leave Time,"
        "Time in Session (minutes),Is Guest,Country/Region Name",
        "Yes",
        "approved",
        WORDS,
    ),
    _webinar(
        "en generation B",
        "Attendee Report\nReport generated time,04/24/2026 02:31:08 PM\nAttendee Details",
        "Attended,User Name (Original Name),First Name,Last Name,Email,Registration Time,"
        "Approval Status,Join Time,Leave Time,"
        "Time in Session (minutes),Is Guest,Country/Region Name",
        "Yes",
        "approved",
        US,
    ),
    _webinar(
        "es",
        "Informe de asistentes\nDetalles de los asistentes",
        "Asistió,Nombre de usuario (nombre original),Nombre,Apellido,Correo electrónico,"
        "Hora de registro,Estado de aprobación,"
        "Hora de entrada,Hora de salida,Tiempo en la sesión (minutos),Es invitado,Nombre del país/región",
        "Sí",
        "aprobado",
        DAY_FIRST,
    ),
    _webinar(
        "it",
        "Rapporto partecipanti\nDettagli partecipanti",
        "Ha partecipato,Nome utente (nome originale),Nome,Cognome,Indirizzo e-mail,"
        "Ora di registrazione,Stato di approvazione,"
        "Ora di partecipazione,Ora di uscita,Tempo nella sessione (minuti),È un ospite,Nome paese/regione",
        "Sì",
        "approvato",
        DAY_FIRST,
    ),
    _webinar(
        "pl",
        "Raport uczestników\nSzczegóły uczestników",
        "Uczestniczył,Nazwa użytkownika (nazwa oryginalna),Imię,Nazwisko,E-mail,Czas rejestracji,Stan zatwierdzenia,"
        "Czas dołączenia,Czas opuszczenia,Czas w sesji (minuty),Gość,Kraj/region",
        "Tak",
        "zatwierdzono",
        DOTS,
    ),
    _webinar(
        "fr",
        "Rapport des participants\nDétails des participants",
        "A participé,Nom d’utilisateur (nom original),Prénom,Nom de famille,E-mail,"
        "Heure d’inscription,Statut d’approbation,"
        "Heure d’arrivée,Heure de départ,Durée de la session (minutes),Est un invité,Nom du pays/de la région",
        "Oui",
        "approuvé",
        DAY_FIRST,
    ),
    _webinar(
        "de",
        "Teilnehmerbericht\nTeilnehmerdetails",
        "Teilgenommen,Benutzername (Originalname),Vorname,Nachname,E-Mail,Registrierungszeit,Genehmigungsstatus,"
        "Beitrittszeit,Verlassenszeit,Zeit in Sitzung (Minuten),Ist Gast,Name des Landes/der Region",
        "Ja",
        "genehmigt",
        DOTS,
    ),
    _webinar(
        "pt",
        "Relatório de participantes\nDetalhes dos participantes",
        "Compareceu,Nome de usuário (nome original),Nome,Sobrenome,E-mail,Horário de inscrição,Status de aprovação,"
        "Horário de entrada,Horário de saída,Tempo na sessão (minutos),É convidado,Nome do país/região",
        "Sim",
        "aprovado",
        DAY_FIRST,
    ),
)


def _teams(language: str, titles: str, participants: str, activities: str, stamp: str, role: str) -> Export:
    """Return a Teams report: participants once each, then every join and leave."""
    one, two, three = titles.split("/")
    ends = (
        ("Ada Lovelace", ADA, at("09:01"), at("10:50"), "1h 45m"),
        ("José Núñez", JOSE, at("09:30"), at("11:00"), "1h 30m"),
    )
    people = "".join(
        "\t".join((name, f"{a.astimezone(ZURICH):{stamp}}", f"{b.astimezone(ZURICH):{stamp}}", d, mail, mail, role))
        + "\n"
        for name, mail, a, b, d in ends
    )
    joins = rows(f"NAME\tJOIN\tLEAVE\tMINm\tEMAIL\t{role}", stamp)
    parts = (f"1. {one}\nTitle\tRound table\n", f"2. {two}\n{_tabs(participants)}\n{people}", f"3. {three}")
    return Export(f"teams report {language}", "\n".join((*parts, _tabs(activities), joins)))


def _tabs(titles: str) -> str:
    return titles.replace(", ", "\t")


_EN = (
    "Summary/Participants/In-Meeting Activities",
    "Name, First Join, Last Leave, In-Meeting Duration, Email, Participant ID (UPN), Role",
)
_EN_3 = "Name, Join Time, Leave Time, Duration, Email, Role"
TEAMS_REPORTS = (
    _teams("en us", *_EN, _EN_3, "%m/%d/%y, %I:%M:%S %p", "Attendee"),
    _teams("en narrow space", *_EN, _EN_3, "%m/%d/%y, %I:%M:%S\u202f%p", "Attendee"),
    _teams("en no-break space", *_EN, _EN_3, "%m/%d/%Y, %I:%M:%S\u00a0%p", "Attendee"),
    _teams("en day first with AM", *_EN, _EN_3, "%d/%m/%Y, %I:%M:%S %p", "Presenter"),
    _teams("en small letters", _EN[0], _EN[1].lower(), _EN_3.lower(), "%d/%m/%y, %H:%M:%S", "Organizer"),
    _teams(
        "pt",
        "Resumo/Participantes/Atividades em Reunião",
        "Nome, Primeira Entrada, Última Saída, Duração da Reunião, Email, ID do participante (UPN), Função",
        "Nome, Horário de Entrada, Horário de Saída, Duração, Email, Função",
        "%d/%m/%Y, %H:%M:%S",
        "Participante",
    ),
    _teams(
        "de",
        "Zusammenfassung/Teilnehmer/Aktivitäten in der Besprechung",
        "Name, Erster Beitritt, Letztes Verlassen, Besprechungsdauer, E-Mail, Teilnehmer-ID (UPN), Rolle",
        "Name, Beitrittszeit, Verlassenszeit, Dauer, E-Mail, Rolle",
        "%d.%m.%y, %H:%M:%S",
        "Teilnehmer",
    ),
    _teams(
        "es",
        "Resumen/Participantes/Actividades en la reunión",
        "Nombre, Primera unión, Última salida, Duración de la reunión, Correo electrónico, "
        "Id. de participante (UPN), Rol",
        "Nombre, Hora de unión, Hora de salida, Duración, Correo electrónico, Rol",
        "%d/%m/%y, %H:%M:%S",
        "Asistente",
    ),
    _teams(
        "fr",
        "Résumé/Participants/Activités pendant la réunion",
        "Nom, Première participation, Dernier départ, Durée de la réunion, E-mail, ID du participant (UPN), Rôle",
        "Nom, Heure d'arrivée, Heure de départ, Durée, E-mail, Rôle",
        "%d/%m/%Y %H:%M:%S",
        "Participant",
    ),
    _teams(
        "it",
        "Riepilogo/Partecipanti/Attività della riunione",
        "Nome, Primo accesso, Ultima uscita, Durata riunione, E-mail, ID partecipante (UPN), Ruolo",
        "Nome, Ora di ingresso, Ora di uscita, Durata, E-mail, Ruolo",
        "%d/%m/%y, %H:%M:%S",
        "Partecipante",
    ),
    _teams(
        "nl",
        "Samenvatting/Deelnemers/Activiteiten in de vergadering",
        "Naam, Eerste deelname, Laatste vertrek, Duur van vergadering, E-mail, Deelnemer-id (UPN), Rol",
        "Naam, Tijd van deelname, Tijd van vertrek, Duur, E-mail, Rol",
        "%d-%m-%Y %H:%M:%S",
        "Deelnemer",
    ),
    _teams(
        "pl",
        "Podsumowanie/Uczestnicy/Działania podczas spotkania",
        "Nazwa, Pierwsze dołączenie, Ostatnie opuszczenie, Czas trwania spotkania, Adres e-mail,"
        " Identyfikator uczestnika (UPN), Rola",
        "Nazwa, Godzina dołączenia, Godzina opuszczenia, Czas trwania, Adres e-mail, Rola",
        "%d.%m.%Y, %H:%M:%S",
        "Uczestnik",
    ),
    _teams(
        "ru",
        "Сводка/Участники/Действия на собрании",
        "Имя, Первое присоединение, Последний выход, Продолжительность собрания, "
        "Электронная почта, ID участника (UPN), Роль",
        "Имя, Время присоединения, Время выхода, Длительность, Электронная почта, Роль",
        "%d.%m.%Y, %H:%M:%S",
        "Участник",
    ),
    _teams(
        "zh",
        "摘要/参与者/会议中的活动",
        "名称, 首次加入, 上次离开, 会议持续时间, 电子邮件, 参与者 ID (UPN), 角色",
        "名称, 加入时间, 离开时间, 持续时间, 电子邮件, 角色",
        "%Y/%m/%d %H:%M:%S",
        "与会者",
    ),
    _teams(
        "ar",
        "الملخص/المشاركون/الأنشطة أثناء الاجتماع",
        "الاسم, أول انضمام, آخر مغادرة, مدة الاجتماع, البريد الإلكتروني, معرف المشارك (UPN), الدور",
        "الاسم, وقت الانضمام, وقت المغادرة, المدة, البريد الإلكتروني, الدور",
        "%d/%m/%Y, %I:%M:%S %p",
        "حاضر",
    ),
)
_WEBEX = (
    "Meeting Name, Meeting Start Time, Meeting End Time, Display Name, First Name, Last Name, Role, Attendee Email, "
    "Join Time, Leave Time, Attendance Duration, Connection Type, Session Name"
)
_WEBEX_PT = (
    "Nome da reunião, Data de início da reunião, Data de término da reunião, Nome de exibição, "
    "Nome, Sobrenome, Função, "
    "E-mail do convidado, Hora da entrada, Hora da saída, Duração da presença, Tipo de conexão, Nome da sessão"
)
_WEBEX_ROW = "Class\t{0}\t{0}\tNAME\tFIRST\tLAST\tAttendee\tEMAIL\tJOIN\tLEAVE\tMIN mins\tDesktop app\tClass"
OTHERS = (
    Export("webex en", f"{_tabs(_WEBEX)}\n{rows(_WEBEX_ROW.format('2026-04-23 09:00:00'), ISO)}"),
    Export(
        "webex quoted as formulas",
        _tabs(_WEBEX) + "\n" + rows('="' + _WEBEX_ROW.format("2026-04-23 09:00:00").replace("\t", '"\t="') + '"', ISO),
    ),
    Export("webex pt", f"{_tabs(_WEBEX_PT)}\n{rows(_WEBEX_ROW.format('23/04/2026 09:00:00'), DAY_FIRST)}"),
    Export(
        "gotowebinar",
        "Attendee Report,,,GoToWebinar,,,,\nGenerated,,,,,,,\n"
        '"Apr 23, 2026 01:10 PM EDT",,,,,,,\nSession Details,,,,,,,\n'
        "Attended,Interest Rating,First Name,Last Name,Email,Registration Date,Join Time,"
        "Leave Time,In Session Duration* (minutes)\n"
        + rows(
            'Yes,50,FIRST,LAST,EMAIL,"Apr 16, 2026 10:58 AM EDT","JOIN","LEAVE",MIN.00',
            "%b %d, %Y %I:%M %p EDT",
            zone="America/New_York",
        )
        + "* Duration in minutes,,,,,,,,\n",
    ),
    Export(
        "teams live event",
        "Session Id,Participant Id,Full Name,UserAgent,UTC Event Timestamp,Action,Role\n"
        "1,EMAIL1,Ada Lovelace,x,4/23/2026 7:01:00 AM,Joined,Attendee\n".replace("EMAIL1", ADA)
        + f"1,{ADA},Ada Lovelace,x,4/23/2026 8:01:00 AM,Left,Attendee\n"
        f"2,{JOSE},José Núñez,x,4/23/2026 7:30:00 AM,Joined,Attendee\n"
        f"3,{ADA},Ada Lovelace,x,4/23/2026 8:05:00 AM,Joined,Attendee\n"
        f"3,{ADA},Ada Lovelace,x,4/23/2026 8:50:00 AM,Left,Attendee\n"
        f"2,{JOSE},José Núñez,x,4/23/2026 9:00:00 AM,Left,Attendee\n",
    ),
    Export("plain en", "Name,E-mail,Joined,Left,Minutes\n" + rows("NAME,EMAIL,JOIN,LEAVE,MIN", ISO)),
    Export(
        "plain fr",
        "Liste de présence\n\nNom;Prénom;Courriel;Arrivée;Départ\n" + rows("LAST;FIRST;EMAIL;JOIN;LEAVE", DAY_FIRST),
    ),
    Export("plain de", "Nachname;Vorname;E-Mail-Adresse;Kommen;Gehen\n" + rows("LAST;FIRST;EMAIL;JOIN;LEAVE", DOTS)),
    Export(
        "plain es",
        "Correo electrónico;Nombre;Apellidos;Entrada;Salida\n" + rows("EMAIL;FIRST;LAST;JOIN;LEAVE", DAY_FIRST),
    ),
    Export("plain pt", "E-mail|Nome completo|Entrada|Saída\n" + rows("EMAIL|NAME|JOIN|LEAVE", DAY_FIRST)),
    Export(
        "plain it", "Cognome;Nome;Indirizzo e-mail;Entrata;Uscita\n" + rows("LAST;FIRST;EMAIL;JOIN;LEAVE", DAY_FIRST)
    ),
    Export("plain pl", "Imię i nazwisko;E-mail;Wejście;Wyjście\n" + rows("NAME;EMAIL;JOIN;LEAVE", DOTS)),
    Export("plain ru", "ФИО;Электронная почта;Вход;Выход\n" + rows("NAME;EMAIL;JOIN;LEAVE", DOTS)),
    Export("plain zh", "姓名,邮箱,进入时间,退出时间\n" + rows("NAME,EMAIL,JOIN,LEAVE", "%Y年%m月%d日 %H:%M:%S")),
    Export("plain ar", "الاسم,البريد الإلكتروني,وقت الدخول,وقت الخروج\n" + rows("NAME,EMAIL,JOIN,LEAVE", DAY_FIRST)),
    Export("plain with ISO times", "email,join,leave\n" + rows("EMAIL,JOIN,LEAVE", "%Y-%m-%dT%H:%M:%S+02:00")),
    Export("plain in UTC", "email,join,leave\n" + rows("EMAIL,JOIN,LEAVE", "%Y-%m-%dT%H:%M:%SZ", zone="UTC")),
)
WITH_TIMES = (*ZOOM_MEETINGS, *ZOOM_WEBINARS, *TEAMS_REPORTS, *OTHERS)


def _total(text: str, first: str, second: str) -> str:
    """Return *text* with one line for each person."""
    lines = [text]
    for name, mail, given, family, said in (
        ("Ada Lovelace", ADA, "Ada", "Lovelace", first),
        ("José Núñez", JOSE, "José", "Núñez", second),
    ):
        line = text.splitlines()[-1]
        lines.append(
            line.replace("NAME", name)
            .replace("EMAIL", mail)
            .replace("FIRST", given)
            .replace("LAST", family)
            .replace("SAID", said)
        )
    return "\n".join(["\n".join(text.splitlines()[:-1]), *lines[1:], ""])


WITH_MINUTES = (
    Export(
        "zoom unique en",
        _total("Name (Original Name),User Email,Total Duration (Minutes),Guest\nNAME,EMAIL,SAID,No", "105", "90"),
    ),
    Export(
        "zoom unique es",
        _total(
            "Nombre (nombre original),E-mail del usuario,Duración total (minutos),Invitado\nNAME,EMAIL,SAID,No",
            "105",
            "90",
        ),
    ),
    Export(
        "google meet",
        _total(
            "First name,Last name,Email,Duration,Time joined,Time exited\nFIRST,LAST,EMAIL,SAID,9:01 AM,11:00 AM",
            "1 hr 45 min",
            "1 hr 30 min",
        ),
    ),
    Export(
        "collaborate",
        _total(
            "NameOfAttendee,EmailOfAttendee,AttendeeFirstJoinTime,AttendeeLastLeaveTime,"
            "AttendeeTotalTimeInSession,AttendeeTotalRejoins\n"
            "NAME,EMAIL,04/23/2026 07:01,04/23/2026 09:00,SAID,1",
            "01:45:00",
            "01:30:00",
        ),
    ),
    Export("plain minutes", _total("Name,E-mail,Minutes\nNAME,EMAIL,SAID", "105", "90")),
    Export("plain minutes de", _total("Name;E-Mail;Dauer\nNAME;EMAIL;SAID", "1 Std. 45 Min.", "90 Min. 0 Sek.")),
    Export("plain minutes fr", _total("Nom complet;Courriel;Durée (minutes)\nNAME;EMAIL;SAID", "105,0", "90")),
    Export(
        "plain minutes pl", _total("Imię i nazwisko;E-mail;Czas trwania\nNAME;EMAIL;SAID", "1 godz. 45 min", "90 min")
    ),
    Export("plain minutes ru", _total("ФИО;Электронная почта;Длительность\nNAME;EMAIL;SAID", "1 ч 45 мин", "90 мин")),
)
REGISTRATIONS = (
    Export(
        "zoom registration",
        _total(
            'Registration Report\nReport Generated:,"Apr 24, 2026 6:26 PM"\n'
            "Topic,Webinar ID,Scheduled Time,Duration (minutes)\n"
            'Table,847 0000 0000,"Apr 23, 2026 09:00 AM",120\nAttendee Details\n'
            "First Name,Last Name,Email,Registration Time,Approval Status\n"
            'FIRST,LAST,EMAIL,"Apr 16, 2026 10:58:00",approved',
            "",
            "",
        ),
    ),
    Export(
        "eventbrite",
        _total(
            "Order #,Order Date,First Name,Surname,Email,Quantity,Price Tier,Ticket Type,Attendee #,Attendee Status\n"
            "1,2026-04-16,FIRST,LAST,EMAIL,1,,Free,2,Attending",
            "",
            "",
        ),
    ),
    Export(
        "pretix",
        _total(
            "Event slug,Order code,Position ID,Status,Email,Phone number,Order date,Order time,Product,Attendee name,"
            "Attendee name: Given name,Attendee name: Family name,Attendee email,Company,Address,Company,Address\n"
            "e,ABC,1,paid,buyer@example.com,,2026-04-16,10:00:00,Seat,NAME,FIRST,LAST,EMAIL,a,b,c,d",
            "",
            "",
        ),
    ),
    Export("plain list", _total("First name,Last name,Email\nFIRST,LAST,EMAIL", "", "")),
    Export("plain list fr", _total("Nom;Prénom;Adresse électronique\nLAST;FIRST;EMAIL", "", "")),
    Export("plain list of one column for names", _total("Name;E-Mail\nNAME;EMAIL", "", "")),
)
