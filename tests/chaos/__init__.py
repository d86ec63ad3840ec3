"""Killing a real `certs issue` at random moments; run by `make chaos`, not by `make test`."""
