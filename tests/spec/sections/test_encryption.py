"""The keys of an environment: one for all stores or one for each, of this account and region."""

import pytest

from spec.sections.encryption import STORES, Encryption
from tests.spec.minimal import minimal, refused

ARN = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def test_without_the_section_keys_are_those_of_aws() -> None:
    """Which cost nothing, and need no rights."""
    found = minimal().encryption
    assert {found.of(store) for store in STORES} == {None}
    assert not found.creates
    assert found.given == ()


def test_a_store_has_the_key_of_all_unless_it_names_another() -> None:
    """One of its own, or that of AWS."""
    found = Encryption(key="create", database="aws", logs=ARN)
    assert [found.of(store) for store in ("database", "logs", "secrets")] == [None, ARN, "create"]
    assert found.creates
    assert found.given == (ARN,)


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("mine", "the ARN of a key"),
        (ARN.replace("key/", "alias/"), "policies know keys and no aliases"),
        (ARN.replace("us-west-2", "eu-west-1"), "a key of us-west-2"),
        (ARN.replace("123456789012", "999999999999"), "a key of account 123456789012"),
    ],
)
def test_what_no_service_here_could_use_is_refused_at_its_line(key: str, hint: str) -> None:
    """No key, an alias, a key of another region or account."""
    fault = refused(more=f"encryption:\n  key: create\n  logs: {key}\n")
    assert hint in fault.hint
    assert (fault.line, fault.column) == (7, 9)


def test_an_environment_that_deletes_itself_has_no_key_of_its_own() -> None:
    """KMS would keep it for a month after the end; one of yours serves all branches."""
    fault = refused(more="ttl: 3d\nencryption: {key: aws, secrets: create}\n")
    assert "no key of its own" in fault.message
    assert (fault.line, fault.column) == (6, 33)
    assert minimal(more=f"ttl: 3d\nencryption: {{key: '{ARN}'}}\n").encryption.given == (ARN,)
