"""An event's definition as it travels between browser and desk: one text, edited by a form or as a file.

Nothing is kept here until somebody saves it: the text is in the page, with what identifies the one that it began from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from flask import request

from certs.errors import CertsError, InputError, Problem
from certs.eventfile import form, writing
from certs.wording import say
from certs.work.events import drafts

FORM, FILE = "form", "file"
MOST_BYTES = 1_500_000
"""A text of a million characters at most, and the fields of its form."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A text, how it is shown, and where it comes from.

    *typed* is what could not be written into it. *seen* identifies the text that the register held when this began;
    *copied* is the event that it was made from, and *pictures* the one whose pictures it has.
    """

    text: str
    how: str = FORM
    seen: str = ""
    copied: str = ""
    pictures: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def form(self) -> form.Form | None:
        """What the form shows, None where the text is no event file."""
        try:
            return form.read(self.text)
        except InputError:
            return None

    def refused(self, error: CertsError) -> "Definition":
        """Return it with what is wrong beside the fields that it is about, or above all of them."""
        problems: Sequence[Problem] = (
            error.problems if isinstance(error, InputError) else (Problem(error.sentences[0]),)
        )
        fields: Mapping[str, str] = {}
        if self.how == FORM and self.form is not None:
            fields, problems = form.fields_of(self.text, problems)
        rest = "\n".join(_placed(one) for one in problems)
        return replace(self, wrong={**self.wrong, **fields, **({"text": rest} if rest else {})})


def posted() -> Definition:
    """Return the definition that a form sent, with what was typed in it.

    Raises:
        InputError: a file was sent that is no text.
    """
    sent = {name: request.form.getlist(name)[-1].strip("\r") for name in request.form}
    text, how = _uploaded() or sent.get("text", "").replace("\r\n", "\n").lstrip("\n"), sent.get("how", FORM)
    found = Definition(text, how, sent.get("seen", ""), sent.get("copied", ""), sent.get("pictures", ""))
    if how != FORM:
        return replace(found, how=FILE)
    try:
        text, wrong = writing.edited(text, sent)
    except InputError as error:
        return replace(found, how=FILE).refused(error)
    typed = {name: sent[name] for name in wrong}
    return replace(found, text=text, typed=typed, wrong=wrong)


def changed(given: Definition, do: str, today: date) -> Definition | None:
    """Return *given* as the button *do* changes it: another row, one less, the other way to see it; None for others."""
    try:
        if do in (FORM, FILE):
            return _shown(given, do)
        what, _, which = do.partition(" ")
        text = _with_row(given.text, what, which, today)
    except InputError as error:
        return given.refused(error)
    return None if text is None else replace(given, text=text, typed={}, wrong={})


def _shown(given: Definition, how: str) -> Definition:
    """Return *given* as a form or as a file.

    Raises:
        InputError: it is no event file, and no form can show it.
    """
    if how == FORM:
        form.read(given.text)
    return replace(given, how=how, typed={}, wrong={})


def _with_row(text: str, what: str, which: str, today: date) -> str | None:
    if what == "session":
        return writing.with_session(text, today)
    if what == "signatory":
        return writing.with_signatory(text)
    if what == "kind":
        return writing.with_kind(text, request.form.get("new-kind", "").strip())
    if what == "out":
        row, _, name = which.partition(" ")
        return writing.without(text, row, name)
    return None


def _uploaded() -> str:
    given = request.files.get("file")
    if given is None or not given.filename:
        return ""
    try:
        return str(given.read(), "utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise InputError(say("{name} is not in UTF-8.", name=given.filename)) from None


def _placed(one: Problem) -> str:
    return str(replace(one, file="")) if one.file == drafts.NAME else str(one)
