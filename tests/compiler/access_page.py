"""The page that says of an environment who reaches whom, who may do what, and what is encrypted with which key."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from compiler.contract import BOOTSTRAP_STACK
from compiler.model.stack_graph import StackGraph
from compiler.model.template_set import TemplateSet
from deployer.differences.grants import grants, less
from deployer.differences.ports import ports
from deployer.differences.values import shown

PAGE = """# Who can do what in {name}

Made from the compiled templates of `{file}`; a test compares this page with them.
[security.md](../security.md) says what protects these ways, and [threats.md](threats.md) which attacks were tried.

## Who reaches whom

Nothing else passes.

{reach}
## What runs, and with which rights

{containers}
## Who may do what

Each row is allowed, and nothing else is. ARNs of this account and region are shown without their beginning.

{rights}
## What is refused to everybody

{refusals}
## What is encrypted with which key

{encryption}
## What is encrypted on its way

{transit}"""
_TASK, _ROLE = "AWS::ECS::TaskDefinition", "AWS::IAM::Role"
_ENDS = (" (in)", " (out)")
_HERE = re.compile(r"arn:\$\{AWS::Partition\}:[a-z0-9-]+:\$\{AWS::Region\}:\$\{AWS::AccountId\}:")
OWN_KEY = "KmsKeyId"

Properties = Mapping[str, Any]


def _of_service(service: str) -> Callable[[Properties], str]:
    return lambda properties: shown(properties[OWN_KEY]) if OWN_KEY in properties else f"AWS's key for {service}"


def _of_flag(service: str, flag: str) -> Callable[[Properties], str]:
    def key(properties: Properties) -> str:
        # An instance that begins with a snapshot has the encryption of the snapshot.
        return _of_service(service)(properties) if properties.get(flag) else f"as the snapshot is: {flag} is not set"

    return key


def _of_bucket(properties: Properties) -> str:
    (rule,) = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    default = rule["ServerSideEncryptionByDefault"]
    return "AWS's key for S3" if default["SSEAlgorithm"] == "AES256" else shown(default["KMSMasterKeyID"])


def _of_repository(properties: Properties) -> str:
    own = properties.get("EncryptionConfiguration")
    return shown(own["KmsKey"]) if own else "AWS's key for S3"


def _of_vault(properties: Properties) -> str:
    return shown(properties["EncryptionKeyArn"]) if "EncryptionKeyArn" in properties else "AWS's key for AWS Backup"


def _of_parameter(_properties: Properties) -> str:
    return "not encrypted: it says what a deploy has delivered, and no secret"


KEYS: Mapping[str, Callable[[Properties], str]] = {
    "AWS::Backup::BackupVault": _of_vault,
    "AWS::ECR::Repository": _of_repository,
    "AWS::EFS::FileSystem": _of_flag("EFS", "Encrypted"),
    "AWS::Logs::LogGroup": _of_service("CloudWatch Logs"),
    "AWS::RDS::DBInstance": _of_flag("RDS", "StorageEncrypted"),
    "AWS::S3::Bucket": _of_bucket,
    "AWS::SSM::Parameter": _of_parameter,
    "AWS::SecretsManager::Secret": _of_service("Secrets Manager"),
}
"""The key of each type that stores something, by its properties. Sources: "Encryption at rest" in the user guide of
each service."""


def render(templates: TemplateSet, file: str) -> str:
    """Return the page."""
    graph = StackGraph.of(templates)
    return PAGE.format(
        name=templates.name,
        file=file,
        reach=_table(("from", "to", "what passes"), _reach(graph)),
        containers=_table(("container", "role", "started by", "secrets in its variables", "writes to"), _tasks(graph)),
        rights=_table(("role", "actions", "on", "when"), _rights(graph)),
        refusals=_table(("on", "actions", "when"), _refusals(graph)),
        encryption=_table(("what", "key"), _encryption(graph)),
        transit=_table(("what", "how"), _transit(graph)),
    )


def _table(heading: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    lines = (heading, ["---"] * len(heading), *dict.fromkeys(tuple(row) for row in rows))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _reach(graph: StackGraph) -> Iterator[Sequence[str]]:
    for port in ports(graph):
        passes = port.ports
        for end in _ENDS:
            passes = passes.removesuffix(end)
        yield port.source, port.target, passes


def _tasks(graph: StackGraph) -> Iterator[Sequence[str]]:
    for path, resource in graph.resources.items():
        if resource["Type"] == _TASK:
            properties = resource["Properties"]
            roles = {one.property: _name(one.target) for one in graph.references(path) if one.property in _ROLES}
            for container in properties["ContainerDefinitions"]:
                yield (
                    _name(path).removesuffix("TaskDefinition"),
                    roles.get("TaskRoleArn", "none"),
                    roles.get("ExecutionRoleArn", "none"),
                    ", ".join(f"`{secret['Name']}`" for secret in container.get("Secrets", ())) or "none",
                    ", ".join(_written(container)) or "nothing",
                )


_ROLES = frozenset({"TaskRoleArn", "ExecutionRoleArn"})
_TLS_ALONE = frozenset({"ssl=on", "--require-secure-transport=ON"})
"""Arguments of a server that refuses who comes in clear; PostgreSQL's goes with the file of those whom it lets in."""


def _written(container: Properties) -> Iterator[str]:
    for mount in container.get("MountPoints", ()):
        if not mount.get("ReadOnly"):
            yield f"`{mount['ContainerPath']}`"


def _rights(graph: StackGraph) -> Iterator[Sequence[str]]:
    """Yield the rights of the roles of the environment; that of the toolkit is for all environments."""
    for right in less(grants(graph), ()):
        known = graph.resources.get(right.who, {}).get("Type") == _ROLE
        if known and right.effect == "Allow" and not right.who.startswith(BOOTSTRAP_STACK):
            yield _name(right.who), ", ".join(right.actions), f"`{_short(right.resource)}`", _condition(right.condition)


def _refusals(graph: StackGraph) -> Iterator[Sequence[str]]:
    for right in less(grants(graph), ()):
        if right.effect == "Deny":
            on = _name(right.resource).removesuffix("Policy")
            yield on, ", ".join(right.actions), _condition(right.condition)


def _encryption(graph: StackGraph) -> Iterator[Sequence[str]]:
    for path, resource in graph.resources.items():
        if resource["Type"] in KEYS:
            yield _name(path), KEYS[resource["Type"]](resource.get("Properties", {}))


def _transit(graph: StackGraph) -> Iterator[Sequence[str]]:
    for path, resource in graph.resources.items():
        if resource["Type"] in WAYS:
            yield from ((_name(path), how) for how in WAYS[resource["Type"]](resource.get("Properties", {})))


def _of_listener(properties: Properties) -> Iterator[str]:
    policy = properties.get("SslPolicy")
    yield f"TLS, {policy}" if policy else f"{properties['Protocol']} on port {properties['Port']}: not encrypted"


def _of_parameters(properties: Properties) -> Iterator[str]:
    forced = properties.get("Parameters", {}).get("rds.force_ssl") == "1"
    yield "TLS: the database refuses connections without" if forced else "not encrypted"


def _of_task(properties: Properties) -> Iterator[str]:
    mounts: dict[str, list[str]] = {}
    for volume in properties.get("Volumes", ()):
        if "EFSVolumeConfiguration" in volume:
            encrypted = volume["EFSVolumeConfiguration"].get("TransitEncryption") == "ENABLED"
            mounts.setdefault("over TLS" if encrypted else "without TLS", []).append(volume["Name"])
    yield from (f"mounts {', '.join(names)} {how}" for how, names in mounts.items())
    for container in properties["ContainerDefinitions"]:
        for mapped in container.get("PortMappings", ()):
            how = "with TLS alone" if _TLS_ALONE.intersection(container.get("Command", ())) else "without TLS"
            yield f"listens on port {mapped['ContainerPort']} {how}, for those who reach it in the VPC"


WAYS: Mapping[str, Callable[[Properties], Iterator[str]]] = {
    "AWS::ECS::TaskDefinition": _of_task,
    "AWS::ElasticLoadBalancingV2::Listener": _of_listener,
    "AWS::RDS::DBParameterGroup": _of_parameters,
}
"""How connections of each type are encrypted, by its properties."""


def _short(text: str) -> str:
    return _HERE.sub("", text)


def _condition(text: str) -> str:
    """Return the tests of a condition, such as `aws:SecureTransport` (Bool) `false`."""
    tests = json.loads(text) if text else {}
    said = (
        f"`{key}` ({operator}) " + ", ".join(f"`{_short(shown(value))}`" for value in _list(values))
        for operator, keys in tests.items()
        for key, values in keys.items()
    )
    return ", and ".join(said) or "always"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _name(path: str) -> str:
    return path.rpartition("/")[2]
