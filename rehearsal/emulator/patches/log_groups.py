"""A log group is named after its stack, and takes only a customer's key that CloudWatch Logs may use for it.

MiniStack puts `/aws/cloudformation/` before the name, and notes any key. Sources: "Name type", AWS CloudFormation User
Guide, https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html; "Encrypt log data
in CloudWatch Logs using AWS KMS", https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
"""
# ruff: noqa: SLF001  what needs correcting is not public

from typing import Any

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.services import kms
from ministack.services.cloudformation import provisioners

from rehearsal.emulator.patches.handlers import Created, ResourceHandlers

KIND = "AWS::Logs::LogGroup"
KEY, NAME = "KmsKeyId", "LogGroupName"
LONGEST_NAME = 512
USES = ("kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:GenerateDataKey", "kms:DescribeKey")
CONTEXT = "kms:encryptioncontext:aws:logs:arn"


def apply(handlers: ResourceHandlers) -> None:
    """Name groups, and look at the key when a template makes one, and when it gives one another key."""
    create, update = handlers.original(KIND, "create"), handlers.original(KIND, "update")
    delete = handlers.original(KIND, "delete")

    def create_encrypted(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        name = provisioners._physical_name(stack, logical_id, max_len=LONGEST_NAME)
        created: Created = create(logical_id, {NAME: name, **properties}, stack)
        try:
            _try_key(created[0], properties)
        except ValueError:
            delete(created[0], properties)
            raise
        return created

    def update_encrypted(physical_id: str, old: Any, new: dict[str, Any], stack: str, logical_id: str) -> Created:
        if new.get(KEY) != old.get(KEY):
            _try_key(physical_id, new)
        kept = {} if NAME in old else {NAME: physical_id}
        updated: Created = update(physical_id, {**kept, **old}, {**kept, **new}, stack, logical_id)
        return updated

    handlers.put(KIND, create=create_encrypted, update=update_encrypted)


def _try_key(name: str, properties: dict[str, Any]) -> None:
    """Raise `ValueError` where CloudWatch Logs may not use the key, or KMS has no such key that works."""
    if KEY not in properties:
        return
    arn = f"arn:aws:logs:{get_region()}:{get_account_id()}:log-group:{name}"
    key = kms._resolve_key(str(properties[KEY]))
    if key is None or kms._check_key_state(key) is not None or not all(_may(key, action, arn) for action in USES):
        raise ValueError(
            f"The specified KMS key does not exist or is not allowed to be used with Arn '{arn}' "
            "(Service: CloudWatchLogs, Status Code: 400, Error Code: InvalidParameterException)"
        )


def _may(key: dict[str, Any], action: str, log_group: str) -> bool:
    service = f"logs.{get_region()}.amazonaws.com"
    # No role of this account: the service is who asks.
    context = iam_evaluator.EvalContext(
        service, "Service", "", action, key["Arn"], get_region(), service_context={CONTEXT: log_group}
    )
    return bool(iam_evaluator.evaluate_resource_policy(key["Policy"], context, service=service).decision == "Allow")
