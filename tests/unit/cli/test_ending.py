"""A batch that ends before it is issued, at the command line."""

import json
from datetime import UTC, datetime, timedelta

from certs.db.store import Store
from certs.queue import Queue
from tests.ports.conftest import opened
from tests.unit.cli.conftest import Operator
from tests.unit.cli.test_evidence import EVENT, organiser

__all__ = ["organiser"]
STRICT = EVENT.replace("sessions = 2", "sessions = 1").replace('zone = "UTC"', 'zone = "UTC"\napproval = "two"', 1)


def ordered(organiser: Operator) -> Operator:
    """Let Ana order two certificates that somebody else has to approve."""
    (organiser.home / "small.toml").write_text(STRICT)
    for command in ("event add small.toml --yes", "keys new claim", "order small --yes --as Ana"):
        assert organiser.types(*command.split()).code == 0, command
    return organiser


def test_reject_says_what_became_of_the_batch_and_what_to_do(organiser: Operator) -> None:
    """And `status` and `audit` keep it."""
    ana = ordered(organiser)
    said = ana.types("reject", "1", "--reason", "Ben's name is wrong", "--as", "Ben")
    assert said.out == (
        "Batch small/1 is rejected: 2 certificates given up for ever.\n"
        "Its people can be ordered for again: certs order small\n"
    )
    rejected = "rejected by Ben on 2026-11-22: Ben's name is wrong"
    line = f"batch small/1: 2 cancelled; ordered by Ana, not approved yet; {rejected}"
    assert line in ana.types("status", "small").out
    assert json.loads(ana.types("status", "1", "--json").out)["ended"]["reason"] == "Ben's name is wrong"
    assert "batch.reject" in ana.types("audit", "small").out
    assert "Batch small/2: 2 certificates ordered" in ana.types("order", "small", "--yes").out


def test_what_to_type_next_names_the_kind(organiser: Operator) -> None:
    """`certs order small` would order another kind than the one that was rejected; so says every sentence about it."""
    kinds = '[kinds.star]\ntitle = "Star"\nrule = { sessions = 1, share = 0.5 }\n[[sessions]]'
    text = EVENT.replace("sessions = 2", "sessions = 1").replace("[[sessions]]", kinds, 1)
    (organiser.home / "small.toml").write_text(text)
    assert organiser.types("event", "add", "small.toml", "--yes").code == 0
    assert organiser.types("keys", "new", "claim").code == 0
    assert organiser.types("check", "small").out.splitlines()[-3:] == [
        "Nothing stops the order: 4 certificates would be ordered. Order with:",
        "  certs order small",
        "  certs order small --kind star",
    ]
    asked = organiser.types("order", "small", "--kind", "star", "--as", "Ana")
    assert "Order 2 certificates of kind star for " in asked.err
    assert organiser.types("order", "small", "--kind", "star", "--yes", "--as", "Ana").code == 0
    said = organiser.types("reject", "small/1", "--reason", "x", "--as", "Ben")
    assert said.out.endswith("Its people can be ordered for again: certs order small --kind star\n")
    again = organiser.types("approve", "small/1", "--as", "Ben")
    assert again.err.endswith("x. Order again: certs order small --kind star\n")


def test_reject_wants_a_reason_and_another_person(organiser: Operator) -> None:
    """Each refusal changes nothing."""
    ana = ordered(organiser)
    assert ana.types("reject", "1", "--as", "Ben").code == 2
    assert ana.types("reject", "1", "--reason", " ", "--as", "Ben").code == 2
    said = ana.types("reject", "1", "--reason", "x", "--as", "Ana")
    assert (said.code, "certs cancel small/1" in said.err) == (3, True)
    assert "2 ordered" in ana.types("status", "1").out


def test_cancel_asks_first_and_then_says_what_it_did(organiser: Operator) -> None:
    """Where nobody is there to answer, --yes is needed."""
    ana = ordered(organiser)
    said = ana.types("cancel", "1")
    assert (said.code, "Give up 2 certificates of batch small/1, ordered by Ana?" in said.err) == (2, True)
    assert json.loads(ana.types("cancel", "1", "--yes", "--json").out) == {
        "batch": "small/1",
        "ended": "cancelled",
        "given_up": 2,
        "issued": 0,
    }
    said = ana.types("cancel", "1", "--yes")
    assert (said.code, "was cancelled by ana on 2026-11-22. Order again" in said.err) == (5, True)
    assert ana.types("approve", "1", "--as", "Ben").code == 5


def test_status_says_who_is_at_work_and_who_is_dead(organiser: Operator) -> None:
    """Of one on another machine, until when it may take to know; nobody else can be asked."""
    ana = ordered(organiser)
    engine = opened(f"sqlite:///{organiser.home / 'instance/certs.db'}")
    sheets, now = Store(engine).sheets, datetime(2026, 11, 22, 12, tzinfo=UTC)
    place, pid, start = Queue(1).holder.rsplit("/", 2)
    sheets.claim(1, "vm7/boot/1/2/3/1", now, now + timedelta(minutes=2), most=1)
    sheets.claim(1, f"{place}/{pid}/{int(start) - 1}/1", now, now + timedelta(minutes=2))
    engine.dispose()
    said = ana.types("status", "1").out
    assert "at work: 1 on vm7; if it is heard of no more, they are free at 12:02:00 UTC by the database's clock" in said
    assert f"at work: 1 on {place.partition('/')[0]}, whose process is dead: the next certs issue takes" in said
