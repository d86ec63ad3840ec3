"""How far a name that is asked for is from the one before, and what a file that comes along is."""

import pytest

from certs.errors import InputError
from certs.work.requests import MAX_BYTES, MAX_WORDS, attached, words
from certs.work.requests.names import is_small, typed


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("JOSE ALVAREZ", "José Álvarez"),
        ("Souza, Ana", "Ana Souza"),
        ("Amina El Naggar", "Amina El-Naggar"),
        ("lukasz wiśniewski", "Łukasz Wiśniewski"),
        ("O'Neil Siobhan", "Siobhán O’Neil"),
        ("Алёна Ёлкина", "Алена Елкина"),
    ],
)
def test_accents_capitals_punctuation_and_order_are_small(before: str, after: str) -> None:
    assert is_small(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Ana Suza", "Ana Souza"),
        ("Ana Souza", "Ana Maria Souza"),
        ("Ana Souza", "Ben Souza"),
        ("Amina El-Naggar", "أمينة النجار"),
        ("Ana Ana", "Ana"),
        ("…", "…"),
        ("", "Ana"),
    ],
)
def test_everything_else_is_for_a_person_to_decide(before: str, after: str) -> None:
    assert not is_small(before, after)


def test_a_name_stays_as_it_was_typed() -> None:
    assert typed("  ana \u200b de  SOUZA ") == "ana de SOUZA"


@pytest.mark.parametrize(
    ("text", "says"), [(" ", "Write your name"), ("a" * 201, "more than 200"), ("A\ufffda", "lost")]
)
def test_what_is_no_name_is_refused(text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        typed(text)


@pytest.mark.parametrize(
    ("data", "media"),
    [(b"%PDF-1.7", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff\xe0", "image/jpeg")],
)
def test_a_file_is_what_it_begins_with(data: bytes, media: str) -> None:
    """Whatever it is called, and without the folders of whoever sent it."""
    found = attached("C:\\photos\\proof.html", data)
    assert found is not None
    assert (found.name, found.media, found.data) == ("proof.html", media, data)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<html>", "neither a PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", "neither a PDF"),
        (b"GIF89a", "neither a PDF"),
        (b" %PDF-1.7", "neither a PDF"),
        (b"%PDF-" + bytes(MAX_BYTES), "larger than 5 MB"),
    ],
)
def test_another_file_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        attached("proof.pdf", data)


def test_no_file_is_none() -> None:
    assert attached("", b"") is None


def test_words_keep_their_lines_and_lose_what_cannot_be_seen() -> None:
    assert words(" one\r\n\x00two\u202e \rthree ") == "one\ntwo \nthree"
    with pytest.raises(InputError, match="at most 2,000"):
        words("a" * (MAX_WORDS + 1))
