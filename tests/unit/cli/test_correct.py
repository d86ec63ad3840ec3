"""Corrections as somebody types them: old and new side by side, many from a sheet, as the register counts now."""

import json
import sys

import pytest

from tests.unit.attendance.books import archive, table, xlsx
from tests.unit.cli.certified import SLUG, attended, certified, does, exported, report, status_list
from tests.unit.cli.conftest import Operator
from tests.unit.cli.test_imports import Terminal
from tests.unit.cli.test_revoke import FOREIGN, WRONG, revoke

WHY = ("--reason", "misspelt", "--yes")


@pytest.fixture
def numbers(operator: Operator) -> dict[str, str]:
    return certified(operator)


def correct(operator: Operator, *arguments: str, code: int = 0) -> str:
    return does(operator, "correct", *arguments, *WHY, code=code)


def sheet(operator: Operator, *rows: str) -> str:
    (operator.home / "sheet.csv").write_text("\n".join(rows) + "\n")
    return "sheet.csv"


def later(operator: Operator, name: str, file: str = "late.csv") -> None:
    """Let somebody have attended session 2 for an hour as well."""
    row = f"{name},{name}@example.org,2026-10-08 13:00,2026-10-08 14:00\n"
    does(operator, "import", SLUG, report(operator, file, row), "--yes")


# ---------------------------------------------------------------- old and new


@pytest.mark.parametrize("name", ["N/A", "iPhone", "undefined undefined", "+41 79 123 45 67", "#REF!"])
def test_a_name_that_is_none_is_refused_unless_insisted_on(
    operator: Operator, numbers: dict[str, str], name: str
) -> None:
    """In a sheet, too; a certificate that was issued is a worse place for it than one that was not."""
    assert "If it is the name all the same, say --insist." in correct(operator, numbers["Ana"], "--name", name, code=2)
    rows = sheet(operator, "number,name", f"{numbers['Ana']},{name}")
    assert "sheet.csv:2: " in correct(operator, "--sheet", rows, code=2)
    assert "Ana" in exported(operator)
    correct(operator, "--sheet", rows, "--insist")
    assert any(one.endswith(name) for one in exported(operator))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--minutes", "9000"), "would state 150.00 hours, and all sessions together last 4.00"),
        (("--minutes", "0"), "would certify that no time was attended"),
        (("--attended", "", "--minutes", "60"), "would certify that no session was attended"),
        (("--attended", "1,2", "--minutes", "255"), "would state 4.25 hours"),
    ],
)
def test_what_nobody_can_have_attended_is_refused(
    operator: Operator, numbers: dict[str, str], arguments: tuple[str, ...], said: str
) -> None:
    """Whoever insists."""
    assert said in correct(operator, numbers["Ana"], *arguments, "--insist", code=2)


def test_fewer_sessions_than_the_rule_demands_are_refused_unless_insisted_on(
    operator: Operator, numbers: dict[str, str]
) -> None:
    """The page prints the rule, and would contradict itself."""
    later(operator, "Ana")
    file = operator.home / "event.toml"
    file.write_text(file.read_text().replace("sessions = 1", "sessions = 2"))
    does(operator, "event", "add", "event.toml", "--yes")
    shown = correct(operator, numbers["Ana"], "--attended", "2", code=2)
    assert "The rule of attendance demands 2 sessions, and it would state 1" in shown
    correct(operator, numbers["Ana"], "--attended", "2", "--insist")


def test_old_and_new_stand_side_by_side_before_it_asks(
    operator: Operator, numbers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Name, kind, sessions, hours and days; the answer is no, and nothing was done."""
    monkeypatch.setattr(sys, "stdin", Terminal("n\n"))
    shown = does(operator, "correct", numbers["Ana"], "--name", "Anna", "--reason", "x", code=130)
    assert f"{numbers['Ana']}  Ana <ana@example.org>, Good Practice Marathon 2026" in shown
    lines = [line.split() for line in shown.splitlines()]
    assert ["name", "Ana", "Anna"] in lines
    assert ["kind", "attendance", "the", "same"] in lines
    assert ["sessions", "1", "of", "2", "(1)", "the", "same"] in lines
    assert ["hours", "2.00", "the", "same"] in lines
    assert ["days", "2026-10-06", "to", "2026-10-08", "the", "same"] in lines
    assert "Replace this certificate by the corrected one?" in shown
    assert set(exported(operator)) == {"Ana", "Ben", "Cy"}


def test_without_a_terminal_nothing_is_corrected(operator: Operator, numbers: dict[str, str]) -> None:
    """Unless --yes is said."""
    assert "say --yes" in does(operator, "correct", numbers["Ana"], "--name", "Anna", "--reason", "x", code=2)
    assert "Ana" in exported(operator)


def test_a_correction_that_changes_nothing_is_refused(operator: Operator, numbers: dict[str, str]) -> None:
    for same in (("--name", "Ana"), ("--minutes", "120"), ("--attended", "1"), ("--as-counted",), ("--event",)):
        assert "nothing to correct" in correct(operator, numbers["Ana"], *same, code=2)
    assert "Say what is wrong" in correct(operator, numbers["Ana"], code=2)
    assert exported(operator) == numbers


def test_correcting_what_was_replaced_names_the_newest(operator: Operator, numbers: dict[str, str]) -> None:
    """However often it was replaced; what is done already is said to be done."""
    correct(operator, numbers["Ana"], "--name", "Anna")
    correct(operator, exported(operator)["Anna"], "--name", "Anne")
    newest = exported(operator)["Anne"]
    assert f"the newest in its place: {newest}" in correct(operator, numbers["Ana"], "--name", "Eve", code=5)
    assert f"corrected so already: {newest} says just that" in correct(operator, numbers["Ana"], "--name", "Anne")
    assert exported(operator)["Anne"] == newest


# ---------------------------------------------------------------- many


def test_many_from_a_sheet_in_one_batch(operator: Operator, numbers: dict[str, str]) -> None:
    """By number or by address; every row's old and new is shown."""
    file = sheet(
        operator,
        "Number;E-mail;Old name;New name",
        f"{numbers['Ana']};;Ana;Ana Souza",
        ";BEN@example.org;;Ben Okafor",
        f"{numbers['Cy']};cy@example.org;;Cy Young",
    )
    said = correct(operator, "--sheet", file)
    assert [word in said for word in ("Ana Souza", "Ben Okafor", "Cy Young", "3 corrected certificates")] == [True] * 4
    assert set(exported(operator)) == {"Ana Souza", "Ben Okafor", "Cy Young"}
    assert "gmp-2026/2: 3 issued" in does(operator, "status", SLUG)
    assert "gmp-2026/3" not in does(operator, "status", SLUG)


def test_a_big_sheet_is_shown_a_line_each(operator: Operator) -> None:
    """All of them."""
    people = ["Ana", "Ben", "Cy", "Dan", "Eve", "Fay", "Gus"]
    numbers = certified(operator, people)
    file = sheet(operator, "number,name", *(f"{numbers[one]},{one} Doe" for one in people))
    said = correct(operator, "--sheet", file)
    for one in people:
        assert f"{numbers[one]}  {one} <{one.lower()}@example.org>  name: {one} → {one} Doe" in said
    assert "7 corrected certificates are issued" in said


def test_bad_rows_are_all_listed_with_their_line_and_nothing_is_ordered(
    operator: Operator, numbers: dict[str, str]
) -> None:
    """What cannot be read, then what cannot be done."""
    ana, ben = numbers["Ana"], numbers["Ben"]
    rows = ["number,email,old name,name,language,minutes,attended,event,kind", f"{ana},,,Anna,,,,,"]
    bad = {
        f"{WRONG},,,Eve,,,,,": "typing mistake",
        ",,,Eve,,,,,": "names no certificate",
        ",nobody@example.org,,Eve,,,,,": "No certificate in force was issued to nobody@example.org",
        ",nonsense,,Eve,,,,,": "no e-mail address",
        f"{ana},ben@example.org,,Eve,,,,,": "is no certificate of ben@example.org",
        f"{ben},,Benny,Eve,,,,,": "has the old name 'Ben', not 'Benny'",
        f"{ben},,,,,ten,,,": "is no number of minutes",
        f"{ben},,,,,20,,,": "multiple of 15",
        f"{ben},,,,,,,,": "says nothing new",
        f"{ben},,,Eve,,,,other,": "has the event 'gmp-2026', not 'other'",
        ",ben@example.org,,Eve,,,,,speaker": "No certificate in force",
    }
    said = correct(operator, "--sheet", sheet(operator, *rows, *bad), code=2)
    for line, why in enumerate(bad.values(), 3):
        (found,) = [one for one in said.splitlines() if f"sheet.csv:{line}: " in one]
        assert why in found
    assert "sheet.csv:2" not in said
    impossible = {
        f"{ana},,,Ana,,,,,": "nothing to correct",
        f"{FOREIGN},,,Eve,,,,,": "No certificate was issued",
        f"{ben},,,,english!,,,,": "no language tag",
        f"{ben},,,,,,9,,": "corrected twice",
        f"{numbers['Cy']},,,,,,9,,": "no session 9",
    }
    said = correct(operator, "--sheet", sheet(operator, rows[0], *impossible), code=2)
    for line, why in enumerate(impossible.values(), 2):
        (found,) = [one for one in said.splitlines() if f"sheet.csv:{line}: " in one]
        assert why in found
    assert "Nothing was ordered." in said
    assert exported(operator) == numbers


def test_a_workbook_serves_as_a_sheet(operator: Operator, numbers: dict[str, str]) -> None:
    """Numbers in its cells are text like others."""
    rows = table([["email", "name", "minutes"], ["ana@example.org", "Zoë Brontë", 90]])
    (operator.home / "sheet.xlsx").write_bytes(archive(xlsx(rows)))
    correct(operator, "--sheet", "sheet.xlsx")
    assert "Zoë Brontë" in exported(operator)


def test_options_of_one_certificate_are_not_for_many(operator: Operator, numbers: dict[str, str]) -> None:
    file = sheet(operator, "number,name", f"{numbers['Ana']},Anna")
    assert "for one NUMBER" in correct(operator, numbers["Ana"], numbers["Ben"], "--name", "Eve", code=2)
    assert "for one NUMBER" in correct(operator, "--sheet", file, "--name", "Eve", code=2)
    assert "not both" in correct(operator, numbers["Ana"], "--sheet", file, code=2)
    assert "Say which certificates" in correct(operator, "--name", "Eve", code=2)


# ---------------------------------------------------------------- as the register counts


def test_as_counted_takes_what_the_register_counts_now(operator: Operator, numbers: dict[str, str]) -> None:
    """Of several at once; whoever would not earn it now is refused."""
    later(operator, "Ana")
    later(operator, "Ben", "later.csv")
    said = correct(operator, numbers["Ana"], numbers["Ben"], "--as-counted")
    assert said.count("1 of 2 (1)") == said.count("2 of 2 (1, 2)") == 2
    assert said.count("3.00") == 2
    short = report(operator, "short.csv", attended("Cy", "13:20"))
    does(operator, "import", SLUG, short, "--replace", "report.csv", "--yes")
    assert "it is not earned" in correct(operator, numbers["Cy"], "--as-counted", code=2)
    gone = report(operator, "gone.csv", attended("Dan"))
    does(operator, "import", SLUG, gone, "--replace", short, "--yes")
    assert "No import names cy@example.org any more" in correct(operator, numbers["Cy"], "--as-counted", code=2)


def test_as_counted_takes_the_registered_name_but_leaves_one_that_was_corrected(
    operator: Operator, numbers: dict[str, str]
) -> None:
    """What a person typed by hand is not undone by an export."""
    correct(operator, numbers["Ben"], "--name", "Benedict")
    new = report(operator, "new.csv", *(attended(one).replace("15:00", "14:30") for one in ("Ana", "Ben", "Cy")))
    text = (operator.home / new).read_text().replace("Ana,", "Ana Souza,").replace("Ben,", "Ben Roe,")
    (operator.home / new).write_text(text)
    does(operator, "import", SLUG, new, "--replace", "report.csv", "--yes")
    correct(operator, numbers["Ana"], exported(operator)["Benedict"], "--as-counted")
    assert set(exported(operator)) == {"Ana Souza", "Benedict", "Cy"}


def test_sessions_without_minutes_compute_the_hours(operator: Operator, numbers: dict[str, str]) -> None:
    """Added where the register knows some time, taken away with theirs; where it knows none, minutes are asked for."""
    assert "no time in session 2" in correct(operator, numbers["Ana"], "--attended", "1,2", code=2)
    row = "Ana,ana@example.org,2026-10-08 13:00,2026-10-08 13:45\n"
    does(operator, "import", SLUG, report(operator, "late.csv", row), "--yes")
    said = correct(operator, numbers["Ana"], "--attended", "1,2")
    assert ["hours", "2.00", "2.75"] in [line.split() for line in said.splitlines()]
    said = correct(operator, exported(operator)["Ana"], "--attended", "2")
    assert ["hours", "2.75", "0.75"] in [line.split() for line in said.splitlines()]
    said = correct(operator, numbers["Ben"], "--attended", "1,2", "--minutes", "240")
    assert ["hours", "2.00", "4.00"] in [line.split() for line in said.splitlines()]
    assert "leave one out" in correct(operator, numbers["Cy"], "--attended", "1", "--as-counted", code=2)


def test_evidence_for_somebody_certified_says_so_and_offers_the_correction(
    operator: Operator, numbers: dict[str, str]
) -> None:
    """With the command; whoever is not certified is not mentioned."""
    does(operator, "import", SLUG, report(operator, "dan.csv", attended("Dan")), "--yes")
    added = ("--full", "--kind", "sheet", "--note", "folder")
    said = does(operator, "evidence", "add", SLUG, "2", "ana@example.org", "dan@example.org", *added)
    assert f"Ana is certified already ({numbers['Ana']})" in said
    assert "sessions: 1 of 2 (1) → 2 of 2 (1, 2); hours: 2.00 → 4.00" in said
    assert "Dan is certified" not in said
    command = f"certs correct {numbers['Ana']} --as-counted --reason TEXT"
    assert command in said
    correct(operator, *command.split()[2:4])
    said = does(operator, "evidence", "add", SLUG, "1", "ana@example.org", *added)
    assert f"Ana is certified already ({exported(operator)['Ana']}), and the certificate says what is counted" in said
    told = json.loads(does(operator, "evidence", "add", SLUG, "2", "ben@example.org", *added, "--json"))
    assert told["certified"] == [
        {
            "number": numbers["Ben"],
            "changes": {
                "sessions": {"old": "1 of 2 (1)", "new": "2 of 2 (1, 2)"},
                "hours": {"old": "2.00", "new": "4.00"},
            },
        }
    ]


def test_an_import_that_changes_an_issued_certificate_offers_the_correction(
    operator: Operator, numbers: dict[str, str]
) -> None:
    row = "Ana,ana@example.org,2026-10-08 13:00,2026-10-08 14:00\n"
    said = does(operator, "import", SLUG, report(operator, "late.csv", row), "--yes")
    assert f"{numbers['Ana']}  Ana  ana@example.org  hours: 2.00 → 3.00" in said
    assert "certs correct NUMBER... --as-counted" in said


# ---------------------------------------------------------------- revoked


def test_a_revoked_certificate_is_corrected_only_when_told(operator: Operator, numbers: dict[str, str]) -> None:
    """Otherwise its correction would be valid."""
    revoke(operator, numbers["Ana"])
    said = correct(operator, numbers["Ana"], "--name", "Anna", code=5)
    assert "was withdrawn on 2026-11-22 (error)" in said
    assert "certs reinstate" in said
    correct(operator, numbers["Ana"], "--name", "Anna", "--although-revoked")
    assert "Anna" in exported(operator)
    assert "revoked" in does(operator, "verify", numbers["Ana"], "--json", code=1)


def test_a_waiting_correction_of_a_revoked_person_is_refused(operator: Operator) -> None:
    """Revoking gives it up: it can be approved and issued no more."""
    numbers = certified(operator, approval="two")
    correct(operator, numbers["Ana"], "--name", "Anna")
    correct(operator, numbers["Ben"], "--name", "Benedict")
    does(operator, "approve", "gmp-2026/3", "--as", "ben", "--yes")
    said = revoke(operator, numbers["Ana"], numbers["Ben"])
    assert "its correction" in said
    assert "(batch gmp-2026/2) is given up" in said
    assert "Nothing of batch gmp-2026/2 is left" in does(
        operator, "approve", "gmp-2026/2", "--as", "ben", "--yes", code=5
    )
    does(operator, "issue", "gmp-2026/3")
    assert set(exported(operator)) == {"Cy"}


# ---------------------------------------------------------------- going on


def test_a_correction_stopped_before_it_was_approved_goes_on(
    operator: Operator, numbers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the same command; another one is told the truth, and cancelling leaves the old certificate in force."""
    from certs.work import orders

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(orders, "approve", dies)
        correct(operator, numbers["Ana"], "--name", "Anna", code=130)
        correct(operator, numbers["Ben"], "--name", "Benedict", code=130)
    said = correct(operator, numbers["Ana"], "--name", "Eve", code=5)
    assert f"Another correction of {numbers['Ana']} is ordered already, in batch gmp-2026/2" in said
    said = correct(operator, numbers["Ana"], "--name", "Anna")
    assert "Ordered before, in batch gmp-2026/2: 1 certificate is not issued yet." in said
    assert "The corrected certificate is issued (batch gmp-2026/2)" in said
    does(operator, "cancel", "gmp-2026/3", "--yes")
    assert set(exported(operator)) == {"Anna", "Ben", "Cy"}
    correct(operator, numbers["Ben"], "--name", "Benny")
    assert set(exported(operator)) == {"Anna", "Benny", "Cy"}


def test_where_two_people_are_needed_the_same_command_says_who_comes_next(operator: Operator) -> None:
    """As often as it is asked for, it is ordered once; once it is approved, the same command issues it."""
    numbers = certified(operator, approval="two")
    for _ in range(2):
        said = correct(operator, numbers["Ana"], "--name", "Anna")
        assert "is ordered, and nothing is replaced yet" in said
        assert "certs approve gmp-2026/2 --as NAME" in said
        assert "certs cancel gmp-2026/2" in said
    assert "gmp-2026/3" not in does(operator, "status", SLUG)
    does(operator, "approve", "gmp-2026/2", "--as", "ben", "--yes")
    assert "is issued" in correct(operator, numbers["Ana"], "--name", "Anna")
    assert "Anna" in exported(operator)


def test_a_sheet_stopped_in_the_middle_goes_on_and_half_of_it_does_not(
    operator: Operator, numbers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody approves by accident what somebody else's rows ordered."""
    from certs.work import orders

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    file = sheet(operator, "number,name", *(f"{numbers[one]},{one} Doe" for one in numbers))
    with monkeypatch.context() as broken:
        broken.setattr(orders, "approve", dies)
        correct(operator, "--sheet", file, code=130)
    said = correct(operator, numbers["Ana"], "--name", "Ana Doe", code=2)
    assert "Batch gmp-2026/2 was ordered for others as well" in said
    assert "3 corrected certificates are issued" in correct(operator, "--sheet", file)
    before = status_list()
    said = correct(operator, "--sheet", file)
    assert said.count("was corrected so already") == 3
    assert status_list() == before


def test_a_correction_that_a_check_holds_back_is_not_called_issued(operator: Operator, numbers: dict[str, str]) -> None:
    """A letter that no font has; asked for anew, the held one is given up."""
    said = correct(operator, numbers["Ana"], "--name", "Ana 𐀀")
    assert "is issued" not in said
    assert "1 correction is held back by a check, and nothing replaces the old: certs status gmp-2026/2" in said
    correct(operator, numbers["Ana"], "--name", "Anna")
    assert set(exported(operator)) == {"Anna", "Ben", "Cy"}


def test_what_is_ordered_is_there_for_a_program(operator: Operator, numbers: dict[str, str]) -> None:
    """Old and new are shown on standard error."""
    told = json.loads(operator.types("correct", numbers["Ana"], "--name", "Anna", *WHY, "--json").out)
    assert (told["batch"], told["issued"], told["waiting_for_approval"]) == ("gmp-2026/2", True, [])
    assert told["corrections"] == [{"number": numbers["Ana"], "changes": {"name": {"old": "Ana", "new": "Anna"}}}]


@pytest.mark.parametrize("name", ["N/A", "#REF!", "iPhone", "ana@example.org", "undefined undefined"])
def test_what_is_no_name_is_printed_only_if_somebody_insists(
    operator: Operator, numbers: dict[str, str], name: str
) -> None:
    """By itself and in a sheet; what stands on the certificate already is no new mistake."""
    assert "say --insist" in correct(operator, numbers["Ana"], "--name", name, code=2)
    said = correct(operator, "--sheet", sheet(operator, "number,name", f"{numbers['Ana']},{name}"), code=2)
    assert "sheet.csv:2: " in said
    assert "say --insist" in said
    correct(operator, numbers["Ana"], "--name", name, "--insist")
    assert name in exported(operator)


def test_insisting_alone_asks_for_nothing(operator: Operator, numbers: dict[str, str]) -> None:
    assert "Say what is wrong" in correct(operator, numbers["Ana"], "--insist", code=2)


def test_who_approves_a_correction_is_told_nothing_that_concerns_an_order(operator: Operator) -> None:
    """Session 2 has no export, which was accepted when the event was ordered: no correction can accept it again."""
    number = certified(operator, approval="two")["Ana"]
    correct(operator, number, "--name", "ANA SOUZA")
    said = operator.types("approve", "2", "--as", "cy").err
    assert "is a correction" in said
    assert "session_missing" not in said
    assert "--accept" not in said
    assert "name_capitals" in said
