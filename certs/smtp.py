"""Mail by SMTP (RFC 5321), with the standard library: TLS unless told otherwise, every wait limited.

What a try comes to depends on how far it got. Before the text is sent nothing can be lost: a refusal is *bounced*, what
passes is *deferred*. When the connection breaks after the mail server asked for the text, nobody knows whether it has
it: *unknown*. Whatever is said of the connection or of us, and not of this mail, is `Reply.away`.

Nothing from data gets into a header but through `email.headerregistry`, which refuses line breaks and encodes the rest.
DKIM is the relay's.
"""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from certs.model import Mail, MessageState, Reply
from certs.wording import say

SECONDS = 60.0
"""For each answer of the mail server; greylisting and looks for viruses take some."""
_POLICY = SMTP.clone(cte_type="7bit", raise_on_defect=True)
_OK, _GO_AHEAD, _TOO_LONG = 250, 354, 500
_PERMANENT = range(500, 600)
_OF_US = frozenset({421, 530, 534, 535, 538})
"""Said of the connection or of who we are, not of the mail (RFC 5321, RFC 4954)."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where a mail server is, and how it is spoken to."""

    host: str
    port: int
    tls: str
    """`on` from the first byte, `start` by STARTTLS or not at all, or `off`."""
    user: str = ""
    password: str = field(default="", repr=False)


class Smtp:
    """A mail server, and one connection to it at a time; implements `certs.ports.Post`."""

    def __init__(self, server: Server, sender: str, reply_to: str, domain: str, seconds: float = SECONDS) -> None:
        """Take *server*; mails are from *sender*, and their `Message-ID` ends in *domain*."""
        self._server, self._seconds = server, seconds
        self._sender, self._reply_to, self._domain = sender, reply_to, domain
        self._open: smtplib.SMTP | None = None

    def send(self, mail: Mail) -> Reply:
        """Give *mail* to the mail server."""
        try:
            data = self.written(mail)
            to = _address(mail.to)
        except ValueError as error:
            return Reply(MessageState.BOUNCED, str(error))
        try:
            connection = self._connected()
        except smtplib.SMTPResponseException as error:
            self.close()
            return Reply(MessageState.DEFERRED, _said(error.smtp_code, error.smtp_error), away=True)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            return Reply(MessageState.DEFERRED, _why(error), away=True)
        return self._given(connection, to, data)

    def close(self) -> None:
        """End the connection, if there is one."""
        connection, self._open = self._open, None
        if connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
            connection.close()

    def look(self) -> None:
        """Connect as for a mail, and send none.

        Raises:
            OSError, smtplib.SMTPException: it cannot be.
        """
        try:
            self._connected()
        finally:
            self.close()

    def written(self, mail: Mail) -> bytes:
        """Return *mail* as it goes out (RFC 5322), lines ending in CR LF.

        Raises:
            ValueError: something in it cannot stand in a header.
        """
        message = EmailMessage(policy=_POLICY)
        message["From"], message["To"] = _address(self._sender), _address(mail.to)
        if self._reply_to:
            message["Reply-To"] = _address(self._reply_to)
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(mail.at)
        message["Message-ID"] = f"<{mail.token}@{self._domain}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: holidays answer nobody
        if mail.unsubscribe:
            message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(mail.text, cte="quoted-printable" if mail.text.isascii() else "base64")
        message.add_alternative(mail.html, subtype="html", cte="base64")
        message["Content-Language"] = mail.language
        return message.as_bytes()

    def _connected(self) -> smtplib.SMTP:
        """Return the connection of before, if it still answers, else a new one.

        Raises:
            OSError, smtplib.SMTPException: there is none.
        """
        if self._open is not None:
            with suppress(smtplib.SMTPException, OSError):
                if self._open.noop()[0] == _OK:
                    return self._open
            self.close()
        place, limit = self._server, self._seconds
        secure = ssl.create_default_context() if place.tls != "off" else None
        if place.tls == "on":
            self._open = smtplib.SMTP_SSL(place.host, place.port, timeout=limit, context=secure)
        else:
            self._open = smtplib.SMTP(place.host, place.port, timeout=limit)
        self._open.ehlo_or_helo_if_needed()
        if place.tls == "start":
            self._open.starttls(context=secure)  # a server that offers none raises
            self._open.ehlo_or_helo_if_needed()
        if place.user:
            self._open.login(place.user, place.password)
        return self._open

    def _given(self, connection: smtplib.SMTP, to: Address, data: bytes) -> Reply:
        """Give a mail to the server at the other end of *connection*."""
        asked_for = False
        try:
            for step in (self._from, self._to):
                code, words = step(connection, to)
                if code not in {_OK, 251}:
                    return self._refused(connection, code, words, of_us=step == self._from)
            code, words = connection.docmd("DATA")
            if code != _GO_AHEAD:
                return self._refused(connection, code, words)
            asked_for = True
            connection.send(_stuffed(data))
            code, words = connection.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            state = MessageState.UNKNOWN if asked_for else MessageState.DEFERRED
            return Reply(state, _why(error), away=not asked_for)
        if code != _OK:
            return self._refused(connection, code, words)
        return Reply(MessageState.SENT, _said(code, words))

    def _from(self, connection: smtplib.SMTP, _: Address) -> tuple[int, bytes]:
        return connection.mail(_address(self._sender).addr_spec)

    def _to(self, connection: smtplib.SMTP, to: Address) -> tuple[int, bytes]:
        return connection.rcpt(to.addr_spec)

    def _refused(self, connection: smtplib.SMTP, code: int, words: bytes, *, of_us: bool = False) -> Reply:
        """Return what a refusal means, and let the connection be as before the mail."""
        away = of_us or code in _OF_US
        with suppress(smtplib.SMTPException, OSError):
            connection.rset()
        if away:
            self.close()
        state = MessageState.BOUNCED if code in _PERMANENT and not away else MessageState.DEFERRED
        return Reply(state, _said(code, words), away=away)


def _address(text: str) -> Address:
    """Return *text*, an address or `Name <address>`, as one that can stand in a header; its domain in ASCII.

    Raises:
        ValueError: it is none.
    """
    name, _, rest = text.rpartition("<")
    spec = rest.rstrip("> ") if name or text.startswith("<") else text
    local, at, domain = spec.rpartition("@")
    if not at or not local or not domain:
        raise ValueError(say("{address} is no address.", address=text))
    if not local.isascii():
        raise ValueError(say("The mail server takes no address like {address}.", address=spec))
    return Address(name.strip().strip('"'), username=local, domain=domain.encode("idna").decode("ascii"))


def _stuffed(data: bytes) -> bytes:
    """Return *data* as DATA takes it: a dot doubled where a line begins with it, and the dot that ends it all."""
    lines = data.removesuffix(b"\r\n").split(b"\r\n")
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines) + b"\r\n.\r\n"


def _said(code: int, words: "bytes | str") -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"[:_TOO_LONG]


def _why(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:_TOO_LONG]
