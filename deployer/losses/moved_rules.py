"""Refuses a change that makes a rule of a security group again while it still stands under another logical id.

CloudFormation makes what is new before it deletes what goes, and EC2 takes no rule twice: the update would fail with
`InvalidPermission.Duplicate`, https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
"""

import json
from collections.abc import Iterator, Mapping

from compiler.model.template_set import TemplateSet
from deployer.health.security_rules import PEERS, RULES
from deployer.stacks.replacement_guard import nested_files
from deployer.stacks.template_diff import resources
from spec.errors import Refusal

_NO_PART = "Description"
"""The property that EC2 does not tell rules apart by."""


class MovedRulesRefusal(Refusal):
    """A rule of a security group would move to another place of a list."""


def refuse_moved_rules(name: str, deployed: Mapping[str, str], templates: TemplateSet) -> None:
    """Refuse templates in which a deployed rule has another logical id. Raises `MovedRulesRefusal`.

    `deployed` are the templates of the nested stacks that differ, by logical id.
    """
    files = nested_files(templates)
    moved = [one for stack, text in deployed.items() for one in _moved(text, files.get(stack, "{}"))]
    if moved:
        raise MovedRulesRefusal(
            f"{name} would open its ports to {', '.join(dict.fromkeys(moved))} a second time; nothing was changed.",
            why="Another place in network.allowed_cidrs is another rule, which CloudFormation makes before it deletes "
            "the former. EC2 takes no rule twice.",
            next_step="Add new ones at the end of the list. To take away another than the last, deploy the former list "
            "without those that move, then the new one.",
        )


def _moved(old: str, new: str) -> Iterator[str]:
    """Yield the other ends of rules that stand under another logical id now."""
    held = {content: logical_id for logical_id, content in _rules(old).items()}
    for logical_id, content in _rules(new).items():
        if held.get(content, logical_id) != logical_id:
            said = json.loads(content)
            yield next((str(said[peer]) for peer in PEERS if peer in said), logical_id)


def _rules(template: str) -> dict[str, str]:
    """Return what each rule says that is a resource of its own, by logical id."""
    return {
        logical_id: json.dumps(
            {"Type": one["Type"], **{key: value for key, value in one["Properties"].items() if key != _NO_PART}},
            sort_keys=True,
        )
        for logical_id, one in resources(template).items()
        if one.get("Type") in RULES
    }
