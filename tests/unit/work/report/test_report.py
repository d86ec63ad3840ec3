"""The report of two small events, as somebody gets it: figures that are right, unknowns that say so, and no names."""

import csv
import io
from html.parser import HTMLParser
from pathlib import Path

import pytest

from certs.work.report import NAMES
from tests.register import AUCKLAND
from tests.unit.cli.conftest import Operator, operator

__all__ = ["operator"]

SLUG = "gmp-2026"
REGISTRATION = """Registration Report,
Attendee Details,
First Name,Last Name,Email,Organization,Country/Region,Registration Time,Approval Status
Ana,Souza,ana@example.org,Ministry of Health,Brazil,"Sep 20, 2026 07:57:50",approved
Ben,Okri,ben@example.org,ministry of  health,Nigeria,"Sep 20, 2026 07:57:50",approved
Cy,Twombly,cy@example.org,N/A,Brazil,"Sep 20, 2026 07:57:50",approved
Dee,Zoë,dee@example.org,dee@example.org,,"Sep 20, 2026 07:57:50",approved
"""
HEAD = "Name,E-mail,Joined,Left\n"
FIRST = (
    HEAD
    + "Ana Souza,ana@example.org,2026-10-06 13:00,2026-10-06 15:00\n"
    + "Ana Souza,ana@example.org,2026-10-06 13:00,2026-10-06 14:00\n"
    + "Ben Okri,ben@example.org,2026-10-06 12:30,2026-10-06 13:30\n"
    + "Fay Quigley,fay@example.org,2026-10-06 12:00,2026-10-06 12:30\n"
)
OLD = HEAD + "Ana Souza,ana@example.org,2025-10-06 13:00,2025-10-06 15:00\n"


@pytest.fixture
def organiser(operator: Operator) -> Operator:
    """Return somebody with two editions, of which the older has no registration list."""
    home = operator.home
    (home / "new.toml").write_text(AUCKLAND)
    older = AUCKLAND.replace("gmp-2026", "gmp-2025").replace("start = 2026", "start = 2025")
    (home / "old.toml").write_text(older.replace("end = 2026", "end = 2025").replace("Marathon 2026", "Marathon 2025"))
    for name, text in (("registration.csv", REGISTRATION), ("first.csv", FIRST), ("old.csv", OLD)):
        (home / name).write_text(text)
    for command in (
        ("event", "add", "new.toml", "--yes"),
        ("event", "add", "old.toml", "--yes"),
        ("import", SLUG, "registration.csv", "first.csv"),
        ("import", "gmp-2025", "old.csv"),
    ):
        said = operator.types(*command)
        assert said.code == 0, said.err
    return operator


def read(folder: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / f"{name}.csv").read_bytes().decode("utf-8-sig"), newline="")))


def written(organiser: Operator, *arguments: str) -> Path:
    said = organiser.types("report", *arguments, "--out", "report")
    assert said.code == 0, said.err
    return organiser.home / "report"


def test_sessions_are_counted_by_people_and_by_time_inside(organiser: Operator) -> None:
    """A second device counts once, time before the session not at all, and a session without export is unknown."""
    first, second = read(written(organiser, SLUG), "sessions")
    assert (first["Attended"], first["In the session's time"], first["Counts as attended"]) == ("3", "2", "1")
    assert (first["Average minutes"], first["Hours"], first["Registered"]) == ("75.0", "2.5", "unknown")
    assert {second[column] for column in ("Registered", "Attended", "Counts as attended", "Hours")} == {"unknown"}
    assert (first["Event"], first["Session"], first["Day"]) == (SLUG, "1", "2026-10-06")


def test_people_are_counted_by_country_and_organisation(organiser: Operator) -> None:
    """Spellings that differ in case are one; nothing, and an address, are unknown."""
    folder = written(organiser, SLUG)
    said = {row["Country"]: (row["Registered"], row["Attended"], row["Hours"]) for row in read(folder, "countries")}
    assert said == {"Brazil": ("2", "1", "2.0"), "Nigeria": ("1", "1", "0.5"), "unknown": ("1", "1", "0.0")}
    said = {row["Organisation"]: (row["Registered"], row["Attended"], "") for row in read(folder, "organisations")}
    assert said == {"Ministry of Health": ("2", "2", ""), "unknown": ("2", "1", "")}


def test_editions_stand_side_by_side(organiser: Operator) -> None:
    """The earliest first, however they are given; who registered is unknown without a list."""
    old, new = read(written(organiser, SLUG, "gmp-2025", SLUG), "editions")
    assert (old["Event"], old["Registered"], old["Attended"], old["Had come before"]) == (
        "gmp-2025", "unknown", "1", "first",
    )  # fmt: skip
    assert (new["Registered"], new["Attended"], new["Of 100 registered, attended"]) == ("4", "3", "50")
    assert (new["Hours of training"], new["Had come before"], new["Hold a certificate"]) == ("2.5", "1", "0")
    countries = read(organiser.home / "report", "countries")
    assert [row["Registered"] for row in countries if row["Event"] == "gmp-2025"] == ["unknown"]


def test_certificates_are_counted_by_kind_and_state(organiser: Operator) -> None:
    for purpose in ("claim", "credential", "link", "seal"):
        organiser.types("keys", "new", purpose, *(("--organisation", "X") if purpose == "seal" else ()))
    missing = ("--accept", "session_missing:2", "--reason", "it did not take place")
    said = organiser.types("order", SLUG, "--yes", *missing)
    assert said.code == 0, said.err
    (row,) = read(written(organiser, SLUG), "certificates")
    assert (row["Kind"], row["Valid"], row["Waiting"]) == ("attendance", "0", "1")
    organiser.types("approve", f"{SLUG}/1", "--yes")
    organiser.types("issue", f"{SLUG}/1", "--yes", "--workers", "1")
    (row,) = read(written(organiser, SLUG), "certificates")
    assert (row["Valid"], row["Revoked"], row["Waiting"]) == ("1", "0", "0")
    assert row["Title"] == "Certificate of Attendance"
    assert read(organiser.home / "report", "editions")[0]["Hold a certificate"] == "1"


@pytest.mark.parametrize("options", [(), ("--fold-below", "5")])
def test_nobodys_name_or_address_is_in_it(organiser: Operator, options: tuple[str, ...]) -> None:
    folder = written(organiser, SLUG, "gmp-2025", *options)
    assert {path.name for path in folder.iterdir()} == {*NAMES, ".certs-report.json"}
    text = "".join((folder / name).read_text() for name in NAMES)
    for word in ("Ana", "Souza", "Okri", "Twombly", "Quigley", "example.org"):
        assert word not in text, word


def test_small_counts_are_not_shown_on_request(organiser: Operator) -> None:
    """Neither in the page nor in a CSV file, and no time of so few."""
    folder = written(organiser, SLUG, "--fold-below", "5")
    (edition,) = read(folder, "editions")
    assert (edition["Attended"], edition["Registered"], edition["Hours of training"]) == (
        "fewer than 5", "fewer than 5", "left out",
    )  # fmt: skip
    labels = {row["Country"] for row in read(folder, "countries")}
    assert labels == {"Others, each fewer than 5", "unknown"}
    assert read(folder, "sessions")[0]["Average minutes"] == "left out"
    assert "Counts below 5 are not shown" in (folder / "report.html").read_text()


class _Page(HTMLParser):
    """What matters of the page: whether elements close, headings, pictures and what it would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.levels: list[int] = []
        self.ids: list[str] = []
        self.fetched: list[str] = []
        self.unnamed = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.fetched += [f"{tag} {name}" for name in said if name in {"src", "href", "srcset", "data"}]
        self.fetched += [tag] if tag in {"script", "link", "iframe", "img"} else []
        self.ids += [said["id"] or ""] if "id" in said else []
        self.unnamed += tag == "svg" and (said.get("role") != "img" or not said.get("aria-label"))
        if tag in {"h1", "h2", "h3"}:
            self.levels.append(int(tag[1]))
        if tag not in {"meta", "rect"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag != "rect":
            assert self.open.pop() == tag


def test_the_page_needs_nothing_and_can_be_read_by_anybody(organiser: Operator) -> None:
    """Well formed, headings without gaps, every picture with words, nothing fetched; day, night and paper."""
    text = (written(organiser, SLUG, "gmp-2025") / "report.html").read_text()
    page = _Page()
    page.feed(text)
    assert (page.open, page.fetched, page.unnamed) == ([], [], 0)
    assert page.levels[0] == 1
    assert all(after - before <= 1 for before, after in zip(page.levels, page.levels[1:], strict=False))
    assert len(page.ids) == len(set(page.ids))
    assert text.count("<svg") == text.count("<title>") - 1
    for needed in ('lang="en"', "prefers-color-scheme: dark", "@media print", 'scope="col"', 'scope="row"'):
        assert needed in text


def test_what_people_wrote_is_text_in_the_page(organiser: Operator) -> None:
    """A country that is markup, and a session whose title is."""
    row = 'Gil,Kay,gil@example.org,"<script>alert(1)</script>",<b>X</b>,"Sep 20, 2026 07:57:50",approved\n'
    (organiser.home / "more.csv").write_text(REGISTRATION + row)
    assert organiser.types("import", SLUG, "more.csv", "--replace", "registration.csv", "--yes").code == 0
    text = (written(organiser, SLUG) / "report.html").read_text()
    assert ("<script" in text, "<b>X" in text, "&lt;b&gt;X" in text) == (False, False, True)


def test_a_report_is_written_again_and_never_over_a_strangers_file(organiser: Operator) -> None:
    folder = written(organiser, SLUG)
    written(organiser, SLUG)
    (folder / "days.csv").write_text("mine")
    said = organiser.types("report", SLUG, "--out", "report")
    assert (said.code, "days.csv was changed since" in said.err) == (5, True)
    assert (folder / "days.csv").read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("nope",), 4, "There is no event"),
        ((SLUG, "nope"), 4, "There is no event"),
        ((), 2, "Missing argument"),
        ((SLUG, "--fold-below", "-1"), 2, "not in the range"),
        ((SLUG, "--out", "/dev/null"), 5, "is a file: name a folder.\n"),
    ],
)
def test_what_cannot_be_reported_is_said(organiser: Operator, arguments: tuple[str, ...], code: int, says: str) -> None:
    said = organiser.types("report", *arguments)
    assert (said.code, says in said.err) == (code, True)
    assert not list(organiser.home.glob("report*/"))


def test_a_kind_has_its_title_before_anything_is_issued(organiser: Operator) -> None:
    """The one that would be printed, ordered or not."""
    (before,) = read(written(organiser, SLUG), "certificates")
    assert before["Title"] == "Certificate of Attendance"
