"""Verdicts on certificates of people who were erased at their request: judged as ever, whose they are withheld."""

from dataclasses import replace

from certs.model import Outcome, PersonKey, Step, Verdict
from certs.model.herself import WITHHELD_NAME
from certs.wording import say

STEP = Step(
    "withheld",
    Outcome.PASSED,
    say(
        "The person asked us to erase her data. We still hold this certificate, so that it can be checked, and "
        "withhold the name: compare everything else with the paper."
    ),
)


def withheld(verdict: Verdict) -> Verdict:
    """Return *verdict* as everybody may see it.

    Raises:
        Nothing.
    """
    one = verdict.certificate
    if one is None or not one.withheld:
        return verdict
    nameless = replace(one.statement, name=WITHHELD_NAME, language="")
    shown = replace(one, statement=nameless, person=PersonKey(""), person_ref="", claim_text="")
    steps = verdict.steps if STEP in verdict.steps else (*verdict.steps, STEP)
    return Verdict(verdict.summary, steps, shown)
