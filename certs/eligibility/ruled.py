"""What a person decided in place of the rule, in a decision: whether it counts, and how the reason tells."""

from dataclasses import replace

from certs.model import Decision, Ruled, Ruling


def applied(decision: Decision, ruling: Ruling, rule: str) -> Decision:
    """Return *decision*, made by the *rule* in canonical form, as *ruling* makes it.

    A ruling on another rule changes nothing but the reason: somebody has to decide again.
    """
    told = f"{decision.reason.rstrip('.')}; {_how(decision, ruling, rule)}: {ruling.reason.rstrip('.')}."
    decision = replace(decision, reason=told, found=decision.reason)
    if ruling.rule != rule:
        return decision
    eligible = ruling.ruled is Ruled.GRANTED
    near = decision.near_miss and not eligible
    return replace(decision, eligible=eligible, near_miss=near, ruling=ruling)


def _how(decision: Decision, ruling: Ruling, rule: str) -> str:
    """Say who decided what, when, and what is different now."""
    said = f"{ruling.ruled} by {ruling.author} on {ruling.at.day} {ruling.at:%b %Y}"
    if ruling.rule != rule:
        return f"{said} under another rule, which does not count"
    if ruling.ruled is Ruled.GRANTED and decision.by_rule:
        return f"{said} before that"
    return said if ruling.found == decision.reason else f"{said} on other figures"
