"""Random names and events of every script, as Hypothesis strategies."""

from dataclasses import replace
from datetime import date
from typing import Final

from hypothesis import strategies as st

from certs.ground import number
from certs.model import EventFacts, SessionId, Statement
from tests.world import EVENT

NONCHARACTERS: Final = "".join(map(chr, range(0xFDD0, 0xFDF0))) + "\ufffe\uffff"
SCRIPTS: Final = "abcXYZéßøłžŽÅ'’-. \"\\%{}<>@_:^#\u2028\ue000\U0001d11eЖїЉمحمدعّيलक्ष्मीমোহাสมชายአበበ王𠮷田さく김철"
texts = st.one_of(
    st.text(st.sampled_from(SCRIPTS), min_size=1, max_size=60),
    st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters=NONCHARACTERS), min_size=1, max_size=40),
)
numbers = st.integers(0, 2**55 - 1).map(number.from_bits)
status_indexes = st.one_of(st.sampled_from([0, 9, 10, 131_071, 131_072]), st.integers(0, 10**7))
quarter_hours = st.one_of(st.integers(0, 400), st.integers(0, 10**6))


@st.composite
def events(draw: st.DrawFn) -> EventFacts:
    """Draw the marathon with other words."""
    return replace(
        EVENT,
        title=draw(texts),
        issuer=draw(texts),
        criteria=draw(texts),
        sessions=tuple(replace(session, title=draw(texts)) for session in EVENT.sessions[: draw(st.integers(1, 3))]),
        language=draw(st.sampled_from(["en", "ar", "zh-Hant", "pt-BR", "x-none"])),
        valid_until=draw(st.none() | st.dates(date(2027, 1, 1), date(2099, 12, 31))),
        zone=draw(st.sampled_from(["UTC", "Europe/Zurich", "Asia/Kathmandu", "America/St_Johns"])),
    )


@st.composite
def statements(draw: st.DrawFn, event: EventFacts = EVENT) -> Statement:
    """Draw a statement of *event*."""
    attended = draw(st.sets(st.sampled_from([session.id for session in event.sessions])))
    return Statement(
        event=event,
        number=draw(numbers),
        kind="attendance",
        name=draw(texts),
        language="",
        attended=frozenset[SessionId](attended),
        quarter_hours=draw(quarter_hours),
        issued_on=date(2026, 11, 22),
    )
