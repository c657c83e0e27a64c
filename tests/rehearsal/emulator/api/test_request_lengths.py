"""The promises of rehearsal/emulator/api/request_lengths.py."""

from typing import Any

import pytest

from rehearsal.emulator.api.request_lengths import CODE, refusal


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "where", "most"),
    [
        ("iam", "CreateRole", {"rolename": "r" * 65}, "roleName", 64),
        ("secretsmanager", "CreateSecret", {"name": "n" * 513}, "name", 512),
        ("scheduler", "CreateSchedule", {"name": "s" * 65}, "name", 64),
        ("logs", "CreateLogGroup", {"loggroupname": "g" * 513}, "logGroupName", 512),
    ],
)
def test_a_text_that_is_too_long_is_refused(
    service: str, operation: str, parameters: dict[str, Any], where: str, most: int
) -> None:
    """In the words that all services share."""
    denial = refusal(service, operation, parameters)
    assert denial is not None
    assert denial.code == CODE
    assert denial.message.startswith("1 validation error detected: Value '")
    assert f"at '{where}' failed to satisfy constraint: Member must have length less than or equal to {most}" in (
        denial.message
    )


def test_a_list_that_is_too_long_is_refused() -> None:
    """Lists have a length too."""
    denial = refusal("elasticfilesystem", "CreateMountTarget", {"securitygroups": ["sg"] * 101})
    assert denial is None, "botocore knows the service by another name"
    denial = refusal("efs", "CreateMountTarget", {"securitygroups": ["sg"] * 101})
    assert denial is not None
    assert "'securityGroups'" in denial.message


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("iam", "CreateRole", {"rolename": "r" * 64}),
        ("s3", "PutObject", {"key": "k" * 2000}),
        ("iam", "NoSuchOperation", {"rolename": "r" * 65}),
        ("nothing", "CreateRole", {"rolename": "r" * 65}),
        ("iam", "CreateRole", {"maxsessionduration": 7}),
    ],
)
def test_what_fits_or_has_no_model_passes(service: str, operation: str, parameters: dict[str, Any]) -> None:
    """The objects of S3 are the user's, and numbers have no length."""
    assert refusal(service, operation, parameters) is None
