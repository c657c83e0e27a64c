"""What a snapshot and its secrets are called is looked at before AWS is asked."""

import pytest

from tests.spec.minimal import refused

SEED = "arn:aws:secretsmanager:us-west-2:123456789012:secret:FernetSeed-AbCdEf"


@pytest.mark.parametrize("name", ["two--hyphens", "ends-", "1st", "with space"])
def test_what_is_no_name_of_a_snapshot_is_refused(name: str) -> None:
    """RDS names none so."""
    fault = refused(more=f"database: {{restore_from: {{snapshot: {name}, fernet_seed: {SEED}}}}}\n")
    assert "is not the name of a snapshot" in str(fault)
    assert "windsock teardown" in fault.hint


@pytest.mark.parametrize("arn", ["FernetSeed", "arn:aws:s3:::bucket"])
def test_a_secret_is_named_by_its_arn(arn: str) -> None:
    """A name alone does not say of which account."""
    fault = refused(more=f'database: {{restore_from: {{snapshot: one, fernet_seed: "{arn}"}}}}\n')
    assert "is not the ARN of a secret" in str(fault)


def test_a_snapshot_without_its_key_is_refused() -> None:
    """Connections and variables in it could be read by nobody."""
    assert "fernet_seed" in str(refused(more="database: {restore_from: {snapshot: one}}\n"))
