"""A changed event file: what changes, for whom, and what cannot change."""

from dataclasses import replace

import pytest

from certs import eventfile
from certs.db.store import Store
from certs.errors import ConflictError
from certs.model import Event, Interval, PictureFile, Ruled, Signatory
from certs.work import counts, events, imports, orders, rulings
from certs.work.events import proposal
from certs.work.events.differences import differences
from certs.work.events.proposal import decisions
from tests.register import AUCKLAND, EVENT, LATER, NOW, act, finished
from tests.unit.work.test_amend import export, place, take

SLUG = EVENT.slug


def proposed(store: Store, text: str) -> events.Proposal:
    return events.propose(store, events.Source(text, "e.toml"), NOW)


@pytest.fixture
def imported(store: Store) -> Store:
    """Return a register where Ana stayed for the whole of a session, Ben for three quarters and Cy for a moment."""
    assert events.accept(store, proposed(store, AUCKLAND), act())
    take(store, export(ana=120, ben=90, cy=2))
    return store


def test_a_new_event_has_no_differences(store: Store) -> None:
    found = proposed(store, AUCKLAND)
    assert (found.is_new, found.differences, found.questions, found.same) == (True, (), [], False)


def test_the_same_file_again_changes_nothing(imported: Store) -> None:
    assert proposed(imported, AUCKLAND).same


def test_other_comments_are_kept_and_change_nothing(imported: Store) -> None:
    found = proposed(imported, AUCKLAND + "# said by Ana\n")
    assert (found.same, found.differences) == (False, [])
    assert events.accept(imported, found, act())
    assert imported.events.definition(SLUG).endswith("# said by Ana\n")


def test_a_stricter_rule_says_who_loses_what(imported: Store) -> None:
    found = proposed(imported, AUCKLAND.replace("share = 0.5", "share = 0.9"))
    (line,) = found.differences
    assert line.startswith("kind attendance, rule: Attended at least 1 of 2 sessions for at least 50 %")
    assert " → Attended at least 1 of 2 sessions for at least 90 %" in line
    assert found.effect.eligible("attendance") == (2, 1)
    assert [one.person for one in found.effect.lost] == ["ben@example.org"]
    assert found.effect.gained == []


def test_what_is_issued_stays_as_it_is(imported: Store) -> None:
    """It is counted, and says what was frozen."""
    batch = place(imported, orders.plan(imported, SLUG))
    sheet = imported.sheets.claim(batch, "t", NOW, LATER, 1)
    assert sheet is not None
    assert imported.sheets.store(sheet, finished(sheet), act())
    text = AUCKLAND.replace("Good Practice Marathon 2026", "Better Practice")
    found = proposed(imported, text)
    assert found.differences == ["title: Good Practice Marathon 2026 → Better Practice", ISSUER]
    assert (found.effect.issued, found.effect.ordered) == (1, 1)
    assert (found.effect.gained, found.effect.lost) == ([], [])
    events.accept(imported, found, act())
    (number,) = sheet.todo
    certificate = imported.certificate(number)
    assert certificate is not None
    assert certificate.statement.event.title == "Good Practice Marathon 2026"


ISSUER = "issuer: The organisers of Good Practice Marathon 2026 → The organisers of Better Practice"


def test_a_ruling_under_another_rule_is_said(imported: Store) -> None:
    withheld = rulings.plan(imported, SLUG, Ruled.WITHHELD, ["ana@example.org"])
    rulings.rule(imported, withheld, act(reason="two people, one voice"))
    found = proposed(imported, AUCKLAND.replace("share = 0.5", "share = 0.4"))
    assert found.effect.rulings_lost == 1
    assert [one.person for one in found.effect.gained] == ["ana@example.org"]


def test_a_session_that_something_rests_on_stays(imported: Store) -> None:
    """Said before anybody is asked."""
    gone = AUCKLAND.replace('id = "1"', 'id = "7"')
    with pytest.raises(ConflictError, match="Session 1 has imports or evidence"):
        proposed(imported, gone)


def test_what_was_odd_before_is_not_asked_about_again(store: Store) -> None:
    odd = AUCKLAND.replace("share = 0.5\n", "")
    found = proposed(store, odd)
    assert [line[:6] for line in found.questions] == ["[rule]"]
    events.accept(store, found, act())
    assert proposed(store, odd.replace("Session 2", "Closing")).questions == []


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(imported: Store) -> None:
    found = proposed(imported, AUCKLAND.replace("Session 2", "Closing"))
    events.accept(imported, proposed(imported, AUCKLAND.replace("Session 1", "Opening")), act())
    with pytest.raises(ConflictError, match="Somebody else changed gmp-2026 meanwhile"):
        events.accept(imported, found, act())
    assert "Closing" not in imported.events.definition(SLUG)


def later(event: Event) -> Event:
    first, second = event.sessions
    end = replace(second, window=Interval(second.window.start, LATER))
    return replace(event, sessions=(first, end))


LOGO = PictureFile("logo.svg", "a" * 64, "image/svg+xml")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (replace(EVENT, place="Accra"), ["place: nothing → Accra"]),
        (replace(EVENT, zone="Africa/Accra"), ["zone: UTC → Africa/Accra"]),
        (replace(EVENT, logo="logo.svg"), ["logo: nothing → logo.svg"]),
        (
            replace(EVENT, sessions=EVENT.sessions[:1]),
            ["session 2: Session 2, 2026-10-08 13:00–15:00 Europe/Zurich: is gone"],
        ),
        (
            later(EVENT),
            [
                "session 2, window: 2026-10-08 13:00–15:00 Europe/Zurich → "
                "2026-10-08 13:00–2026-11-22 13:02 Europe/Zurich"
            ],
        ),
        (replace(EVENT, signatories=(Signatory("Elin", "Director"),)), ["signatories: nothing → Elin, Director"]),
        (
            replace(EVENT, kinds=(replace(EVENT.kinds[0], title="Certificate", attended="completed"),)),
            ["kind attendance, title: nothing → Certificate", "kind attendance, attended: nothing → completed"],
        ),
    ],
)
def test_every_difference_is_said(changed: Event, said: list[str]) -> None:
    assert differences(EVENT, changed) == said


def test_a_picture_that_looks_otherwise_is_a_difference() -> None:
    """Though its name is the same."""
    before = replace(EVENT, logo="logo.svg", logo_picture=LOGO)
    after = replace(before, logo_picture=replace(LOGO, sha256="b" * 64))
    assert differences(before, after) == ["logo: logo.svg is another picture now"]
    signed = replace(EVENT, signatories=(Signatory("Elin", "", "elin.png", LOGO),))
    again = replace(EVENT, signatories=(Signatory("Elin", "", "elin.png", replace(LOGO, sha256="b" * 64)),))
    assert differences(signed, again) == ["signature of Elin: elin.png is another picture now"]


ELSE = "any = [{ percent = 70 }, { sessions = 2 }]"


@pytest.mark.parametrize("rule", ["sessions = 1\nshare = 0.9", "sessions = 2\nshare = 0.1", "percent = 45", ELSE])
def test_kept_presence_decides_as_reading_everything_again_does(imported: Store, rule: str) -> None:
    """With somebody's word, a ruling under the rule of before, and another kind that counts the same roles."""
    counts.refresh(imported, SLUG, NOW)
    rulings.rule(imported, rulings.plan(imported, SLUG, Ruled.WITHHELD, ["ana@example.org"]), act(reason="as agreed"))
    counts.refresh(imported, SLUG, NOW)
    text = AUCKLAND.replace("sessions = 1\nshare = 0.5", rule).replace("sessions = 1, share = 0.5", rule)
    assert text != AUCKLAND
    text += '[kinds.all]\ntitle = "All"\nrule = { sessions = 1, share = 0.9 }\n'
    before, after = imports.event_of(imported, SLUG), eventfile.parse(text, "e")
    old, fast = decisions(imported, before, after)
    slow = proposal._decided(imported, after)
    assert (len(old), list(fast)) == (3, slow)
