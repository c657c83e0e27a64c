"""The templates that stand are put together from what was read of them."""

from dataclasses import replace

from compiler.contract import template_parameter
from compiler.model.template_set import BOOTSTRAP, ROOT
from deployer.plans.deployed_templates import deployed_templates
from deployer.stacks.upload_templates import template_key
from tests.deployer.fakes.environment import template_set
from tests.deployer.fakes.observed import absent, deployed, with_stack


def test_nothing_stands_before_a_first_deploy() -> None:
    """Not even a root."""
    found = deployed_templates(absent(), template_set())
    assert (found.nested, ROOT in found.files) == ((), False)


def test_what_is_the_same_was_not_read() -> None:
    """The root's parameter says that it is."""
    templates = template_set()
    same = {template_parameter(name): template_key(templates.files[f"{name}.yaml"]) for name in templates.nested}
    found = deployed_templates(with_stack(deployed(), parameters=same), templates)
    assert {name: found.files[name] for name in ("storage.yaml", "services.yaml")} == {
        name: templates.files[name] for name in ("storage.yaml", "services.yaml")
    }
    assert {ROOT, BOOTSTRAP} <= found.files.keys()


def test_what_differs_is_as_it_was_read() -> None:
    """Also a nested stack that is in no new template."""
    observed = replace(deployed(), nested_templates={"Storage": "old", "DagShare": "gone"})
    found = deployed_templates(observed, template_set())
    assert (found.files["storage.yaml"], found.files["dag_share.yaml"]) == ("old", "gone")
