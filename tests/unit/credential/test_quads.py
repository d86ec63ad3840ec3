"""What may not be filled is refused when the template is made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certs.credential.quads import Quads
from certs.credential.template import GAPS, Template, ordered, split_head

A, B = GAPS[0], GAPS[1]


@pytest.mark.parametrize(
    ("lines", "firm"),
    [
        (["<a> 1\n", "<b> 2\n"], True),
        (["<b> 2\n", "<a> 1\n"], False),
        ([f"<c/{A}#a>\n", f"<c/{A}#b>\n"], True),
        ([f"<c/{A}#a>\n", f"<c/{B}#b>\n"], False),
        ([f"<c/{A}>\n", "<c/x>\n"], False),
        (["<c/x>\n", f"<c/{A}>\n"], False),
        (["<c>\n", "<c>\n"], False),
        (["<c>", "<c>\n"], False),
    ],
)
def test_lines_stand_firm_only_where_constants_decide(lines: list[str], firm: bool) -> None:
    assert ordered(lines) is firm


def test_lines_whose_order_depends_on_a_value_are_refused() -> None:
    with pytest.raises(ValueError, match="depends on the values"):
        Quads(f"<c/{A}> <p> <o> .\n<d/{A}> <p> <{A}> .\n<d/{A}> <p> <{B}> .\n")


def test_a_third_blank_node_is_refused() -> None:
    with pytest.raises(ValueError, match="more than two blank nodes"):
        Quads("".join(f"_:c14n{n} <p> <o> .\n" for n in range(3)))


def test_text_and_digest_speak_of_the_same() -> None:
    import hashlib

    quads = Quads(f"<a> <p> <o> .\n<c/{A}> <p> <{B}> .\n")
    assert quads.text([b"1", b"2"]) == "<a> <p> <o> .\n<c/1> <p> <2> .\n"
    assert quads.digest([b"1", b"2"]) == hashlib.sha256(quads.text([b"1", b"2"]).encode()).digest()


@pytest.mark.parametrize(
    ("text", "head"), [("a\nb\n", "a\nb\n"), (f"a\nb{A}\nc\n", "a\n"), (f"b{A}\n", ""), (f"a\nb\n{A}", "a\nb\n")]
)
def test_the_head_ends_before_the_first_line_with_a_gap(text: str, head: str) -> None:
    assert split_head(text) == (head, text.removeprefix(head))


@given(st.text(), st.text(), st.text())
def test_percent_signs_are_just_text(before: str, value: str, after: str) -> None:
    constant = before.translate(dict.fromkeys(map(ord, GAPS))) + "%s%%"
    filled = Template(constant + A + constant).fill([value.encode("utf-8", "replace")])
    assert filled == constant.encode() + value.encode("utf-8", "replace") + constant.encode()
