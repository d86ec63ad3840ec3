"""Verification for programs, always as JSON: one certificate, one question, thousands as a stream.

`asked` reads what was sent, `questions` has the routes, `openapi.json` describes both (OpenAPI 3.1); tests hold the
description to what is answered. No cookie, no key: any page may ask with a script (CORS), without credentials.
"""
