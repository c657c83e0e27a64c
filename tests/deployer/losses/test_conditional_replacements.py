"""A `Conditional` replacement is named with its condition, and only where that may come true."""

import pytest

from compiler.model.template_set import TemplateSet
from deployer.aws.stacks import Change
from deployer.losses.conditional_replacements import conditional_losses
from deployer.stacks.change_sets import PlannedChange

ROOT = """
Resources:
  Keys: {Type: AWS::CloudFormation::Stack}
  Storage:
    Type: AWS::CloudFormation::Stack
    Properties:
      Parameters: {Key: !GetAtt Keys.Outputs.Key}
  Database:
    Type: AWS::CloudFormation::Stack
    Properties:
      Parameters: {FileSystem: !GetAtt Storage.Outputs.FileSystem, Key: !Ref Key}
"""
KEYS = """
Resources:
  Key: {Type: AWS::KMS::Key}
Outputs:
  Key: {Value: !GetAtt Key.Arn}
"""
STORAGE = """
Parameters: {Key: {Type: String}}
Resources:
  FileSystem: {Type: AWS::EFS::FileSystem, Properties: {KmsKeyId: !Ref Key}}
Outputs:
  FileSystem: {Value: !Sub "${FileSystem}"}
"""
DATABASE = """
Parameters: {FileSystem: {Type: String}, Key: {Type: String}}
Resources:
  AccessPoint: {Type: AWS::EFS::AccessPoint, Properties: {FileSystemId: !Ref FileSystem}}
  Instance:
    Type: AWS::RDS::DBInstance
    Properties:
      KmsKeyId: !Ref Key
      DBSubnetGroupName: !Ref SubnetGroup
      MasterUsername: !Join [":", [!GetAtt Secret.Id, user]]
      VPCSecurityGroups: [!Ref Group]
  SubnetGroup: {Type: AWS::RDS::DBSubnetGroup}
  Secret: {Type: AWS::SecretsManager::Secret}
  Group: {Type: AWS::EC2::SecurityGroup}
"""
TEMPLATES = TemplateSet(
    "demo",
    {"root.yaml": ROOT, "keys.yaml": KEYS, "storage.yaml": STORAGE, "database.yaml": DATABASE},
    ("keys", "storage", "database"),
)
INSTANCE, ACCESS_POINT = "AWS::RDS::DBInstance", "AWS::EFS::AccessPoint"
FILE_SYSTEM = "AWS::EFS::FileSystem"


def _change(path: str, type_: str = "", action: str = "Modify", replacement: str = "Conditional") -> PlannedChange:
    logical_id = path.rpartition("/")[2]
    return PlannedChange(path, Change(action=action, logical_id=logical_id, type=type_, replacement=replacement))


def _told(*changes: PlannedChange) -> list[str]:
    return [f"{loss.path} {loss.what}" for loss in conditional_losses(changes, TEMPLATES)]


@pytest.mark.parametrize(
    ("path", "type_", "origin", "property_"),
    [
        ("Database/AccessPoint", ACCESS_POINT, "Storage/FileSystem", "FileSystemId"),
        ("Database/Instance", INSTANCE, "Database/SubnetGroup", "DBSubnetGroupName"),
        ("Database/Instance", INSTANCE, "Database/Secret", "MasterUsername"),
    ],
)
def test_the_condition_is_the_resource_that_gives_the_value(path: str, type_: str, origin: str, property_: str) -> None:
    """It is followed through parameters, outputs and intrinsics."""
    assert _told(_change(path, type_), _change(origin, replacement="True")) == [
        f"{path} would be replaced if {origin} is, which {property_} hangs on"
    ]


@pytest.mark.parametrize(("action", "replacement"), [("Modify", "Conditional"), ("Add", ""), ("Remove", "")])
def test_an_origin_that_may_become_another_counts(action: str, replacement: str) -> None:
    """Its name would be another."""
    origin = _change("Storage/FileSystem", action=action, replacement=replacement)
    assert len(_told(_change("Database/AccessPoint", ACCESS_POINT), origin)) == 1


@pytest.mark.parametrize(("of_key", "lost"), [("False", []), ("True", ["Storage/FileSystem", "Database/AccessPoint"])])
def test_a_condition_is_followed_to_its_end(of_key: str, lost: list[str]) -> None:
    """A file system hangs on its key: where that stays, nothing that hangs on the file system is lost."""
    changes = (
        _change("Keys/Key", "AWS::KMS::Key", replacement=of_key),
        _change("Storage/FileSystem", FILE_SYSTEM),
        _change("Database/AccessPoint", ACCESS_POINT),
    )
    assert [told.partition(" ")[0] for told in _told(*changes)] == lost


@pytest.mark.parametrize("replacement", ["False", ""])
def test_an_origin_that_stays_replaces_nothing(replacement: str) -> None:
    """Without that, every change of a stack that gives a value would be asked about."""
    origin = _change("Storage/FileSystem", replacement=replacement)
    assert _told(_change("Database/AccessPoint", ACCESS_POINT), origin) == []
    assert _told(_change("Database/AccessPoint", ACCESS_POINT)) == []


def test_a_property_that_can_change_in_place_is_no_condition() -> None:
    """Another security group leaves the instance where it is."""
    assert _told(_change("Database/Instance", INSTANCE), _change("Database/Group", replacement="True")) == []


def test_what_holds_no_state_may_be_replaced() -> None:
    """A subnet group can be made again."""
    assert _told(_change("Database/SubnetGroup"), _change("Storage/FileSystem", replacement="True")) == []
