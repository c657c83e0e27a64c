"""Knows the ARNs of resources before they exist: what CloudFormation names them after."""

from collections.abc import Iterable, Mapping
from typing import Any

from compiler.contract import BOOTSTRAP_STACK, schedule_name, template_prefix, title
from compiler.model.template_set import BOOTSTRAP, TemplateSet
from compiler.model.yaml_reader import read_template
from deployer.permissions.subject import Subject
from spec.aws_facts.regions import partition_of

CERTAIN = 20
"""Characters of a stack's name that a generated name begins with, even where it may only be short.

CloudFormation cuts the stack's name to fit, and documents no more than that it does:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html
"""

WRITTEN = "s3:written-object"
"""Stands for the objects that an environment may write: of the bucket of the toolkit, those below its own name."""

BACKUPS = "rds:restored-backups"
"""Stands for the automated backups that an instance may be made of: RDS chooses their ids."""

_NAMESPACE = "AWS::ServiceDiscovery::PrivateDnsNamespace"
_ROLE = "AWS::IAM::Role"
_SECRET = "AWS::SecretsManager::Secret"  # noqa: S105  a type


def named_arns(subject: Subject) -> Mapping[str, tuple[str, ...]]:
    """Return the ARNs of each type that a name tells apart, by service and type, such as `s3:bucket`.

    Types whose resources have ids instead of names are not among them: their tags tell them apart.
    """
    name, short = subject.name, f"{subject.name}-"[:CERTAIN] + "*"
    own = f"{name}-*"
    partition = partition_of(subject.aws.region)
    arns = {
        "cloudformation:changeset": ["changeSet/windsock-*/*"],
        "cloudformation:stack": [f"stack/{one}/*" for one in stack_names(subject)],
        "ecr:repository": [f"repository/{own}"],
        "ecs:cluster": [f"cluster/{own}"],
        "ecs:service": [f"service/{own}/*"],
        "ecs:service-deployment": [f"service-deployment/{own}/*"],
        "ecs:task": [f"task/{own}/*"],
        "ecs:task-definition": [f"task-definition/{name}*:*"],
        "logs:log-group": [f"log-group:{one}" for one in (own, f"/aws/*/{own}")],
        "rds:db": [f"db:{short}"],
        "rds:og": ["og:default:*"],
        "rds:pg": [f"pg:{own}"],
        "rds:snapshot": [f"snapshot:{one}" for one in (short, *subject.snapshots)],
        "rds:subgrp": [f"subgrp:{own}"],
        "scheduler:schedule": [f"schedule/default/{schedule_name(name, '*')}"],
        "secretsmanager:Secret": [f"secret:{one}" for one in _secrets(subject.templates)],
        "wafv2:webacl": [f"regional/webacl/{own}/*"],
        "ssm:parameter": [f"parameter/*{one}*" for one in _titles(subject.templates, "AWS::SSM::Parameter")],
    }
    regional = {
        key: tuple(f"arn:{partition}:{_service(key)}:{_here(subject)}:{end}" for end in ends)
        for key, ends in arns.items()
    }
    return {**regional, "iam:role": role_arns(subject), **_elsewhere(subject, short)}


def _elsewhere(subject: Subject, short: str) -> Mapping[str, tuple[str, ...]]:
    """Return the ARNs that have no region, no account, or those of another service."""
    here, partition, region = _here(subject), partition_of(subject.aws.region), subject.aws.region
    buckets = tuple(f"arn:{partition}:s3:::{name}" for name in _with_toolkit(subject, short))
    prefixes = (f"{toolkit}/{prefix}*" for toolkit in buckets[1:] for prefix in _template_prefixes(subject))
    return {
        "s3:bucket": buckets,
        "s3:object": tuple(f"{bucket}/{subject.objects}" for bucket in buckets),
        BACKUPS: (f"arn:{partition}:rds:{here}:auto-backup:*",),
        WRITTEN: (f"{buckets[0]}/*", *prefixes),
        "ssm:document": (f"arn:{partition}:ssm:{region}::document/AWS-StartPortForwardingSession*",),
        "ssm:session": (f"arn:{partition}:ssm:{here}:session/*",),
        "ssm:task": (f"arn:{partition}:ecs:{here}:task/{subject.name}-*/*",),
        # The name of a load balancer begins with five characters of its stack, as in EC2Co-EcsEl-1S2QHOK3AN0SV:
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/create-application-load-balancer.html
        "wafv2:loadbalancer": (f"arn:{partition}:elasticloadbalancing:{here}:loadbalancer/app/{short[:5]}*/*",),
        "wafv2:managedruleset": (f"arn:{partition}:wafv2:{region}:*:regional/managedruleset/*/*",),
        "route53:change": (f"arn:{partition}:route53:::change/*",),
        "route53:hostedzone": (f"arn:{partition}:route53:::hostedzone/*",),
    }


def _template_prefixes(subject: Subject) -> Iterable[str]:
    """Yield where in the bucket of the toolkit the environment's own objects lie, with a ttl and without."""
    return (template_prefix(subject.name, expiring=expiring) for expiring in (False, True))


def role_arns(subject: Subject) -> tuple[str, ...]:
    """Return the ARNs of the roles of an environment and of the bootstrap stack; a network has none."""
    if _ROLE not in resource_types(subject.templates):
        return ()
    owner = f"arn:{partition_of(subject.aws.region)}:iam::{subject.aws.account}"
    prefix = f"{owner}:role{subject.aws.role_path}{subject.aws.role_name_prefix or ''}"
    return tuple(f"{prefix}{name}" for name in _with_toolkit(subject, f"{subject.name}-"[:CERTAIN] + "*"))


def record_names(subject: Subject) -> tuple[str, ...]:
    """Return the names of its DNS records, those of sites and the private ones, as patterns with those below.

    A branch has its site below that of the YAML.
    """
    private = (f"{subject.name}.{zone.partition('.')[2]}" for zone in _private_zones(subject.templates))
    return (*subject.sites, *(pattern for name in private for pattern in (name, f"*.{name}")))


def stack_names(subject: Subject) -> tuple[str, ...]:
    """Return the names of root, nested and bootstrap stack; CloudFormation adds to a nested one's."""
    nested = (f"{subject.name}-{title(name)}-*" for name in subject.templates.nested)
    toolkit = (BOOTSTRAP_STACK,) if BOOTSTRAP in subject.templates.files else ()
    return (subject.name, *nested, *toolkit)


def _with_toolkit(subject: Subject, own: str) -> Iterable[str]:
    """Yield the pattern of own names, and that of the bootstrap stack where the templates have one."""
    yield own
    if BOOTSTRAP in subject.templates.files:
        yield f"{BOOTSTRAP_STACK}-*"


def _here(subject: Subject) -> str:
    return f"{subject.aws.region}:{subject.aws.account}"


def resource_types(templates: TemplateSet) -> frozenset[str]:
    """Return the types of all resources of the templates."""
    return frozenset(resource["Type"] for _, resource in _resources(templates))


def _titles(templates: TemplateSet, type_: str) -> tuple[str, ...]:
    return tuple(name for name, resource in _resources(templates) if resource["Type"] == type_)


def _private_zones(templates: TemplateSet) -> Iterable[str]:
    for _, resource in _resources(templates):
        if resource["Type"] == _NAMESPACE:
            yield resource["Properties"]["Name"]


def _secrets(templates: TemplateSet) -> Iterable[str]:
    """Yield what the names of secrets contain: their own name, or what CloudFormation makes of their logical id."""
    for name, resource in _resources(templates):
        if resource["Type"] == _SECRET:
            given = resource["Properties"].get("Name")
            yield f"{given}-*" if given else f"*{name}*"


def _resources(templates: TemplateSet) -> Iterable[tuple[str, Mapping[str, Any]]]:
    for text in templates.files.values():
        yield from read_template(text)["Resources"].items()


def _service(key: str) -> str:
    return key.partition(":")[0]
