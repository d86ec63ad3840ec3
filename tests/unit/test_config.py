"""Settings: defaults that work, and every problem at once."""

import stat
from pathlib import Path

import pytest

from certs.config import Secret, Settings
from certs.errors import InputError, SigningError


def problems(**environ: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        Settings.from_environ(environ)
    return [str(problem) for problem in caught.value.problems]


def test_an_empty_environment_is_enough() -> None:
    settings = Settings.from_environ({})
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.database_url.startswith("sqlite:///")
    assert settings.signing_keys == Path("signing_keys")
    assert settings.actor


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("sqlite:///register/certs.db", "sqlite:///{here}/register/certs.db"),
        ("sqlite:////var/lib/certs.db", "sqlite:////var/lib/certs.db"),
        ("sqlite:///certs.db?timeout=3", "sqlite:///{here}/certs.db?timeout=3"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("sqlite://", "sqlite://"),
        ("postgres://ana@db/certs", "postgresql+psycopg://ana@db/certs"),
    ],
)
def test_a_register_lies_where_it_was_said_from_the_working_folder(
    given: str, taken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not beside the installed program, where Flask would put a relative path."""
    monkeypatch.chdir(tmp_path)
    assert Settings.from_environ({"CERTS_DATABASE_URL": given}).database_url == taken.format(here=tmp_path)


@pytest.mark.parametrize("given", ["0", "-1", "61", "3.5", "x", "٣"])
def test_a_page_waits_for_a_whole_number_of_seconds(given: str) -> None:
    (problem,) = problems(CERTS_PAGE_SECONDS=given)
    assert problem.startswith("CERTS_PAGE_SECONDS must be a number of seconds, 1 to 60")


def test_questions_are_counted_in_redis_alone_and_limits_are_on_or_off() -> None:
    assert problems(CERTS_LIMITS_URL="memcached://:secret@cache", CERTS_RATE_LIMITS="no") == [
        "CERTS_LIMITS_URL must begin with one of redis:// rediss://, not 'memcached'.",
        "CERTS_RATE_LIMITS must be on or off, not 'no'.",
    ]
    given = Settings.from_environ({"CERTS_LIMITS_URL": "rediss://:hushed@counts/1", "CERTS_RATE_LIMITS": "off"})
    assert (given.limits_url, given.rate_limits) == ("rediss://:hushed@counts/1", False)
    assert "hushed" not in repr(given)
    assert Settings.from_environ({}).rate_limits


KEY = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "hushed"}


def test_tails_are_in_the_register_unless_a_bucket_is_named() -> None:
    assert Settings.from_environ(KEY).tails is None


@pytest.mark.parametrize(
    ("more", "region"), [({}, "us-east-1"), ({"AWS_REGION": "eu-central-2"}, "eu-central-2"),
    ({"AWS_DEFAULT_REGION": "a", "CERTS_TAILS_REGION": "b"}, "b")],
)  # fmt: skip
def test_a_bucket_is_opened_by_the_usual_variables_alone(more: dict[str, str], region: str) -> None:
    settings = Settings.from_environ({**KEY, **more, "CERTS_TAILS_URL": "s3://tails/packs"})
    assert settings.tails
    assert (settings.tails.region, settings.tails.secret_key, settings.tails.endpoint) == (region, "hushed", "")
    assert "hushed" not in repr(settings)


@pytest.mark.parametrize(
    "url", ["https://tails", "s3://", "s3://Tails", "s3://tails/a b", "s3://tails?x=1", "s3://k:s@tails"]
)
def test_a_bucket_is_called_as_its_store_calls_it(url: str) -> None:
    (problem,) = problems(**KEY, CERTS_TAILS_URL=url)
    assert problem.startswith("CERTS_TAILS_URL must look like s3://bucket/prefix")


def test_a_bucket_needs_its_key_and_a_store_has_a_web_address() -> None:
    found = problems(CERTS_TAILS_URL="s3://tails", CERTS_TAILS_ENDPOINT="s3.example.org")
    assert [one.partition(" ")[0] for one in found] == ["CERTS_TAILS_ENDPOINT", "CERTS_TAILS_URL"]
    assert "AWS_SECRET_ACCESS_KEY" in found[1]


def test_all_problems_are_reported_at_once() -> None:
    found = problems(
        CERTS_BASEURL="x", CERTS_BASE_URL="certs.example.org", CERTS_DATABASE_URL="mysql://x", CERTS_PROXIES="9"
    )
    assert len(found) == 4
    assert found[0].startswith("CERTS_BASEURL is not a setting")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x",
        "https://",
        "https://x?y",
        "https://x#y",
        "https://a@b",
        "https://x:0",
        "https://x:y",
        "https://é",
        "h ttp://x",
    ],
)
def test_a_base_url_is_scheme_host_and_path(url: str) -> None:
    assert len(problems(CERTS_BASE_URL=url)) == 1


@pytest.mark.parametrize("url", ["https://example.org/certs", "http://127.0.0.1:8000/", "https://EXAMPLE.org:8443"])
def test_a_base_url_may_have_a_path_and_loses_its_last_slash(url: str) -> None:
    assert Settings.from_environ({"CERTS_BASE_URL": url}).base_url == url.rstrip("/")


def test_other_programs_variables_are_not_ours() -> None:
    assert Settings.from_environ({"CERTSX": "1", "PATH": "/bin"}).proxies == 0


def test_postgresql_gets_its_driver() -> None:
    settings = Settings.from_environ({"CERTS_DATABASE_URL": "postgresql://u:p@h/db"})
    assert settings.database_url == "postgresql+psycopg://u:p@h/db"


def test_a_secret_is_given_once() -> None:
    assert problems(CERTS_SECRET_KEY="a", CERTS_SECRET_KEY_FILE="/dev/null")[0].startswith("Set either")


def test_secrets_do_not_show() -> None:
    settings = Settings.from_environ({"CERTS_KEY_PASSPHRASE": "open sesame", "CERTS_SECRET_KEY": "open sesame"})
    assert "sesame" not in repr(settings)
    assert settings.key_passphrase.reveal() == b"open sesame"


def test_a_missing_secret_file_is_generated_for_its_owner_alone(tmp_path: Path) -> None:
    secret = Secret(file=tmp_path / "instance" / "key_passphrase")
    made = secret.ensure()
    assert len(made) == 64
    assert secret.ensure() == secret.reveal() == made
    assert secret.file is not None
    assert stat.S_IMODE(secret.file.stat().st_mode) == 0o600


@pytest.mark.parametrize(("mode", "content", "says"), [(0o644, b"x", "chmod 600"), (0o600, b"\n", "empty")])
def test_an_unsafe_secret_file_is_refused(tmp_path: Path, mode: int, content: bytes, says: str) -> None:
    path = tmp_path / "secret"
    path.write_bytes(content)
    path.chmod(mode)
    with pytest.raises(SigningError, match=says):
        Secret(file=path).reveal()


def test_a_secret_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SigningError, match="cannot be read"):
        Secret(file=tmp_path / "none").reveal()
    assert "no file" in problems(CERTS_KEY_PASSPHRASE_FILE=str(tmp_path / "none"))[0]


@pytest.mark.parametrize(("given", "meant"), [("", "none"), ("none", "none"), ("hashed", "hashed")])
def test_credentials_name_an_address_only_hashed(given: str, meant: str) -> None:
    assert Settings.from_environ({"CERTS_CREDENTIAL_ADDRESS": given}).credential_address == meant


def test_an_address_in_the_clear_is_refused() -> None:
    assert problems(CERTS_CREDENTIAL_ADDRESS="plain") == [
        "CERTS_CREDENTIAL_ADDRESS must be none or hashed, not 'plain'."
    ]


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("smtp://relay.example.org", ("relay.example.org", 587, "start", "", "")),
        ("smtp://ana:pa%40ss@relay.example.org:25", ("relay.example.org", 25, "start", "ana", "pa@ss")),
        ("smtps://ana:x@relay.example.org", ("relay.example.org", 465, "on", "ana", "x")),
        ("smtp://127.0.0.1:25?tls=off", ("127.0.0.1", 25, "off", "", "")),
        ("smtp://[::1]:25?tls=off", ("::1", 25, "off", "", "")),
    ],
)
def test_a_mail_server_is_spoken_to_under_tls_unless_that_is_said(
    url: str, place: tuple[str, int, str, str, str]
) -> None:
    given = Settings.from_environ({"CERTS_SMTP_URL": url, "CERTS_MAIL_FROM": "certs@example.org"})
    assert given.mail is not None
    assert (given.mail.host, given.mail.port, given.mail.tls, given.mail.user, given.mail.password) == place
    assert "pa%40ss" not in repr(given)
    assert "pa@ss" not in repr(given)


@pytest.mark.parametrize(
    "url",
    [
        "relay.example.org",
        "http://relay.example.org",
        "smtp://",
        "smtp://relay.example.org:0",
        "smtp://relay.example.org:x",
        "smtp://relay.example.org/inbox",
        "smtp://relay.example.org?tls=on",
        "smtp://relay.example.org?starttls=off",
        "smtps://relay.example.org?tls=off",
        "smtp://ana:secret@relay.example.org?tls=off",
    ],
)
def test_another_address_is_no_mail_server(url: str) -> None:
    """A password is never sent in the clear."""
    (problem,) = problems(CERTS_SMTP_URL=url, CERTS_MAIL_FROM="certs@example.org")
    assert problem.startswith("CERTS_SMTP_URL ")
    assert "secret" not in problem


def test_a_mail_server_needs_somebody_in_whose_name_mails_go_out() -> None:
    (problem,) = problems(CERTS_SMTP_URL="smtp://relay.example.org")
    assert "CERTS_MAIL_FROM" in problem


@pytest.mark.parametrize("name", ["CERTS_MAIL_FROM", "CERTS_MAIL_REPLY_TO"])
@pytest.mark.parametrize("given", ["certs", "@example.org", "certs@", "a@b.org, c@d.org", "x\nBcc: y@z.org", "A <>"])
def test_who_sends_is_one_address(name: str, given: str) -> None:
    (problem,) = problems(**{name: given})
    assert problem.startswith(f"{name} must be an address")


@pytest.mark.parametrize("given", ["0", "-1", "60001", "3.5", "x", "٣"])
def test_mails_within_a_minute_are_a_whole_number(given: str) -> None:
    (problem,) = problems(CERTS_MAIL_PER_MINUTE=given)
    assert problem.startswith("CERTS_MAIL_PER_MINUTE must be a number of mails")
