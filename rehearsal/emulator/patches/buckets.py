"""CloudFormation deletes no bucket that still holds something, as on AWS."""
# ruff: noqa: SLF001  what needs correcting is not public

from typing import Any

from ministack.services import s3

from rehearsal.emulator.patches.handlers import ResourceHandlers

KIND = "AWS::S3::Bucket"
NO_SUCH_BUCKET = 404


def apply(handlers: ResourceHandlers) -> None:
    """Delete through the service, which refuses a bucket that is not empty."""
    delete = handlers.original(KIND, "delete")

    def delete_empty(physical_id: str, properties: Any) -> None:
        status = s3._delete_bucket(physical_id)[0]
        if status > NO_SUCH_BUCKET:
            raise ValueError(
                f"The bucket you tried to delete is not empty (Service: S3, Status Code: {status}, "
                f"Bucket: {physical_id})"
            )
        delete(physical_id, properties)

    handlers.put(KIND, delete=delete_empty)
