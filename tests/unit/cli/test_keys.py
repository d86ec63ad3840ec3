"""`certs keys` as an operator uses it: in a folder of her own, by exit code and what is printed."""

import json
import sqlite3
from contextlib import closing

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificate, load_pem_x509_csr
from cryptography.x509.oid import NameOID

from certs.keyring import pkcs11
from certs.model import Kid, Purpose
from tests.register import issued, people
from tests.softhsm import PIN, Token
from tests.unit.cli.conftest import Operator
from tests.unit.keyring.authority import CommercialAuthority


def _made(operator: Operator, purpose: str, *arguments: str) -> str:
    """Make a key; return its kid."""
    said = operator.types("keys", "new", purpose, "--json", *arguments)
    assert said.code == 0, said.err
    return str(json.loads(said.out)["kid"])


WHY = ("--class", "error", "--note", "wrong", "--yes")


def _trail(operator: Operator) -> list[tuple[str, str, str]]:
    """Return act, subject and actor of each entry on keys."""
    with closing(sqlite3.connect(operator.home / "instance/certs.db")) as connection:
        return connection.execute("SELECT act, subject, actor FROM audit WHERE act LIKE 'key.%' ORDER BY id").fetchall()


def _issued(operator: Operator, count: int) -> str:
    """Let the keys of the folder have signed so many certificates; return the claim key's kid."""
    made = [Kid(_made(operator, purpose.value)) for purpose in (Purpose.CLAIM, Purpose.SEAL, Purpose.CREDENTIAL)]
    issued(operator.store(), people(count), (made[0], made[1], made[2]))
    return made[0]


def test_the_newest_key_signs_and_the_retired_one_stays_listed(operator: Operator) -> None:
    old, new = _made(operator, "claim"), _made(operator, "claim")
    said = operator.types("keys", "retire", old, "--reason", "yearly rotation", "--as", "Ben")
    assert (said.code, said.err) == (0, "")
    listed = json.loads(operator.types("keys", "list", "--json").out)
    assert [(key["kid"], key["state"], key["reason"]) for key in listed] == [
        (new, "active", ""),
        (old, "retired", "yearly rotation"),
    ]
    assert _trail(operator)[-1] == ("key.retire", f"key {old}", "Ben")


def test_retiring_the_last_key_says_what_is_missing_now(operator: Operator) -> None:
    said = operator.types("keys", "retire", _made(operator, "link"))
    assert said.code == 0
    assert "make its successor with certs keys new link" in said.err


def test_a_key_is_not_retired_twice(operator: Operator) -> None:
    kid = _made(operator, "claim")
    operator.types("keys", "retire", kid)
    said = operator.types("keys", "retire", kid)
    assert (said.code, said.err) == (5, f"certs: Key {kid} is already retired; nothing was changed.\n")
    assert [act for act, *_ in _trail(operator)] == ["key.new", "key.retire"]


def test_an_unknown_key_is_not_found(operator: Operator) -> None:
    _made(operator, "claim")
    for command in (["retire"], ["csr"], ["compromise", "--since", "2026-01-01", "--reason", "x"]):
        assert operator.types("keys", *command, "00000000").code == 4


def test_compromise_says_what_changes_and_does_nothing_without_a_yes(operator: Operator) -> None:
    """The numbers come before the question, and nobody is there to answer it."""
    kid = _issued(operator, 3)
    said = operator.types("keys", "compromise", kid, "--since", "2026-11-22T12:00Z", "--reason", "stolen laptop")
    assert said.code == 2
    assert "signed 3 certificates: 0 registered before 2026-11-22 12:00 UTC, 3 then or later." in said.err
    assert "3 change from valid to unknown." in said.err
    assert "say --yes" in said.err
    assert json.loads(operator.types("keys", "list", "--json").out)[0]["state"] == "active"
    assert "key.compromise" not in [act for act, *_ in _trail(operator)]


@pytest.mark.parametrize(
    ("since", "changed"), [("2026-11-22T12:00:00.000001Z", 0), ("2026-11-22T13:00+01:00", 3), ("2026-11-22", 3)]
)
def test_compromise_takes_the_moment_as_given(operator: Operator, since: str, changed: int) -> None:
    """An offset counts, a day begins at midnight UTC, and the moment itself is not before it."""
    kid = _issued(operator, 3)
    before = operator.types("audit", "verify")  # which names rolls alone, that these certificates only pretend to have
    said = operator.types("keys", "compromise", kid, "--since", since, "--reason", "theft", "--yes", "--json")
    assert said.code == 0
    answer = json.loads(said.out)
    then = {entry["then"]: entry["count"] for entry in answer["verdicts"]}
    assert (answer["signed"], answer["registered_since"], then.get("unknown", 0)) == (3, changed, changed)
    assert ("certs reissue --signed-by" in said.err) is (changed > 0)
    assert _trail(operator)[-1] == ("key.compromise", f"key {kid}", "ana")
    assert operator.types("audit", "verify") == before


def test_a_moment_taken_too_early_can_be_corrected(operator: Operator) -> None:
    """It is said which verdicts change back, nothing happens without a yes, and the trail keeps both moments."""
    kid = _issued(operator, 3)
    early, late = ("--since", "2026-11-20", "--reason", "stolen"), ("--since", "2026-11-22T13:00Z", "--reason", "later")
    first = operator.types("keys", "compromise", kid, *early, "--yes")
    assert (first.code, "3 change from valid to unknown" in first.err) == (0, True)
    refused = operator.types("keys", "compromise", kid, *late, "--yes")
    assert (refused.code, "--correction" in refused.err) == (5, True)
    asked = operator.types("keys", "compromise", kid, *late, "--correction")
    assert (asked.code, "3 change from unknown to valid" in asked.err) == (2, True)
    assert "no longer since 2026-11-20 00:00 UTC" in asked.err
    done = operator.types("keys", "compromise", kid, *late, "--correction", "--yes", "--as", "Ben")
    assert (done.code, "reissue" in done.err) == (0, False)
    assert _trail(operator)[-1] == ("key.correct", f"key {kid}", "Ben")
    with closing(sqlite3.connect(operator.home / "instance/certs.db")) as connection:
        entry = connection.execute("SELECT old, new, reason FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    old, new = (json.loads(facts)["compromised_since"] for facts in entry[:2])
    assert (old, new, entry[2]) == ("2026-11-20T00:00:00+00:00", "2026-11-22T13:00:00+00:00", "later")


@pytest.mark.parametrize(
    ("since", "says"),
    [
        ("2026-11-20T14:00", "says no zone: add Z for UTC"),
        ("yesterday", "is no time: write 2026-11-20T14:00Z"),
        ("2999-01-01", "is still to come"),
    ],
)
def test_a_moment_that_is_not_clear_is_refused(operator: Operator, since: str, says: str) -> None:
    kid = _made(operator, "claim")
    said = operator.types("keys", "compromise", kid, "--since", since, "--reason", "theft", "--yes")
    assert said.code == 2
    assert says in said.err


@pytest.mark.parametrize(("purpose", "says"), [("link", "Every personal link"), ("root", "No verdict rests on root")])
def test_keys_that_sign_no_certificate_have_their_own_warning(operator: Operator, purpose: str, says: str) -> None:
    _made(operator, "seal" if purpose == "root" else purpose)
    listed = json.loads(operator.types("keys", "list", "--json").out)
    kid = next(key["kid"] for key in listed if key["purpose"] == purpose)
    said = operator.types("keys", "compromise", kid, "--since", "2026-01-01", "--reason", "theft", "--yes")
    assert said.code == 0
    assert says in said.err


def test_a_commercial_seal_request_out_and_chain_in(operator: Operator) -> None:
    kid, authority = _made(operator, "seal", "--organisation", "Institute"), CommercialAuthority()
    request = operator.types("keys", "csr", kid).out.encode()
    assert load_pem_x509_csr(request).is_signature_valid
    answer = operator.home / "answer.pem"
    leaf = authority.certify(request)
    answer.write_bytes(b"".join(one.public_bytes(Encoding.PEM) for one in (leaf, authority.middle)))
    said = operator.types("keys", "chain", kid, str(answer), "--as", "Ben", "--json")
    assert said.code == 0, said.err
    assert json.loads(said.out)["chain"][1] == "CN=Trust Giant Document CA"
    assert _trail(operator)[-1] == ("key.chain", f"key {kid}", "Ben")
    answer.write_bytes(b"nothing")
    assert operator.types("keys", "chain", kid, str(answer)).code == 2


def test_a_seal_in_a_token_from_the_command_line(
    operator: Operator, token: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin = operator.home / "pin"
    pin.write_bytes(PIN + b"\n")
    pin.chmod(0o600)
    monkeypatch.setenv("CERTS_PKCS11_PIN_FILE", str(pin))
    seal = ("keys", "new", "seal", "--organisation", "Institute", "--pkcs11", str(token.key()))
    assert operator.types(*seal).code == 6
    said = operator.types(*seal, "--generate")
    assert said.code == 0, said.err
    assert "token  active" in operator.types("keys", "list").out
    assert operator.types(*seal, "--generate").code == 5
    assert operator.types(*seal).code == 5
    pkcs11._logins.leave(token.key())
    pin.write_bytes(b"wrong")
    said = operator.types(*seal)
    assert (said.code, "does not open token Seals" in said.err) == (6, True)


def test_generate_without_a_token_is_refused(operator: Operator) -> None:
    assert operator.types("keys", "new", "seal", "--generate").code == 2


def test_a_database_out_of_reach_stops_the_act_before_the_key(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No key changes without an entry in the trail."""
    kid = _made(operator, "claim")
    with monkeypatch.context() as patch:
        patch.setenv("CERTS_DATABASE_URL", f"sqlite:///{operator.home}/pin/no/such/folder.db")
        (operator.home / "pin").write_text("a file, not a folder")
        assert operator.types("keys", "retire", kid).code == 7
        assert operator.types("keys", "new", "claim").code == 5
    listed = json.loads(operator.types("keys", "list", "--json").out)
    assert [(key["kid"], key["state"]) for key in listed] == [(kid, "active")]


def _list_signer(operator: Operator) -> str:
    """Return the kid that signed the status list."""
    with closing(sqlite3.connect(operator.home / "instance/certs.db")) as connection:
        (data,) = connection.execute("SELECT data FROM status_list WHERE number = 1").fetchone()
    return str(json.loads(data)["proof"][0]["verificationMethod"].rpartition("#")[2])


def test_status_lists_follow_the_credential_key(operator: Operator) -> None:
    """Nobody believes a list by a key that left the issuer's document."""
    _issued(operator, 1)
    first, second = _made(operator, "credential"), _made(operator, "credential")
    assert _list_signer(operator) == second
    said = operator.types("keys", "compromise", second, "--since", "2026-11-20", "--reason", "stolen", "--yes")
    assert (said.code, _list_signer(operator)) == (0, first)


def test_revoking_and_undoing_reach_the_status_list(operator: Operator) -> None:
    """And what is up to date is not signed again."""
    _issued(operator, 1)
    with closing(sqlite3.connect(operator.home / "instance/certs.db")) as connection:
        ((number,),) = connection.execute("SELECT number FROM certificate").fetchall()
    encoded = [_encoded_list(operator)]
    for command in (("revoke", number, *WHY), ("undo", number, "--reason", "wrong number")):
        assert operator.types(*command).code == 0
        encoded.append(_encoded_list(operator))
    assert encoded[0] == encoded[2] != encoded[1]


def _encoded_list(operator: Operator) -> str:
    """Bring the status list up to date; return its bits."""
    before = operator.types("publish").out
    assert operator.types("publish", "--json").out == '{\n  "renewed": 0\n}\n', before
    with closing(sqlite3.connect(operator.home / "instance/certs.db")) as connection:
        (data,) = connection.execute("SELECT data FROM status_list WHERE number = 1").fetchone()
    return str(json.loads(data)["credentialSubject"]["encodedList"])


def test_a_seal_names_the_organisation_of_the_settings(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CERTS_ORGANISATION")
    (operator.home / "certs.toml").write_text('organisation = "Institute of Standards"\n')
    assert operator.types("keys", "new", "seal").code == 0
    (chain,) = operator.home.glob("signing_keys/seal-*/chain.pem")
    subject = load_pem_x509_certificate(chain.read_bytes()).subject
    assert subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value == "Institute of Standards"
