"""Looks whether a network fits an environment, before anything is created: one that is there, or a block for one.

Sources: subnets of a load balancer: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#subnets-load-balancer
one mount target in each zone, names of file systems: https://docs.aws.amazon.com/efs/latest/ug/accessing-fs.html and
https://docs.aws.amazon.com/efs/latest/ug/mounting-fs-mount-cmd-dns-name.html; what tasks reach:
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html and
https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
"""

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Network

from compiler.model.stack_graph import StackGraph
from compiler.model.template_set import TemplateSet
from deployer.account.shared_networks import shared_faults
from deployer.aws.ec2 import INTERNET_GATEWAY, SubnetFacts, VpcFacts
from deployer.aws.session import Session
from deployer.differences.grants import grants
from deployer.stacks.template_diff import resources
from spec.aws_facts.endpoints import own_endpoints_of
from spec.aws_facts.regions import FARGATE_ZONES
from spec.environment import Environment
from spec.errors import Refusal
from spec.sections.networks.kind import GivenNetwork, NetworkKind

FREE_FOR_LOAD_BALANCER = 8
ZONES_AT_LEAST = 2
_FOR_PEOPLE = frozenset({"ssmmessages"})
"""Without it tasks run, and `windsock shell` and `tunnel` do not work."""
_TASKS = "ecs-tasks.amazonaws.com"
"""Whom the roles of tasks trust."""
_TO_INTERNET = (INTERNET_GATEWAY, "nat-")
"""Where a route to the internet leads, on which private addresses do not answer."""
_PER_SERVICE = 2
"""Addresses while a new task takes over from an older one."""

Subnets = Mapping[str, SubnetFacts]


class NetworkRefusal(Refusal):
    """The network of the YAML does not fit the environment."""

    def __init__(self, name: str, network: NetworkKind, found: Sequence[str]) -> None:
        super().__init__(
            f"{name} cannot stand in {network.place}; nothing was created.",
            why="\n".join(found),
            next_step=network.remedy,
        )


def refuse_network(env: Environment, faults: Sequence[str]) -> None:
    """Refuse a network with faults. Raises `NetworkRefusal`."""
    if faults:
        raise NetworkRefusal(env.name, env.network, faults)


def network_faults(env: Environment, templates: TemplateSet, session: Session, *, first: bool) -> tuple[str, ...]:
    """Return why the network does not fit, in sentences; only a `first` deploy needs free addresses and blocks."""
    given = env.network.given
    if env.network.shared:
        return shared_faults(env, env.network.shared, templates, session, first=first)
    if given is None:
        return tuple(overlaps(env.network, session)) if first and not env.branch else ()
    vpc = session.ec2.vpc(given.vpc)
    if vpc is None:
        return (f"network.vpc: there is no {given.vpc} in {session.region} of account {session.account}.",)
    subnets = session.ec2.subnets((*given.task_subnets, *given.load_balancer_subnets, *given.database_subnets))
    strange = tuple(_strange(given, subnets))
    if strange:
        return strange
    found = (*_names(given, vpc), *_zones(env, given, subnets), *_routes(env, given, subnets, _missing(templates, vpc)))
    return (*found, *_free(env, given, subnets, _services(templates))) if first else found


def overlaps(network: NetworkKind, session: Session) -> Iterator[str]:
    """Yield each VPC that overlaps with the block of the YAML; the branches of an environment share their block."""
    cidr = network.named_cidr
    if not cidr:
        return
    for vpc, blocks in session.ec2.vpc_blocks().items():
        for block in blocks:
            if IPv4Network(block).overlaps(IPv4Network(cidr)):
                yield f"network.cidr: {cidr} overlaps with {block} of {vpc}, and the two could never be connected."


def _keys(given: GivenNetwork) -> Mapping[str, tuple[str, ...]]:
    """Return the lists of subnets by their keys, each list once."""
    more = {
        "network.load_balancer_subnets": given.load_balancer_subnets,
        "network.database_subnets": given.database_subnets,
    }
    others = {key: subnets for key, subnets in more.items() if subnets != given.task_subnets}
    return {"network.task_subnets": given.task_subnets, **others}


def _strange(given: GivenNetwork, subnets: Subnets) -> Iterator[str]:
    """Yield each subnet that is not there, or in another VPC; once, however many parts stand in it."""
    seen: set[str] = set()
    for key, identities in _keys(given).items():
        for identity in identities:
            subnet = subnets.get(identity)
            if identity not in seen and subnet is None:
                yield f"{key}: there is no {identity} in this region."
            elif identity not in seen and subnet is not None and subnet.vpc != given.vpc:
                yield f"{key}: {identity} is in {subnet.vpc}, not in {given.vpc}."
            seen.add(identity)


def _names(given: GivenNetwork, vpc: VpcFacts) -> Iterator[str]:
    for on, attribute in ((vpc.dns_support, "enableDnsSupport"), (vpc.dns_hostnames, "enableDnsHostnames")):
        if not on:
            yield f"network.vpc: {attribute} is off in {given.vpc}; tasks find file system and database by name."


def _zones(env: Environment, given: GivenNetwork, subnets: Subnets) -> Iterator[str]:
    for key, identities in _keys(given).items():
        zones = [subnets[identity].zone for identity in identities]
        if len(set(zones)) < ZONES_AT_LEAST:
            yield f"{key}: all are in {zones[0]}, and two zones are needed."
        elif len(set(zones)) < len(zones) and key != "network.database_subnets":
            yield f"{key}: two of them are in one zone ({', '.join(zones)}); name one in each."
    offered = FARGATE_ZONES.get(env.aws.region)
    for identity in given.task_subnets:
        if offered and subnets[identity].zone_id not in offered:
            yield f"network.task_subnets: {identity} is in {subnets[identity].zone}, where there is no Fargate."


def needed_endpoints(templates: TemplateSet) -> tuple[str, ...]:
    """Return the endpoints that tasks need where no route leads out of the VPC, by the rights of their roles."""
    rights = grants(StackGraph.of(templates))
    roles = {right.resource for right in rights if right.who == _TASKS}
    actions = (action for right in rights if right.who in roles for action in right.actions)
    return tuple(sorted({endpoint for action in actions for endpoint in own_endpoints_of(action)} - _FOR_PEOPLE))


def _missing(templates: TemplateSet, vpc: VpcFacts) -> tuple[str, ...]:
    return tuple(name for name in needed_endpoints(templates) if name not in vpc.endpoints)


def _routes(env: Environment, given: GivenNetwork, subnets: Subnets, missing: Sequence[str]) -> Iterator[str]:
    for identity in given.task_subnets:
        yield from _way_out(env, identity, subnets[identity], missing)
        yield from _to_database(env, identity, subnets[identity])
    for identity in given.load_balancer_subnets if env.web.internet_facing else ():
        if not subnets[identity].is_public:
            yield f"network.load_balancer_subnets: no route of {identity} leads to an internet gateway."


def _way_out(env: Environment, identity: str, subnet: SubnetFacts, missing: Sequence[str]) -> Iterator[str]:
    if subnet.is_public and not env.network.public_addresses:
        yield (
            f"network.task_subnets: the route of {identity} leads to an internet gateway, which tasks without public "
            "addresses cannot use; set network.public_addresses: true, or name private subnets."
        )
    elif env.network.public_addresses and not subnet.is_public:
        yield f"network.public_addresses: no route of {identity} leads to an internet gateway."
    elif not subnet.gateway and missing:
        yield f"network.task_subnets: no route of {identity} leads out, and no endpoint leads to {', '.join(missing)}."


def _to_database(env: Environment, identity: str, subnet: SubnetFacts) -> Iterator[str]:
    """Yield each block of a database outside to which no route leads, or for private addresses only one that ends."""
    for cidr in env.database.cidrs:
        wanted = IPv4Network(cidr)
        ways = {IPv4Network(block): to for block, to in subnet.routes.items() if wanted.subnet_of(IPv4Network(block))}
        nearest = max(ways, key=lambda block: block.prefixlen, default=None)
        if nearest is None or (wanted.is_private and ways[nearest].startswith(_TO_INTERNET)):
            yield f"database.cidrs: no route of {identity} leads to {cidr}."


def _free(env: Environment, given: GivenNetwork, subnets: Subnets, services: int) -> Iterator[str]:
    for identity in given.load_balancer_subnets if env.web.has_load_balancer else ():
        free = subnets[identity].free_addresses
        if free < FREE_FOR_LOAD_BALANCER:
            yield (
                f"network.load_balancer_subnets: {identity} has {free} free addresses, "
                f"and a load balancer needs {FREE_FOR_LOAD_BALANCER}."
            )
    free = sum(subnets[identity].free_addresses for identity in given.task_subnets)
    needed = _PER_SERVICE * services + len(given.task_subnets)
    if free < needed:
        yield f"network.task_subnets: {free} addresses are free, and {needed} are needed."


def _services(templates: TemplateSet) -> int:
    nested = (resources(templates.files[f"{name}.yaml"]) for name in templates.nested)
    return sum(resource.get("Type") == "AWS::ECS::Service" for stack in nested for resource in stack.values())
