"""What a repair would make again without what was in it is named."""

from deployer.health.drift import HandChange
from deployer.losses.emptied import emptied


def test_a_database_a_file_system_and_the_key_of_a_database_are_named() -> None:
    """Each by its path, with the option that lets it happen."""
    changed = [
        HandChange(path="Database/Instance", type="AWS::RDS::DBInstance", deleted=True),
        HandChange(path="Storage/FileSystem", type="AWS::EFS::FileSystem", deleted=True),
    ]
    found = list(emptied(["Secrets/FernetSeed", "Secrets/AdminPassword"], changed, ()))
    assert [(loss.path, loss.allowed_by) for loss in found] == [
        ("Secrets/FernetSeed", "--allow-replace"),
        ("Secrets/AdminPassword", "--allow-replace"),
        ("Database/Instance", "--allow-replace"),
        ("Storage/FileSystem", "--allow-replace"),
    ]


def test_what_comes_back_whole_is_not_named() -> None:
    """A bucket is filled anew, a secret that waits for its deletion is restored, and a change takes nothing away."""
    changed = [
        HandChange(path="Storage/CodeBucket", type="AWS::S3::Bucket", deleted=True),
        HandChange(path="Database/Instance", type="AWS::RDS::DBInstance"),
    ]
    assert list(emptied(["Secrets/FernetSeed", "Storage/Group"], changed, ("Secrets/FernetSeed",))) == []
