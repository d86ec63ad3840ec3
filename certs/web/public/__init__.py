"""Verification for everybody: no cookie, no script, and reading ports only."""
