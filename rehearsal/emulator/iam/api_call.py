"""Reads from a signed request which action of which service it calls, and with which parameters."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, unquote
from xml.sax.saxutils import unescape

from rehearsal.emulator.api.signed_request import Signature, SignedRequest
from rehearsal.emulator.rules import record_keys
from rehearsal.emulator.service_models import service_model

FORM = "application/x-www-form-urlencoded"
MODELS: Mapping[str, str] = MappingProxyType({"elasticfilesystem": "efs", "monitoring": "cloudwatch"})
"""Names of service models in botocore that differ from the name in the signature."""
PREFIXES: Mapping[str, str] = MappingProxyType({"monitoring": "cloudwatch", "tagging": "tag"})
"""Prefixes of IAM actions that differ from the name in the signature. Source: Service Authorization Reference."""
UNKNOWN = "UnknownOperation"

_LABEL = re.compile(r"\{(\w+)(\+?)\}")
_CBOR_PATH = re.compile(r"/service/\w+/operation/(\w+)")


@dataclass(frozen=True, kw_only=True)
class ApiCall:
    """One call of the AWS API."""

    action: str
    """As policies name it, such as `ecs:RunTask`."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """By name in lower case; the lists and structures of a form are one parameter per leaf, `tags.member.1.key`."""
    region: str
    account: str

    @property
    def service(self) -> str:
        """The prefix of the action."""
        return self.action.partition(":")[0]

    @property
    def operation(self) -> str:
        """The action without its prefix."""
        return self.action.partition(":")[2]

    def values(self, *names: str) -> tuple[str, ...]:
        """Return the text of the first of these parameters that the call has; of a list each entry."""
        for name in names:
            found = self.parameters.get(name.lower())
            if isinstance(found, str) and found:
                return (found,)
            if isinstance(found, Sequence) and found:
                return tuple(one for one in found if isinstance(one, str))
            if listed := self._leaves(name.lower()):
                return listed
        return ()

    def _leaves(self, name: str) -> tuple[str, ...]:
        """Return a list of a form: `name.1`, `name.member.1`, or `name.anything.1`."""
        pattern = re.compile(rf"{re.escape(name)}(\.\w+)?\.\d+")
        return tuple(str(value) for key, value in self.parameters.items() if pattern.fullmatch(key))


CONDITIONS_OF_WRITES = ("if-match", "if-none-match")
"""Headers of S3 that are condition keys too.
Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html"""


S3_ACTIONS: Mapping[str, str] = MappingProxyType(
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
"""The IAM actions that operations of S3 require, where the names differ.

Source: "Required permissions for Amazon S3 API operations", Amazon S3 User Guide."""
_KEY = re.compile(rb"<Key>(.*?)</Key>", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Route:
    """The HTTP method, path and query of one operation of a REST service."""

    method: str
    path: re.Pattern[str]
    query: tuple[tuple[str, str], ...]
    operation: str


def read(request: SignedRequest, signature: Signature, account: str) -> ApiCall:
    """Return the call that a request makes."""
    service = signature.service
    query = dict(parse_qsl(request.query, keep_blank_values=True))
    operation, parameters = _operation(service, request, query)
    if service == "s3":
        named = {"Key": list(keys_of(request.body))} if operation == "DeleteObjects" else {}
        conditions = {name: request.headers[name] for name in CONDITIONS_OF_WRITES if name in request.headers}
        operation, parameters = s3_action_of(operation), {**parameters, **named, **conditions}
    if f"{service}:{operation}" == record_keys.ACTION:
        parameters = {**parameters, **record_keys.of_body(request.body)}
    return ApiCall(
        action=f"{PREFIXES.get(service, service)}:{operation}",
        parameters={name.lower(): value for name, value in parameters.items()},
        region=signature.region,
        account=account,
    )


def keys_of(body: bytes) -> tuple[str, ...]:
    """Return the keys of the objects that a DeleteObjects call names in its body."""
    return tuple(unescape(key.decode("utf-8", "replace")) for key in _KEY.findall(body))


def s3_action_of(operation: str) -> str:
    """Return the name of the IAM action for an operation of S3."""
    return S3_ACTIONS.get(operation, operation)


def _operation(service: str, request: SignedRequest, query: Mapping[str, str]) -> tuple[str, Mapping[str, Any]]:
    if target := request.headers.get("x-amz-target"):
        return target.rpartition(".")[2], _json(request.body)
    if request.headers.get("content-type", "").startswith(FORM):
        form = dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
        return form.get("Action", query.get("Action", UNKNOWN)), form
    if "Action" in query:
        return query["Action"], query
    if match := _CBOR_PATH.fullmatch(request.path):
        return match[1], {}
    return _rest_operation(service, request, query)


def _rest_operation(service: str, request: SignedRequest, query: Mapping[str, str]) -> tuple[str, Mapping[str, Any]]:
    """Return the operation of a REST service with the most query parameters that fit, and all its parameters."""
    for route in _routes(MODELS.get(service, service)):
        match = route.path.fullmatch(request.path) if route.method == request.method else None
        if match and all(name in query and value in ("", query[name]) for name, value in route.query):
            labels = {name: unquote(value) for name, value in match.groupdict().items()}
            return route.operation, {**query, **_json(request.body), **labels}
    return UNKNOWN, {}


@cache
def _routes(service: str) -> tuple[Route, ...]:
    """Return the routes of a service by botocore's model of it, the most specific first; none without a model."""
    model = service_model(service)
    if model is None:
        return ()
    operations = [model.operation_model(name) for name in model.operation_names]
    uris = [(one.http.get("requestUri", ""), one.http.get("method", ""), one.name) for one in operations]
    ordered = sorted(uris, key=lambda uri: (_query_of(uri[0]) != (), len(_query_of(uri[0])), len(uri[0])), reverse=True)
    return tuple(
        Route(method=method, path=_pattern(uri), query=_query_of(uri), operation=name) for uri, method, name in ordered
    )


def _query_of(uri: str) -> tuple[tuple[str, str], ...]:
    return tuple(parse_qsl(uri.partition("?")[2], keep_blank_values=True))


def _pattern(uri: str) -> re.Pattern[str]:
    """Return the expression for the path of an operation: a label ends at a slash, a greedy one does not."""
    path, pattern, last = uri.partition("?")[0].rstrip("/"), "", 0
    for label in _LABEL.finditer(path):
        pattern += re.escape(path[last : label.start()]) + f"(?P<{label[1]}>{'.+' if label[2] else '[^/]+'})"
        last = label.end()
    return re.compile(pattern + re.escape(path[last:]) + "/?")


def _json(body: bytes) -> Mapping[str, Any]:
    try:
        read_body = json.loads(body or b"{}")
    except ValueError:  # the objects of S3, and XML
        return {}
    return read_body if isinstance(read_body, dict) else {}
