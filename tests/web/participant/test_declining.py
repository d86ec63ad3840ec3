"""Wanting no mails: said by a button or by the mail program, for oneself alone, and never by looking."""

from certs.model import Act, Letter, MessageKind, MessageState, PersonKey
from tests.web.console.conftest import SLUG
from tests.web.participant.conftest import MARIA, PEDRO, Marathon

PATH = "/no-mail"


def declined(held: Marathon, person: tuple[str, str]) -> bool:
    """Say whether a mail to *person* would not be sent."""
    letter = Letter(MessageKind.CERTIFICATE, PersonKey(person[1]), "n", SLUG, facts={"title": "x", "name": "y"})
    held.desk.store.messages.queue([letter], Act("Ana", held.desk.now))
    (message,) = held.desk.store.messages.of_person(letter.person)
    return message.state is MessageState.NOT_TO_BE_MAILED


def test_looking_changes_nothing(held: Marathon) -> None:
    """Scanners open whatever a mail leads to."""
    answer = held.browser().get(held.path(MARIA) + PATH)
    assert answer.status_code == 200
    assert '<form method="post"' in answer.text
    assert not declined(held, MARIA)


def test_her_button_ends_mails_to_her_alone(held: Marathon) -> None:
    answer = held.browser().post(held.path(MARIA) + PATH)
    assert (answer.status_code, "Noted." in answer.text) == (200, True)
    assert declined(held, MARIA)
    assert not declined(held, PEDRO)


def test_a_mail_program_says_it_with_one_click(held: Marathon) -> None:
    """RFC 8058: a POST without cookies that no form made."""
    answer = held.browser().post(held.path(MARIA) + PATH, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert declined(held, MARIA)


def test_a_link_of_nobody_ends_nothing(held: Marathon) -> None:
    path = held.path(MARIA)
    assert held.browser().post(f"{path[:-2]}xx{PATH}").status_code == 404
    assert not declined(held, MARIA)
