"""By which server mails go out, and in whose name.

smtp://user:password@mail.example.org          STARTTLS on port 587, or no mail
smtps://user:password@mail.example.org         TLS from the first byte, port 465
smtp://127.0.0.1:25?tls=off                    none; for a relay on this machine or in its network
"""

from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from urllib.parse import parse_qs, unquote, urlsplit

from certs.config.given import Given, password_of, variable

_PORTS = {"smtp": 587, "smtps": 465}
USUAL_PER_MINUTE = 120
"""So few that most relays take them, and a marathon's are out within a quarter of an hour."""
_MOST_PER_MINUTE = 60_000


@dataclass(frozen=True, slots=True)
class MailPlace:
    """The mail server, and what mails say of who sends them."""

    host: str
    port: int
    tls: str
    """`start`, `on` or `off`."""
    user: str
    password: str = field(repr=False)
    sender: str
    """An address, or `Name <address>`."""
    reply_to: str


def mail_place(given: Given) -> MailPlace | None:
    """Return how mails go out, None where they do not; what is wrong is noted in *given*."""
    url, sender, reply_to = (given.text(key).strip() for key in ("smtp_url", "mail_from", "mail_reply_to"))
    for key, text in (("mail_from", sender), ("mail_reply_to", reply_to)):
        if text and not is_mailbox(text):
            given.refuse(key, f"must be an address, or Name <address>, not {text!r}.")
    if not url:
        return None
    if not sender:
        given.refuse("smtp_url", f"needs {given.called('mail_from')}: in whose name mails go out.")
    if wrong := _wrong(url):
        given.refuse("smtp_url", wrong)
        return None
    if password_of(url) and not given.by_environ("smtp_url"):
        given.refuse("smtp_url", f"holds a password: set {variable('smtp_url')} instead, which stands in no file.")
    parts = urlsplit(url)
    tls = "on" if parts.scheme == "smtps" else "off" if parts.query else "start"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailPlace(parts.hostname or "", parts.port or _PORTS[parts.scheme], tls, user, password, sender, reply_to)


def per_minute(given: Given) -> int:
    """Return how many mails may go out within a minute."""
    text = given.text("mail_per_minute").strip() or str(USUAL_PER_MINUTE)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _MOST_PER_MINUTE):
        given.refuse("mail_per_minute", f"must be a number of mails, 1 to {_MOST_PER_MINUTE}, not {text!r}.")
        return USUAL_PER_MINUTE
    return int(text)


def is_mailbox(text: str) -> bool:
    """Say whether *text* is an address, or `Name <address>`, as a header can hold it."""
    name, mark, rest = text.rpartition("<")
    spec = rest.removesuffix(">") if mark else text
    try:
        found = Address(name.strip().strip('"'), addr_spec=spec)
    except (ValueError, IndexError, MessageError):
        return False
    return found.addr_spec == spec and "@" in spec and bool(found.username and "." in found.domain)


def _wrong(url: str) -> str:
    """Say what is wrong with the address of a mail server, empty if nothing."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), 0
    if parts.scheme not in _PORTS or not parts.hostname or port == 0 or parts.path.strip("/") or parts.fragment:
        return "must look like smtp://user:password@mail.example.org or smtps://user:password@mail.example.org."
    if not parts.query:
        return ""
    if parse_qs(parts.query) != {"tls": ["off"]}:
        return "may end in ?tls=off, which sends everything in the clear, and in nothing else."
    if parts.scheme == "smtps" or parts.username:
        return "takes ?tls=off with smtp:// and without a user alone: no password is sent in the clear."
    return ""
