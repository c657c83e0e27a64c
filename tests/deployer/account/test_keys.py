"""A key that would fail in the middle of a deploy is refused before it, with what would be right."""

import json

import pytest

from deployer.account.keys import KeyRefusal, key_faults, logs_statement, refuse_keys
from tests.deployer.fakes.session import FakeKms, FakeSession
from tests.spec.minimal import minimal

ARN = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ENV = minimal(more=f"encryption: {{key: '{ARN}'}}\n")
GOOD = json.dumps({"Statement": [logs_statement(ENV)]})
SECRETS = minimal(more=f"encryption: {{secrets: '{ARN}'}}\n")


def _faults(kms: FakeKms) -> tuple[str, ...]:
    return key_faults(ENV, FakeSession(kms=kms).as_session)


def test_a_key_that_works_and_lets_logs_use_it_has_no_fault() -> None:
    """The policy that the sentence proposes is right."""
    assert _faults(FakeKms(states={ARN: "Enabled"}, policies={ARN: GOOD})) == ()


@pytest.mark.parametrize(
    ("kms", "fault"),
    [
        (FakeKms(), "there is no such key"),
        (FakeKms(states={ARN: "Disabled"}), "it is Disabled"),
        (FakeKms(states={ARN: "Enabled"}, denies=frozenset({"state"})), "kms:DescribeKey"),
        (FakeKms(states={ARN: "Enabled"}, policies={ARN: '{"Statement": []}'}), '"Service": "logs.us-west-2'),
    ],
)
def test_a_key_that_does_not_work_is_named_with_its_stores(kms: FakeKms, fault: str) -> None:
    """One that is absent, one without rights, one that the owner of log groups may not use."""
    (found,) = _faults(kms)
    assert fault in found
    assert found.startswith(f"{ARN}, for database, file_system, images, buckets, logs, secrets: ")
    with pytest.raises(KeyRefusal, match="nothing was changed"):
        refuse_keys("demo", (found,))


def test_a_policy_that_nobody_may_read_is_no_fault() -> None:
    """Nor one that says nothing of log groups, where another key encrypts them."""
    assert _faults(FakeKms(states={ARN: "Enabled"}, denies=frozenset({"policy"}))) == ()
    session = FakeSession(kms=FakeKms(states={ARN: "Enabled"}, policies={ARN: '{"Statement": []}'}))
    assert key_faults(SECRETS, session.as_session) == ()
