"""The trail as people read it: what was done in words, and what it changed, field by field; see `certs.ports.Trail`."""

import json
from collections.abc import Mapping, Sequence

from certs.wording import mark, say_marked

_MOST_CHARACTERS = 160
_WORDS: Mapping[str, str] = {
    "batch.approve": mark("order approved"),
    "batch.cancel": mark("order withdrawn"),
    "batch.enrol": mark("certificates of before enrolled"),
    "batch.give_up": mark("certificates given up before they were issued"),
    "batch.issue": mark("certificates issued"),
    "batch.order": mark("certificates ordered"),
    "batch.reject": mark("order sent back"),
    "certificate.reinstate": mark("certificate reinstated"),
    "certificate.replace": mark("certificate replaced"),
    "certificate.revoke": mark("certificate withdrawn"),
    "certificate.unrevoke": mark("withdrawal taken back"),
    "event.add": mark("event set up"),
    "event.change": mark("event changed"),
    "evidence.add": mark("evidence added"),
    "evidence.withdraw": mark("evidence withdrawn"),
    "import.add": mark("file read"),
    "import.undo": mark("file taken out"),
    "link.renew": mark("personal link renewed"),
    "link.withdraw": mark("personal link withdrawn"),
    "message.again": mark("mail sent again"),
    "message.bounce": mark("mail came back"),
    "message.decline": mark("mail declined"),
    "message.pause": mark("mailing paused"),
    "message.queue": mark("mails queued"),
    "message.resume": mark("mailing goes on"),
    "person.erase": mark("person erased"),
    "question.answer": mark("doubt answered"),
    "register.restore": mark("register restored"),
    "register.settle": mark("restored register settled"),
    "request.ask": mark("request made"),
    "request.confirm": mark("name confirmed"),
    "request.end": mark("request answered"),
    "ruling.grant": mark("certificate granted"),
    "ruling.lift": mark("decision lifted"),
    "ruling.withhold": mark("certificate withheld"),
    "user.give": mark("role given"),
    "user.take": mark("role taken away"),
}


def act(name: str) -> str:
    """Return what an act of the trail is in words; one that is not known, such as a newer one's, as it stands there."""
    return say_marked(_WORDS[name]) if name in _WORDS else name


def changes(old: str, new: str) -> Sequence[tuple[str, str, str]]:
    """Return what an entry changed: each field that differs, with what it was and what it is, empty for nothing."""
    before, after = _fields(old), _fields(new)
    named = [*before, *(name for name in after if name not in before)]
    both = ((name, before.get(name, ""), after.get(name, "")) for name in named)
    return [(name, was, now) for name, was, now in both if was != now]


def _fields(text: str) -> dict[str, str]:
    """Return the fields of what an entry holds, as texts; what is no object of JSON is one field without a name."""
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        found = text
    fields = found if isinstance(found, dict) else {"": found}
    return {str(name): _short(value) for name, value in fields.items()}


def _short(value: object) -> str:
    said = value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
    return said if len(said) <= _MOST_CHARACTERS else f"{said[:_MOST_CHARACTERS]}…"
