"""What the command line puts for the hints of sentences: options and commands, their facts quoted for a shell.

`VOICE` says whatever comes from below the command line; every hint there is has a line here, or the build fails.
"""

import shlex
from collections.abc import Mapping
from typing import Final

from certs.wording import Voice

RENDERED: Final[Mapping[str, str]] = {
    "reason": "--reason",
    "the_reason": "--reason",
    "note": "--note",
    "evidence_kind": "--kind",
    "evidence_note": "--note",
    "public_text": "--said",
    "list_file": "--file",
    "near": "--sessions or --percent",
    "insist": "--insist",
    "although_revoked": "--although-revoked",
    "as_counted": "--as-counted",
    "another": "--as NAME",
    "accept": "--accept {key}",
    "accept_because": "--accept {key} --reason TEXT",
    "list_all": "--json",
    "beside": "--beside",
    "replace": "--replace {file}",
    "date_order": "--date-order",
    "zone": "--zone",
    "session_of": "--session ID=NAME",
    "session": "--session",
    "organisation": "--organisation NAME",
    "pkcs11": "--pkcs11",
    "correction": "--correction",
    "places": "--signing-keys and --database-url",
    "passphrase_file": "--key-passphrase-file",
    "status": "certs status {event}",
    "status_any": "certs status SLUG",
    "decide": "certs decide {event}",
    "questions": "certs questions {event}",
    "questions_all": "certs questions {event} --all",
    "questions_any": "certs questions",
    "import": "certs import {event} FILE",
    "import_instead": "certs import {event} FILE --replace {file}",
    "import_anew": "certs import {event} {file} --replace {old}",
    "import_in_zone": "certs import {event} {file} --replace {file} --zone {zone}",
    "unimport": "certs unimport {event} {files} --reason TEXT",
    "unimport_file": "certs unimport {event} FILE --reason TEXT",
    "event_add": "certs event add FILE",
    "names": "certs names {event}",
    "name": 'certs name {event} {person} "NAME"',
    "withhold": "certs withhold {event} {person} --reason TEXT",
    "order": "certs order {event}",
    "order_kind": "certs order {event} --kind {kind}",
    "approve": "certs approve {batch}",
    "issue": "certs issue {batch}",
    "cancel": "certs cancel {batch}",
    "revoke": "certs revoke",
    "revoke_one": "certs revoke NUMBER",
    "revoke_number": "certs revoke {number}",
    "reinstate": "certs reinstate {number}",
    "reinstate_one": "certs reinstate NUMBER",
    "preview": "certs preview {event}",
    "evidence": "certs evidence add",
    "export": "certs export",
    "audit": "certs audit",
    "audit_json": "certs audit SLUG --json",
    "audit_csv": "certs audit SLUG --csv",
    "audit_clock": "certs audit clock --reason WHY",
    "new_key": "certs keys new {purpose}",
    "make_key": "run certs keys new {purpose}",
    "key_again": "certs keys new PURPOSE",
    "new_keys": "Run certs keys new",
    "keys_new": "certs keys new",
    "new_seal": "certs keys new seal --organisation {organisation}",
    "csr": "certs keys csr {kid}",
    "list_keys": "certs keys list",
    "retire": "certs keys retire",
    "adopt": "certs keys adopt KID",
    "begin": "certs init, certs event add or certs keys new",
    "init": "certs init",
    "restore": "certs restore",
    "restore_file": "certs restore FILE",
    "unsettled": "certs restore --settle",
    "settle": 'certs restore --settle --reason "…"',
    "doctor": "certs doctor",
    "worker": "certs worker",
    "publish": "run certs publish",
    "publish_then": "run: certs publish",
    "examination": "certs doctor --all",
    "trail_sign": "certs audit checkpoint",
    "trail_adopt": "certs audit adopt",
    "trail_examination": "certs audit verify",
    "key_life": "certs keys retire or compromise",
    "enrol": "run certs enrol",
    "pair_made": "without --generate",
    "site": "start certs serve, or say its --port",
    "rewrap": "run certs keys rewrap",
    "vouch": "certs evidence add",
    "zone_is": "--zone {zone}",
    "other_order": "the other --date-order",
    "either_order": "--date-order dmy or mdy",
    "which_order": "the order of day and month (--date-order)",
    "session_id": "--session ID={file}",
    "its_session": "--session",
    "unit_of": "--unit {one} or {other}",
    "unit": "--unit second, minute or hour",
    "registered": "--registered {file}",
    "complete_rows": "the rest with --accept-complete-rows",
}
"""Option or command by the key of a hint; facts stand in braces."""


def rendered(key: str, facts: Mapping[str, object]) -> str:
    """Return the option or the command for a hint.

    Raises:
        KeyError: there is no such hint.
    """
    return RENDERED[key].format_map({name: shlex.quote(str(fact)) for name, fact in facts.items()})


VOICE: Final = Voice(hinting=rendered)
"""Says sentences as the command line does."""
