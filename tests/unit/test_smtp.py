"""What the mail server does, and what that means for a mail."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from certs.model import Mail, MessageState, Reply
from certs.smtp import Server, Smtp
from tests.sink import Sink, sink

MAIL = Mail(
    token="0123abcd",
    to="ana@example.org",
    subject="Your certificate: Good Practice Marathon 2026",
    text="Dear Ana,\n.\n..and a line that begins with dots\n",
    html="<p>Dear Ana</p>",
    language="en",
    at=datetime(2026, 11, 22, 12, 0, tzinfo=UTC),
    unsubscribe="https://certs.example.org/me/x/no-mail",
)
SENDER = "Institut für Prüfungen <certs@example.org>"


@pytest.fixture
def server() -> Iterator[Sink]:
    with sink() as running:
        yield running


def smtp(port: int, *, tls: str = "off", seconds: float = 5.0) -> Smtp:
    return Smtp(Server("127.0.0.1", port, tls), SENDER, "help@example.org", "certs.example.org", seconds)


def sent(server: Sink, mail: Mail = MAIL, *, seconds: float = 5.0) -> Reply:
    post = smtp(server.port, seconds=seconds)
    try:
        return post.send(mail)
    finally:
        post.close()


def only(server: Sink) -> EmailMessage:
    (mail,) = server.mails
    return mail


def answering(**answers: str) -> Callable[[str, str], str]:
    return lambda verb, _: answers.get(verb, "")


def test_a_mail_arrives_as_it_was_written(server: Sink) -> None:
    """Both texts, dots at the beginning of lines too."""
    assert sent(server) == Reply(MessageState.SENT, "250 queued as 1")
    mail = only(server)
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == MAIL.text
    assert html.get_content().strip() == MAIL.html


def test_its_headers_say_who_what_and_that_nobody_wrote_it_by_hand(server: Sink) -> None:
    sent(server)
    mail = only(server)
    assert {name: mail[name] for name in ("To", "Reply-To", "Message-ID", "Auto-Submitted", "Content-Language")} == {
        "To": "ana@example.org",
        "Reply-To": "help@example.org",
        "Message-ID": "<0123abcd@certs.example.org>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": "en",
    }
    assert mail["Date"] == "Sun, 22 Nov 2026 12:00:00 +0000"
    assert mail["List-Unsubscribe"] == "<https://certs.example.org/me/x/no-mail>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_what_could_not_be_declined_offers_no_way_to(server: Sink) -> None:
    sent(server, replace(MAIL, unsubscribe=""))
    assert only(server)["List-Unsubscribe"] is None


@pytest.mark.parametrize(
    "subject", ["Ваш сертификат: Марафон", "شهادتك: ماراثون الممارسات الجيدة" * 3, "Zertifikat – für Łukasz 🎓"]
)
def test_any_script_stands_in_a_subject(server: Sink, subject: str) -> None:
    """On the wire nothing but ASCII, in lines that every server takes."""
    sent(server, replace(MAIL, subject=subject, text=f"{subject}\n"))
    assert only(server)["Subject"] == subject
    data = server.arrived[0][1]
    assert data.isascii()
    assert max(map(len, data.split(b"\r\n"))) <= 998
    assert only(server)["From"].addresses[0].display_name == "Institut für Prüfungen"


@pytest.mark.parametrize("poison", ["x\r\nBcc: all@example.org", "x\nBcc: all@example.org", "x\rBcc: all@example.org"])
@pytest.mark.parametrize("where", ["subject", "to", "language", "token", "unsubscribe"])
def test_nothing_from_data_adds_a_header_or_a_recipient(server: Sink, where: str, poison: str) -> None:
    """It is refused, whole."""
    before = getattr(MAIL, where)
    reply = sent(server, replace(MAIL, **{where: before + poison}))
    assert reply.state is MessageState.BOUNCED
    assert server.arrived == []


def test_a_domain_with_umlauts_is_written_in_ascii(server: Sink) -> None:
    assert sent(server, replace(MAIL, to="ana@prüfung.example")).state is MessageState.SENT
    assert server.arrived[0][0] == "ana@xn--prfung-4ya.example"


@pytest.mark.parametrize("to", ["añá@example.org", "nobody", "@example.org", "ana@"])
def test_an_address_that_no_server_takes_is_refused_here(server: Sink, to: str) -> None:
    assert sent(server, replace(MAIL, to=to)).state is MessageState.BOUNCED
    assert server.arrived == []


@pytest.mark.parametrize(
    ("answers", "reply"),
    [
        ({"RCPT": "550 5.1.1 no such user"}, Reply(MessageState.BOUNCED, "550 5.1.1 no such user")),
        ({"RCPT": "450 4.2.0 greylisted, try later"}, Reply(MessageState.DEFERRED, "450 4.2.0 greylisted, try later")),
        ({"RCPT": "421 too many"}, Reply(MessageState.DEFERRED, "421 too many", away=True)),
        ({"DATA": "452 full"}, Reply(MessageState.DEFERRED, "452 full")),
        ({"TEXT": "554 looks like spam"}, Reply(MessageState.BOUNCED, "554 looks like spam")),
        ({"TEXT": "451 later"}, Reply(MessageState.DEFERRED, "451 later")),
        ({"MAIL": "553 not from here"}, Reply(MessageState.DEFERRED, "553 not from here", away=True)),
        ({"MAIL": "530 log in first"}, Reply(MessageState.DEFERRED, "530 log in first", away=True)),
        ({"CONNECT": "554 no service"}, Reply(MessageState.DEFERRED, "554 no service", away=True)),
    ],
)
def test_what_is_refused(answers: dict[str, str], reply: Reply) -> None:
    """Of a mail for good, of a mail for now, or of all that come from here."""
    with sink(answering(**answers)) as server:
        assert sent(server) == reply
        assert server.arrived == []


@pytest.mark.parametrize("verb", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA"])
def test_a_connection_that_breaks_before_the_text_loses_nothing(verb: str) -> None:
    with sink(answering(**{verb: "drop"})) as server:
        reply = sent(server)
        assert (reply.state, reply.away) == (MessageState.DEFERRED, True)


@pytest.mark.parametrize(("wish", "arrived"), [("drop", 0), ("drop after", 1)])
def test_a_connection_that_breaks_after_the_text_leaves_its_fate_unknown(wish: str, arrived: int) -> None:
    """Whether the server has it or not looks the same from here."""
    with sink(answering(TEXT=wish)) as server:
        assert sent(server).state is MessageState.UNKNOWN
        assert len(server.arrived) == arrived


@pytest.mark.parametrize(("verb", "state"), [("RCPT", MessageState.DEFERRED), ("TEXT", MessageState.UNKNOWN)])
def test_a_server_that_never_answers_is_not_waited_for(verb: str, state: MessageState) -> None:
    with sink(answering(**{verb: "wait 0.6"})) as server:
        assert sent(server, seconds=0.2).state is state


def test_a_server_that_is_not_there_defers() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        reply = smtp(free.getsockname()[1]).send(MAIL)
    assert (reply.state, reply.away) == (MessageState.DEFERRED, True)


def test_without_tls_nothing_is_sent_unless_that_was_said() -> None:
    """Whoever sits between could take STARTTLS out of what the server offers."""
    with sink() as server:
        reply = smtp(server.port, tls="start").send(MAIL)
    assert (reply.state, reply.away) == (MessageState.DEFERRED, True)
    assert "STARTTLS" in reply.said
    assert server.arrived == []


def test_a_server_that_refuses_tls_defers() -> None:
    with sink(extensions=("STARTTLS",)) as server:
        reply = smtp(server.port, tls="start").send(MAIL)
    assert (reply.state, reply.away) == (MessageState.DEFERRED, True)
    assert server.arrived == []


def test_many_mails_go_over_one_connection(server: Sink) -> None:
    post = smtp(server.port)
    assert [post.send(replace(MAIL, to=f"p{n}@example.org")).state for n in range(5)] == [MessageState.SENT] * 5
    post.close()
    assert (server.connections, len(server.arrived)) == (1, 5)


def test_a_refused_mail_does_not_spoil_the_next() -> None:
    with sink(lambda verb, to: "550 no" if verb == "RCPT" and to.startswith("bad") else "") as server:
        post = smtp(server.port)
        assert post.send(replace(MAIL, to="bad@example.org")).state is MessageState.BOUNCED
        assert post.send(MAIL).state is MessageState.SENT
        post.close()
        assert [to for to, _ in server.arrived] == ["ana@example.org"]


def test_a_connection_that_ended_meanwhile_is_opened_anew(server: Sink) -> None:
    """A mail server ends what is idle."""
    post = smtp(server.port)
    assert post.send(MAIL).state is MessageState.SENT
    server.answer = lambda verb, _: "drop" if verb == "NOOP" else ""
    assert post.send(MAIL).state is MessageState.SENT
    post.close()
    assert server.connections == 2
