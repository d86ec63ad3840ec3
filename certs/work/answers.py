"""What may be answered to a question about people, and what is kept of it.

By kind of question:

    shared_email             `one` person · `several`: then only evidence that somebody adds by hand counts for it
    same_person_two_emails?  the address to keep · `different` people
    no_email                 the address of the person whose row it is · `nobody`
    name                     `keep`: it is her name · the name to print
"""

from collections.abc import Mapping

from certs.attendance import QuestionKind
from certs.errors import InputError, Problem
from certs.ground import address, names
from certs.model import AskedQuestion
from certs.wording import say

ONE, SEVERAL, DIFFERENT, NOBODY, KEEP = "one", "several", "different", "nobody", "keep"


def answers_to(asked: AskedQuestion) -> Mapping[str, str]:
    """Return the answers that *asked* knows, and what each says; with `nobody`, any other address is one, too.

    With `keep`, so is any other name.
    """
    if asked.kind == QuestionKind.SHARED_EMAIL:
        return {ONE: "one person uses this address", SEVERAL: "several people: only evidence added by hand counts"}
    if asked.kind == QuestionKind.SAME_PERSON:
        return {**_said(asked, "one person, by this address"), DIFFERENT: "different people"}
    if asked.kind == QuestionKind.NAME:
        return {KEEP: f"“{asked.candidates[0]}” is the name", **dict.fromkeys(asked.candidates[1:], "this is the name")}
    return {**_said(asked, "the row of this person"), NOBODY: "the row counts for nobody"}


def _said(asked: AskedQuestion, said: str) -> dict[str, str]:
    """Return the addresses that are answers, and what each says: who that is and why, where it is known."""
    known = {str(one.person): f"{one.name}: {', '.join(one.reasons)}" for one in asked.whom}
    return {one: known.get(one, said) for one in asked.candidates}


def checked_answer(asked: AskedQuestion, given: str) -> str:
    """Return the answer as it is kept.

    Raises:
        InputError: it is none of those that the question allows.
    """
    if asked.kind == QuestionKind.NAME:
        return asked.candidates[0] if given == KEEP else checked_name(given)
    key = address.read(given)
    for one in (given, given.lower(), str(key)):
        if one in answers_to(asked):
            return one
    if asked.kind != QuestionKind.NO_EMAIL:
        raise InputError(say("Answer with one of: {answers_to}.", answers_to=", ".join(answers_to(asked))))
    if isinstance(key, address.BadAddress):
        raise InputError(say("Answer with the address of the person whose row it is, or {nobody}.", nobody=NOBODY))
    return key


def checked_name(given: str) -> str:
    """Return a name to print as it is kept.

    Raises:
        InputError: it looks like none itself, or cannot be printed as it is.
    """
    from certs.pdf.legible import illegible  # noqa: PLC0415 -- only who gives a name needs fonts

    name = names.typed(given)
    if not name:
        raise InputError(say("Say the name to print."))
    if why := names.why_doubtful(name):
        raise InputError(
            say(
                "“{name}” {why}. Say the name to print, or answer {keep} if it is right as it stands.",
                name=name,
                why=why,
                keep=KEEP,
            )
        )
    if faults := illegible(name, ""):
        raise InputError(*(Problem(one) for one in faults))
    return name


def tells_a_name(asked: AskedQuestion) -> bool:
    """Say whether an answer may give somebody another name, which may be doubtful itself, or no more."""
    if asked.kind == QuestionKind.NO_EMAIL:
        return names.doubtful(names.from_display(asked.subject)[0])
    called = [line.partition(": ")[2] for line in asked.evidence]
    return asked.kind == QuestionKind.SAME_PERSON and any(map(names.doubtful, called))
