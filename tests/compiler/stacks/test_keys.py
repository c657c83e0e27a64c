"""The key of an environment: it turns, it is hard to lose, and only this account and its log groups use it."""

from typing import Any

from compiler.compile import compile_environment
from compiler.model.yaml_reader import read_template
from spec.environment import Environment
from tests.spec.minimal import minimal

CREATE = "encryption: {key: create}\n"


def _key(env: Environment, *, leaving_snapshot: bool = False) -> dict[str, Any]:
    templates = compile_environment(env, leaving_snapshot=leaving_snapshot)
    (key,) = read_template(templates.files["keys.yaml"])["Resources"].values()
    return dict(key)


def test_an_environment_without_a_key_of_its_own_has_no_such_stack() -> None:
    """Nor with a key that is there already."""
    arn = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    for more in ("", f"encryption: {{key: '{arn}'}}\n"):
        assert "keys" not in compile_environment(minimal(more=more)).nested


def test_the_key_turns_and_waits_a_month_for_its_end() -> None:
    """Whoever deletes it by mistake has that long to take it back."""
    properties = _key(minimal(more=CREATE))["Properties"]
    assert (properties["EnableKeyRotation"], properties["PendingWindowInDays"]) == (True, 30)


def test_the_key_stays_with_what_it_encrypts() -> None:
    """With protection, and where a teardown leaves a snapshot; else it goes with the data."""
    assert _key(minimal(more=CREATE))["DeletionPolicy"] == "Delete"
    assert _key(minimal(more=f"{CREATE}protect: true\n"))["DeletionPolicy"] == "RetainExceptOnCreate"
    assert _key(minimal(more=CREATE), leaving_snapshot=True)["DeletionPolicy"] == "RetainExceptOnCreate"


def test_iam_decides_who_uses_the_key_and_cloudwatch_logs_may_for_its_groups() -> None:
    """A key without a statement for the account could never be changed again."""
    account, logs = _key(minimal(more=CREATE))["Properties"]["KeyPolicy"]["Statement"]
    assert account["Principal"] == {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}
    assert logs["Principal"] == {"Service": {"Fn::Sub": "logs.${AWS::Region}.${AWS::URLSuffix}"}}
    (context,) = logs["Condition"]["ArnLike"].values()
    assert context == {"Fn::Sub": "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:demo-*"}
