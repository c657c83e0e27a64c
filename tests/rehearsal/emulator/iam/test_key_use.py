"""Who reads or writes what a customer's key encrypts needs the right to use the key, in an emulator."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.emulator.iam.roles import add_role, allow, client, document
from tests.rehearsal.yard import ACCOUNT, REGION, Yard

pytestmark = pytest.mark.rehearsal
ACCOUNT_DECIDES = {
    "Effect": "Allow",
    "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
    "Action": "kms:*",
    "Resource": "*",
}
VIA = "kms:ViaService"


def _key(yard: Yard, *statements: object) -> str:
    policy = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return str(yard.client("kms").create_key(Policy=policy)["KeyMetadata"]["Arn"])


def test_a_role_without_decrypt_reads_no_secret_of_a_customers_key(yard: Yard) -> None:
    """Whatever it may do with secrets; with the right, by Secrets Manager alone, it does."""
    key = _key(yard, ACCOUNT_DECIDES)
    yard.client("secretsmanager").create_secret(Name="keyed", SecretString="x", KmsKeyId=key)
    secrets = allow("secretsmanager:*")
    without = client(yard, "secretsmanager", add_role(yard, "undecrypting", secrets))
    with pytest.raises(ClientError, match=rf"kms:Decrypt on resource: {key}"):
        without.get_secret_value(SecretId="keyed")
    via = {VIA: f"secretsmanager.{REGION}.amazonaws.com"}
    may = add_role(yard, "decrypting", secrets, allow("kms:Decrypt", on=key, StringEquals=via))
    assert client(yard, "secretsmanager", may).get_secret_value(SecretId="keyed")["SecretString"] == "x"
    elsewhere = add_role(
        yard, "by-s3", secrets, allow("kms:Decrypt", on=key, StringEquals={VIA: f"s3.{REGION}.amazonaws.com"})
    )
    with pytest.raises(ClientError, match="kms:Decrypt"):
        client(yard, "secretsmanager", elsewhere).get_secret_value(SecretId="keyed")


def test_a_key_whose_policy_names_nobody_is_of_no_use(yard: Yard) -> None:
    """IAM alone gives no right to a key."""
    key = _key(yard)
    yard.client("secretsmanager").create_secret(Name="closed", SecretString="x", KmsKeyId=key)
    role = add_role(yard, "all-of-kms", allow("secretsmanager:*", "kms:*"))
    with pytest.raises(ClientError, match="kms:Decrypt"):
        client(yard, "secretsmanager", role).get_secret_value(SecretId="closed")


def test_objects_need_the_key_of_their_bucket(yard: Yard) -> None:
    """To write another right than to read."""
    key, owner = _key(yard, ACCOUNT_DECIDES), yard.client("s3")
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    bucket = {"BucketEncryption": {"ServerSideEncryptionConfiguration": [_cased(rule)]}}
    stack = yard.create(
        "keyed-bucket",
        {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": bucket}},
        outputs={"Bucket": {"Ref": "Bucket"}},
    )
    name = yard.output(stack, "Bucket")
    owner.put_object(Bucket=name, Key="a", Body=b"a")
    reader = client(yard, "s3", add_role(yard, "reads-keyed", allow("s3:*"), allow("kms:Decrypt", on=key)))
    assert reader.get_object(Bucket=name, Key="a")["Body"].read() == b"a"
    with pytest.raises(ClientError, match="kms:GenerateDataKey"):
        reader.put_object(Bucket=name, Key="b", Body=b"b")
    writer = client(yard, "s3", add_role(yard, "writes-keyed", allow("s3:*"), allow("kms:GenerateDataKey", on=key)))
    writer.put_object(Bucket=name, Key="b", Body=b"b")
    with pytest.raises(ClientError, match="kms:Decrypt"):
        writer.get_object(Bucket=name, Key="b")
    for each in "ab":
        owner.delete_object(Bucket=name, Key=each)
    assert yard.delete(stack) == "DELETE_COMPLETE"


def _cased(rule: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Return the rule as CloudFormation spells it."""
    return {"ServerSideEncryptionByDefault": rule["ApplyServerSideEncryptionByDefault"]}


def test_a_stack_needs_the_key_that_its_template_names(yard: Yard) -> None:
    """CloudFormation asks with the rights of whoever deploys: the grants for a file system, for example."""
    key = _key(yard, ACCOUNT_DECIDES)
    files = {
        "Type": "AWS::EFS::FileSystem",
        "Properties": {"Encrypted": True, "KmsKeyId": key},
    }
    body = json.dumps({"Resources": {"Files": files}})
    role = add_role(yard, "grants-nothing", allow("cloudformation:*", "elasticfilesystem:*"))
    made = client(yard, "cloudformation", role).create_stack(StackName="keyed-files", TemplateBody=body)["StackId"]
    assert yard.settled(made) == "ROLLBACK_COMPLETE"
    assert any("kms:CreateGrant" in reason for _, _, reason in yard.events(made))
    yard.client("iam").put_role_policy(
        RoleName="grants-nothing",
        PolicyName="Keys",
        PolicyDocument=document(
            allow("kms:CreateGrant", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", on=key)
        ),
    )
    again = client(yard, "cloudformation", role).create_stack(StackName="keyed-files-2", TemplateBody=body)["StackId"]
    assert yard.settled(again) == "CREATE_COMPLETE"
