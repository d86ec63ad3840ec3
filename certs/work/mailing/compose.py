"""A letter as a mail: one link, one button, the plain address below it, no picture; HTML and text say the same.

The HTML is one column of at most 34 em that turns dark where the reader's device is, asks nothing of the net, and
reads from right to left where the language does. Whatever comes from data is escaped.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from certs.model import Letter, Mail
from certs.wording import Voice, say
from certs.work.mailing.texts import Text, text

_RIGHT_TO_LEFT = frozenset({"ar"})
_SHEET = """
:root{color-scheme:light dark}
body{margin:0;padding:24px 16px;background:#f4f5f7;color:#16202c;font:17px/1.55 system-ui,sans-serif}
main{max-width:34em;margin:0 auto;padding:28px;background:#fff;border-radius:8px}
a.act{display:inline-block;padding:12px 22px;border-radius:6px;background:#0b5cad;color:#fff;text-decoration:none}
.small{font-size:14px;color:#4a5563;overflow-wrap:anywhere}.small a{color:inherit}
@media(prefers-color-scheme:dark){body{background:#10151b;color:#e8ecf1}main{background:#1a212a}
a.act{background:#8cc2ff;color:#0b1622}.small{color:#aab4c0}}
""".replace("\n", "")


@dataclass(frozen=True, slots=True)
class Foot:
    """What stands below: where the button leads, and how to have no more of it, if one may."""

    link: str
    unsubscribe: str = ""


def mail(letter: Letter, token: str, foot: Foot, at: datetime) -> Mail:
    """Return *letter* as a mail.

    Raises:
        KeyError: a fact is missing that its text speaks of.
        ValueError: the letter's language, or a fact in it, is none.
    """
    voice = Voice(letter.language)
    said = _said(text(letter.kind, letter.facts), voice)
    why = voice.say(_why(letter))
    return Mail(
        token=token,
        to=letter.to,
        subject=" ".join(said.subject.split()),
        text=_plain(said, foot, why, voice),
        html=_html(said, foot, why, voice),
        language=letter.language,
        at=at,
        unsubscribe=foot.unsubscribe,
    )


def _said(text: Text, voice: Voice) -> Text:
    return Text(voice.say(text.subject), [voice.say(one) for one in text.paragraphs], voice.say(text.button))


def _why(letter: Letter) -> str:
    title = letter.facts.get("title", "")
    if letter.kind.may_be_declined and title:
        return say("You get this mail because you took part in {title}, or registered for it.", title=title)
    return say("A program wrote this mail.")


def _below() -> str:
    return say("If the button does nothing, copy this address into your browser:")


def _no_more() -> str:
    return say("You want no such mails? Say so here:")


def _plain(said: Text, foot: Foot, why: str, voice: Voice) -> str:
    """Return the text: a link stands on a line of its own, so that readers find where it ends."""
    parts = [*said.paragraphs, f"{said.button}:\n{foot.link}", f"-- \n{why}"]
    if foot.unsubscribe:
        parts.append(f"{voice.say(_no_more())}\n{foot.unsubscribe}")
    return "\n\n".join(part.replace("\r", "") for part in parts) + "\n"


def _html(said: Text, foot: Foot, why: str, voice: Voice) -> str:
    direction = "rtl" if voice.language in _RIGHT_TO_LEFT else "ltr"
    link = escape(foot.link)
    small = [f"{escape(voice.say(_below()))}<br><bdi><a href='{link}'>{link}</a></bdi>", escape(why)]
    if foot.unsubscribe:
        no_more = escape(foot.unsubscribe)
        small.append(f"{escape(voice.say(_no_more()))}<br><bdi><a href='{no_more}'>{no_more}</a></bdi>")
    return (
        f"<!doctype html><html lang='{voice.language}' dir='{direction}'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width'><meta name='color-scheme' content='light dark'>"
        f"<title>{escape(said.subject)}</title><style>{_SHEET}</style></head><body><main>\n"
        f"{_paragraphs(said.paragraphs)}\n<p><a class='act' href='{link}'>{escape(said.button)}</a></p>\n"
        + "\n".join(f"<p class='small'>{one}</p>" for one in small)
        + "\n</main></body></html>\n"
    )


def _paragraphs(paragraphs: Sequence[str]) -> str:
    return "\n".join(f"<p>{escape(one).replace(chr(10), '<br>')}</p>" for one in paragraphs)
