"""Each change is traced to the key of the YAML that brings it."""

from typing import Any

import pytest

from compiler.compile import compile_environment
from compiler.model.template_set import TemplateSet
from deployer.differences.causes import Side, changed_keys, with_cause, with_causes
from deployer.differences.compare import compare
from deployer.differences.difference import Difference
from spec.environment import Environment
from spec.errors import Refusal
from spec.reading.positioned_yaml import read
from tests.deployer.differences.sets import EXAMPLE, example, small


def _compiled(yaml: dict[str, Any]) -> TemplateSet:
    return compile_environment(Environment.model_validate(yaml))


def _explained(*replaced: tuple[str, str]) -> Difference:
    text = EXAMPLE
    for old, new in replaced:
        text = text.replace(old, new)
    difference = compare(example(), example(*replaced))
    sides = Side(read(EXAMPLE, "main:env.yaml"), example()), Side(read(text, "env.yaml"), example(*replaced))
    return with_causes(difference, *sides, _compiled)


def _causes(difference: Difference, path: str) -> set[str]:
    found = [resource for resource in difference.resources if resource.path == path]
    return {cause for each in found for cause in (*each.causes, *(c for p in each.properties for c in p.causes))}


def _line(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_each_change_names_its_key_and_line() -> None:
    """Two keys change at once, and each resource names its own; one that is added too."""
    found = _explained(("db.t4g.micro", "db.t4g.small"), ("[203.0.113.0/24]", "[203.0.113.0/24, 198.51.100.0/24]"))
    assert _causes(found, "Database/Instance") == {f"database.instance (env.yaml:{_line(EXAMPLE, 'instance:')})"}
    assert _causes(found, "Network/VisitorsToLoadBalancer2") == {
        f"network.allowed_cidrs (env.yaml:{_line(EXAMPLE, 'allowed_cidrs')})"
    }


def test_what_follows_from_a_replacement_has_its_cause_too() -> None:
    """The service changes because of the setting, although its template is the same."""
    found = _explained(("parallelism: 4", "parallelism: 8"))
    assert _causes(found, "Services/SchedulerService") == {
        f"airflow.config.core.parallelism (env.yaml:{_line(EXAMPLE, 'parallelism')})"
    }


def test_a_key_that_is_gone_is_named() -> None:
    """It has no line any more."""
    found = _explained(("  config:\n    core: {parallelism: 4}\n", ""))
    assert _causes(found, "Services/SchedulerTaskDefinition") == {"airflow.config (no longer in env.yaml)"}


def test_a_key_that_is_refused_alone_is_taken_away_instead() -> None:
    """A container takes no instance class; but an instance would take what the new YAML says besides."""
    container = 'kind: container\n  engine: postgres\n  version: "13"\n'
    rds = 'kind: rds\n  engine: postgres\n  version: "15"\n  instance: db.t4g.micro\n  storage_gb: 20\n'
    (cause,) = _causes(_explained((rds, container)), "Database/Instance")
    assert cause == f"database.kind (env.yaml:{_line(EXAMPLE, 'kind: rds')})"


def test_keys_that_are_right_only_together_are_one_cause() -> None:
    """Of what no key alone brings."""

    def compiled(yaml: dict[str, Any]) -> TemplateSet:
        if yaml["a"] != yaml["b"]:
            raise Refusal("a is not b")
        return small(R={"Type": "T", "Properties": {"A": yaml["a"], "C": yaml["c"]}})

    before, after = {"a": 1, "b": 1, "c": 1}, {"a": 2, "b": 2, "c": 2}
    old = Side(read("{a: 1, b: 1, c: 1}", "old.yaml"), compiled(before))
    new = Side(read("{a: 2, b: 2, c: 2}", "new.yaml"), compiled(after))
    found = with_causes(compare(old.templates, new.templates), old, new, compiled)
    causes = {change.path: change.causes for change in found.resources[0].properties}
    assert causes == {"A": ("a (new.yaml:1) with b (new.yaml:1)",), "C": ("c (new.yaml:1)",)}


def test_something_else_than_the_yaml_can_be_the_cause() -> None:
    """Such as another version of Windsock."""
    found = compare(example(), example(("parallelism: 4", "parallelism: 8")))
    assert _causes(with_cause(found, "another version", found), "Services/SchedulerService") == {"another version"}
    assert _causes(with_cause(found, "another version", Difference()), "Services/SchedulerService") == set()


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": {"b": 1, "c": 1}}, {"a": {"b": 2, "c": 1}}, [("a", "b")]),
        ({"a": 1}, {"b": 1}, [("b",), ("a",)]),
        ({"a": [1]}, {"a": [1, 2]}, [("a",)]),
        ({"a": None}, {}, [("a",)]),
    ],
)
def test_a_key_changes_as_far_inside_as_possible(before: Any, after: Any, expected: list[Any]) -> None:
    """A list is one value."""
    assert list(changed_keys(before, after)) == expected
