"""The settings file: what it says holds from wherever certs is called, and what it may not say is refused by name."""

from pathlib import Path

import pytest

from certs import config
from certs.build import build
from certs.config import CredentialAddress, MailPlace, Secret, Settings, TailsPlace
from certs.errors import InputError
from certs.model import SealLevel


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that one works in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def problems(text: str, **environ: str) -> list[str]:
    Path("certs.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        Settings.from_environ(environ)
    return [str(problem) for problem in caught.value.problems]


EVERY_KEY = """
base_url = "https://certs.example.org/site/"
organisation = "Institute of Standards"
database_url = "postgresql://certs@db.example.org/certs"
database_read_url = "postgresql://certs@copy.example.org/certs"
signing_keys = "keys"
key_passphrase_file = "secrets/passphrase"
pkcs11_pin_file = "secrets/pin"
secret_key_file = "secrets/sessions"
database_password_file = "secrets/database"
actor = "Ana"
log = "logs/certs.log"
proxies = 1
migration_backups = "kept"
designs = "looks"
page_seconds = 7
wait_seconds = 60
credential_address = "hashed"
seal_level = "B-T"
timestamp_url = "https://stamps.example.org"
tails_url = "s3://tails/packs"
tails_endpoint = "https://s3.example.org"
tails_region = "eu-central-2"
limits_url = "redis://counts.example.org/1"
rate_limits = "off"
broker_url = "amqp://certs@broker.example.org"
desk_url = "https://desk.example.org"
oidc_issuer = "https://id.example.org"
oidc_client_id = "certs"
oidc_client_secret_file = "secrets/provider"
password_sign_in = "off"
smtp_url = "smtps://certs@mail.example.org"
mail_from = "Training <certs@example.org>"
mail_reply_to = "help@example.org"
mail_per_minute = 30
"""


def test_every_setting_can_stand_in_the_file(home: Path) -> None:
    (home / "secrets").mkdir()
    (home / "secrets/database").write_text("x")
    (home / "certs.toml").write_text(EVERY_KEY)
    settings = Settings.from_environ({"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"})
    assert settings == Settings(
        database_url="postgresql+psycopg://certs@db.example.org/certs",
        base_url="https://certs.example.org/site",
        database_read_url="postgresql+psycopg://certs@copy.example.org/certs",
        signing_keys=Path("keys"),
        key_passphrase=Secret(file=Path("secrets/passphrase")),
        secret_key=Secret(file=Path("secrets/sessions")),
        actor="Ana",
        organisation="Institute of Standards",
        database_password=Secret(file=Path("secrets/database")),
        pkcs11_pin=Secret(file=Path("secrets/pin")),
        proxies=1,
        migration_backups=Path("kept"),
        designs=Path("looks"),
        page_seconds=7,
        wait_seconds=60,
        seal_level=SealLevel.B_T,
        timestamp_url="https://stamps.example.org",
        tails=TailsPlace("s3://tails/packs", "https://s3.example.org", "eu-central-2", "key", "secret"),
        limits_url="redis://counts.example.org/1",
        rate_limits=False,
        broker_url="amqp://certs@broker.example.org",
        desk_url="https://desk.example.org",
        oidc_issuer="https://id.example.org",
        oidc_client_id="certs",
        oidc_client_secret=Secret(file=Path("secrets/provider")),
        password_sign_in=False,
        smtp_url="smtps://certs@mail.example.org",
        mail_from="Training <certs@example.org>",
        mail_reply_to="help@example.org",
        mail=MailPlace("mail.example.org", 465, "on", "certs", "", "Training <certs@example.org>", "help@example.org"),
        mail_per_minute=30,
        credential_address=CredentialAddress.HASHED,
        log="logs/certs.log",
        instance=Path("instance"),
        file=Path("certs.toml"),
    )


@pytest.mark.usefixtures("home")
def test_every_key_of_the_file_is_known_here() -> None:
    """So that a new one is not forgotten above."""
    assert {line.partition(" =")[0] for line in EVERY_KEY.split("\n") if line} == set(config.KEYS)


def test_a_file_elsewhere_counts_its_paths_from_its_own_folder(home: Path) -> None:
    """Also those that it leaves out: the register is the same from wherever one calls."""
    (home / "etc").mkdir()
    (home / "etc/our.toml").write_text('signing_keys = "keys"\nlog = "certs.log"\n')
    settings = Settings.from_environ({"CERTS_CONFIG": "etc/our.toml"})
    assert settings.signing_keys == Path("etc/keys")
    assert settings.log == "etc/certs.log"
    assert settings.database_url == f"sqlite:///{home}/etc/instance/certs.db"
    assert settings.key_passphrase.file == Path("etc/instance/key_passphrase")
    assert settings.instance == Path("etc/instance")


def test_a_sqlite_path_counts_from_the_folder_too(home: Path) -> None:
    (home / "etc").mkdir()
    (home / "etc/our.toml").write_text('database_url = "sqlite:///register/certs.db"\n')
    settings = Settings.from_environ({"CERTS_CONFIG": "etc/our.toml"})
    assert settings.sqlite_file == home / "etc/register/certs.db"


def test_the_environment_wins_and_counts_from_the_working_folder(home: Path) -> None:
    (home / "etc").mkdir()
    (home / "etc/our.toml").write_text('base_url = "https://a.example"\nsigning_keys = "keys"\nproxies = 2\n')
    environ = {"CERTS_CONFIG": "etc/our.toml", "CERTS_BASE_URL": "https://b.example", "CERTS_SIGNING_KEYS": "mine"}
    settings = Settings.from_environ(environ)
    assert (settings.base_url, settings.signing_keys, settings.proxies) == ("https://b.example", Path("mine"), 2)


def test_an_empty_variable_says_nothing(home: Path) -> None:
    (home / "certs.toml").write_text('base_url = "https://a.example"\n')
    assert Settings.from_environ({"CERTS_BASE_URL": ""}).base_url == "https://a.example"


@pytest.mark.usefixtures("home")
def test_all_problems_are_reported_at_once_with_file_and_key() -> None:
    found = problems(
        'base-url = "https://a.example"\nproxies = "1"\nseal_level = "B-X"\nlog = 3\nactor = ""\n[server]\nport = 1\n',
        CERTS_PROXIES="9",
        CERTS_BASEURL="x",
    )
    assert found == [
        "CERTS_BASEURL is not a setting of certs; see docs/operations.md.",
        "certs.toml: base-url is not a setting of certs; did you mean base_url?",
        "certs.toml: proxies must be a number, like 1.",
        'certs.toml: log must be text in quotes, like log = "…".',
        "certs.toml: actor is empty: leave the line out.",
        "certs.toml: server is not a setting of certs; see docs/operations.md.",
        "CERTS_PROXIES must count the reverse proxies in front, 0 to 3, not '9'.",
        "certs.toml: seal_level must be one of B-B, B-T, B-LT, not 'B-X'.",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("base_url = https://a.example", "certs.toml: is no TOML: "),
        ('base_url = "a"\nbase_url = "b"', "certs.toml: is no TOML: "),
        ("proxies = true", "proxies must be a number"),
        ("proxies = 4", "proxies must count the reverse proxies in front, 0 to 3, not '4'."),
        ("proxies = -1", "proxies must count"),
        ('base_url = "certs.example.org"', "base_url must look like https://certs.example.org"),
        ('CERTS_BASE_URL = "https://a.example"', "did you mean base_url?"),
        ('timestamp_url = "stamps.example.org"', "timestamp_url must be a web address"),
        (
            'database_read_url = "sqlite:///copy.db"',
            "database_read_url is a replica of PostgreSQL: both addresses must",
        ),
        (
            'database_read_url = "postgresql://db/x"',
            "database_read_url is a replica of PostgreSQL: both addresses must",
        ),
        ('database_read_url = "postgresql://a:b@db/x"', "database_read_url holds a password"),
        ('broker_url = "http://broker.example.org"', "broker_url must begin with one of amqp:// amqps:// redis://"),
        ('broker_url = "broker.example.org:5672"', "broker_url must begin with one of"),
        ('broker_url = "redis://:sesame@broker/0"', "broker_url holds a password: set CERTS_BROKER_URL"),
        ('seal_level = "B-T"', "seal_level B-T needs a time-stamp authority in"),
        ('database_url = "mysql://x"', "database_url must begin with sqlite:// or postgresql://."),
        ('credential_address = "plain"', "credential_address must be none or hashed"),
        ('key_passphrase = "open sesame"', "name that with key_passphrase_file."),
        ('pkcs11_pin = "1234"', "name that with pkcs11_pin_file."),
        ('database_url = "postgresql://certs:sesame@db/certs"', "name that with database_password_file."),
        ('database_url = "postgresql://certs@db/certs?password=sesame"', "name that with database_password_file."),
        ('database_password_file = "nowhere"', "database_password_file names nowhere, which is no file."),
        ('signing_keys = ["a", "b"]', "signing_keys must be text in quotes"),
    ],
)
@pytest.mark.usefixtures("home")
def test_what_a_file_may_not_say_is_refused_by_name(text: str, says: str) -> None:
    (found,) = problems(text)
    assert found.startswith("certs.toml: ")
    assert says in found
    assert "sesame" not in found


def test_a_file_that_is_named_must_be_there(home: Path) -> None:
    with pytest.raises(
        InputError, match=r"CERTS_CONFIG names none\.toml, which is not there: setting up a deployment makes it"
    ):
        Settings.from_environ({"CERTS_CONFIG": "none.toml"})
    (home / "certs.toml").symlink_to("gone.toml")
    with pytest.raises(InputError, match="not there"):
        Settings.from_environ({})


def test_a_file_in_another_encoding_is_refused(home: Path) -> None:
    (home / "certs.toml").write_bytes('organisation = "Institut für Maß"'.encode("latin-1"))
    with pytest.raises(InputError, match="not in UTF-8"):
        Settings.from_environ({})


def test_a_byte_order_mark_does_no_harm(home: Path) -> None:
    """Windows' editor writes one."""
    (home / "certs.toml").write_text('organisation = "Maß"', encoding="utf-8-sig")
    assert Settings.from_environ({}).organisation == "Maß"


def test_a_secret_file_that_only_the_issuing_machine_has_is_not_demanded(home: Path) -> None:
    """A machine that only serves pages may have the same settings file."""
    (home / "certs.toml").write_text('key_passphrase_file = "/run/secrets/passphrase"')
    assert Settings.from_environ({}).key_passphrase.file == Path("/run/secrets/passphrase")


def test_the_password_of_the_database_stands_in_a_file_of_its_own(home: Path) -> None:
    (home / "certs.toml").write_text(
        'database_url = "postgresql://certs@127.0.0.1:9/certs"\ndatabase_password_file = "pw"\n'
    )
    (home / "pw").write_text("open sesame\n")
    (home / "pw").chmod(0o600)
    settings = Settings.from_environ({})
    assert build(settings).engine.url.password == "open sesame"
    assert "sesame" not in repr(settings)


def test_it_is_never_sent_to_a_database_that_the_environment_names(home: Path) -> None:
    (home / "certs.toml").write_text('database_url = "postgresql://a@b/c"\ndatabase_password_file = "pw"\n')
    (home / "pw").write_text("open sesame\n")
    elsewhere = {"CERTS_DATABASE_URL": "postgresql://a@elsewhere/c"}
    assert Settings.from_environ(elsewhere).database_password == Secret()
    own = Settings.from_environ(elsewhere | {"CERTS_DATABASE_PASSWORD": "mine"})
    assert own.database_password.reveal() == b"mine"


def test_two_passwords_are_one_too_many(home: Path) -> None:
    with pytest.raises(InputError, match="leave one of them out"):
        Settings.from_environ({"CERTS_DATABASE_URL": "postgresql://a:b@c/d", "CERTS_DATABASE_PASSWORD": "e"})


def test_a_password_in_the_address_does_not_show() -> None:
    """It may stand in the environment, and nowhere else."""
    settings = Settings.from_environ({"CERTS_DATABASE_URL": "postgresql://a:sesame@c/d"})
    assert "sesame" not in repr(settings)
