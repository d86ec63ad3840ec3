"""`certs attendance`: what exports say, without a register."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from certs import eventfile
from certs.attendance import Answers
from certs.cli.declare import FILE, THERE, Paths, argument, read_text
from certs.cli.hints import VOICE
from certs.cli.how import JSON, How, command
from certs.cli.imports import reading
from certs.eligibility.words import count
from certs.errors import InputError, Problem
from certs.views import attendance as views
from certs.work import account

_NOTHING_READ = 2


@command(JSON)
def attendance(
    how: How,
    event_file: Path = argument("EVENT.toml", type=FILE),
    files: Paths = argument("FILE...", required=True, type=THERE),
    answers: Answers = reading,
) -> int:
    """Read exports FILE... against the event file EVENT.toml and say who was there, how long, and what must be asked.

    Nothing is stored. A question that can be answered with an option names it. The exit code is 2 if no file can be
    read.

    Example:
      certs attendance marathon.toml attendee_*.csv registration.csv
      certs attendance marathon.toml "Attendance report.csv" --zone Europe/Paris --date-order dmy --json
    """
    event = eventfile.parse(read_text(event_file), event_file.name, for_reading=True)
    known = [session.id for session in event.sessions]
    if strange := [f"{id_}={name}" for name, id_ in answers.sessions.items() if id_ not in known]:
        raise InputError(f'--session: "{strange[0]}" must be ID=NAME with a session of the event: {", ".join(known)}.')
    found = account.of_files(event, _by_name(files), answers)
    unusable = (f"{row.file}:{row.line}: {row.reason} {row.name}".rstrip() for row in found.unusable)
    how.tell(views.attendance(found), _read(found), _people(found), aside=[unusable, _left(found)])
    how.note(f"certs: {problem.said_by(VOICE)}" for problem in found.refused)
    if not found.usable:
        how.note(f"certs: {question.subject}: {question.text}" for question in found.questions)
    return 0 if found.usable else _NOTHING_READ


def _by_name(files: Sequence[Path]) -> Mapping[str, Path]:
    """Return the files by base name, those of one name told apart by their folder."""
    found: dict[str, Path] = {}
    for path in files:
        if not path.is_file():
            raise InputError(Problem("This is a folder: name the files in it.", str(path)))
        found[path.name if path.name not in found else str(path)] = path
    return found


def _read(found: account.FilesAccount) -> Iterator[str]:
    for read in found.readings:
        session = f"session {read.session}" if read.session else "no single session"
        yield f"{read.name}: {read.format}, {session}"
        yield from (f"  {note}" for note in read.notes)
        yield from (f"  ? {question.text}" for question in read.questions)


def _people(found: account.FilesAccount) -> Iterator[str]:
    for one in found.of_kind(found.event.kinds[0].name):
        mark = "yes" if one.eligible else "near" if one.near_miss else "no"
        yield f"{mark:4}  {one.name}  <{one.person}>  {one.reason}"


def _left(found: account.FilesAccount) -> Iterator[str]:
    yield from (f"? {question.text}" for question in found.review)
    came = found.of_kind(found.event.kinds[0].name)
    yield (
        f"{count(len(came), 'person', 'people')} attended, {len(found.never):,} registered and never came, "
        f"{count(len(found.unusable), 'row')} cannot be credited, {count(len(found.review), 'thing')} to look at."
    )
