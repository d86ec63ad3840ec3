"""Identifiers: what names a person, a session, a certificate, a key."""

from typing import NewType

PersonKey = NewType("PersonKey", str)
"""The cleaned, lower-cased e-mail address of a person."""

SessionId = NewType("SessionId", str)
"""A session's id within its event, as the event file gives it."""

Number = NewType("Number", str)
"""A certificate number in its canonical form: 12 Crockford base32 digits without hyphens, the last a check digit."""

Kid = NewType("Kid", str)
"""Identifier of a signing key (RFC 7517 section 4.5): 8 lower-case Crockford base32 digits, the first 40 bits of the
SHA-256 of the key's DER SubjectPublicKeyInfo."""
