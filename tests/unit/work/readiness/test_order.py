"""What stops an order: in the register, at the command line, and as somebody accepts it."""

import json

import pytest

from certs.attendance import Answers
from certs.db.store import Store
from certs.errors import ConflictError, InputError
from certs.model import Finding, Severity
from certs.work import imports, orders, readiness
from tests.register import AUCKLAND, EVENT, NOW, act
from tests.unit.cli.conftest import Operator, operator
from tests.unit.work.test_amend import export

__all__ = ["operator"]
WHY = act(reason="the speaker was ill")


@pytest.fixture
def half(store: Store) -> Store:
    """Return a register in which nobody was in the second of two sessions."""
    store.events.add(EVENT, AUCKLAND, act())
    imports.add_files(store, EVENT.slug, [export(ana=120, ben=100)], Answers(), act())
    return store


def test_an_order_is_refused_until_what_stops_it_is_accepted_with_a_reason(half: Store) -> None:
    """And what was accepted, and why, is kept with the batch and in the trail."""
    planned = orders.plan(half, EVENT.slug)
    with pytest.raises(ConflictError, match=r"(?s)Nothing is ordered.*accepting session_missing:2 for a reason"):
        orders.place(half, planned, act(), demo=False)
    with pytest.raises(InputError, match="a reason"):
        orders.place(half, planned, act(), demo=False, accepted=["session_missing:2"])
    assert not half.batches.of_event(EVENT.slug)
    batch = orders.place(half, planned, WHY, demo=False, accepted=["session_missing:2"])
    found = half.batches.get(batch)
    assert found.reason == "the speaker was ill"
    assert found.accepted == (f"session_missing:2: {planned.findings(NOW)[0].text}",)
    (entry,) = [one for one in half.audit(EVENT.slug) if one.act == "batch.order"]
    assert entry.reason == "the speaker was ill"
    assert json.loads(entry.new)["accepted"] == list(found.accepted)


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("session_missing:1", "nothing of that kind"),
        ("session_missing", "session_missing:2"),
        ("all", "nothing of that"),
    ],
)
def test_only_what_was_found_is_accepted(half: Store, key: str, says: str) -> None:
    """One by one: what turns up later, or was mended meanwhile, is not accepted with it."""
    with pytest.raises(InputError, match=says):
        orders.place(half, orders.plan(half, EVENT.slug), WHY, demo=False, accepted=[key])


def test_a_clock_before_the_event_is_not_accepted(half: Store) -> None:
    """Nobody ordered before she was there."""
    early = act(reason="why", at=EVENT.sessions[0].window.start)
    keys = ["clock_early:1", "session_ahead:2"]
    planned = orders.plan(half, EVENT.slug)
    with pytest.raises(InputError, match="cannot be right"):
        readiness.demand_none_stops(planned.findings(early.at), keys, early, planned.command)
    with pytest.raises(ConflictError, match="Set the clock"):
        orders.place(half, planned, early, demo=False, accepted=keys)


def test_what_others_noticed_stops_as_well(half: Store) -> None:
    """Such as an address that leads nowhere."""
    besides = [Finding("local_address", Severity.STOPS, "It leads nowhere.", "Set it.", acceptable=True)]
    planned = orders.plan(half, EVENT.slug, besides=besides)
    with pytest.raises(ConflictError, match="It leads nowhere"):
        orders.place(half, planned, WHY, demo=False, accepted=["session_missing:2"])
    assert orders.place(half, planned, WHY, demo=False, accepted=["session_missing:2", "local_address"])


def test_a_survey_of_all_kinds_reads_the_joins_once(half: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the exports are."""
    read: list[object] = []
    records = half.imports.records

    def counted(slug: str, people: object = None) -> object:
        read.append(people)
        return records(slug, people)  # type: ignore[arg-type]

    monkeypatch.setattr(half.imports, "records", counted)
    assert [one.person for one in orders.survey(half, EVENT.slug).due] == ["ana@example.org", "ben@example.org"]
    assert read == [None]


def begun(operator: Operator, table: str) -> Operator:
    """Import *table* into the event of two sessions, with keys to order under."""
    (operator.home / "event.toml").write_text(AUCKLAND)
    (operator.home / "table.csv").write_text("Name,E-mail,Joined,Left\n" + table)
    for command in ("event add event.toml", f"import {EVENT.slug} table.csv", "keys new claim"):
        assert operator.types(*command.split()).code == 0, command
    return operator


ANA = "Ana Souza,ana@example.org,2026-10-06 13:00,2026-10-06 15:00\n"
BEN = "BEN OKRI,ben@example.org,2026-10-08 13:00,2026-10-08 15:00\n"


def test_check_says_everything_and_leaves_with_one_while_something_stops(operator: Operator) -> None:
    """The order says the same; with both sessions imported there is nothing left to stop."""
    ana = begun(operator, ANA)
    said = ana.types("check", EVENT.slug)
    assert said.code == 1
    assert said.out.splitlines() == [
        'STOPS (session_missing): Nobody was in session 2 "Session 2", 2026-10-08 13:00: its export is not imported. '
        "Certificates would say that everybody missed it.",
        "  certs import gmp-2026 FILE. If it did not take place, take it out of the event file: certs event add FILE",
        "  If it is right all the same: certs order gmp-2026 --accept session_missing:2 --reason TEXT",
        "look (issuer_unnamed): The event file names no issuer, so certificates say “The organisers of Good Practice "
        "Marathon 2026”.",
        '  Set it once, as the seal names its organisation: issuer = "…" in the event file; certs event add FILE',
        "1 finding stops the order: 1 certificate would be ordered.",
    ]
    refused = ana.types("order", EVENT.slug, "--yes")
    assert refused.code == 5
    assert said.out.splitlines()[0] in refused.err
    as_json = json.loads(ana.types("check", EVENT.slug, "--json").out)
    assert as_json["stops"] is True
    assert [(one["code"], one["accept"]) for one in as_json["findings"]] == [
        ("session_missing", "session_missing:2"),
        ("issuer_unnamed", None),
    ]
    (ana.home / "more.csv").write_text("Name,E-mail,Joined,Left\n" + BEN)
    assert ana.types("import", EVENT.slug, "more.csv").code == 0
    said = ana.types("check", EVENT.slug)
    assert (said.code, "Nothing stops the order: 2 certificates would be ordered" in said.out) == (0, True)
    ordered = ana.types("order", EVENT.slug, "--yes")
    assert (ordered.code, "look (name_capitals): 1 name is all in capitals: BEN OKRI" in ordered.err) == (0, True)


def test_an_order_takes_what_is_accepted(operator: Operator) -> None:
    """At the command line, with the reason."""
    ana = begun(operator, ANA)
    accepted = ("order", EVENT.slug, "--yes", "--accept", "session_missing:2")
    assert ana.types(*accepted).code == 2
    said = ana.types(*accepted, "--reason", "the speaker was ill", "--json")
    assert said.code == 0
    assert [one["code"] for one in json.loads(said.out)["findings"]] == ["session_missing"]
    assert "the speaker was ill" in ana.types("audit", EVENT.slug).out


def test_check_changes_nothing_and_asks_for_no_key(operator: Operator) -> None:
    """Anybody may look, before keys exist."""
    (operator.home / "event.toml").write_text(AUCKLAND)
    assert operator.types("event", "add", "event.toml").code == 0
    said = operator.types("check", EVENT.slug)
    assert (said.code, said.out.count("STOPS (session_missing)")) == (1, 2)
    assert operator.types("check", "nowhere").code == 4
    assert operator.types("check", EVENT.slug, "--kind", "speaker").code == 2
    assert operator.types("audit", EVENT.slug).out.count("\n") == 1
