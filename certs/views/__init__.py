"""Values as plain dictionaries, each shape once: what `--json` prints, what pages and interfaces give to programs.

A view has the name of its shape in small letters: `decision(...)` returns a `DecisionView`. Members are JSON values and
nothing else: times are ISO 8601 with their offset, days ISO 8601 dates, numbers of certificates as they are printed.
docs/json.md lists every shape with its members, and a test holds the two together.

Rooms that show something import the module of its noun: `from certs.views import batches`. Pure.
"""
