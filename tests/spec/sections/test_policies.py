"""What DAGs may do in AWS is written as IAM has it, and fits a role."""

import pytest

from tests.spec.minimal import ECS, PYTHON, minimal, refused

READ = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
LAKE = 'statements: [{actions: ["s3:GetObject"], resources: ["arn:aws:s3:::lake/*"]}]'


def test_policies_and_statements_are_taken_with_either_executor() -> None:
    """Whoever runs tasks gets them."""
    for python in (PYTHON, ECS):
        airflow = minimal(PYTHON, f'{python}, policies: ["{READ}"], {LAKE}').airflow
        assert airflow.policies == (READ,)
        assert airflow.statements[0].actions == ("s3:GetObject",)


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("policies: [AmazonS3ReadOnlyAccess]", "policies[0]"),
        (f'policies: ["{READ}", "{READ}"]', "policies[1]"),
        ('statements: [{actions: ["*"], resources: ["*"]}]', "statements[0].actions[0]"),
        ("statements: [{actions: [GetObject], resources: ['*']}]", "statements[0].actions[0]"),
        ("statements: [{actions: ['s3:GetObject'], resources: [lake]}]", "statements[0].resources[0]"),
        (
            "statements: [{actions: ['s3:GetObject'], resources: ['arn:aws:s3:::${aws:username}/*']}]",
            "statements[0].resources[0]",
        ),
        ("statements: [{actions: ['s3:GetObject']}]", "statements[0].resources"),
    ],
)
def test_what_iam_would_refuse_is_refused_at_its_line(given: str, path: str) -> None:
    """With an example of what would be right."""
    fault = refused(PYTHON, f"{PYTHON}, {given}")
    assert fault.path == f"airflow.{path}"
    assert fault.hint


def test_statements_that_no_role_holds_are_refused() -> None:
    """A managed policy is the way out."""
    resources = ", ".join(f'"arn:aws:s3:::{"x" * 200}{number}"' for number in range(30))
    fault = refused(PYTHON, f"{PYTHON}, statements: [{{actions: ['s3:GetObject'], resources: [{resources}]}}]")
    assert "airflow.policies" in fault.hint


def test_workers_have_no_policy_twice_and_not_too_many() -> None:
    """Those of airflow.policies count with those of workers.policies."""
    workers = "workers: {{cpu: 256, memory: 512, policies: [{}]}}\n"
    twice = refused(PYTHON, f'{ECS}, policies: ["{READ}"]', more=workers.format(f'"{READ}"'))
    assert twice.path == "workers.policies[0]"
    own = ", ".join(f'"arn:aws:iam::123456789012:policy/p{number}"' for number in range(9))
    many = refused(PYTHON, f'{ECS}, policies: ["{READ}"]', more=workers.format(own))
    assert many.path == "workers.policies"
