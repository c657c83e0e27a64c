"""What policies are about: an environment or a network, and what it uses that is not its own."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from compiler.contract import ENVIRONMENT_TAG, NETWORK_TAG, secret_prefix
from compiler.model.template_set import TemplateSet
from deployer.permissions.own_calls import Purpose, network_actions, own_actions
from deployer.permissions.scope import Scope
from deployer.stacks.stateful_types import TEST_FILE
from spec.aws_facts.regions import partition_of
from spec.environment import Environment
from spec.sections.aws import Aws
from spec.sections.networks.shared_network import SharedNetwork


@dataclass(frozen=True, kw_only=True)
class Subject:
    """An environment or a network as IAM sees it; `name` may end with a star, for those of all branches.

    `tag` is what tells its resources from others, and `own_actions` returns what Windsock itself calls for a purpose.
    All resources besides are ARNs or patterns of them.
    """

    name: str
    aws: Aws
    tag: str
    templates: TemplateSet
    own_actions: Callable[[Iterable[Purpose]], frozenset[str]]
    sites: tuple[str, ...] = ()
    """Patterns for the names of the DNS records in public hosted zones."""
    keys: tuple[str, ...] = ()
    """KMS keys that are there already."""
    makes_key: bool = False
    objects: str = "*"
    """A pattern for what is read, written and deleted in its buckets."""
    encrypts_data: bool = False
    """Whether whoever reads and writes in buckets and secrets needs their key."""
    snapshots: tuple[str, ...] = ()
    """Names of snapshots that others have taken."""
    kept_secrets: tuple[str, ...] = ()
    """Secrets that people set, whose values are not for everybody who deploys."""
    read_secrets: tuple[str, ...] = ()
    """Secrets of others whose values are read."""
    seen_secrets: tuple[str, ...] = ()
    """Secrets of others that are looked at alone."""
    policies: tuple[str, ...] = ()
    """Managed policies that its roles get."""
    lent: Mapping[str, tuple[Scope, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """What it uses of a network that others have made, by service."""


def of_environment(env: Environment, templates: TemplateSet) -> Subject:
    """Return what policies of an environment are about; `env` may be that of all branches."""
    return Subject(
        name=env.name,
        aws=env.aws,
        tag=ENVIRONMENT_TAG,
        templates=templates,
        own_actions=own_actions,
        sites=(env.web.domain, f"*.{env.web.domain}") if env.web.domain else (),
        keys=env.encryption.given,
        makes_key=env.encryption.creates,
        encrypts_data=bool(env.encryption.of("buckets") or env.encryption.of("secrets")),
        snapshots=tuple(env.database.restored_snapshots),
        kept_secrets=(_secret(env.aws, f"{secret_prefix(env)}*"),),
        read_secrets=(*env.database.restored_secrets.values(), *_fernet_key(env)),
        seen_secrets=_secrets_elsewhere(env),
        policies=(*env.airflow.policies, *(env.workers.policies if env.workers else ())),
        lent=MappingProxyType({"ec2": tuple(_vpc(env)), "elasticloadbalancing": tuple(_listener(env))}),
    )


def of_network(network: SharedNetwork, templates: TemplateSet) -> Subject:
    r"""Return what policies of a network are about. A star at the beginning of a name is `\052` in Route 53.

    Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-rrset-conditions.html
    """
    domain = network.load_balancer.domain if network.load_balancer else ""
    return Subject(
        name=network.name,
        aws=network.aws,
        tag=NETWORK_TAG,
        templates=templates,
        own_actions=network_actions,
        sites=(f"\\052.{domain}", f"_*.{domain}") if domain else (),
        objects=f"*{TEST_FILE}",
    )


def _fernet_key(env: Environment) -> Iterator[str]:
    """Yield the secret whose value a deploy takes over with a dump."""
    dump = env.database.dump
    if dump and dump.fernet_key:
        yield dump.fernet_key if ":" in dump.fernet_key else _secret(env.aws, f"{dump.fernet_key}-??????")


def _secrets_elsewhere(env: Environment) -> tuple[str, ...]:
    """Return the ARNs of secrets that the YAML names and that are not below the environment's own prefix."""
    names = (source.secret for source in env.secret_sources.values() if source.secret)
    arns = {name if ":" in name else _secret(env.aws, f"{name}-??????") for name in names}
    return tuple(sorted(arn for arn in arns if f":secret:{secret_prefix(env)}" not in arn))


def _secret(aws: Aws, name: str) -> str:
    return f"{_here(aws, 'secretsmanager', aws.account)}:secret:{name}"


def _vpc(env: Environment) -> Iterator[Scope]:
    """Yield the VPC and the subnets that are there already, maybe of another account."""
    if env.network.shared is not None:
        here = _here(env.aws, "ec2", env.aws.account)
        yield Scope("UseNetwork", (f"{here}:vpc/*", f"{here}:subnet/*"), _of_network(env.network.shared))
    if (given := env.network.given) is not None:
        here = _here(env.aws, "ec2", "*")
        subnets = (f"{here}:subnet/{one}" for one in given.task_subnets)
        yield Scope("UseNetwork", (f"{here}:vpc/{given.vpc}", *subnets))


def _listener(env: Environment) -> Iterator[Scope]:
    if env.network.shared is not None and env.web.is_shared:
        here = _here(env.aws, "elasticloadbalancing", env.aws.account)
        yield Scope("UseLoadBalancer", (f"{here}:listener/app/*",), _of_network(env.network.shared))


def _of_network(network: SharedNetwork) -> Mapping[str, Mapping[str, str]]:
    return {"StringEquals": {f"aws:ResourceTag/{NETWORK_TAG}": network.name}}


def _here(aws: Aws, service: str, account: str) -> str:
    return f"arn:{partition_of(aws.region)}:{service}:{aws.region}:{account}"
