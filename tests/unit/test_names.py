"""Names and addresses: cleaned of what cannot be seen, otherwise as typed; proposals are offered, never applied."""

import pytest

from certs import address, names
from certs.address import BadAddress


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  Ana\u00a0María \t Roux ", "Ana María Roux"),
        ("Jose\u0301", "José"),
        ("A\u202ena\u202c", "Ana"),
        ("Ana\u200b\ufeff Roux\x00", "Ana Roux"),
        ("का\u200dव्या", "का\u200dव्या"),
        ("A\u200dna", "Ana"),
        ("O'Brien <b>{{7*7}}</b>", "O'Brien <b>{{7*7}}</b>"),
        ("Ana\r\nBcc: x", "Ana Bcc: x"),
    ],
)
def test_clean(typed: str, cleaned: str) -> None:
    """Controls, bidi overrides and needless joiners go; letters, marks and markup stay as text."""
    assert names.clean(typed) == cleaned


def test_endless_names_are_cut() -> None:
    """200 characters are enough for anybody."""
    assert len(names.clean("x" * 200_000)) == names.MAX_LENGTH


@pytest.mark.parametrize(
    ("display", "name", "certain"),
    [
        ("Ana Roux", "Ana Roux", True),
        ("Ana Roux (External)", "Ana Roux", True),
        ("[MoH] Ana Roux (Guest)", "Ana Roux", True),
        ("Ana - MoH (Ana Roux)", "Ana Roux", False),
        ("Will N. (RIT Student)", "Will N.", False),
        ("Roux, Ana", "Roux, Ana", False),
        ("iPhone de Ana", "iPhone de Ana", False),
    ],
)
def test_from_display(display: str, name: str, certain: bool) -> None:
    """What a platform adds goes; what may be an affiliation leaves the name uncertain."""
    assert names.from_display(display) == (name, certain)


@pytest.mark.parametrize(
    ("name", "proposal"),
    [
        ("ANA ROUX", "Ana Roux"),
        ("Dr. Ana Roux", "Ana Roux"),
        ("Ana Roux, PharmD", "Ana Roux"),
        ("Ana Roux #2", "Ana Roux"),
        ("iPhone de Ana", "Ana"),
        ("Ana's iPhone", "Ana"),
        ("Roux, Ana", "Ana Roux"),
        ("JosÃ©", "José"),
    ],
)
def test_suggestions(name: str, proposal: str) -> None:
    """Each oddity has its proposal."""
    assert proposal in names.suggestions(name)


def test_plain_names_have_no_suggestions() -> None:
    """Nothing is odd about most names, whatever their script."""
    assert [names.suggestions(name) for name in ("Ana María Roux", "由美子 早乙女", "أمينة القاضي", "de Souza")] == [
        []
    ] * 4


@pytest.mark.parametrize(
    ("one", "other", "different"),
    [
        ("Will N. (Technical University)", "William Nash", False),
        ("Bob (Robert Doe)", "Robert Doe", False),
        ("Ada Lovelace (iPad)", "Grace Hopper", True),
        ("Ada L. (Pharmacy)", "Grace Hopper (Pharmacy)", False),
        ("Ana Roux", "ANA ROUX", False),
        ("Ana Roux", "Dr. Ana Roux", False),
        ("Ana Roux", "Roux Ana", False),
        ("Ana Roux", "Ana María Roux", False),
        ("Ana Roux", "A. Roux", False),
        ("Ana Roux", "iPad", False),
        ("Ana Roux", "Анна Ру", False),
        ("Jhon Smith", "John Smith", False),
        ("Ana Roux", "Bob Keller", True),
        ("Maria Silva", "João Silva", True),
    ],
)
def test_differ(one: str, other: str, different: bool) -> None:
    """Only clearly different people are told apart; spellings, devices and scripts are not."""
    assert names.differ(one, other) is names.differ(other, one) is different


@pytest.mark.parametrize(
    ("cell", "key"),
    [
        ("Ana@Example.ORG", "ana@example.org"),
        (" <mailto:ana@example.org> ", "ana@example.org"),
        ("ana\u200b@example.org\u00a0", "ana@example.org"),
        ("Ana Roux <ana@example.org>", "ana@example.org"),
        ("a.na+tag@example.org", "a.na+tag@example.org"),
        ("ana@example.org;", "ana@example.org"),
        ("ana@example.org, ANA@example.org", "ana@example.org"),
        ("", BadAddress.MISSING),
        ("--", BadAddress.MISSING),
        ("n/a", BadAddress.MISSING),
        ("ana", BadAddress.BAD),
        ("ana@example", BadAddress.BAD),
        ("ana@example.org and bob", BadAddress.BAD),
        ("ana@example.org bob@example.org", BadAddress.TWO),
        ("ana@example.org;bob@example.org", BadAddress.TWO),
    ],
)
def test_address(cell: str, key: str) -> None:
    """One address makes a key, two or none make a reason."""
    assert address.read(cell) == key
