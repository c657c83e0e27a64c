"""Brings the network of several environments up, says who stands in it, and takes it down.

It has one stack without nested ones and no state, so CloudFormation itself keeps two runs apart: observe, plan, ask,
then one change set. A deploy that was killed anywhere is completed by running it again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from compiler.contract import ACCESS_LOG_BUCKET, NETWORK_TAG, VPC
from compiler.model.template_set import ROOT, TemplateSet
from deployer.account.networks import NetworkRefusal, overlaps
from deployer.account.quotas import QuotaRefusal, shortages
from deployer.account.service_linked_roles import ServiceLinkedRole, create_roles, missing_roles
from deployer.aws.session import Session
from deployer.aws.stacks import Stack
from deployer.losses.network_changes import refuse_network_changes
from deployer.progress import Progress
from deployer.stacks.change_sets import Proposal, Target, is_current
from deployer.stacks.preflight import PreflightRefusal, check_account
from deployer.stacks.rollout import Rollout, delete, failure, roll_out, settle
from deployer.stacks.template_diff import resources
from deployer.steps.stacks.zones import ZONE_PARAMETERS, subnet_zones, usable_zones
from spec.errors import Refusal
from spec.sections.networks.shared_network import SharedNetwork

MADE_ANEW = frozenset({"AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"})
"""Rules of security groups: another one takes the place of what is gone, and nobody stands in them."""


class NetworkInUse(Refusal):
    """Environments stand in what would be changed or deleted."""


@dataclass(frozen=True, kw_only=True)
class PlannedNetwork:
    """What a deploy of a network would make of it; `changes` has logical ids by what happens to them.

    `missing_roles` are the service-linked roles that its resources need and the account lacks.
    """

    network: SharedNetwork
    session: Session
    target: Target
    changes: Mapping[str, tuple[str, ...]]
    missing_roles: tuple[ServiceLinkedRole, ...] = ()

    @property
    def is_current(self) -> bool:
        """Whether there is nothing to do."""
        return not any(self.changes.values())

    def execute(self, progress: Progress) -> Rollout:
        """Bring the stack to its target. Raises `Refusal`."""
        create_roles(self.session, self.missing_roles)
        progress.phase("network", f"VPC, subnets and load balancer of {self.network.name}")
        return roll_out(self.session, self.target, progress, review=self._review)

    def _review(self, proposal: Proposal, _stack: Stack | None) -> None:
        """Refuse to replace what is deployed: environments stand in it. Raises `NetworkInUse`."""
        replaced = [
            one.path
            for one in proposal.changes
            if one.change.replacement == "True" and one.change.type not in MADE_ANEW
        ]
        if replaced:
            raise NetworkInUse(
                f"CloudFormation would make {', '.join(replaced)} of {self.network.name} anew; nothing was changed.",
                why="What environments stand in, or behind, would be gone under them.",
                next_step="Undo the change, or make a network under another name.",
            )


@dataclass(frozen=True, kw_only=True)
class NetworkStatus:
    """A network as it is: the status of its stack, empty where there is none, its VPC, and who stands in it.

    `access_logs` is the bucket of its load balancer's access logs, empty where it has none; it outlives the network.
    """

    name: str
    region: str
    stack: str
    vpc: str
    access_logs: str
    environments: tuple[str, ...]
    current: bool


def plan_network(
    network: SharedNetwork, templates: TemplateSet, session: Session, progress: Progress
) -> PlannedNetwork:
    """Return what a deploy would do; a stack that is at work is waited for first. Raises `Refusal`."""
    check_account(network, session)
    seen = session.cloudformation.stack(network.name)
    _refuse_strange(network, seen)
    stack = settle(session, network.name, seen, progress)
    if stack is None:
        _refuse_first(network, templates, session)
    target = _target(network, templates, session, stack)
    deployed = session.cloudformation.template(stack.id) if stack else ""
    refuse_network_changes(network.name, {"": deployed}, templates)
    same = stack is not None and is_current(session, stack, target)
    changes = {} if same else dict(_changes(deployed, target.body))
    _refuse_in_use(network, session, changes.get("deleted", ()))
    return PlannedNetwork(
        network=network,
        session=session,
        target=target,
        changes=changes,
        missing_roles=() if same else missing_roles(session, templates),
    )


def network_status(network: SharedNetwork, templates: TemplateSet, session: Session) -> NetworkStatus:
    """Return how a network is. Raises `Refusal` where a stack of its name is something else."""
    check_account(network, session)
    stack = session.cloudformation.stack(network.name)
    _refuse_strange(network, stack)
    current = stack is not None and session.cloudformation.template(stack.id).strip() == templates.files[ROOT].strip()
    return NetworkStatus(
        name=network.name,
        region=session.region,
        stack=stack.status if stack else "",
        vpc=stack.outputs.get(VPC, "") if stack else "",
        access_logs=stack.outputs.get(ACCESS_LOG_BUCKET, "") if stack else "",
        environments=_environments(network, session),
        current=current,
    )


def refuse_used(network: SharedNetwork, session: Session) -> None:
    """Refuse to take down a network in which environments stand. Raises `NetworkInUse`."""
    if found := _environments(network, session):
        raise NetworkInUse(
            f"{network.name} cannot be deleted: {' and '.join(found)} {'stand' if len(found) > 1 else 'stands'} in it.",
            why="CloudFormation deletes no stack whose exports another stack imports.",
            next_step="Take these environments down first: `windsock teardown`.",
        )


def tear_down_network(network: SharedNetwork, session: Session, progress: Progress) -> bool:
    """Delete a network, and return whether there was one. Raises `Refusal`."""
    check_account(network, session)
    stack = session.cloudformation.stack(network.name)
    _refuse_strange(network, stack)
    if stack is None or stack.status == "DELETE_COMPLETE":
        return False
    refuse_used(network, session)
    token = f"network-{int(session.clock.now() * 1000)}"
    outcome = delete(session, stack.id, progress, token=token, role=network.aws.cloudformation_role)
    if outcome.status != "DELETE_COMPLETE":
        refuse_used(network, session)  # somebody deployed into it just then
        raise failure(session, outcome)
    return True


def _refuse_strange(network: SharedNetwork, stack: Stack | None) -> None:
    """Refuse a stack of this name that is no network."""
    if stack is None or stack.status == "REVIEW_IN_PROGRESS" or stack.tags.get(NETWORK_TAG) == network.name:
        return
    raise PreflightRefusal(
        f"There is a stack {network.name}, but it is no network that Windsock made.",
        why=f"It lacks the tag {NETWORK_TAG}.",
        next_step="Choose another name in the YAML.",
    )


def _refuse_first(network: SharedNetwork, templates: TemplateSet, session: Session) -> None:
    """Refuse a network for which there is no room, or whose block another VPC has."""
    if faults := tuple(overlaps(network.network, session)):
        raise NetworkRefusal(network.name, network.network, faults)
    if short := shortages(session, templates):
        raise QuotaRefusal(network.name, short)


def _target(network: SharedNetwork, templates: TemplateSet, session: Session, stack: Stack | None) -> Target:
    known = tuple(stack.parameters[key] for key in ZONE_PARAMETERS if key in stack.parameters) if stack else ()
    region, wanted = network.aws.region, network.network.zones
    return Target(
        name=network.name,
        body=templates.files[ROOT],
        parameters=subnet_zones(region, wanted, usable_zones(session, region, wanted, known)),
        tags={**network.aws.tags, NETWORK_TAG: network.name},
        role=network.aws.cloudformation_role,
    )


def _changes(deployed: str, wanted: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what would be created, changed and deleted; tags alone change everything that is there."""
    before, after = resources(deployed or "{}"), resources(wanted)
    changed = tuple(name for name in after if name in before and before[name] != after[name])
    yield "created", tuple(name for name in after if name not in before)
    yield "changed", changed or (tuple(after) if before == after else ())
    yield "deleted", tuple(name for name in before if name not in after)


def _refuse_in_use(network: SharedNetwork, session: Session, deleted: tuple[str, ...]) -> None:
    """Refuse to delete a subnet in which an environment stands. Raises `NetworkInUse`."""
    for name in deleted:
        if users := session.cloudformation.importers(network.export_name(name)):
            raise NetworkInUse(
                f"{name} of {network.name} cannot be deleted: {' and '.join(users)} "
                f"{'stand' if len(users) > 1 else 'stands'} in it; nothing was changed.",
                next_step="Undo the change of network.mode or network.zones.",
            )


def _environments(network: SharedNetwork, session: Session) -> tuple[str, ...]:
    return session.cloudformation.importers(network.export_name(VPC))
