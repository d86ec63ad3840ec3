"""Hints: where a sentence tells what to use, said by each edge as it has it.

Below the edges a hint is a key with facts: `hint("reason")`, `hint("questions", event="cgmp-2026")`. The command line
says "--reason" and "certs questions cgmp-2026" (`certs.cli.hints`), a page its field's label or a link. `NEUTRAL` has
the words where an edge has none: in logs, in problem details, in tests of what stands below the edges.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Self

from certs.wording.sentence import Speakable, Speaker, Spoken, mark

NEUTRAL: Final[Mapping[str, str]] = {
    "reason": mark("a reason"),
    "the_reason": mark("The reason"),
    "note": mark("a note"),
    "evidence_kind": mark("The kind"),
    "evidence_note": mark("The note"),
    "public_text": mark("The text for everybody"),
    "list_file": mark("a file"),
    "near": mark("more missing sessions or percent"),
    "insist": mark("that it is meant so"),
    "although_revoked": mark("that it is meant although revoked"),
    "as_counted": mark("as counted"),
    "another": mark("under a name of their own"),
    "accept": mark("Accepting {key}"),
    "accept_because": mark("accepting {key} for a reason"),
    "list_all": mark("the whole outcome"),
    "beside": mark("that both count"),
    "replace": mark("that it replaces {file}"),
    "date_order": mark("the order of day and month"),
    "zone": mark("another zone"),
    "session_of": mark("the session of each file"),
    "session": mark("A session"),
    "organisation": mark("its name"),
    "pkcs11": mark("the token"),
    "correction": mark("that it is corrected"),
    "places": mark("settings of its own"),
    "passphrase_file": mark("its setting"),
    "status": mark("the status of {event}"),
    "status_any": mark("the status of its event"),
    "decide": mark("the decisions of {event}"),
    "questions": mark("the questions of {event}"),
    "questions_all": mark("all questions of {event}"),
    "questions_any": mark("the questions"),
    "import": mark("Import its export into {event}"),
    "import_instead": mark("import it into {event} in place of {file}"),
    "import_anew": mark("import {file} into {event} in place of {old}"),
    "import_in_zone": mark("Import {file} into {event} anew, in zone {zone}"),
    "unimport": mark("let {files} count no longer in {event}"),
    "unimport_file": mark("let it count no longer in {event}"),
    "event_add": mark("store the event file"),
    "names": mark("the names of {event}"),
    "name": mark("the name of {person} in {event}"),
    "withhold": mark("withhold it in {event} from {person}"),
    "order": mark("order for {event}"),
    "order_kind": mark("order {kind} for {event}"),
    "approve": mark("the approval of {batch}"),
    "issue": mark("the issue of {batch}"),
    "cancel": mark("the cancelling of {batch}"),
    "revoke": mark("a revocation"),
    "revoke_one": mark("revoke it by its number"),
    "revoke_number": mark("revoke {number}"),
    "reinstate": mark("reinstate {number}"),
    "reinstate_one": mark("by its number"),
    "preview": mark("a specimen of {event}"),
    "evidence": mark("by hand"),
    "export": mark("an export"),
    "audit": mark("the audit trail"),
    "audit_json": mark("the audit trail as JSON"),
    "audit_csv": mark("the audit trail as CSV"),
    "audit_clock": mark("that the clock was wrong, and why"),
    "new_key": mark("a new {purpose} key"),
    "make_key": mark("make a new {purpose} key"),
    "key_again": mark("make a new one of its purpose"),
    "new_keys": mark("Make new keys"),
    "keys_new": mark("a new one of its purpose"),
    "new_seal": mark("a new seal of {organisation}"),
    "csr": mark("a request for key {kid}"),
    "list_keys": mark("the list of keys"),
    "retire": mark("their retirement"),
    "adopt": mark("adopt it"),
    "begin": mark("a new deployment, an event or a key"),
    "init": mark("setting up a deployment"),
    "restore": mark("a restore"),
    "restore_file": mark("from its file"),
    "unsettled": mark("the list of what is unsettled"),
    "settle": mark("say so, with a reason"),
    "doctor": mark("the examination of the deployment"),
    "worker": mark("a worker"),
    "publish": mark("publish the lists anew"),
    "publish_then": mark("publish the lists anew"),
    "examination": mark("an examination of all files"),
    "trail_sign": mark("sign the trail"),
    "trail_adopt": mark("enter it as it stands"),
    "trail_examination": mark("an examination of the trail"),
    "key_life": mark("retired, or compromised"),
    "enrol": mark("put them on one"),
    "pair_made": mark("without making one"),
    "site": mark("start the site, or say its port"),
    "rewrap": mark("wrap it anew"),
    "vouch": mark("as evidence"),
    "zone_is": mark("the zone {zone}"),
    "other_order": mark("the other order of day and month"),
    "either_order": mark("day first or month first"),
    "which_order": mark("the order of day and month"),
    "session_id": mark("the id of the session"),
    "its_session": mark("its session"),
    "unit_of": mark("{one} or {other}"),
    "unit": mark("second, minute or hour"),
    "registered": mark("that it lists who registered"),
    "complete_rows": mark("its complete rows alone"),
}
"""Neutral words for each hint, in English; facts stand in braces."""


class Hint(Spoken):
    """What to use, by its key and facts; its text is neutral."""

    __slots__ = ("facts", "key")
    key: str
    facts: Mapping[str, object]

    @classmethod
    def of(cls, key: str, facts: Mapping[str, object]) -> Self:
        """Return the hint *key* with its facts."""
        self = cls(NEUTRAL[key].format_map(facts))
        self.key, self.facts = key, facts
        return self

    def said_by(self, speaker: Speaker) -> str:
        """Return the hint as *speaker* says it."""
        return speaker.hinted(self.key, self.facts)

    def parts_within(self) -> Iterable[object]:
        """Return the hint's facts."""
        return self.facts.values()


def hint(key: str, /, **facts: object) -> Hint:
    """Return the hint *key*, one of `NEUTRAL`.

    Raises:
        KeyError: there is no such hint, or it wants another fact.
    """
    return Hint.of(key, facts)


def neutral(key: str) -> str:
    """Return the neutral English words for the hint *key*.

    Raises:
        KeyError: there is no such hint.
    """
    return NEUTRAL[key]


def hints_in(text: object) -> Iterator[str]:
    """Yield the keys of the hints in *text*, in their order; none of plain text.

    Raises:
        Nothing.
    """
    if isinstance(text, Hint):
        yield text.key
    elif isinstance(text, Speakable):
        for part in text.parts_within():
            yield from hints_in(part)
