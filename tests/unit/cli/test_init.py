"""`certs init`: everything that a deployment needs, once; nothing that is there is made anew."""

import json
import os
import sys
from pathlib import Path

import pytest
from cryptography.x509 import load_pem_x509_certificate
from cryptography.x509.oid import NameOID

from certs.build import deployment
from certs.cli.how import open_app
from certs.config import Settings
from certs.errors import StorageError
from certs.model import Act, Purpose
from tests.unit.cli.conftest import Operator, Said
from tests.unit.cli.test_imports import Terminal

ADDRESS, WHO = "https://certs.example.org", "Institute of Standards"
GIVEN = ("--base-url", ADDRESS, "--organisation", WHO)
KEYS = ("claim", "credential", "seal", "link", "receipt")


@pytest.fixture
def fresh(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """Return Ana in an empty folder, without settings."""
    monkeypatch.delenv("CERTS_BASE_URL")
    monkeypatch.delenv("CERTS_ORGANISATION")
    return operator


def answering(operator: Operator, monkeypatch: pytest.MonkeyPatch, *answers: str) -> Said:
    """Run init at a terminal where *answers* are typed."""
    monkeypatch.setattr(sys, "stdin", Terminal("".join(f"{line}\n" for line in answers)))
    return operator.types("init")


def everything(home: Path) -> dict[str, bytes]:
    """Return every file below *home* but the database's own, which a look may touch."""
    files = (path for path in home.rglob("*") if path.is_file() and not path.name.startswith("certs.db"))
    return {str(path.relative_to(home)): path.read_bytes() for path in files}


def kids(operator: Operator) -> dict[str, str]:
    return {key["purpose"]: key["kid"] for key in json.loads(operator.types("keys", "list", "--json").out)}


# ---------------------------------------------------------------- the whole of it


def test_one_command_makes_a_deployment_with_which_the_doctor_is_content(fresh: Operator) -> None:
    said = fresh.types("init", *GIVEN, "--yes")
    assert (said.code, "The deployment is set up." in said.out) == (0, True)
    assert set(KEYS) < kids(fresh).keys()
    settings = Settings.from_environ({})
    assert (settings.base_url, settings.organisation, settings.file) == (ADDRESS, WHO, Path("certs.toml"))
    looked = fresh.types("doctor", "--json")
    assert [one for one in json.loads(looked.out) if not one["good"]] == []
    assert looked.code == 0


def test_it_says_what_to_back_up(fresh: Operator) -> None:
    said = fresh.types("init", *GIVEN, "--yes").out
    assert "certs backup FILE" in said
    assert all(place in said for place in ("signing_keys,", "instance/key_passphrase, apart from", "certs.toml"))


def test_the_seal_names_the_organisation(fresh: Operator) -> None:
    fresh.types("init", *GIVEN, "--yes")
    (chain,) = fresh.home.glob("signing_keys/seal-*/chain.pem")
    subject = load_pem_x509_certificate(chain.read_bytes()).subject
    assert subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value == WHO


def test_it_asks_what_nobody_else_can_know_and_offers_the_rest(
    fresh: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wrong answers are asked again; an empty one takes what is offered."""
    typed = ("certs.example.org", f"{ADDRESS}/", WHO, "mysql://x", "sqlite:///register/ours.db", "", "secret/word", "y")
    said = answering(fresh, monkeypatch, *typed)
    assert said.code == 0, said.err
    assert "write it like https://certs.example.org" in said.err
    assert "'mysql://x' is no register" in said.err
    settings = Settings.from_environ({})
    assert settings.sqlite_file == fresh.home / "register/ours.db"
    assert settings.sqlite_file.exists()
    assert settings.base_url == ADDRESS
    assert settings.signing_keys == Path("signing_keys")
    assert (fresh.home / "secret/word").stat().st_mode & 0o777 == 0o600


def test_no_is_an_answer_and_leaves_nothing(fresh: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    said = answering(fresh, monkeypatch, ADDRESS, WHO, "", "", "", "n")
    assert (said.code, "Nothing was done." in said.err) == (130, True)
    assert list(fresh.home.iterdir()) == []


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ((), "certs init --base-url URL --organisation NAME --yes"),
        (("--yes",), "certs init --base-url URL --organisation NAME"),
        (("--base-url", ADDRESS), "certs init --organisation NAME --yes"),
        (("--organisation", WHO, "--yes"), "certs init --base-url URL"),
    ],
)
def test_without_a_terminal_it_says_which_options_are_missing(
    fresh: Operator, given: tuple[str, ...], missing: str
) -> None:
    said = fresh.types("init", *given)
    assert (said.code, said.err.endswith(f"run {missing}\n")) == (2, True), said.err
    assert list(fresh.home.iterdir()) == []


def test_without_a_terminal_it_does_nothing_unless_told_so(fresh: Operator) -> None:
    said = fresh.types("init", *GIVEN)
    assert (said.code, "say --yes to go ahead" in said.err) == (2, True)
    assert list(fresh.home.iterdir()) == []


def test_a_program_reads_what_was_made(fresh: Operator) -> None:
    said = json.loads(fresh.types("init", *GIVEN, "--yes", "--json").out)
    assert (said["base_url"], said["config"], len(said["made"])) == (ADDRESS, "certs.toml", len(KEYS))


def test_a_settings_file_elsewhere(fresh: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """It and all that it names lie where it is, wherever one stands; options count from there as one types them."""
    monkeypatch.setenv("CERTS_CONFIG", "etc/our.toml")
    assert fresh.types("init", *GIVEN, "--signing-keys", "etc/keys", "--yes").code == 0
    assert 'signing_keys = "keys"' in (fresh.home / "etc/our.toml").read_text()
    assert (fresh.home / "etc/instance/certs.db").exists()
    assert not (fresh.home / "instance").exists()
    assert len(list((fresh.home / "etc/keys").glob("*-*"))) == len(KEYS) + 1


# ---------------------------------------------------------------- again, and from half-way


def test_again_it_changes_nothing_and_asks_nothing(fresh: Operator) -> None:
    fresh.types("init", *GIVEN, "--yes")
    before = everything(fresh.home)
    said = fresh.types("init")
    assert (said.code, "All is there." in said.out, "certs backup FILE" in said.out) == (0, True, True)
    assert everything(fresh.home) == before


@pytest.mark.parametrize("steps", range(len(KEYS) + 1))
def test_interrupted_it_goes_on_where_it_stopped(fresh: Operator, monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    """After the file, the register, or any of the keys; what was made stays."""
    made: list[int] = []
    real = deployment._key

    def key(*given: object, **named: bool) -> object:
        if len(made) == steps:
            raise KeyboardInterrupt
        made.append(1)
        return real(*given, **named)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        if steps < len(KEYS):
            patch.setattr(deployment, "_key", key)
        else:
            patch.setattr(deployment, "make", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt()))
        assert fresh.types("init", *GIVEN, "--yes").code == 130
    before = {path.name for path in fresh.home.glob("signing_keys/*-*")}
    said = fresh.types("init", "--yes")
    assert (said.code, said.out.count("Made the")) == (0, len(KEYS) if steps == len(KEYS) else len(KEYS) - steps), (
        said.err
    )
    assert before <= {path.name for path in fresh.home.glob("signing_keys/*-*")}
    assert set(KEYS) < kids(fresh).keys()
    assert fresh.types("doctor").code == 0


def test_a_settings_file_that_says_too_little_is_completed(fresh: Operator) -> None:
    """What it says stays, byte for byte; what it lacks is added."""
    kept = f'# ours\nbase_url = "{ADDRESS}"\nproxies = 1\n'
    (fresh.home / "certs.toml").write_text(kept)
    assert fresh.types("init", "--organisation", WHO, "--yes").code == 0
    assert (fresh.home / "certs.toml").read_text().startswith(kept)
    settings = Settings.from_environ({})
    assert (settings.base_url, settings.organisation, settings.proxies) == (ADDRESS, WHO, 1)


def test_variables_are_answers_and_go_into_the_file(fresh: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that they are needed no longer."""
    monkeypatch.setenv("CERTS_BASE_URL", ADDRESS)
    monkeypatch.setenv("CERTS_SIGNING_KEYS", "keys")
    assert fresh.types("init", "--organisation", WHO, "--yes").code == 0
    settings = Settings.from_environ({})
    assert (settings.base_url, settings.signing_keys) == (ADDRESS, Path("keys"))


def test_a_deployment_without_a_file_gets_one_and_keeps_its_keys(
    fresh: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("CERTS_BASE_URL", ADDRESS)
        for purpose in KEYS[:3]:
            fresh.types("keys", "new", purpose, *(("--organisation", WHO) if purpose == "seal" else ()))
        before = kids(fresh)
    said = fresh.types("init", *GIVEN, "--yes")
    assert (said.code, said.out.count("Made the link key")) == (0, 1)
    assert "The register is there, and stays. Keys: link, receipt will be made." in said.err
    assert before.items() <= kids(fresh).items()


# ---------------------------------------------------------------- what does not fit together


def refused(operator: Operator, *given: str, code: int = 5) -> str:
    """Run init; return why it refuses, having changed nothing."""
    before = everything(operator.home)
    said = operator.types("init", *given, "--yes")
    assert said.code == code, said.err
    assert everything(operator.home) == before
    return said.err


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--base-url", "https://other.example.org"),
        ("--organisation", "Another"),
        ("--database-url", "sqlite:///other.db"),
        ("--signing-keys", "other"),
        ("--key-passphrase-file", "other"),
    ],
)
def test_an_answer_is_never_overwritten(fresh: Operator, option: str, value: str) -> None:
    fresh.types("init", *GIVEN, "--yes")
    said = refused(fresh, option, value)
    assert f"certs.toml says {option[2:].replace('-', '_')} = " in said
    assert "edit certs.toml" in said


def test_what_says_the_same_in_other_words_is_no_contradiction(fresh: Operator) -> None:
    fresh.types("init", *GIVEN, "--yes")
    same = ("--base-url", f"{ADDRESS}/", "--signing-keys", str(fresh.home / "signing_keys"))
    assert fresh.types("init", *same, "--database-url", "sqlite:///./instance/certs.db").code == 0


def test_a_variable_that_says_otherwise_would_win_and_is_named(
    fresh: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CERTS_BASE_URL", "https://other.example.org")
    assert "CERTS_BASE_URL says base_url" in refused(fresh, *GIVEN)
    fresh.types("init", "--organisation", WHO, "--yes")
    monkeypatch.setenv("CERTS_BASE_URL", "https://third.example.org")
    assert "and CERTS_BASE_URL 'https://third.example.org'" in refused(fresh)


def test_keys_without_their_register_are_refused(fresh: Operator) -> None:
    fresh.types("init", *GIVEN, "--yes")
    for file in fresh.home.glob("instance/certs.db*"):
        file.unlink()
    assert "there is no register at instance/certs.db" in refused(fresh)


def test_a_register_whose_keys_are_lost_is_refused(fresh: Operator) -> None:
    """New ones would leave everything that was signed without a key to check it."""
    fresh.types("init", *GIVEN, "--yes")
    (fresh.home / "signing_keys").rename(fresh.home / "elsewhere")
    said = refused(fresh)
    assert "bring the folder back" in said
    assert all(f"{purpose} key" in said for purpose in KEYS)
    (fresh.home / "elsewhere").rename(fresh.home / "signing_keys")
    assert "All is there." in fresh.types("init").out


def test_a_passphrase_that_is_easily_guessed_is_taken_where_they_insist(fresh: Operator) -> None:
    """Without that no key is made, and the same command goes on."""
    (fresh.home / "weak").write_text("short\n")
    (fresh.home / "weak").chmod(0o600)
    wanted = ("init", *GIVEN, "--key-passphrase-file", "weak", "--yes")
    said = fresh.types(*wanted)
    assert (said.code, "or say --insist" in said.err) == (2, True)
    assert kids(fresh) == {}
    said = fresh.types(*wanted, "--insist")
    assert (said.code, "The deployment is set up." in said.out) == (0, True)
    assert set(KEYS) < kids(fresh).keys()


def test_private_keys_without_their_passphrase_are_refused(fresh: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """No new one is made in silence; where nothing is to be made, nothing is demanded."""
    with monkeypatch.context() as patch:
        patch.setattr(deployment, "_key", _only_three(deployment._key))
        fresh.types("init", *GIVEN, "--yes")
    (fresh.home / "instance/key_passphrase").unlink()
    assert "the passphrase that opens them is not at instance/key_passphrase" in refused(fresh)


def _only_three(real: object) -> object:
    left = iter(range(3))

    def key(*given: object, **named: bool) -> object:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return real(*given, **named)  # type: ignore[operator]

    return key


def test_the_keys_of_a_demonstration_are_refused(fresh: Operator) -> None:
    app = open_app()
    app.begin()
    app.make_key(Purpose.CLAIM, Act("ana", app.clock()), organisation="", demo=True)
    said = refused(fresh, *GIVEN)
    assert "holds the keys of a demonstration" in said
    assert "--signing-keys and --database-url" in said


def test_a_database_that_is_none_is_refused(fresh: Operator) -> None:
    (fresh.home / "notes.db").write_bytes(b"these are notes " * 1000)
    refused(fresh, *GIVEN, "--database-url", "sqlite:///notes.db", code=7)


def test_a_register_where_nothing_can_be_made_is_refused(fresh: Operator) -> None:
    (fresh.home / "file").write_text("x")
    assert "is no folder" in refused(fresh, *GIVEN, "--database-url", "sqlite:///file/certs.db", code=7)


def test_a_server_out_of_reach_is_refused_before_anything_is_written(fresh: Operator) -> None:
    refused(fresh, *GIVEN, "--database-url", "postgresql://certs@127.0.0.1:9/certs", code=7)


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--base-url", "ftp://x", "is no address of a site"),
        ("--base-url", "https://a b", "is no address of a site"),
        ("--organisation", " ", "It is empty"),
        ("--organisation", "A\nB", "cannot be printed"),
        ("--database-url", "sqlite://", "It keeps nothing"),
        ("--database-url", "sqlite:///:memory:", "It keeps nothing"),
        ("--database-url", "oracle://certs:sesame@x", "is no register"),
        ("--signing-keys", "\x07", "cannot be printed"),
    ],
)
def test_what_cannot_be_used_is_said_by_name(fresh: Operator, option: str, value: str, says: str) -> None:
    given = dict(zip(GIVEN[::2], GIVEN[1::2], strict=True)) | {option: value}
    said = refused(fresh, *(word for pair in given.items() for word in pair), code=2)
    assert f"{option}: " in said
    assert says in said
    assert "sesame" not in said


def test_a_wrong_settings_file_is_refused(fresh: Operator) -> None:
    (fresh.home / "certs.toml").write_text("base-url = 1\n")
    assert "did you mean base_url?" in refused(fresh, *GIVEN, code=2)


def test_what_is_doubtful_is_shown_before_it_is_settled(fresh: Operator) -> None:
    """An address of this machine, and a name that X.509 has no room for."""
    long = "The International Federation of Institutes for the Quality of Medicines and Devices"
    said = fresh.types("init", "--base-url", "http://localhost:8000", "--organisation", long, "--yes")
    assert said.code == 0
    assert "leads nowhere outside this machine" in said.err
    assert f"it will name “{long[:64]}”" in said.err


@pytest.mark.parametrize("how", ["option", "answer"])
def test_the_password_of_the_database_gets_a_file_of_its_own(
    fresh: Operator, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Where the server is out of reach, nothing is kept; what would be written holds no secret."""
    from certs.build import deployment

    url = "postgresql://certs:open%20sesame@127.0.0.1:9/certs"
    options, answers = {"base_url": ADDRESS, "organisation": WHO}, {"signing_keys": "k", "key_passphrase_file": "p"}
    (options if how == "option" else answers)["database_url"] = url
    begun = deployment.begun({}, options)
    monkeypatch.setattr(deployment, "_register_is_there", lambda _: False)
    deployment.write(deployment.planned(begun, answers, {}))
    assert "sesame" not in (fresh.home / "certs.toml").read_text()
    file = fresh.home / "instance/database_password"
    assert (file.read_text(), file.stat().st_mode & 0o777) == ("open sesame\n", 0o600)
    with pytest.raises(StorageError):
        _ = open_app().store
    assert Settings.from_environ({}).database_password.reveal() == b"open sesame"
    assert os.environ.get("CERTS_DATABASE_URL") is None
