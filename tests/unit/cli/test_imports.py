"""Corrected files and imports taken back, as somebody types it."""

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from certs import eventfile
from certs.cli.tables import write_json
from certs.model import Event
from certs.views.decisions import Streamed
from tests.register import AUCKLAND
from tests.unit.cli.conftest import Operator

SLUG = "gmp-2026"
HEAD = "Name,E-mail,Joined,Left\n"
ANA = "Ana Doe,ana@example.org,2026-10-06 13:00,2026-10-06 15:00\n"
ANA_SHORT = "Ana Doe,ana@example.org,2026-10-06 13:00,2026-10-06 14:30\n"
BEN = "Ben Roe,ben@example.org,2026-10-06 13:00,2026-10-06 15:00\n"


def write(home: Path, name: str, *rows: str) -> str:
    (home / name).write_text(HEAD + "".join(rows))
    return name


@pytest.fixture
def ana(operator: Operator) -> Operator:
    """Return Ana after she imported report.csv, in which she attended."""

    def make() -> None:
        (operator.home / "event.toml").write_text(AUCKLAND)
        for purpose in ("claim", "credential", "link"):
            assert operator.types("keys", "new", purpose).code == 0
        assert operator.types("event", "add", "event.toml").code == 0
        assert operator.types("import", SLUG, write(operator.home, "report.csv", ANA)).code == 0

    operator.prepare("report.csv", make)
    return operator


def counting(ana: Operator) -> list[str]:
    said = json.loads(ana.types("status", SLUG, "--json").out)
    return [one["name"] for one in said["imports"] if one["undone_at"] is None]


ALONE = ("--accept", "session_missing:2", "--reason", "it was not held")


def ordered(ana: Operator, *accepted: str) -> str:
    batch: str = json.loads(ana.types("order", SLUG, "--yes", "--json", *(accepted or ALONE)).out)["batch"]
    return batch


def test_a_preview_shows_and_changes_nothing(ana: Operator) -> None:
    """Who loses and who gains, with the reason; in words and as JSON."""
    new = write(ana.home, "new.csv", BEN)
    said = ana.types("import", SLUG, new, "--replace", "report.csv", "--preview")
    assert (said.code, "report.csv: would count no longer." in said.out) == (0, True)
    assert "Newly eligible: 1\n  Ben Roe  ben@example.org" in said.out
    assert "No longer eligible: 1\n  Ana Doe  ana@example.org" in said.out
    told = json.loads(ana.types("import", SLUG, new, "--replace", "report.csv", "--preview", "--json").out)
    assert (told["stored"], told["newly_eligible"][0]["email"]) == (False, "ben@example.org")
    assert told["no_longer_eligible"][0]["reason"] == "No file names this person any more."
    assert counting(ana) == ["report.csv"]


def test_a_replacement_that_changes_decisions_is_asked_about(ana: Operator) -> None:
    """Nobody is there to answer, so nothing is done; --yes does it, and the trail says what replaced what."""
    new = write(ana.home, "new.csv", BEN)
    said = ana.types("import", SLUG, new, "--replace", "report.csv")
    assert (said.code, "say --yes" in said.err, "No longer eligible: 1" in said.out) == (2, True, True)
    assert counting(ana) == ["report.csv"]
    done = ana.types("import", SLUG, new, "--replace", "report.csv", "--yes")
    assert (done.code, "report.csv: counts no longer." in done.out) == (0, True)
    assert counting(ana) == ["new.csv"]
    assert "import.undo  report.csv because new.csv in place of report.csv" in ana.types("audit", SLUG).out


class Terminal(io.StringIO):
    """Somebody who answers."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("answer", "code", "says"), [("n", 130, "Nothing was done."), ("", 130, "Interrupted.")])
def test_who_says_no_or_goes_away_changes_nothing(
    ana: Operator, monkeypatch: pytest.MonkeyPatch, answer: str, code: int, says: str
) -> None:
    """The answer no, and the end of input; yes does it."""
    new = write(ana.home, "new.csv", BEN)
    monkeypatch.setattr(sys, "stdin", Terminal(f"{answer}\n" if answer else ""))
    said = ana.types("import", SLUG, new, "--replace", "report.csv")
    assert (said.code, says in said.err) == (code, True)
    assert counting(ana) == ["report.csv"]
    monkeypatch.setattr(sys, "stdin", Terminal("y\n"))
    assert ana.types("import", SLUG, new, "--replace", "report.csv").code == 0
    assert counting(ana) == ["new.csv"]


def test_json_stays_json_where_changes_are_shown(ana: Operator) -> None:
    """The table for people goes to standard error."""
    said = ana.types("import", SLUG, write(ana.home, "new.csv", BEN), "--replace", "report.csv", "--yes", "--json")
    assert json.loads(said.out)["stored"] is True
    assert "No longer eligible: 1" in said.err


def test_an_import_that_replaces_reads_the_event_file_once(ana: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though files, both decisions and questions need it."""
    texts: list[str] = []

    def reads(text: str, name: str) -> Event:
        texts.append(text)
        return parse(text, name)

    parse = eventfile.parse
    eventfile.stored.cache_clear()
    monkeypatch.setattr(eventfile, "parse", reads)
    new = write(ana.home, "new.csv", ANA, BEN, "Ana Doe,ana@example.com,2026-10-06 13:00,2026-10-06 14:00\n")
    assert ana.types("import", SLUG, new, "--replace", "report.csv", "--yes").code == 0
    assert texts == [AUCKLAND]


def test_a_replacement_that_changes_no_decision_is_not_asked_about(ana: Operator) -> None:
    assert ana.types("import", SLUG, write(ana.home, "new.csv", ANA, "\n"), "--replace", "report.csv").code == 0
    assert counting(ana) == ["new.csv"]


def test_a_second_file_of_a_session_is_pointed_out(ana: Operator) -> None:
    """Both count until somebody says otherwise; a file of another session is not mentioned."""
    said = ana.types("import", SLUG, write(ana.home, "more.csv", BEN))
    assert "more.csv: of the same session is report.csv; both count." in said.out
    other = write(ana.home, "other.csv", BEN.replace("10-06", "10-08"))
    assert "both count" not in ana.types("import", SLUG, other).out
    third = json.loads(ana.types("import", SLUG, write(ana.home, "third.csv", BEN, ANA), "--json").out)
    assert third["files"][0]["same_session"] == ["report.csv", "more.csv"]
    assert ana.types("unimport", SLUG, "report.csv", "--reason", "corrected", "--yes").code == 0
    assert counting(ana) == ["more.csv", "other.csv", "third.csv"]


def test_a_first_import_is_not_asked_about(ana: Operator) -> None:
    """Nothing is certified yet: whoever becomes eligible just does."""
    assert ana.types("import", SLUG, write(ana.home, "late.csv", BEN)).code == 0


def test_an_import_that_changes_what_is_ordered_is_asked_about(ana: Operator) -> None:
    """Even without --replace; the ordered certificate is given up and can be ordered again."""
    batch = ordered(ana)
    late = write(ana.home, "late.csv", "Ana Doe,ana@example.org,2026-10-08 13:00,2026-10-08 15:00\n")
    said = ana.types("import", SLUG, late)
    assert (said.code, "Ordered, not issued, and out of date: 1 certificate is given up" in said.out) == (2, True)
    assert ana.types("import", SLUG, late, "--yes").code == 0
    assert json.loads(ana.types("status", batch, "--json").out)["counts"]["cancelled"] == 1
    assert (batch, ordered(ana, "--reason", "again")) == ("gmp-2026/1", "gmp-2026/2")


def test_an_issued_certificate_is_listed_and_stays(ana: Operator) -> None:
    """With its number and what would be otherwise; then a person revokes or corrects it."""
    number = issued(ana)
    short = write(ana.home, "short.csv", ANA_SHORT)
    said = ana.types("import", SLUG, short, "--replace", "report.csv", "--yes")
    assert f"{number}  Ana Doe  ana@example.org  hours: 2.00 → 1.50" in said.out
    assert ana.types("verify", number).code == 0
    none = write(ana.home, "none.csv", BEN)
    (certified,) = json.loads(ana.types("import", SLUG, none, "--replace", short, "--preview", "--json").out)[
        "certified"
    ]
    assert (certified["number"], certified["eligible"]) == (number, False)


def issued(ana: Operator) -> str:
    """Issue the only certificate; return its number."""
    assert ana.types("keys", "new", "seal", "--organisation", "Institute").code == 0
    batch = str(ordered(ana))
    ana.types("approve", batch, "--as", "ben", "--yes")
    assert ana.types("issue", batch, "--yes").code == 0
    assert ana.types("export", SLUG, "--out", "out", "--yes").code == 0
    number: str = (ana.home / "out" / "manifest.csv").read_text().splitlines()[1].split(",")[0]
    return number


def test_an_import_is_undone_and_done_again(ana: Operator) -> None:
    """The file stays, with who took it out and why; the same bytes come back as another reading."""
    said = ana.types("unimport", SLUG, "report.csv", "--reason", "of another webinar", "--yes", "--as", "ben")
    assert (said.code, "1 import counts no longer" in said.out) == (0, True)
    (one,) = json.loads(ana.types("status", SLUG, "--json").out)["imports"]
    assert (one["undone_by"], one["undone_reason"]) == ("ben", "of another webinar")
    assert "undone: report.csv" in ana.types("status", SLUG).out
    assert ana.types("import", SLUG, "report.csv").code == 0
    assert [one["reading"] for one in json.loads(ana.types("status", SLUG, "--json").out)["imports"]] == [1, 2]
    assert ana.types("audit", "verify").code == 0


def test_an_undo_asks_first(ana: Operator) -> None:
    """It shows what changes; without anybody to answer nothing is done, and a preview does nothing either."""
    said = ana.types("unimport", SLUG, "report.csv", "--reason", "x")
    assert (said.code, "No longer eligible: 1" in said.out) == (2, True)
    assert ana.types("unimport", SLUG, "report.csv", "--reason", "x", "--preview").code == 0
    told = json.loads(ana.types("unimport", SLUG, "report.csv", "--reason", "x", "--preview", "--json").out)
    assert (told["undone"], len(told["no_longer_eligible"])) == ([], 1)
    assert counting(ana) == ["report.csv"]


def test_an_undo_is_refused_while_a_certificate_from_it_holds(ana: Operator) -> None:
    """It is named; once it is revoked, the import can go."""
    number = issued(ana)
    said = ana.types("unimport", SLUG, "report.csv", "--reason", "x", "--yes")
    assert (said.code, f"{number} Ana Doe" in said.err) == (5, True)
    assert counting(ana) == ["report.csv"]
    assert ana.types("revoke", number, "--class", "error", "--note", "wrong webinar", "--yes").code == 0
    assert ana.types("unimport", SLUG, "report.csv", "--reason", "x", "--yes").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("unimport", SLUG, "nope.csv", "--reason", "x", "--yes"), 2, "certs status"),
        (
            ("unimport", "nope", "report.csv", "--reason", "x", "--yes"),
            4,
            f"There is no event 'nope'. There are: {SLUG}.",
        ),
        (("decide", "nope"), 4, f"There is no event 'nope'. There are: {SLUG}."),
        (("unimport", SLUG, "report.csv", "--yes"), 2, "--reason"),
        (("unimport", SLUG, "report.csv", "--reason", " ", "--yes"), 2, "Say why"),
        (("import", SLUG, "report.csv", "--replace", "nope.csv"), 2, "certs status"),
        (("import", SLUG, "report.csv", "--zone", "Mars/Base"), 2, "no IANA time zone"),
        (("import", SLUG, "report.csv", "--zone", "../UTC"), 2, "no IANA time zone"),
    ],
)
def test_what_cannot_be_done_is_said(ana: Operator, arguments: tuple[str, ...], code: int, says: str) -> None:
    """And changes nothing."""
    said = ana.types(*arguments)
    assert (said.code, says in said.err) == (code, True)
    assert counting(ana) == ["report.csv"]


# ---------------------------------------------------------------- the same file again


def test_a_weekly_import_of_all_files_takes_what_is_new(ana: Operator) -> None:
    """What is here already is a note, in words and as JSON, and no failure of the whole list."""
    write(ana.home, "copy.csv", ANA)
    write(ana.home, "ben.csv", BEN)
    said = ana.types("import", SLUG, "report.csv", "copy.csv", "ben.csv")
    assert said.code == 0
    assert "report.csv: is in the register already, as report.csv; nothing changes." in said.out
    assert "copy.csv: is in the register already, as report.csv; nothing changes." in said.out
    assert counting(ana) == ["report.csv", "ben.csv"]
    again = json.loads(ana.types("import", SLUG, "report.csv", "ben.csv", "--json").out)
    assert (again["stored"], again["files"]) == (False, [])
    assert again["already_here"] == [{"name": n, "same_as": n} for n in ("report.csv", "ben.csv")]
    assert ana.types("audit", SLUG).out.count("import.add") == 2


def folder(ana: Operator, name: str, *rows: str) -> str:
    (ana.home / name).parent.mkdir(exist_ok=True)
    return write(ana.home, name, *rows)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("report.csv", ()),
        ("report (1).csv", ()),
        ("else.csv", ()),
        ("week2/report.csv", ()),
        ("report.csv", ("--session", "1=report.csv")),
        ("report.csv", ("--zone", "Europe/Zurich")),
        ("report.csv", ("--preview",)),
        ("report.csv", ("--beside",)),
        ("report.csv", ("--replace", "report.csv", "--yes")),
    ],
)
def test_the_same_bytes_change_nothing(ana: Operator, name: str, options: tuple[str, ...]) -> None:
    """Whatever they are called and wherever they lie."""
    said = ana.types("import", SLUG, folder(ana, name, ANA), *options)
    assert (said.code, counting(ana)) == (0, ["report.csv"])


@pytest.mark.parametrize(
    ("name", "row", "options", "says"),
    [
        ("report.csv", ANA_SHORT, (), "add: --replace report.csv"),
        ("report (1).csv", ANA_SHORT, (), "add: --replace report.csv"),
        ("Report - Copy (2).CSV", ANA_SHORT, (), "add: --replace report.csv"),
        ("report copy.csv", ANA_SHORT, (), "add: --replace report.csv"),
        ("week2/report.csv", ANA_SHORT, (), "add: --replace report.csv"),
        ("report.csv", ANA, ("--session", "2=report.csv"), "of session 1"),
        ("new.csv", ANA, ("--session", "2=new.csv"), "of session 1"),
    ],
)
def test_what_may_correct_another_file_is_asked_about(
    ana: Operator, name: str, row: str, options: tuple[str, ...], says: str
) -> None:
    """A changed file of the same name, and the same file said to be of another session, change nothing."""
    kept = (ana.home / "report.csv").read_text()
    said = ana.types("import", SLUG, folder(ana, name, row), *options)
    (ana.home / "report.csv").write_text(kept)
    assert (said.code, says in said.err) == (2, True)
    assert counting(ana) == ["report.csv"]


def test_a_changed_file_replaces_or_counts_beside_when_told(ana: Operator) -> None:
    new = write(ana.home, "report (1).csv", ANA_SHORT)
    assert ana.types("import", SLUG, new, "--beside").code == 0
    assert counting(ana) == ["report.csv", "report (1).csv"]
    newer = folder(ana, "week2/report.csv", BEN)
    assert ana.types("import", SLUG, newer, "--replace", "report.csv", "--replace", new, "--yes").code == 0
    assert counting(ana) == ["report.csv"]


def test_a_file_of_the_same_name_of_another_session_is_another_file(ana: Operator) -> None:
    """Platforms call every report alike."""
    row = "Ana Doe,ana@example.org,2026-10-08 13:00,2026-10-08 15:00\n"
    assert ana.types("import", SLUG, folder(ana, "week2/report.csv", row)).code == 0
    assert counting(ana) == ["report.csv", "report.csv"]


def test_two_files_of_one_call(ana: Operator) -> None:
    """The same twice is read once; two versions of one are asked about, and so are two sessions of one file."""
    ana.types("unimport", SLUG, "report.csv", "--reason", "x", "--yes")
    one, two = folder(ana, "a/x.csv", ANA), folder(ana, "b/x (1).csv", ANA_SHORT)
    refused = ana.types("import", SLUG, one, two)
    assert (refused.code, "Two files with different contents are called x.csv" in refused.err) == (2, True)
    same = folder(ana, "c/y.csv", ANA)
    refused = ana.types("import", SLUG, one, same, "--session", "1=x.csv", "--session", "2=y.csv")
    assert (refused.code, "said to be of another session" in refused.err) == (2, True)
    assert counting(ana) == []
    said = ana.types("import", SLUG, one, same)
    assert (said.code, "y.csv: is the same file as x.csv; nothing changes." in said.out) == (0, True)
    assert counting(ana) == ["x.csv"]


def test_a_replacement_that_is_here_already_is_asked_about(ana: Operator) -> None:
    """Nothing would take the place of what is taken back."""
    ana.types("import", SLUG, write(ana.home, "ben.csv", BEN))
    said = ana.types("import", SLUG, "ben.csv", "--replace", "report.csv", "--yes")
    assert (said.code, f"certs unimport {SLUG} report.csv" in said.err) == (2, True)
    assert counting(ana) == ["report.csv", "ben.csv"]


def test_a_file_that_was_taken_back_can_come_again(ana: Operator) -> None:
    ana.types("unimport", SLUG, "report.csv", "--reason", "x", "--yes")
    assert ana.types("import", SLUG, "report.csv").code == 0
    assert counting(ana) == ["report.csv"]


# ---------------------------------------------------------------- decide


def test_decide_shows_whom_one_asks_for_and_counts_people(ana: Operator) -> None:
    """Of all, and how many are shown; JSON and CSV choose alike."""
    ana.types("import", SLUG, write(ana.home, "ben.csv", BEN.replace("15:00", "13:20")))
    said = ana.types("decide", SLUG, "--not", "--sort", "distance")
    assert (said.code, "Ben Roe" in said.out, "Ana Doe" in said.out) == (0, True, False)
    assert said.err.startswith("1 person shown. Of all:\n1 person eligible, ")
    told = json.loads(ana.types("decide", SLUG, "--search", "ana", "--json").out)
    assert ([one["name"] for one in told["people"]], told["totals"]["people_eligible"]) == (["Ana Doe"], 1)
    assert told["totals"]["people_with_attendance"] == 2
    table = ana.types("decide", SLUG, "--earned", "--csv").out
    assert (table.startswith("\ufeffemail,name,kind,"), "Ben" in table) == (True, False)


def test_what_programs_read_is_written_while_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many decisions there are, some are in memory at a time; it reads back as a plain list would."""
    out = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdout", out)
    many = 50_000

    def made() -> Iterator[int]:
        for one in range(many):
            assert one < many / 2 or out.buffer.tell(), "half of it is made, and nothing is written"
            yield one

    write_json({"people": Streamed(made), "none": Streamed(lambda: ())})
    out.buffer.seek(0)
    assert json.load(out) == {"people": list(range(many)), "none": []}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--kind", "speaker"), "no kind 'speaker'"),
        (("--explain", "ana@example.org", "--near"), "takes nothing else"),
        (("--explain", "ana@example.org", "--sort", "name"), "takes nothing else"),
        (("--sort", "age"), "is not one of"),
    ],
)
def test_decide_refuses_what_it_does_not_know(ana: Operator, arguments: tuple[str, ...], says: str) -> None:
    said = ana.types("decide", SLUG, *arguments)
    assert (said.code, says in said.err) == (2, True)


# ---------------------------------------------------------------- export


def test_a_batch_of_another_event_is_not_exported(ana: Operator) -> None:
    issued(ana)
    other = AUCKLAND.replace(SLUG, "other-2026")
    (ana.home / "other.toml").write_text(other)
    assert ana.types("event", "add", "other.toml", "--yes").code == 0
    said = ana.types("export", "other-2026", "--batch", f"{SLUG}/1", "--out", "x", "--yes")
    assert (said.code, "is not of event other-2026" in said.err) == (2, True)
    done = ana.types("export", SLUG, "--batch", "1", "--manifest-only", "--out", "list.csv", "--yes")
    assert (done.code, done.out) == (0, "1 certificate listed in list.csv; no PDF was written.\n")


# ---------------------------------------------------------------- link


def test_a_link_is_shown_withdrawn_and_renewed(ana: Operator) -> None:
    """In words and as JSON; the manifest follows."""
    number = issued(ana)
    told = json.loads(ana.types("link", "Ana@Example.org", "--json").out)
    shown = ana.types("link", "ana@example.org", "--event", SLUG)
    assert shown.out == f"{told['personal_url']}\n  {number}  {SLUG}  attendance  Ana Doe: valid\n"
    assert told["certificates"][0]["number"] == number
    asked = ana.types("link", "ana@example.org", "--withdraw", "--reason", "lost")
    assert (asked.code, "of Ana Doe, ana@example.org?" in asked.err) == (2, True)
    ended = ana.types("link", "ana@example.org", "--withdraw", "--reason", "lost", "--yes")
    assert (ended.code, "was withdrawn on 2026-11-22. Make a new one with --renew." in ended.out) == (0, True)
    ana.types("export", SLUG, "--out", "out", "--yes")
    assert "/me/" not in (ana.home / "out" / "manifest.csv").read_text("utf-8-sig")
    renewed = ana.types("link", "ana@example.org", "--renew", "--reason", "asked", "--yes")
    assert renewed.out.partition("\n")[0] not in {"", told["personal_url"]}
    ana.types("export", SLUG, "--out", "out", "--yes")
    assert renewed.out.partition("\n")[0] in (ana.home / "out" / "manifest.csv").read_text("utf-8-sig")


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("ben@example.org",), 4, "knows nobody with the address ben@example.org"),
        (("ben",), 2, "no e-mail address"),
        (("ana@example.org", "--event", "nope"), 4, "no event"),
        (("ana@example.org", "--withdraw", "--renew"), 2, "--withdraw or --renew"),
    ],
)
def test_a_link_that_is_not_there_is_said(ana: Operator, arguments: tuple[str, ...], code: int, says: str) -> None:
    said = ana.types("link", *arguments)
    assert (said.code, says in said.err) == (code, True)


def test_an_import_ends_with_what_it_assumed_and_what_comes_next(operator: Operator) -> None:
    """Zone, order of dates, what is open, what is odd, the next command; no more than that of thousands of rows."""
    (operator.home / "event.toml").write_text(AUCKLAND)
    assert operator.types("event", "add", "event.toml").code == 0
    nameless = [f"Guest {n},,10/06/2026 13:0{n % 10},10/06/2026 15:00\n" for n in range(40)]
    odd = "Ana Doe,ana@example.org,10/06/2026 13:00,10/06/2026 23:00\n"
    said = operator.types("import", SLUG, write(operator.home, "report.csv", odd, *nameless), "--date-order", "mdy").out
    zone, dates, left, *look, following = said.splitlines()[-6:]
    assert zone == "The times of report.csv are taken for Europe/Zurich, for they say no zone. Else: --zone."
    assert dates == "Dates with two meanings are read so: 10/06/2026 is 6 October 2026. Else: --date-order."
    assert left.startswith("40 questions are open: 40 about rows without an address")
    assert look[0] == "Nobody yet was in session 2, which took place."
    assert look[1].startswith("Look at this (stays_long:1): 1 person was in session 1")
    assert following == f"Next: certs check {SLUG}"
    assert said.count("no_email Guest") == 3
    assert "… and 37 more" in said
    told = operator.types("decide", SLUG).err
    assert "1 person was in session 1" in told
    zoned = operator.types("import", SLUG, write(operator.home, "zoned.csv", BEN), "--zone", "Europe/Zurich").out
    assert "taken for Europe/Zurich" not in zoned
