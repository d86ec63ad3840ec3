"""The organiser's commands, from the event file to the corrected certificate, and what wrong input does: nothing."""

import csv
import io
import json
import shutil
import sqlite3
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest

from certs import cli
from tests import crowd, survivors
from tests.bench.sample import DEMO

SLUG = "cgmp-2026"
REPORTS = sorted(DEMO.glob("attendee_*.csv"))
(REGISTRATION,) = DEMO.glob("registration_*.csv")
Certs = Callable[..., str]
ALONE = (*chain(*(("--accept", f"session_missing:{n}") for n in range(2, 9))), "--reason", "a trial of one session")
"""What an order of the first session alone has to say."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a deployment with keys and the marathon's event, approved by one person."""
    monkeypatch.chdir(tmp_path)
    for name, value in crowd.environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    crowd.opened(crowd.environment(tmp_path)).engine.dispose()
    text = (DEMO / "marathon.toml").read_text()
    (tmp_path / "marathon.toml").write_text(text.replace('approval = "two"', 'approval = "one"'))
    (tmp_path / "strict.toml").write_text(text)
    return tmp_path


@pytest.fixture
def certs(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Certs:
    """Return a function that runs a command, checks its exit code and returns what it printed."""

    def run(*arguments: str | Path, code: int = 0) -> str:
        capfdbinary.readouterr()
        ended = cli.run([str(one) for one in arguments])
        out, err = (stream.decode() for stream in capfdbinary.readouterr())
        assert (ended, "Traceback" in err) == (code, False), err
        return out if code == 0 else err

    run("event", "add", folder / "marathon.toml")
    return run


def small(folder: Path, people: int = 6) -> Path:
    """Return the attendee table of the first session's report with its first few rows."""
    lines = REPORTS[0].read_text(encoding="utf-8-sig").splitlines()
    head = next(number for number, line in enumerate(lines) if line.startswith("Attendee Details"))
    file = folder / REPORTS[0].name
    file.write_text("\n".join(lines[head : head + 2 + people]) + "\n", encoding="utf-8-sig")
    return file


def snapshot(folder: Path) -> list[str]:
    """Return everything that the database holds."""
    with sqlite3.connect(folder / "certs.db") as connection:
        return list(connection.iterdump())


# ---------------------------------------------------------------- wrong input


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("notes.csv", b"a,b\n1,2\n", "notes.csv"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n\x00\x00", "picture.csv"),
        ("empty.csv", b"", "empty.csv"),
    ],
)
def test_a_file_that_is_no_report_changes_nothing(
    folder: Path, certs: Certs, name: str, content: bytes, says: str
) -> None:
    """Exit code 2 and a sentence with the file's name."""
    (folder / name).write_bytes(content)
    before = snapshot(folder)
    assert says in certs("import", SLUG, folder / name, code=2)
    assert snapshot(folder) == before


def test_a_truncated_report_changes_nothing(folder: Path, certs: Certs) -> None:
    """Cut in the middle of a quoted cell."""
    data = REPORTS[0].read_bytes()
    cut = folder / REPORTS[0].name
    cut.write_bytes(data[: data.rindex(b'"') - 3])
    before = snapshot(folder)
    assert cut.name in certs("import", SLUG, cut, code=2)
    assert snapshot(folder) == before


def test_a_report_without_any_person_changes_nothing(folder: Path, certs: Certs) -> None:
    """It is an error, not a session that nobody came to."""
    lines = REPORTS[0].read_text(encoding="utf-8-sig").splitlines()
    heads = [line for line in lines if "@" not in line and not line.startswith(("1555", "+"))]
    file = folder / REPORTS[0].name
    file.write_text("\n".join(heads) + "\n", encoding="utf-8-sig")
    before = snapshot(folder)
    assert file.name in certs("import", SLUG, file, code=2)
    assert snapshot(folder) == before


def test_one_wrong_file_keeps_the_right_one_out(folder: Path, certs: Certs) -> None:
    """All or nothing."""
    (folder / "notes.csv").write_text("a,b\n1,2\n")
    before = snapshot(folder)
    certs("import", SLUG, REPORTS[0], folder / "notes.csv", code=2)
    assert snapshot(folder) == before


def test_the_same_file_twice_changes_nothing(folder: Path, certs: Certs) -> None:
    """Under another name, in one command or in two; it says which of both it was."""
    copy = folder / "copy (1).csv"
    shutil.copy(REGISTRATION, copy)
    assert f"the same file as {REGISTRATION.name}" in certs("import", SLUG, REGISTRATION, copy)
    before = snapshot(folder)
    assert f"as {REGISTRATION.name}" in certs("import", SLUG, copy)
    assert snapshot(folder) == before


def test_a_date_outside_every_session_changes_nothing(folder: Path, certs: Certs) -> None:
    """The report of a webinar that is not of this event."""
    file = folder / "attendee_900000000007_2027_01_01.csv"
    file.write_text(REPORTS[0].read_text(encoding="utf-8-sig").replace("10/06/2026", "01/01/2027"))
    before = snapshot(folder)
    assert file.name in certs("import", SLUG, file, code=2)
    assert snapshot(folder) == before


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("end = 2026-10-06T15:00:00+02:00", "end = 2026-10-06T12:00:00+02:00", 28),
        ("share = 0.5", "chare = 0.5", 13),
        ('slug = "cgmp-2026"', 'slug = "cgmp-2026', 3),
    ],
)
def test_an_event_file_with_a_mistake_changes_nothing(
    folder: Path, certs: Certs, old: str, new: str, line: int
) -> None:
    """A session that ends before it begins, a misspelt key, an open quote: each with its line."""
    file = folder / "wrong.toml"
    text = (DEMO / "marathon.toml").read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    before = snapshot(folder)
    assert "wrong.toml:" in certs("event", "add", file, code=2)
    assert snapshot(folder) == before


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('language = "en"', 'design = "clasic"', "There is no design “clasic”; there is: "),
        ('language = "en"', 'language = "tlh"', "has no words in “tlh”; it has them in: "),
        ('language = "en"', 'logo = "nowhere.svg"', "nowhere.svg is not in the folder of the event file"),
    ],
)
def test_a_design_that_is_not_there_is_said_before_anything_is_frozen(
    folder: Path, certs: Certs, old: str, new: str, says: str
) -> None:
    """Ordered with it, the certificates could never be issued."""
    file = folder / "wrong.toml"
    file.write_text((folder / "marathon.toml").read_text().replace(old, new, 1))
    before = snapshot(folder)
    said = certs("event", "add", file, code=2)
    assert "wrong.toml: " in said
    assert says in said
    assert snapshot(folder) == before


def test_each_kind_of_failure_has_its_exit_code(folder: Path, certs: Certs) -> None:
    """Input 2, denied 3, not found 4, conflict 5."""
    certs("event", "add", folder / "nowhere.toml", code=2)
    certs("revoke", "7K3M-9QXZ-2P4D", "--class", "error", "--note", "x", "--yes", code=2)
    certs("decide", "other", code=4)
    certs("status", "77", code=4)
    certs("import", SLUG, small(folder))
    certs("event", "add", folder / "strict.toml", "--yes")
    (folder / "loose.toml").write_text(
        (folder / "strict.toml").read_text().replace("sessions = 6 ", "sessions = 1 ", 1)
    )
    certs("event", "add", folder / "loose.toml", "--yes")
    batch = str(json.loads(certs("order", SLUG, "--yes", *ALONE, "--as", "ana", "--json"))["batch"])
    certs("issue", batch, code=5)
    certs("approve", batch, "--as", "ana", code=3)
    certs("approve", batch, "--yes", "--as", "ben")
    certs("approve", batch, "--as", "ben", code=5)


def test_nobody_to_ask_means_nothing_is_done(folder: Path, certs: Certs) -> None:
    """Without a terminal, an order wants --yes."""
    certs("event", "add", _generous(folder), "--yes")
    certs("import", SLUG, small(folder))
    assert "--yes" in certs("order", SLUG, *ALONE, code=2)


# ---------------------------------------------------------------- the whole way


def _generous(folder: Path) -> Path:
    """Return an event file under which any second in one session is enough."""
    file = folder / "generous.toml"
    text = (folder / "marathon.toml").read_text()
    file.write_text(text.replace("sessions = 6 ", "sessions = 1 ", 1).replace("share = 0.5 ", "share = 0 ", 1))
    return file


def issued(folder: Path, certs: Certs) -> list[dict[str, str]]:
    """Bring a small event to its certificates; return the manifest."""
    certs("event", "add", _generous(folder), "--yes")
    certs("import", SLUG, small(folder), "--as", "ana")
    ordered = json.loads(certs("order", SLUG, "--yes", *ALONE, "--as", "ana", "--json"))
    certs("approve", ordered["batch"], "--yes", "--as", "ben")
    said = json.loads(certs("issue", ordered["batch"], "--json"))
    assert said["counts"] == {"issued": ordered["count"]}
    certs("export", SLUG, "--out", folder / "out")
    return list(csv.DictReader(io.StringIO((folder / "out" / "manifest.csv").read_text("utf-8-sig"))))


def test_from_the_event_file_to_the_export(folder: Path, certs: Certs) -> None:
    """Every eligible person has a file, whose digest is in the manifest; a second order finds nobody."""
    manifest = issued(folder, certs)
    people = json.loads(certs("decide", SLUG, "--json"))["people"]
    assert {row["email"] for row in manifest} == {one["email"] for one in people if one["eligible"]}
    again = json.loads(certs("order", SLUG, "--yes", "--json"))
    assert (again["batch"], again["count"]) == (None, 0)


def test_a_correction_replaces_and_the_old_one_leads_to_it(folder: Path, certs: Certs) -> None:
    """At once where one person may do it; the old one reads replaced, the new one valid."""
    old = issued(folder, certs)[0]
    name = "Zoë Brontë"
    said = json.loads(certs("correct", old["number"], "--name", name, "--yes", "--reason", "misspelt", "--json"))
    assert said["issued"] is True
    assert cli.run(["verify", old["number"]]) == 1
    certs("export", SLUG, "--out", folder / "again")
    rows = list(csv.DictReader(io.StringIO((folder / "again" / "manifest.csv").read_text("utf-8-sig"))))
    assert name in {row["name"] for row in rows}
    assert old["number"] not in {row["number"] for row in rows}


def test_a_correction_waits_for_the_second_person(folder: Path, certs: Certs) -> None:
    """Where the event demands two."""
    old = issued(folder, certs)[0]
    (folder / "two.toml").write_text(_generous(folder).read_text().replace('approval = "one"', 'approval = "two"'))
    certs("event", "add", folder / "two.toml", "--yes")
    said = json.loads(
        certs("correct", old["number"], "--name", "Zoë Brontë", "--yes", "--reason", "x", "--as", "ana", "--json")
    )
    assert said["issued"] is False
    certs("approve", said["batch"], "--as", "ana", code=3)
    certs("approve", said["batch"], "--yes", "--as", "ben")
    certs("issue", said["batch"])
    certs("correct", old["number"], "--name", "Eve Moneypenny", "--yes", "--reason", "x", code=5)


def test_a_correction_that_changes_nothing_is_refused(folder: Path, certs: Certs) -> None:
    """Nor one without a reason, or with a name of invisible characters."""
    old = issued(folder, certs)[0]
    certs("correct", old["number"], "--name", old["name"], "--yes", "--reason", "x", code=2)
    certs("correct", old["number"], "--name", "Eve", "--yes", "--reason", " ", code=2)
    certs("correct", old["number"], "--name", "Eve\u202e", "--yes", "--reason", "x", code=2)
    certs("correct", old["number"], "--attended", "99", "--yes", "--reason", "x", code=2)


def test_everything_a_key_signed_is_replaced_under_new_keys(folder: Path, certs: Certs) -> None:
    """After a compromise; a second time there is nothing left, and the present key is refused."""
    before = issued(folder, certs)
    kid = next(key["kid"] for key in _keys(certs) if key["purpose"] == "claim")
    certs("reissue", "--signed-by", kid, "--reason", "x", "--yes", code=2)
    certs("keys", "new", "claim")
    certs("reissue", "--signed-by", kid, "--registered-since", "2999-01-01", "--reason", "x", "--yes", code=4)
    said = json.loads(certs("reissue", "--signed-by", kid, "--reason", "stolen laptop", "--yes", "--json"))
    assert (said["count"], said["waiting_for_approval"]) == (len(before), [])
    certs("reissue", "--signed-by", kid, "--reason", "again", "--yes", code=4)
    certs("export", SLUG, "--out", folder / "again")
    after = list(csv.DictReader(io.StringIO((folder / "again" / "manifest.csv").read_text("utf-8-sig"))))
    assert {row["email"] for row in after} == {row["email"] for row in before}
    assert not {row["number"] for row in after} & {row["number"] for row in before}


def _keys(certs: Certs) -> list[dict[str, str]]:
    listed = json.loads(certs("keys", "list", "--json"))
    found: list[dict[str, str]] = listed["keys"] if isinstance(listed, dict) else listed
    return found


def test_a_file_of_numbers_is_revoked_as_a_whole_and_can_be_taken_back(folder: Path, certs: Certs) -> None:
    """With a heading or without; one wrong line and nobody is revoked."""
    numbers = [row["number"] for row in issued(folder, certs)][:2]
    listed = folder / "withdrawn.csv"
    listed.write_text("number,why\n" + "".join(f"{one},fraud\n" for one in [*numbers, "7K3M-9QXZ-2P4D"]))
    assert "withdrawn.csv:4" in certs("revoke", "--file", listed, "--class", "error", "--note", "x", "--yes", code=2)
    listed.write_text("number,why\n" + "".join(f"{one},fraud\n" for one in numbers))
    said = json.loads(certs("revoke", "--file", listed, "--class", "fraud", "--note", "bought", "--yes", "--json"))
    assert len(said["revoked"]) == 2
    certs("undo", numbers[0], "--reason", "wrong line")
    assert "nothing was left to do" in certs("undo", numbers[0], "--reason", "wrong line")
    certs("undo", *numbers, "--reason", "wrong line", code=5)


def test_the_trail_tells_who_did_what_and_stays_whole(folder: Path, certs: Certs) -> None:
    """With old and new value of a correction."""
    old = issued(folder, certs)[0]
    certs("correct", old["number"], "--name", "Zoë Brontë", "--yes", "--reason", "misspelt", "--as", "cy")
    rows = list(csv.DictReader(io.StringIO(certs("audit", SLUG, "--csv"))))
    correction = next(row for row in rows if row["act"] == "batch.order" and row["actor"] == "cy")
    assert (correction["reason"], old["name"] in correction["old"]) == ("misspelt", True)
    assert "Zoë Brontë" in correction["new"]
    assert json.loads(certs("audit", "verify", "--json"))["whole"] is True


def test_a_forged_trail_is_noticed(folder: Path, certs: Certs) -> None:
    """Whoever drops the trigger still breaks the chain."""
    with sqlite3.connect(folder / "certs.db") as connection:
        connection.execute("DROP TRIGGER audit_never_changes")
        connection.execute("UPDATE audit SET actor = 'eve' WHERE id = 1")
    assert cli.run(["audit", "verify"]) == 1


def test_no_csv_that_we_write_runs_as_a_formula(folder: Path, certs: Certs) -> None:
    """A name that begins like one gets an apostrophe, in the decision and in the manifest."""
    file = small(folder)
    text = file.read_text(encoding="utf-8-sig").splitlines()
    head = next(number for number, line in enumerate(text) if line.startswith("Attendee Details")) + 2
    cells = next(csv.reader([text[head]]))
    name = f"=HYPERLINK {cells[2]}"
    text[head] = text[head].replace(cells[2], name)
    file.write_text("\n".join(text) + "\n", encoding="utf-8-sig")
    certs("import", SLUG, file)
    rows = list(csv.DictReader(io.StringIO(certs("decide", SLUG, "--csv"))))
    assert not [row for row in rows if row["name"].startswith("=")]
    assert [row for row in rows if row["name"].startswith("'=")]


def test_backup_and_restore_drill(tmp_path: Path) -> None:
    """Each command a process of its own: what was revoked after the backup stays so."""
    environ = crowd.environment(tmp_path)
    app = crowd.opened(environ)
    batch = crowd.approved(app, 3)
    app.engine.dispose()
    assert survivors.certs(environ, "issue", str(batch)).returncode == 0
    number = next(app.store.deliveries(SLUG)).certificate.number
    app.engine.dispose()
    for command in (
        ("backup", str(tmp_path / "backup.db")),
        ("revoke", number, "--class", "error", "--note", "x", "--yes"),
        ("restore", str(tmp_path / "backup.db"), "--reason", "drill", "--yes"),
        ("audit", "verify"),
    ):
        done = survivors.certs(environ, *command)
        assert done.returncode == 0, done.stderr
    assert '"revoked"' in survivors.certs(environ, "verify", number, "--json").stdout


def test_every_command_has_an_example() -> None:
    """In its --help."""
    import click

    for name in cli.COMMANDS:
        command = cli.cli.get_command(click.Context(cli.cli), name)
        assert command is not None
        assert "Example" in (command.help or ""), name
