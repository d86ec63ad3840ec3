"""What participants ask for: another name on the certificate, or that more attendance counts; and the answers.

    wish = names.correction(store, key, number, "Zoë Diaz", base_url)      may she, and can it be printed?
    requests.ask(store, slug, wish, act)                                   keeps it for a person to look at
    deciding.accept_name(store, keys, request, act, base_url)              into the corrections to order
    deciding.refuse(store, request, "You left after twenty minutes.", act)

Nothing that is asked for changes a certificate by itself. An accepted name goes the way of every correction, evidence
and grants the way of every evidence and ruling, with the same checks and the same second person.
"""

from certs.work.requests.asking import MAX_WORDS, ask, words
from certs.work.requests.attached import MAX_BYTES, attached

__all__ = ["MAX_BYTES", "MAX_WORDS", "ask", "attached", "words"]
