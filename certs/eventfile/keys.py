"""Every key of an event file, by the table in which it stands: nothing else is known, and the docs list just these."""

EVENT = (
    "slug",
    "title",
    "issuer",
    "place",
    "zone",
    "language",
    "design",
    "logo",
    "valid_until",
    "approval",
    "signed_in",
    "short_title",
    "list_sessions",
    "rule",
    "near_miss",
    "kinds",
    "sessions",
    "signatories",
    "partners",
)
CONDITIONS = ("sessions", "share", "required", "percent", "minutes", "all", "any")
RULE = (*CONDITIONS, "roles")
MAIN_RULE = (*RULE, "title", "attended")
KIND = ("title", "attended", "instead_of", "rule")
NEAR_MISS = ("sessions", "percent")
SESSION = ("id", "title", "zone", "start", "end", "again")
AGAIN = ("start", "end")
SIGNATORY = ("name", "role", "signature")
PARTNER = ("name", "logo")

TABLES = {
    "": EVENT,
    "[rule]": MAIN_RULE,
    "[kinds.NAME]": KIND,
    "[near_miss]": NEAR_MISS,
    "[[sessions]]": SESSION,
    "[[signatories]]": SIGNATORY,
    "[[partners]]": PARTNER,
}
"""The keys by the header of their table, as the docs show them; a kind's `rule` has the keys of `RULE`."""
