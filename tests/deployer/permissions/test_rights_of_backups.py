"""The compiled stack of copies lives in an emulator, with no more rights than `windsock policy` prints."""

import json
from collections.abc import Iterator

import pytest

from compiler.compile import compile_environment
from compiler.contract import BACKUP_VAULT, ENVIRONMENT_TAG
from deployer.permissions.policy import cloudformation_policies
from deployer.permissions.subject import of_environment
from rehearsal.emulator.rules import fake_clock
from tests.rehearsal.emulator.iam.roles import add_role
from tests.rehearsal.yard import REGION, Yard, running_yard
from tests.spec.minimal import minimal

pytestmark = pytest.mark.rehearsal
DAY = 86_400
TAGS = [{"Key": ENVIRONMENT_TAG, "Value": "demo"}]
COPIED = "backup: {lock: true}\ncode: {delivery: efs}\n"


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    """Start an emulator with an instance and a file system."""
    with running_yard(tmp_path_factory.mktemp("yard") / "emulator") as yard:
        yield yard


def _with_rights(yard: Yard) -> tuple[str, str]:
    """Return the compiled stack, and the role of CloudFormation with the policies for it."""
    making = add_role(yard, "making", trust={"Service": "cloudformation.amazonaws.com"})
    env = minimal("region: us-west-2", f'region: {REGION}, cloudformation_role: "{making}"', more=COPIED)
    templates, iam = compile_environment(env), yard.client("iam")
    for number, document in enumerate(cloudformation_policies(of_environment(env, templates))):
        policy = iam.create_policy(PolicyName=f"making-{number}", PolicyDocument=json.dumps(document))["Policy"]
        iam.attach_role_policy(RoleName="making", PolicyArn=policy["Arn"])
    return templates.files["backup.yaml"], making


def test_copies_are_taken_and_outlive_their_stack(yard: Yard) -> None:
    """By the role of the template alone; the vault says how many it has, and a deletion of the stack skips it."""
    body, making = _with_rights(yard)
    given = {"DatabaseInstance": yard.outputs["Instance"], "FileSystem": yard.outputs["FileSystem"]}
    yard.run("sh", "-c", "echo kept > /opt/shelf/page")
    stack = yard.client("cloudformation").create_stack(
        StackName="demo-Backup",
        TemplateBody=body,
        RoleARN=making,
        Tags=TAGS,
        Capabilities=["CAPABILITY_NAMED_IAM"],
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()],
    )["StackId"]
    assert yard.settled(stack) == "CREATE_COMPLETE", yard.events(stack)
    backup, directory = yard.client("backup"), yard.emulator.directory
    fake_clock.set_to(directory, fake_clock.now(directory) + DAY)
    yard.until(lambda: len(backup.list_backup_jobs()["BackupJobs"]) == len(given))
    assert [job.get("StatusMessage", "") for job in backup.list_backup_jobs()["BackupJobs"]] == ["", ""]
    assert yard.delete(stack) == "DELETE_COMPLETE", yard.events(stack)
    assert (BACKUP_VAULT, "DELETE_SKIPPED") in {event[:2] for event in yard.events(stack)}
    (vault,) = backup.list_backup_vaults()["BackupVaultList"]
    assert vault["NumberOfRecoveryPoints"] == len(given)
    assert vault["BackupVaultName"] == f"demo-{stack.rpartition('/')[2].partition('-')[0]}"
    assert not backup.list_backup_plans()["BackupPlansList"]
