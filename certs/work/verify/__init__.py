"""Is this certificate true? A claim, a number or a file in, a `Verdict` out: named steps and one summary.

An untrue certificate is an answer, never an exception. Only a register or key folder that cannot be read raises
StorageError or SigningError; without a register `verify_paper` says what a code proves by itself. `unknown` stands for
what could not be checked; it is never shown as valid nor as forged.
"""

from certs.work.verify.brought import is_picture, verify_file
from certs.work.verify.codes import verify_claim, verify_number, verify_registered
from certs.work.verify.effect import Effect, effect_of
from certs.work.verify.files import MAX_BYTES, same_file, same_very_file, verify_pdf
from certs.work.verify.paper import verify_paper
from certs.work.verify.plain import AWAY, headline
from certs.work.verify.stack import asked_in_table, asked_in_text, asked_on_lines
from certs.work.verify.standing import withdrawn
from certs.work.verify.typed import Named, named, verify_named, verify_typed

__all__ = [
    "AWAY",
    "MAX_BYTES",
    "Effect",
    "Named",
    "asked_in_table",
    "asked_in_text",
    "asked_on_lines",
    "effect_of",
    "headline",
    "is_picture",
    "named",
    "same_file",
    "same_very_file",
    "verify_claim",
    "verify_file",
    "verify_named",
    "verify_number",
    "verify_paper",
    "verify_pdf",
    "verify_registered",
    "verify_typed",
    "withdrawn",
]
