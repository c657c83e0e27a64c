"""Who may come in with an account of an identity provider, and which account here is theirs."""

from collections.abc import Mapping
from typing import Any

import pytest

from runtime.identity import Claims, RefusedError, may_link, person, username

CLIENT = "this-site"
GOOD = {
    "iss": "https://accounts.google.com",
    "aud": [CLIENT],
    "sub": "1",
    "email": "Ann@Example.com",
    "email_verified": True,
    "hd": "example.com",
    "given_name": "Ann",
    "family_name": "Lee",
}
STRANGER = "The identity provider's answer was meant for somebody else."
UNVERIFIED = "The identity provider has not verified that ann@example.com is yours."


@pytest.fixture(autouse=True)
def google(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Set what the compiler sets for a login with Google."""
    for name, value in {
        "KIND": "google",
        "ISSUER": "https://accounts.google.com",
        "ALLOWED_DOMAINS": "example.com,gmail.com",
        "ADMINS": "me@example.com,kim@example.com",
        "DEFAULT_ROLE": "Viewer",
        "MACHINE": "machine",
    }.items():
        monkeypatch.setenv(f"WINDSOCK_AUTH_{name}", value)
    return monkeypatch


@pytest.fixture
def oidc(google: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Set what the compiler sets for a login with another provider."""
    google.setenv("WINDSOCK_AUTH_KIND", "oidc")
    return google


def _come(changes: Mapping[str, Any] | None = None, more: Mapping[str, Any] | None = None) -> dict[str, Any] | str:
    """Return what Airflow hears of a person, or why they may not come in; a claim that is None is left out."""
    token = {name: value for name, value in {**GOOD, **(changes or {})}.items() if value is not None}
    try:
        return person(Claims.of(token, CLIENT, lambda: more or {}))
    except RefusedError as refused:
        return str(refused)


def _email(changes: Mapping[str, Any] | None = None, more: Mapping[str, Any] | None = None) -> str:
    """Return the address of a person who is let in, or why they may not come in."""
    met = _come(changes, more)
    return met if isinstance(met, str) else str(met["email"])


def test_a_verified_address_of_an_allowed_domain_comes_in() -> None:
    """The address is in lower case; the account is that of the subject."""
    assert _come() == {
        "username": "google_1",
        "email": "ann@example.com",
        "first_name": "Ann",
        "last_name": "Lee",
        "role": "Viewer",
        "role_keys": [],
    }


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"aud": "another"}, STRANGER),
        ({"aud": [CLIENT, "another"]}, STRANGER),
        ({"aud": [CLIENT, "another"], "azp": "another"}, STRANGER),
        ({"azp": "another"}, STRANGER),
        ({"iss": "https://elsewhere"}, STRANGER),
        ({"sub": None}, "The identity provider does not say whose account this is."),
        ({"email": "ann@example.com.invalid"}, "ann@example.com.invalid is not of example.com or gmail.com."),
        ({"email": None}, "An account without an address is not of example.com or gmail.com."),
        ({"email": "\u212aim@example.com"}, "\u212aim@example.com is not of example.com or gmail.com."),
        ({"email": "ann@e\u0445ample.com"}, "ann@e\u0445ample.com is not of example.com or gmail.com."),
        ({"email_verified": False}, UNVERIFIED),
        ({"email_verified": None}, UNVERIFIED),
        ({"hd": None}, "The account of ann@example.com is not of the organisation example.com or gmail.com."),
        (
            {"hd": "elsewhere.invalid"},
            "The account of ann@example.com is not of the organisation example.com or gmail.com.",
        ),
    ],
)
def test_everybody_else_is_told_why(changes: Mapping[str, Any], sentence: str) -> None:
    """Answers for others, foreign and look-alike addresses, addresses outside of the organisation."""
    assert _email(changes) == sentence


def test_a_client_among_several_is_let_in_when_the_token_was_asked_by_it() -> None:
    """The claim azp names who asked for the token."""
    assert _email({"aud": [CLIENT, "another"], "azp": CLIENT}) == "ann@example.com"


def test_an_address_of_google_itself_belongs_to_no_organisation() -> None:
    """Google vouches for it, and the YAML names its domain."""
    assert _email({"email": "ann@gmail.com", "hd": None}) == "ann@gmail.com"


@pytest.mark.usefixtures("oidc")
def test_a_thin_token_is_completed_by_user_info_of_the_same_subject() -> None:
    """The address with its verification, and the names."""
    thin = dict.fromkeys(["email", "email_verified", "given_name", "family_name", "hd"])
    more = {"sub": "1", "email": "ann@example.com", "email_verified": True, "name": "Ann L", "family_name": "Lee"}
    met = _come(thin, more)
    assert isinstance(met, dict)
    assert (met["email"], met["first_name"], met["last_name"]) == ("ann@example.com", "Ann L", "Lee")
    assert _email(thin, {**more, "sub": "2"}) == "An account without an address is not of example.com or gmail.com."
    assert _email(thin, {**more, "email_verified": None}) == UNVERIFIED


@pytest.mark.usefixtures("oidc")
def test_another_address_of_user_info_verifies_nothing() -> None:
    """What UserInfo says of one address is not true of the one in the token."""
    other = {"sub": "1", "email": "other@example.com", "email_verified": True}
    assert _email({"email_verified": None}, other) == UNVERIFIED


def test_silence_counts_as_verified_only_where_the_yaml_says_so(oidc: pytest.MonkeyPatch) -> None:
    """A plain no stays a no."""
    oidc.setenv("WINDSOCK_AUTH_ASSUME_EMAIL_VERIFIED", "True")
    assert _email({"email_verified": None}) == "ann@example.com"
    assert _email({"email_verified": "false"}) == UNVERIFIED


def test_the_yaml_names_the_claims_of_address_and_roles(oidc: pytest.MonkeyPatch) -> None:
    """By name, also one with dots, or by a path through claims that hold others."""
    oidc.setenv("WINDSOCK_AUTH_EMAIL_CLAIM", "upn")
    oidc.setenv("WINDSOCK_AUTH_ROLES_CLAIM", "realm.access.roles")
    nested = {"realm": {"access": {"roles": ["ops", 7]}}}
    met = _come({"email": None, "upn": "bo@example.com", **nested})
    assert isinstance(met, dict)
    assert (met["email"], met["role_keys"]) == ("bo@example.com", ["ops", "7"])
    flat = _come({"upn": "bo@example.com", "realm.access.roles": "ops", "realm": "text"})
    assert isinstance(flat, dict)
    assert flat["role_keys"] == ["ops"]


def test_only_the_written_address_makes_an_admin() -> None:
    """A letter that becomes ASCII in lower case makes nobody another person."""
    admin = _come({"email": "Kim@example.com"})
    assert isinstance(admin, dict)
    assert admin["role"] == "Admin"


@pytest.mark.usefixtures("oidc")
def test_a_subject_belongs_to_its_issuer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same subject at another issuer is another person."""
    monkeypatch.setenv("WINDSOCK_AUTH_ISSUER", "https://login.example.org/realms/data")
    assert username("1") == "oidc_1@login.example.org/realms/data"


@pytest.mark.parametrize(
    ("account", "wanted", "linked"),
    [
        ("ann", "google_1", True),
        ("google_2", "google_1", False),
        ("oidc_1", "google_1", False),
        ("oidc_1", "oidc_1@login.example.org", True),
        ("oidc_1@elsewhere.org", "oidc_1@login.example.org", False),
        ("oidc_2", "oidc_1@login.example.org", False),
        ("oidc_a@b", "oidc_a@b@login.example.org", True),
        ("machine", "google_1", False),
    ],
)
def test_an_account_that_never_had_a_subject_may_be_linked(account: str, wanted: str, *, linked: bool) -> None:
    """One of another subject may not, and neither may that of programs."""
    assert may_link(account, wanted) is linked
