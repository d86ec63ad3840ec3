"""Sentences that a person reads, so kept that any edge can say them in its own way and in another language.

    raise InputError(say("Say why, with {by}: it stays in the audit trail.", by=hint("reason")))

`say`, `say_n`, `hint`, `listing`, `joined`, `clause`, `day`, `short_day` and `period` give a `str`: plain English,
ready to print, compare or store. Beside it they keep what it was made from, and a `Voice` makes it anew from that: the
command line puts "--reason" for a hint, a page the label of its field, and a catalogue another language. English needs
no catalogue and no library, so nothing is loaded before another language is spoken.

What is put into an f-string is plain text from then on: it stays English, and a hint in it stays in neutral words.
`make messages` finds the sentences by `say(`, `say_n(` and `mark(`, so the text stands there as it is, never in a name.

`written` makes of a sentence a text for a register, of which `read_again` makes the sentence.

Pure: catalogues are read from `catalogues/`, where `LANGUAGE/LC_MESSAGES/certs.po` holds one language.
"""

from certs.wording.hints import NEUTRAL, Hint, hint, hints_in
from certs.wording.kept import read_again, written, written_or_plain
from certs.wording.parts import Day, Joined, Listing, clause, day, joined, listing, period, short_day
from certs.wording.sentence import Sentence, Speaker, Spoken, facts_in, mark, say, say_marked, say_n
from certs.wording.voice import ENGLISH, LANGUAGES, Voice

__all__ = [
    "ENGLISH",
    "LANGUAGES",
    "NEUTRAL",
    "Day",
    "Hint",
    "Joined",
    "Listing",
    "Sentence",
    "Speaker",
    "Spoken",
    "Voice",
    "clause",
    "day",
    "facts_in",
    "hint",
    "hints_in",
    "joined",
    "listing",
    "mark",
    "period",
    "read_again",
    "say",
    "say_marked",
    "say_n",
    "short_day",
    "written",
    "written_or_plain",
]
