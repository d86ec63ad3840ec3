"""What an approver is shown and asked, and the people of a batch in lists."""

import json

import pytest

from tests.register import AUCKLAND
from tests.unit.cli.conftest import Operator

SLUG = "gmp-2026"
HEAD = "Name,E-mail,Joined,Left\n"
PAST = (("a", "15:00"), ("b", "15:00"), ("c", "15:00"), ("d", "13:05"))
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.fixture
def ana(operator: Operator) -> Operator:
    """Return Ana, whose sixty people were in both sessions, ordered."""
    people = [(f"Ana {a.upper()}{b}mo", f"{a}{b}@example.org") for a in "abcdef" for b in LETTERS[:10]]
    rows = [f"{n},{m},2026-10-{d} 13:00,2026-10-{d} 15:00\n" for n, m in people for d in ("06", "08")]
    (operator.home / "event.toml").write_text(AUCKLAND)
    (operator.home / "table.csv").write_text(HEAD + "".join(rows))
    for command in (
        "event add event.toml",
        f"import {SLUG} table.csv",
        "keys new claim",
        f"order {SLUG} --yes --as Ana",
    ):
        assert operator.types(*command.split()).code == 0, command
    return operator


def test_approve_shows_and_asks(ana: Operator) -> None:
    """How many for what, ten of them with addresses, and nothing is done while nobody answers."""
    said = ana.types("approve", "gmp-2026/1", "--as", "Ben")
    assert said.code == 2
    lines = said.err.splitlines()
    assert lines[0].startswith("Batch gmp-2026/1, ordered by Ana on 2026-11-22: 60 certificates of kind attendance for")
    shown = lines.index("10 of them, by risk and by lot:")
    assert all("@example.org" in line and "2/2 sessions  4.00 h" in line for line in lines[shown + 1 : shown + 11])
    assert "Approve 60 certificates of batch gmp-2026/1? Nobody is there to answer" in said.err
    assert "not approved yet" in ana.types("status", "gmp-2026/1").out
    assert ana.types("approve", "gmp-2026/1", "--as", "Ben", "--yes").code == 0


def test_who_may_not_approve_is_told_before_anything_is_shown(ana: Operator) -> None:
    """Nor what is approved already."""
    ana.types("approve", "1", "--yes", "--as", "Ben")
    said = ana.types("approve", "1", "--yes", "--as", "Cy")
    assert (said.code, said.err.splitlines()) == (5, ["certs: Batch gmp-2026/1 is approved already, by Ben."])


def test_status_lists_people_by_pages_or_all(ana: Operator) -> None:
    """Name, address, sessions, hours."""
    first = ana.types("status", "gmp-2026/1").out.splitlines()
    assert len(first) == 1 + 50 + 1
    assert first[1].split()[1:] == ["Ana", "Aamo", "aa@example.org", "2/2", "sessions", "4.00", "h"]
    assert first[-1].strip() == "page 1 of 2: --page 2, or --people for all 60"
    assert len(ana.types("status", "gmp-2026/1", "--page", "2").out.splitlines()) == 1 + 10
    assert len(ana.types("status", "gmp-2026/1", "--people").out.splitlines()) == 1 + 60
    listed = json.loads(ana.types("status", "gmp-2026/1", "--json", "--people").out)["people"]
    assert len(listed) == 60
    assert (listed[0]["email"], listed[0]["kind"], listed[0]["hours"]) == ("aa@example.org", "attendance", 4.0)


def test_what_was_accepted_is_shown_to_the_approver(operator: Operator) -> None:
    """With the reason, and not as something that stops."""
    (operator.home / "event.toml").write_text(AUCKLAND)
    (operator.home / "table.csv").write_text(HEAD + "Ana Souza,ana@example.org,2026-10-06 13:00,2026-10-06 15:00\n")
    accepted = ["--accept", "session_missing:2", "--reason", "the speaker was ill"]
    for command in (
        ["event", "add", "event.toml"], ["import", SLUG, "table.csv"], ["keys", "new", "claim"],
        ["order", SLUG, "--yes", "--as", "Ana", *accepted],
    ):  # fmt: skip
        assert operator.types(*command).code == 0, command
    said = operator.types("approve", "1", "--as", "Ben").err
    assert "Ordered because: the speaker was ill" in said
    assert "Accepted by Ana: session_missing:2: Nobody was in session 2" in said
    assert "STOPS" not in said
    assert "accepted by Ana: session_missing:2" in operator.types("status", "1").out


def test_the_last_edition_is_compared(ana: Operator) -> None:
    """How many came, how many certificates of each kind, and what share; nothing where there was none before."""
    assert "Last time" not in ana.types("approve", "1", "--as", "Ben").err
    older = AUCKLAND.replace("gmp-2026", "gmp-2025").replace("2026-10", "2025-10")
    (ana.home / "old.toml").write_text(older)
    rows = [f"Cy {a.upper()}mo,{a}@example.org,2025-10-06 13:00,2025-10-06 {until}\n" for a, until in PAST]
    (ana.home / "old.csv").write_text(HEAD + "".join(rows))
    because = ("--accept", "session_missing:2", "--reason", "it was not held")
    assert ana.types("event", "add", "old.toml", "--yes").code == 0
    assert ana.types("import", "gmp-2025", "old.csv", "--yes").code == 0
    assert "Last time" not in ana.types("approve", "1", "--as", "Ben").err
    assert ana.types("order", "gmp-2025", "--yes", "--as", "Ana", *because).code == 0
    lines = ana.types("approve", "gmp-2026/1", "--as", "Ben").err.splitlines()
    assert (
        "gmp-2026: 60 people came, certificates ordered: 60 attendance (100%). "
        "Last time: gmp-2025: 4 people came, certificates ordered: 3 attendance (75%)."
    ) in lines
    assert "Last time" not in ana.types("approve", "gmp-2025/1", "--as", "Ben").err
