"""What a person decided in place of the rule, in a decision: whether it counts, and how the reason tells."""

from dataclasses import replace

from certs.model import Decision, Ruled, Ruling
from certs.wording import Sentence, clause, mark, say, say_marked, short_day

_RULED = {
    Ruled.GRANTED: mark("granted by {author} on {day}"),
    Ruled.WITHHELD: mark("withheld by {author} on {day}"),
    Ruled.LIFTED: mark("lifted by {author} on {day}"),
}


def applied(decision: Decision, ruling: Ruling, rule: str) -> Decision:
    """Return *decision*, made by the *rule* in canonical form, as *ruling* makes it.

    A ruling on another rule changes nothing but the reason: somebody has to decide again.
    """
    told = say(
        "{found}; {ruling}: {why}.",
        found=clause(decision.reason),
        ruling=_how(decision, ruling, rule),
        why=clause(ruling.reason),
    )
    decision = replace(decision, reason=told, found=decision.reason)
    if ruling.rule != rule:
        return decision
    eligible = ruling.ruled is Ruled.GRANTED
    near = decision.near_miss and not eligible
    return replace(decision, eligible=eligible, near_miss=near, ruling=ruling)


def _how(decision: Decision, ruling: Ruling, rule: str) -> Sentence:
    """Say who decided what, when, and what is different now."""
    said = say_marked(_RULED[ruling.ruled], author=ruling.author, day=short_day(ruling.at.date(), with_year=True))
    if ruling.rule != rule:
        return say("{ruling} under another rule, which does not count", ruling=said)
    if ruling.ruled is Ruled.GRANTED and decision.by_rule:
        return say("{ruling} before that", ruling=said)
    return said if ruling.found == decision.reason else say("{ruling} on other figures", ruling=said)
