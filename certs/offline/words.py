"""What the page says, by keys that its script uses; facts stay in braces, for the script fills them in any language."""

from typing import Final

from certs.wording import LANGUAGES, Voice, mark

WORDS: Final = {
    "title": mark("Check a certificate"),
    "intro": mark("This page works without a network: it asks nobody, and nothing leaves your device."),
    "has_list": mark("It has our signed list of {n:,} certificates of {event} as they stood on {day}. What was "
                     "withdrawn or replaced later, it does not know."),
    "has_none": mark("It has our keys as they were on {day}, and no list of what was issued: it tells what we signed, "
                     "and {host} what holds."),
    "old": mark("This list is more than 90 days old. Ask {host} while it answers."),
    "damaged": mark("This page was damaged or changed: what it carries is not as we signed it. It tells nothing."),
    "pdf": mark("The PDF itself"),
    "photo": mark("A photo of the QR code"),
    "code": mark("What the QR code says"),
    "check": mark("Check"),
    "camera": mark("Use the camera"),
    "stop": mark("Stop"),
    "no_camera": mark("The camera cannot be used here. Take a photo of the code instead."),
    "no_code": mark("No code could be read in that picture. Take it from nearer, from straight above, in good light."),
    "states": mark("What it states"),
    "compare": mark("Compare every fact with the paper."),
    "steps": mark("How we know"),
    "passed": mark("passed"),
    "failed": mark("failed"),
    "unknown": mark("unknown"),
    "demo": mark("Signed with demonstration keys: this is no certificate."),
    "kind": mark("Kind"),
    "event": mark("Event"),
    "held": mark("Held"),
    "attended": mark("Attended"),
    "of_sessions": mark("{attended} of {in_all} sessions"),
    "present": mark("Time present"),
    "issued": mark("Issued on"),
    "number": mark("Number"),
    "h_valid": mark("Valid as of {day}"),
    "s_valid": mark("This certificate is genuine, and it was in force on that day."),
    "h_replaced": mark("Replaced"),
    "s_replaced": mark("This certificate was genuine, but a corrected one has replaced it."),
    "h_revoked": mark("Withdrawn"),
    "s_revoked": mark("This certificate was issued, but it does not count any more."),
    "h_expired": mark("Expired"),
    "s_expired": mark("This certificate is genuine, but its time has run out."),
    "h_altered": mark("Altered"),
    "s_altered": mark("This is not what we issued: something in it was changed."),
    "h_not_issued": mark("Not issued by us"),
    "s_not_issued": mark("We did not issue this certificate."),
    "h_unknown": mark("Could not be checked"),
    "s_unknown": mark("We could not check this. It may be genuine or not."),
    "h_signed": mark("Signed by us, not checked further"),
    "s_signed": mark("We signed what this code says, and nobody changed it. Whether we registered it, and whether it "
                     "was withdrawn, this page does not know."),
    "specimen": mark("This is a specimen: a page to look at before an order. It certifies nothing."),
    "form_good": mark("The code has the form that we write."),
    "form_bad": mark("This is not a code that we write: it is damaged or made up."),
    "key_good": mark("It names a signing key of ours."),
    "key_missing": mark("The key that signed it is missing here, so it could not be checked."),
    "key_unsafe": mark("The key {kid} is not safe any more, and no list here has this code: somebody else may have "
                       "signed it."),
    "signature_good": mark("Its signature fits: nothing in it was changed."),
    "signature_bad": mark("The signature in this code does not fit it."),
    "list_has": mark("Our signed list of {day} has it."),
    "list_lacks": mark("Our list of {day} does not have it: it was issued later or for another event, or never "
                       "registered."),
    "no_list": mark("This page has no list of what was issued."),
    "file_good": mark("It is, byte for byte, a file that we issued."),
    "file_lacks": mark("Our list of {day} has no such file."),
    "file_no_code": mark("No code could be read in the file. Take a photo of the code on the page."),
    "file_copy": mark("It states a certificate of the list, but is another file than the one that we issued."),
    "status_good": mark("It was neither withdrawn nor replaced by {day}."),
    "status_revoked": mark("The list says that it was withdrawn."),
    "status_replaced": mark("The list says that a corrected one has replaced it."),
    "status_later": mark("Our status list of {day} says that it was withdrawn or replaced since."),
    "status_expired": mark("It was valid until {day}."),
    "not_vouched": mark("We could not vouch for it on that day."),
}  # fmt: skip
NEEDS_SCRIPT: Final = mark("This page needs JavaScript.")


def words() -> dict[str, dict[str, str]]:
    """Return every sentence of the page, by language and key."""
    return {language: {key: Voice(language).message_as_it_is(text) for key, text in WORDS.items()}
            for language in LANGUAGES}  # fmt: skip


def needs_script() -> str:
    """Return the sentence for browsers that run no script, in every language."""
    return " · ".join(Voice(language).message_as_it_is(NEEDS_SCRIPT) for language in LANGUAGES)
