import pytest
from hypothesis import given
from hypothesis import strategies as st

from certs.errors import InputError
from certs.keyring.uri import EXAMPLE, Reference, parse

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


def test_the_example_is_understood() -> None:
    """What error messages show works."""
    assert parse(EXAMPLE) == Reference("/usr/lib/softhsm/libsofthsm2.so", "Seals", "seal-2026")


@given(module=texts.map("/".__add__), token=texts, label=texts, handle=st.binary(max_size=8))
def test_what_is_written_is_read_again(module: str, token: str, label: str, handle: bytes) -> None:
    """Labels may hold any character, also those that a URI gives a meaning."""
    reference = Reference(module, token, label, handle)
    assert parse(str(reference)) == reference


@pytest.mark.parametrize(
    ("uri", "says"),
    [
        ("seal-2026", "PKCS#11 URI such as pkcs11:"),
        ("pkcs11:token=Seals;object=seal", "absolute path"),
        ("pkcs11:token=Seals;object=seal?module-path=softhsm.so", "absolute path"),
        ("pkcs11:token=Seals?module-path=/m.so", "object=LABEL or id="),
        ("pkcs11:object=seal?module-path=/m.so", "token=LABEL"),
        ("pkcs11:token=Seals;object=seal;serial=1?module-path=/m.so", "may say token, object, id"),
        ("pkcs11:token=Seals;object=seal;object=other?module-path=/m.so", "each once"),
        ("pkcs11:token=;object=seal?module-path=/m.so", "not empty"),
        ("pkcs11:token=%ff;object=seal?module-path=/m.so", "not UTF-8"),
        ("pkcs11:token=Seals;object=seal;type=public?module-path=/m.so", "private key"),
    ],
)
def test_a_uri_that_says_too_little_or_too_much_is_refused(uri: str, says: str) -> None:
    """A reference that could mean another key is not guessed at."""
    with pytest.raises(InputError, match=says.replace("(", "\\(")):
        parse(uri)


@pytest.mark.parametrize("name", ["pin-value", "pin-source"])
def test_a_pin_in_the_uri_is_refused_and_not_repeated(name: str) -> None:
    """It would be kept in shell histories; the message must not keep it too."""
    with pytest.raises(InputError, match="CERTS_PKCS11_PIN_FILE") as caught:
        parse(f"pkcs11:token=Seals;object=seal?module-path=/m.so&{name}=271828")
    assert "271828" not in str(caught.value)
