"""What lets an environment live shorter, or remember less, is named by its key in the YAML and refused."""

from pathlib import Path

import pytest

from compiler.compile import compile_environment
from compiler.contract import title
from compiler.model.template_set import TemplateSet
from deployer.losses.shortened_life import shortened_life
from deployer.plans.deploy import plan_deploy
from deployer.plans.observed import Observed
from deployer.stacks.replacement_guard import StateRefusal
from spec.environment import Environment
from spec.reading.load import load
from tests.deployer.fakes.environment import environment, template_set
from tests.deployer.fakes.observed import CODE, deployed, with_stack

EXAMPLE = Path(__file__).parents[3] / "env.example.yaml"


def _group(days: str) -> str:
    properties = f"{{RetentionInDays: {days}}}" if days else "{}"
    return f"Resources: {{Group: {{Type: AWS::Logs::LogGroup, Properties: {properties}}}}}\n"


def _database(days: str) -> str:
    properties = f"{{BackupRetentionPeriod: {days}}}" if days else "{}"
    return f"Resources: {{Instance: {{Type: AWS::RDS::DBInstance, Properties: {properties}}}}}\n"


def _keys(old: str, new: str) -> dict[str, str]:
    stack = deployed().stack
    found = shortened_life(environment(), stack, {"Storage": old}, template_set(new))
    return {loss.path: loss.what for loss in found}


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        (_group("30"), _group("1"), "logs.retention_days", "kept 30 days, and would be kept 1"),
        (_group(""), _group("3653"), "logs.retention_days", "kept for good, and would be kept 3653"),
        (_database("7"), _database("0"), "database.backup_days", "kept 7 days, and would be kept 0"),
        (_database("7"), _database(""), "database.backup_days", "kept 7 days, and would be kept 1"),
    ],
)
def test_fewer_days_are_named_by_their_key(old: str, new: str, key: str, words: str) -> None:
    """With what they are now, and what they would be."""
    found = _keys(old, new)
    assert list(found) == [key]
    assert words in found[key]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (_group("30"), _group("30")),
        (_group("30"), _group("90")),
        (_group("30"), _group("")),
        (_database("0"), _database("7")),
        (_database("7"), "Resources: {}\n"),
    ],
)
def test_as_many_days_or_more_are_no_matter(old: str, new: str) -> None:
    """What is removed altogether is told by the replacement guard."""
    assert _keys(old, new) == {}


def _protected() -> Observed:
    observed = deployed()
    assert observed.stack is not None
    return with_stack(observed, outputs={**observed.stack.outputs, "Protect": "true"})


TTL = environment(name="ttl: 3d\nname")


@pytest.mark.parametrize(
    ("env", "observed", "key"), [(environment(), _protected(), "protect"), (TTL, deployed(), "ttl")]
)
def test_a_lifted_protection_and_a_new_ttl_are_refused_until_allowed(
    env: Environment, observed: Observed, key: str
) -> None:
    """`--yes` does not answer that; the option with the key does, and the plan says it."""
    with pytest.raises(StateRefusal, match=f"--allow-loss {key}$"):
        plan_deploy(env, template_set(), CODE, observed)
    plan = plan_deploy(env, template_set(), CODE, observed, allowed=frozenset({key}))
    assert [loss.path for loss in plan.losses] == [key]


def test_what_the_environment_had_before_is_not_asked_again() -> None:
    """An environment with a ttl keeps it, and one that is protected stays so; a first deploy may be anything."""
    assert list(shortened_life(TTL, deployed(TTL).stack, {}, template_set())) == []
    protected = environment(name="protect: true\nname")
    assert list(shortened_life(protected, _protected().stack, {}, template_set())) == []
    assert list(shortened_life(TTL, None, {}, template_set())) == []


def _nested(templates: TemplateSet) -> dict[str, str]:
    return {title(name): templates.files[f"{name}.yaml"] for name in templates.nested}


@pytest.mark.parametrize(
    ("section", "fewer", "key"),
    [
        ("database", {"backup_days": 0}, "database.backup_days"),
        ("logs", {"retention_days": 1}, "logs.retention_days"),
    ],
)
def test_the_compiled_templates_show_it(section: str, fewer: dict[str, int], key: str) -> None:
    """The keys of the YAML reach the properties that are looked at."""
    env = load(EXAMPLE)
    less = env.model_copy(update={section: getattr(env, section).model_copy(update=fewer)})
    found = shortened_life(less, deployed().stack, _nested(compile_environment(env)), compile_environment(less))
    assert [loss.path for loss in found] == [key]


def test_an_unfinished_first_deploy_has_nothing_to_lose() -> None:
    """Without outputs nobody has used it."""
    unfinished = with_stack(deployed(), outputs={})
    assert list(shortened_life(TTL, unfinished.stack, {}, template_set())) == []
