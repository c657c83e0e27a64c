"""The IAM actions that operations of S3 require, where the names differ.

Source: "Required permissions for Amazon S3 API operations", Amazon S3 User Guide.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from xml.sax.saxutils import unescape

ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "CompleteMultipartUpload": "PutObject",
        "CopyObject": "PutObject",
        "CreateMultipartUpload": "PutObject",
        "DeleteBucketEncryption": "PutEncryptionConfiguration",
        "DeleteBucketLifecycle": "PutLifecycleConfiguration",
        "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
        "DeleteBucketTagging": "PutBucketTagging",
        "DeleteObjects": "DeleteObject",
        "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
        "GetBucketEncryption": "GetEncryptionConfiguration",
        "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
        "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
        "HeadBucket": "ListBucket",
        "HeadObject": "GetObject",
        "ListBuckets": "ListAllMyBuckets",
        "ListMultipartUploads": "ListBucketMultipartUploads",
        "ListObjectVersions": "ListBucketVersions",
        "ListObjects": "ListBucket",
        "ListObjectsV2": "ListBucket",
        "ListParts": "ListMultipartUploadParts",
        "PutBucketEncryption": "PutEncryptionConfiguration",
        "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
        "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
        "UploadPart": "PutObject",
        "UploadPartCopy": "PutObject",
    }
)


_KEY = re.compile(rb"<Key>(.*?)</Key>", re.DOTALL)


def keys_of(body: bytes) -> tuple[str, ...]:
    """Return the keys of the objects that a DeleteObjects call names in its body."""
    return tuple(unescape(key.decode("utf-8", "replace")) for key in _KEY.findall(body))


def action_of(operation: str) -> str:
    """Return the name of the IAM action for an operation of S3."""
    return ACTIONS.get(operation, operation)
