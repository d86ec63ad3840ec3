"""What mails say, by kind: a subject, some paragraphs, and what the button is called.

Each is made of a letter's facts, which are texts and counts: `title` of the event, `name`, `count`, `who`, `words`
(what a person wrote, put in as it is), `until` (a day, as in 2026-12-01). One in square brackets may be missing.

| kind | facts |
|---|---|
| certificate, correction | title name |
| confirm, reminder | title name [until] |
| answer | title [words] |
| question | title words |
| approval | title who count |
| issued | title count |
| list | |
| invitation | who |
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from certs.model import MessageKind
from certs.wording import day, say, say_n

Facts = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Text:
    """What a mail says, in sentences that any voice can say."""

    subject: str
    paragraphs: Sequence[str]
    button: str


def text(kind: MessageKind, facts: Facts) -> Text:
    """Return what a mail of *kind* says.

    Raises:
        KeyError: a fact is missing.
        ValueError: `until` is no day.
    """
    return _TEXTS[kind](facts)


def _certificate(facts: Facts) -> Text:
    return Text(
        say("Your certificate: {title}", title=facts["title"]),
        [
            say("Hello {name},", name=facts["name"]),
            say("Your certificate for {title} is ready.", title=facts["title"]),
            say("On your own page you can download it and share it. Whoever gets it can check that it is real."),
        ],
        say("Open my certificate"),
    )


def _correction(facts: Facts) -> Text:
    return Text(
        say("Your corrected certificate: {title}", title=facts["title"]),
        [
            say("Hello {name},", name=facts["name"]),
            say("Your certificate for {title} was corrected.", title=facts["title"]),
            say("The new one stands in place of the old one, which reads “replaced” when somebody checks it."),
        ],
        say("Open my certificate"),
    )


def _confirm(facts: Facts) -> Text:
    return Text(say("Is this your name on your certificate? ({title})", title=facts["title"]), _name(facts), _look())


def _reminder(facts: Facts) -> Text:
    subject = say("A reminder: is this your name on your certificate? ({title})", title=facts["title"])
    return Text(subject, _name(facts), _look())


def _name(facts: Facts) -> Sequence[str]:
    until = facts.get("until")
    asked = say("Please look whether it is right.")
    if until:
        asked = say("Please look whether it is right, until {day}.", day=day(date.fromisoformat(str(until))))
    return [
        say("Certificates for {title} will be printed soon. On yours, this name will stand:", title=facts["title"]),
        str(facts["name"]),
        asked,
        say("If you do nothing, we print the name you registered with."),
    ]


def _look() -> str:
    return say("Look at my name")


def _answer(facts: Facts) -> Text:
    return Text(
        say("About your request: {title}", title=facts["title"]),
        [
            say("A person looked at your request about {title}.", title=facts["title"]),
            *([str(facts["words"])] if facts.get("words") else []),
            say("What became of it stands on your own page."),
        ],
        say("Open my page"),
    )


def _question(facts: Facts) -> Text:
    return Text(
        say("A question to you: {title}", title=facts["title"]),
        [
            say("Whoever organises {title} has a question to you:", title=facts["title"]),
            str(facts["words"]),
            say("Your answer decides what stands on your certificate."),
        ],
        say("Answer"),
    )


def _approval(facts: Facts) -> Text:
    n, title = int(facts["count"]), facts["title"]
    return Text(
        say_n(
            "Please approve {n:,} certificate: {title}", "Please approve {n:,} certificates: {title}", n, title=title
        ),
        [
            say("{who} ordered them and asks you to look at them.", who=facts["who"]),
            say("Nothing is signed before you approve it."),
        ],
        say("Look and approve"),
    )


def _issued(facts: Facts) -> Text:
    n, title = int(facts["count"]), facts["title"]
    return Text(
        say_n("{n:,} certificate is issued: {title}", "{n:,} certificates are issued: {title}", n, title=title),
        [
            say("All certificates of the batch for {title} are issued.", title=title),
            say("Nobody was mailed yet: that is for you to begin."),
        ],
        say("Go on to the mails"),
    )


def _list(_: Facts) -> Text:
    return Text(
        say("The list of your certificates"),
        [
            say("Somebody, you we think, asked for the list of your certificates."),
            say("The link works once, within 24 hours. If it was not you, do nothing: nobody else has it."),
        ],
        say("Show my certificates"),
    )


def _invitation(facts: Facts) -> Text:
    return Text(
        say("Your access to certs"),
        [
            say("{who} lets you in, or let you choose a new password.", who=facts["who"]),
            say("The link works once, within 24 hours. If you did not expect it, do nothing."),
        ],
        say("Choose a password"),
    )


_TEXTS: dict[MessageKind, Callable[[Facts], Text]] = {
    MessageKind.CERTIFICATE: _certificate,
    MessageKind.CONFIRM: _confirm,
    MessageKind.REMINDER: _reminder,
    MessageKind.CORRECTION: _correction,
    MessageKind.ANSWER: _answer,
    MessageKind.QUESTION: _question,
    MessageKind.APPROVAL: _approval,
    MessageKind.ISSUED: _issued,
    MessageKind.LIST: _list,
    MessageKind.INVITATION: _invitation,
}
