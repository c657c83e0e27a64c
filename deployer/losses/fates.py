"""Says what a teardown does to each resource of an environment: what is lost, what stays, why and for how much."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from compiler.model.stack_graph import StackGraph
from compiler.model.template_set import TemplateSet
from deployer.record.owned_resources import StackMember
from deployer.record.teardown_report import why_kept
from deployer.stacks.stateful_types import ACCESS_POINT, COPIES, STATEFUL
from pricing.price import price
from pricing.table import price_table
from pricing.template import StackTemplate

_DATABASE = "AWS::RDS::DBInstance"
_SNAPSHOT = "a final snapshot of it stays; database.restore_from.snapshot brings it back"


@dataclass(frozen=True, kw_only=True)
class Fate:
    """A resource that a teardown deletes or keeps: logical path, type and physical id.

    `kept` says why it stays, and is empty where it goes. What stays costs `monthly` USD at most. `state` says that it
    holds what nobody can make again.
    """

    path: str
    type: str
    name: str
    kept: str = ""
    monthly: float = 0.0
    state: bool = False


def fates(members: Sequence[StackMember], unprotected: TemplateSet | None = None) -> tuple[Fate, ...]:
    """Return what becomes of each resource; `unprotected` are the templates that are deployed before the deletion."""
    successors = StackGraph.of(unprotected).resources if unprotected else {}
    costs = dict(_costs(members))
    alive = (member for member in members if member.resource.status != "DELETE_COMPLETE")
    return tuple(_fate(member, successors.get(member.path, member.template), costs) for member in alive)


def _fate(member: StackMember, template: Mapping[str, object], costs: Mapping[str, float]) -> Fate:
    policy, resource = template.get("DeletionPolicy", "Delete"), member.resource
    kept, monthly = "", 0.0
    if policy == "Snapshot" and resource.type == _DATABASE:
        gb = float(member.template.get("Properties", {}).get("AllocatedStorage", 0))
        kept, monthly = _SNAPSHOT, gb * price_table().amount("rds.snapshot_gb_month")
    elif policy != "Delete":
        kept, monthly = why_kept(resource.logical_id), costs.get(member.path, 0.0)
    state = resource.type in STATEFUL and resource.type != ACCESS_POINT and member.path not in COPIES
    return Fate(
        path=member.path, type=resource.type, name=resource.physical_id, kept=kept, monthly=monthly, state=state
    )


def _costs(members: Sequence[StackMember]) -> Iterator[tuple[str, float]]:
    """Yield the lines of the bill, each by the logical path of its resource, with what it costs a month."""
    stacks: dict[str, dict[str, Mapping[str, object]]] = {}
    for member in members:
        if member.template:
            stacks.setdefault(member.path.rpartition("/")[0], {})[member.resource.logical_id] = member.template
    sums: dict[str, float] = {}
    for line in price(StackTemplate(name=name, resources=found) for name, found in stacks.items()).lines:
        sums[line.path] = sums.get(line.path, 0.0) + line.monthly
    yield from sums.items()
