"""In which language a page speaks: the one that its address asks for (`?lang=fr`), else what the browser prefers.

No cookie: whoever chose a language keeps it by the links of the page. What is asked for wrongly counts as not asked,
and of what a browser prefers its first 200 characters count: they send thirty.
"""

from functools import lru_cache
from urllib.parse import quote

from flask import request
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from certs.wording import LANGUAGES, Voice

ASKED = "lang"
"""The name in an address."""
VOICES = {language: Voice(language) for language in LANGUAGES}
NAMES = {"en": "English", "ar": "العربية", "es": "Español", "fr": "Français", "ru": "Русский", "zh": "中文"}
"""How each language is called by those who speak it."""
RIGHT_TO_LEFT = frozenset({"ar"})
_MOST_CHARACTERS = 200
_SWITCH = Markup("?lang=")
_KEPT = {language: Markup("?{}={}").format(ASKED, language) for language in LANGUAGES} | {"": Markup("")}


def asked() -> str:
    """Return the language that the address asks for, empty where it asks for none that there is."""
    if not request.environ.get("QUERY_STRING"):
        return ""
    wish = request.args.get(ASKED, "")
    return wish if wish in VOICES else ""


def language() -> str:
    """Return the language of the page that is being answered."""
    return asked() or preferred(request.environ.get("HTTP_ACCEPT_LANGUAGE", ""))


def voice() -> Voice:
    """Return who speaks on the page that is being answered."""
    return VOICES[language()]


def preferred(accept: str, languages: tuple[str, ...] = LANGUAGES) -> str:
    """Return which of *languages* suits *accept*, a browser's Accept-Language, best (RFC 9110, section 12.5.4)."""
    if len(accept) > _MOST_CHARACTERS:
        accept = accept[:_MOST_CHARACTERS].rpartition(",")[0]
    return _best(accept, languages)


@lru_cache(maxsize=1024)
def _best(accept: str, languages: tuple[str, ...]) -> str:
    return parse_accept_header(accept, LanguageAccept).best_match(languages, languages[0]) or languages[0]


def kept(wish: str) -> Markup:
    """Return what links carry so that a language that was asked for stays."""
    return _KEPT[wish]


def switch() -> Markup:
    """Return the beginning of the links that show this page in another language, whose code follows."""
    number = request.args.get("number", "")[:64] if request.environ.get("QUERY_STRING") else ""
    return Markup("?number={}&amp;lang=").format(quote(number)) if number else _SWITCH
