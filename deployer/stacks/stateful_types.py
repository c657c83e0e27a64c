"""The resource types that hold what cannot be made again, and which of their properties replace them when changed.

Source: `createOnlyProperties` and `conditionalCreateOnlyProperties` of the CloudFormation registry schemas, as bundled
with cfn-lint 1.58, read 2026-11.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class CreateOnly:
    """Top-level properties of a type: a change of one of `always` makes a new, empty resource; of `sometimes`, may."""

    always: frozenset[str]
    sometimes: frozenset[str] = frozenset()


FILE_SYSTEM, ACCESS_POINT = "AWS::EFS::FileSystem", "AWS::EFS::AccessPoint"

COPIES = frozenset({"Secrets/OauthClient"})
"""Logical paths that hold a copy of what a user can store again, so that losing it loses nothing."""

STATEFUL: Mapping[str, CreateOnly] = MappingProxyType(
    {
        "AWS::RDS::DBInstance": CreateOnly(
            frozenset(
                {
                    "BackupTarget",
                    "CharacterSetName",
                    "CustomIAMInstanceProfile",
                    "DBClusterIdentifier",
                    "DBInstanceIdentifier",
                    "DBName",
                    "DBSubnetGroupName",
                    "DBSystemId",
                    "KmsKeyId",
                    "MasterUsername",
                    "NcharCharacterSetName",
                    "SourceRegion",
                    "StorageEncrypted",
                    "Timezone",
                }
            ),
            frozenset(
                {
                    "AvailabilityZone",
                    "DBClusterSnapshotIdentifier",
                    "DBSnapshotIdentifier",
                    "Engine",
                    "RestoreTime",
                    "SourceDBClusterIdentifier",
                    "SourceDBInstanceAutomatedBackupsArn",
                    "SourceDBInstanceIdentifier",
                    "SourceDbiResourceId",
                    "UseLatestRestorableTime",
                }
            ),
        ),
        FILE_SYSTEM: CreateOnly(frozenset({"AvailabilityZoneName", "Encrypted", "KmsKeyId", "PerformanceMode"})),
        ACCESS_POINT: CreateOnly(frozenset({"ClientToken", "FileSystemId", "PosixUser", "RootDirectory"})),
        "AWS::S3::Bucket": CreateOnly(frozenset({"BucketName", "BucketNamePrefix", "BucketNamespace"})),
        "AWS::SecretsManager::Secret": CreateOnly(
            # A changed GenerateSecretString keeps the secret but makes a new value: for a Fernet key, the same loss.
            frozenset({"GenerateSecretString", "Name"})
        ),
        "AWS::Backup::BackupVault": CreateOnly(frozenset({"BackupVaultName", "EncryptionKeyArn"})),
        "AWS::KMS::Key": CreateOnly(frozenset()),
        "AWS::Logs::LogGroup": CreateOnly(frozenset({"LogGroupName"})),
        "AWS::ECR::Repository": CreateOnly(frozenset({"EncryptionConfiguration", "RepositoryName"})),
    }
)
"""`MultiAZ`, `BackupRetentionPeriod`, `DBParameterGroupName` and the like are left out of `sometimes`: RDS changes them
in place for a plain instance."""

TEST_FILE = "/ELBAccessLogTestFile"
"""The object by which a load balancer tries whether it may write its logs. Source: "Enable access logs for your
Application Load Balancer", Elastic Load Balancing,
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html"""
