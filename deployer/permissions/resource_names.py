"""Knows the ARNs of an environment's resources before they exist: what CloudFormation names them after."""

from collections.abc import Iterable, Mapping
from typing import Any

from compiler.contract import BOOTSTRAP_STACK, schedule_name, template_prefix, title
from compiler.model.template_set import TemplateSet
from compiler.model.yaml_reader import read_template
from spec.aws_facts.regions import partition_of
from spec.environment import Environment

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
_SECRET = "AWS::SecretsManager::Secret"  # noqa: S105  a type


def named_arns(env: Environment, templates: TemplateSet) -> Mapping[str, tuple[str, ...]]:
    """Return the ARNs of each type that a name tells apart, by service and type, such as `s3:bucket`.

    Types whose resources have ids instead of names are not among them: their tags tell them apart.
    """
    own, short = f"{env.name}-*", f"{env.name}-"[:CERTAIN] + "*"
    here, partition = f"{env.aws.region}:{env.aws.account}", partition_of(env.aws.region)
    arns = {
        "cloudformation:changeset": ["changeSet/windsock-*/*"],
        "cloudformation:stack": [f"stack/{name}/*" for name in stack_names(env, templates)],
        "ecr:repository": [f"repository/{own}"],
        "ecs:cluster": [f"cluster/{own}"],
        "ecs:service": [f"service/{own}/*"],
        "ecs:service-deployment": [f"service-deployment/{own}/*"],
        "ecs:task": [f"task/{own}/*"],
        "ecs:task-definition": [f"task-definition/{env.name}*:*"],
        "logs:log-group": [f"log-group:{name}" for name in (own, f"/aws/*/{own}")],
        "rds:db": [f"db:{short}"],
        "rds:og": ["og:default:*"],
        "rds:pg": [f"pg:{own}"],
        "rds:snapshot": [f"snapshot:{name}" for name in (short, *env.database.restored_snapshots)],
        "rds:subgrp": [f"subgrp:{own}"],
        "scheduler:schedule": [f"schedule/default/{schedule_name(env.name, '*')}"],
        "secretsmanager:Secret": [f"secret:{name}" for name in _secrets(templates)],
        "wafv2:webacl": [f"regional/webacl/{own}/*"],
        "ssm:parameter": [f"parameter/*{parameter}*" for parameter in _titles(templates, "AWS::SSM::Parameter")],
    }
    regional = {
        key: tuple(f"arn:{partition}:{_service(key)}:{here}:{end}" for end in ends) for key, ends in arns.items()
    }
    return {**regional, "iam:role": role_arns(env), **_elsewhere(env, short)}


def _elsewhere(env: Environment, short: str) -> Mapping[str, tuple[str, ...]]:
    """Return the ARNs that have no region, no account, or those of another service."""
    here, partition = f"{env.aws.region}:{env.aws.account}", partition_of(env.aws.region)
    buckets = tuple(f"arn:{partition}:s3:::{name}" for name in (short, f"{BOOTSTRAP_STACK}-*"))
    return {
        "s3:bucket": buckets,
        "s3:object": tuple(f"{bucket}/*" for bucket in buckets),
        BACKUPS: (f"arn:{partition}:rds:{here}:auto-backup:*",),
        WRITTEN: (f"{buckets[0]}/*", *(f"{buckets[1]}/{prefix}*" for prefix in _template_prefixes(env))),
        "ssm:document": (f"arn:{partition}:ssm:{env.aws.region}::document/AWS-StartPortForwardingSession*",),
        "ssm:session": (f"arn:{partition}:ssm:{here}:session/*",),
        "ssm:task": (f"arn:{partition}:ecs:{here}:task/{env.name}-*/*",),
        # The name of a load balancer begins with five characters of its stack, as in EC2Co-EcsEl-1S2QHOK3AN0SV:
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/create-application-load-balancer.html
        "wafv2:loadbalancer": (f"arn:{partition}:elasticloadbalancing:{here}:loadbalancer/app/{short[:5]}*/*",),
        "wafv2:managedruleset": (f"arn:{partition}:wafv2:{env.aws.region}:*:regional/managedruleset/*/*",),
        "route53:change": (f"arn:{partition}:route53:::change/*",),
        "route53:hostedzone": (f"arn:{partition}:route53:::hostedzone/*",),
    }


def _template_prefixes(env: Environment) -> Iterable[str]:
    """Yield where in the bucket of the toolkit the environment's own objects lie, with a ttl and without."""
    return (template_prefix(env.name, expiring=expiring) for expiring in (False, True))


def role_arns(env: Environment) -> tuple[str, ...]:
    """Return the ARNs of the roles of an environment and of the bootstrap stack."""
    owner = f"arn:{partition_of(env.aws.region)}:iam::{env.aws.account}"
    prefix = f"{owner}:role{env.aws.role_path}{env.aws.role_name_prefix or ''}"
    return f"{prefix}{f'{env.name}-'[:CERTAIN]}*", f"{prefix}{BOOTSTRAP_STACK}-*"


def record_names(env: Environment, templates: TemplateSet) -> tuple[str, ...]:
    """Return the names of an environment's DNS records, its site's and its private ones, as patterns with those below.

    A branch has its site below that of the YAML.
    """
    private = [f"{env.name}.{zone.partition('.')[2]}" for zone in _private_zones(templates)]
    every = [name for name in (env.web.domain, *private) if name]
    return tuple(pattern for name in every for pattern in (name, f"*.{name}"))


def stack_names(env: Environment, templates: TemplateSet) -> tuple[str, ...]:
    """Return the names of root, nested and bootstrap stack; CloudFormation adds to a nested one's."""
    nested = (f"{env.name}-{title(name)}-*" for name in templates.nested)
    return (env.name, *nested, BOOTSTRAP_STACK)


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
