"""What a nested change set sees: values of its siblings are unknown, and an intrinsic that looks into one fails.

Sources: https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/759 (`Fn::Select` with index 1
fails the change set, a value of a sibling counts as changed); "Dynamic": ResourceChangeDetail, AWS CloudFormation
API Reference, https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChangeDetail.html
"""
# ruff: noqa: SLF001  what needs correcting is not public

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ministack.services.cloudformation import _stacks, changesets, engine, provisioners, stacks

KIND = "AWS::CloudFormation::Stack"
UNKNOWN = "{{changeSet:KNOWN_AFTER_APPLY}}"
"""What stands for a value that only the execution tells."""
LOOKING_INTO = frozenset({"Fn::Cidr", "Fn::FindInMap", "Fn::Select"})
"""The intrinsics that need the value itself."""

Template = dict[str, Any]
Stack = dict[str, Any]
"""MiniStack's record of a stack."""
Change = dict[str, Any]


class _Unknown(dict[str, str]):
    """The attributes of a resource that the execution has yet to create or update."""

    def __contains__(self, _name: object) -> bool:
        return True

    def __getitem__(self, _name: str) -> str:
        return UNKNOWN


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A template with the parameters that a change set gives it, for the stack that is to have them."""

    template: Template
    parameters: dict[str, Any]
    stack: Stack

    @property
    def conditions(self) -> dict[str, bool]:
        """The template's conditions with these parameters."""
        found: dict[str, bool] = engine._evaluate_conditions(self.template, self.parameters)
        return found

    @property
    def unknown(self) -> frozenset[str]:
        """The parameters whose values hang on a sibling."""
        return frozenset(name for name, value in self.parameters.items() if UNKNOWN in value["Value"])

    def resolve(self, value: Any, resources: Mapping[str, Any]) -> Any:
        """Resolve the intrinsics of a value. Raises ValueError as CloudFormation refuses it."""
        mappings = self.template.get("Mappings", {})
        where = (self.stack["StackName"], self.stack["StackId"])
        return engine._resolve_refs(copy.deepcopy(value), resources, self.parameters, self.conditions, mappings, *where)

    def nested(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield logical id and properties of each nested stack; what siblings output is unknown."""
        definitions, conditions = self.template.get("Resources", {}), self.conditions
        deployed = self.stack.get("_resources", {})
        unknown = {"PhysicalResourceId": UNKNOWN, "Attributes": _Unknown()}
        known = {name: deployed[name] for name in definitions.keys() & deployed.keys()}
        resources = {
            name: unknown if one["Type"] == KIND else known.get(name, unknown) for name, one in definitions.items()
        }
        for logical_id, definition in definitions.items():
            if definition["Type"] == KIND and conditions.get(definition.get("Condition"), True):
                yield logical_id, self.resolve(definition.get("Properties", {}), resources)

    def refuse_looks(self) -> None:
        """Refuse an intrinsic that looks into an unknown parameter and finds nothing. Raises ValueError."""
        resources = self.template.get("Resources", {})
        for part in (resources, self.template.get("Outputs", {})):
            for node in _looks(part):
                if not any(name in resources for name, _ in engine._intrinsic_references(node)):
                    self.resolve(node, {})


def read(properties: dict[str, Any], stack: Stack) -> Plan:
    """Return what a nested stack is to become, by the resolved properties of its resource. Raises ValueError."""
    body, error = changesets._resolve_template({"TemplateURL": [properties.get("TemplateURL", "")]})
    if error is not None or not body:
        raise ValueError(f"S3 error: the template {properties.get('TemplateURL')} cannot be read")
    template = engine._parse_template(body)
    given = {name: str(value) for name, value in (properties.get("Parameters") or {}).items()}
    if undeclared := given.keys() - template.get("Parameters", {}).keys():
        raise ValueError(f"Parameters: [{', '.join(sorted(undeclared))}] do not exist in the template")
    entries = [{"Key": name, "Value": value} for name, value in given.items()]
    unknown = {name for name, value in given.items() if UNKNOWN in value}
    declared = {
        name: _unchecked(definition) if name in unknown else definition
        for name, definition in template.get("Parameters", {}).items()
    }
    parameters = engine._resolve_parameters({**template, "Parameters": declared}, entries)
    return Plan(template=template, parameters=parameters, stack=stack)


def changes(plan: Plan, *, retagged: bool) -> list[Change]:
    """Return what a change set says of a nested stack, in the order of the logical ids.

    A reference to an unknown value is no certain change: its evaluation is Dynamic.
    """
    stack = plan.stack
    before, known = stack.get("_template", {}), stack.get("_resolved_params", {})
    assumed = {**plan.parameters, **{name: known[name] for name in plan.unknown if name in known}}
    changed = {name for name, value in assumed.items() if known.get(name, {}).get("Value") != value["Value"]}
    where = (stack["StackName"], stack["StackId"])
    found: list[Change] = stacks._diff_resources(
        changesets._resolve_props_for_diff(before, known, *where),
        changesets._resolve_props_for_diff(plan.template, assumed, *where),
        stack.get("_resources"),
        plan.template,
        changed,
        stack.get("_resources", {}) if retagged else (),
    )
    listed = {one["ResourceChange"]["LogicalResourceId"]: one["ResourceChange"] for one in found}
    for logical_id in plan.template.get("Resources", {}).keys() & before.get("Resources", {}).keys():
        _add_dynamic(logical_id, plan, listed)
    return [{"ResourceChange": listed[logical_id]} for logical_id in sorted(listed)]


def find(physical_id: str | None) -> Stack | None:
    """Return the record of a nested stack that exists."""
    found: Stack | None = _stacks.get(provisioners._nested_stack_lookup_name(physical_id)) if physical_id else None
    return found


def _add_dynamic(logical_id: str, plan: Plan, listed: dict[str, Change]) -> None:
    definition = plan.template["Resources"][logical_id]
    details = [
        {
            "Target": {
                "Attribute": "Properties",
                "Name": name,
                "RequiresRecreation": provisioners._property_recreation(definition["Type"], name),
            },
            "Evaluation": "Dynamic",
            "ChangeSource": "ParameterReference",
            "CausingEntity": reference,
        }
        for name, value in (definition.get("Properties") or {}).items()
        for reference, attribute in engine._intrinsic_references(value)
        if attribute is None and reference in plan.unknown
    ]
    if not details:
        return
    resource = plan.stack["_resources"].get(logical_id, {})
    change = listed.setdefault(logical_id, _unchanged(logical_id, definition["Type"], resource))
    change["Details"] = [*change["Details"], *details]
    change["Scope"] = list(dict.fromkeys([*change["Scope"], "Properties"]))
    if change["Replacement"] == "False":
        change["Replacement"] = stacks._replacement(details, type_changed=False)


def _unchanged(logical_id: str, kind: str, resource: dict[str, Any]) -> Change:
    return {
        "Action": "Modify",
        "LogicalResourceId": logical_id,
        "ResourceType": kind,
        "PhysicalResourceId": resource.get("PhysicalResourceId", ""),
        "Replacement": "False",
        "Scope": [],
        "Details": [],
    }


def _unchecked(definition: dict[str, Any]) -> dict[str, str]:
    """Return a parameter's definition without what an unknown value could violate."""
    kind = str(definition.get("Type", "String"))
    return {"Type": "CommaDelimitedList" if "List" in kind else "String"}


def _looks(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for item in value:
            yield from _looks(item)
    elif isinstance(value, dict):
        if LOOKING_INTO & value.keys():
            yield value
        for item in value.values():
            yield from _looks(item)
