"""The settings as an administrator sees them: every one, and of secrets only that they are set."""

from certs.config import Settings
from certs.config.given import KEYS, SECRETS, variable
from certs.config.shown import shown

BUCKET = {
    "CERTS_TAILS_URL": "s3://certificates/2026",
    "AWS_ACCESS_KEY_ID": "somebody",
    "AWS_SECRET_ACCESS_KEY": "canary-secret-key",
}


def values(environ: dict[str, str]) -> dict[str, str]:
    return {one.name: one.value for one in shown(Settings.from_environ(environ), environ)}


def test_every_setting_is_shown_whatever_is_set() -> None:
    names = {variable(key) for key in KEYS if not key.endswith("_file")} | {variable(name) for name in SECRETS}
    assert set(values({})) == set(values(BUCKET)) == names


def test_where_tails_lie_is_shown_and_nothing_that_opens_it() -> None:
    assert values({})["CERTS_TAILS_URL"] == ""
    found = values(BUCKET)
    assert found["CERTS_TAILS_URL"] == BUCKET["CERTS_TAILS_URL"]
    assert "canary-secret-key" not in found.values()
