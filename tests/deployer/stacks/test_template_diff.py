"""Which change of a template loses state."""

import pytest

from deployer.stacks.template_diff import losses, replaced_roles, resources

DATABASE = """
Resources:
  Database:
    Type: AWS::RDS::DBInstance
    Properties:
      StorageEncrypted: true
      MultiAZ: false
      DBSubnetGroupName: !Ref SubnetGroup
  SubnetGroup:
    Type: AWS::RDS::DBSubnetGroup
"""


def _losses(old: str, new: str) -> list[str]:
    found = losses("Database", resources(old), resources(new))
    return [f"{loss.path} {loss.what}" for loss in found]


def test_no_change_is_no_loss() -> None:
    """The same template loses nothing, short intrinsics included."""
    assert _losses(DATABASE, DATABASE) == []


def test_a_create_only_property_replaces() -> None:
    """A changed StorageEncrypted means an empty new database."""
    assert _losses(DATABASE, DATABASE.replace("StorageEncrypted: true", "StorageEncrypted: false")) == [
        "Database/Database would be replaced, because of StorageEncrypted"
    ]


def test_a_changed_reference_counts() -> None:
    """What an intrinsic points at is part of the property."""
    assert _losses(DATABASE, DATABASE.replace("!Ref SubnetGroup", "!Ref Other")) == [
        "Database/Database would be replaced, because of DBSubnetGroupName"
    ]


def test_an_updatable_property_does_not_replace() -> None:
    """A standby can be added in place."""
    assert _losses(DATABASE, DATABASE.replace("MultiAZ: false", "MultiAZ: true")) == []


@pytest.mark.parametrize("new", [DATABASE.replace("  Database:", "  Renamed:"), "Resources: {}"])
def test_a_renamed_or_missing_resource_is_removed(new: str) -> None:
    """For CloudFormation another logical id is another resource."""
    assert _losses(DATABASE, new) == ["Database/Database would be removed"]


def test_stateless_resources_may_go() -> None:
    """A subnet group holds nothing."""
    assert _losses(DATABASE, DATABASE.replace("AWS::RDS::DBSubnetGroup", "AWS::RDS::OptionGroup")) == []


def test_a_new_secret_value_is_a_loss() -> None:
    """Another GenerateSecretString makes another Fernet key, and stored connections are lost."""
    generated = "{GenerateSecretString: {PasswordLength: 43}}"
    old = f"Resources: {{Seed: {{Type: AWS::SecretsManager::Secret, Properties: {generated}}}}}"
    assert _losses(old, old.replace("43", "44")) == ["Database/Seed would be replaced, because of GenerateSecretString"]


ROLE = "Resources: {{Task: {{Type: 'AWS::IAM::Role', Properties: {{{}}}}}}}\n"


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("Path: /a/", "Path: /b/", ("Task",)),
        ("", "RoleName: airflow-x", ("Task",)),
        ("Path: /a/", "", ("Task",)),
        ("Path: /a/", "Path: /a/, PermissionsBoundary: arn", ()),
    ],
)
def test_a_role_is_replaced_by_path_and_name_only(before: str, after: str, found: tuple[str, ...]) -> None:
    """CloudFormation changes a boundary in place."""
    assert tuple(replaced_roles(resources(ROLE.format(before)), resources(ROLE.format(after)))) == found


def test_a_role_that_was_not_there_is_not_replaced() -> None:
    """It is new, and nothing ends with it."""
    assert tuple(replaced_roles({}, resources(ROLE.format("Path: /b/")))) == ()
