"""CloudFormation gives a bucket tags of its stack and key of its template, and deletes none that holds something.

Source: "Resource tag", AWS CloudFormation User Guide,
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html
"""
# ruff: noqa: SLF001  what needs correcting is not public

from typing import Any
from xml.sax.saxutils import escape

from ministack.services import s3
from ministack.services.cloudformation import provisioners

from rehearsal.emulator.patches.handlers import Created, ResourceHandlers
from rehearsal.emulator.patches.rebinding import rebind

KIND = "AWS::S3::Bucket"
NO_SUCH_BUCKET = 404


def apply(handlers: ResourceHandlers) -> None:
    """Delete through the service, which refuses a bucket that is not empty; keep tags and key where it keeps them."""
    rebind(provisioners, "_STACK_TAG_PROPERTY", lambda table: {**table, KIND: ("Tags", "list")}, takes=None)
    create, update = handlers.original(KIND, "create"), handlers.original(KIND, "update")
    delete = handlers.original(KIND, "delete")

    def create_tagged(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        return _encrypt(_tag(create(logical_id, properties, stack), properties), properties)

    def update_tagged(physical_id: str, old: Any, new: dict[str, Any], stack: str, _logical_id: str) -> Created:
        return _encrypt(_tag(update(physical_id, old, new, stack), new), new)

    def delete_empty(physical_id: str, properties: Any) -> None:
        status = s3._delete_bucket(physical_id)[0]
        if status > NO_SUCH_BUCKET:
            raise ValueError(
                f"The bucket you tried to delete is not empty (Service: S3, Status Code: {status}, "
                f"Bucket: {physical_id})"
            )
        delete(physical_id, properties)

    handlers.put(KIND, create=create_tagged, update=update_tagged, delete=delete_empty)


def _tag(created: Created, properties: dict[str, Any]) -> Created:
    s3._bucket_tags[created[0]] = {tag["Key"]: tag["Value"] for tag in properties.get("Tags") or ()}
    return created


def _encrypt(created: Created, properties: dict[str, Any]) -> Created:
    """Note the default encryption of a template, which MiniStack leaves out, as PutBucketEncryption does."""
    rules = (properties.get("BucketEncryption") or {}).get("ServerSideEncryptionConfiguration") or ()
    defaults = [rule.get("ServerSideEncryptionByDefault") or {} for rule in rules]
    told = "".join(
        f"<{name}>{escape(str(default[name]))}</{name}>"
        for default in defaults
        for name in ("SSEAlgorithm", "KMSMasterKeyID")
        if name in default
    )
    by_default = f"<ApplyServerSideEncryptionByDefault>{told}</ApplyServerSideEncryptionByDefault>"
    if told:
        configuration = (
            f"<ServerSideEncryptionConfiguration><Rule>{by_default}</Rule></ServerSideEncryptionConfiguration>"
        )
        s3._bucket_encryption[created[0]] = configuration
    return created
