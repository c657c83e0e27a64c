"""Promises of the root: every input comes from an output, and the outputs are what a deployment reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from troposphere import Template

from compiler.contract import FOREIGN_IMAGES
from compiler.errors import CompileError
from compiler.model import stack_values as values
from compiler.model.asked_counts import asked_counts
from compiler.model.stack import StackBuilder
from compiler.model.template_set import ROOT
from compiler.root import root_template

if TYPE_CHECKING:
    from tests.compiler.conftest import Case

ALWAYS = {
    *(
        "BaseImage",
        "Name",
        "AirflowVersion",
        "Protect",
        "Url",
        "TargetGroupArn",
        "ClusterName",
        "RepositoryName",
        "RepositoryUri",
    ),
    *("CodeBucket", "Marker", "FileSystemId", "DatabaseInstance", "AdminPasswordSecret", "CommandTaskDefinition"),
    *(
        "SyncTaskDefinition",
        "CodeAccessPoint",
        "TaskSubnets",
        "CommandSecurityGroup",
        "SyncSecurityGroup",
        "CommandLogGroup",
    ),
    *("SyncLogGroup", "WebserverService", "WebserverLogGroup", "SchedulerService", "SchedulerLogGroup"),
}
OF_THREE = {"DagProcessorService", "DagProcessorLogGroup", "TriggererService", "TriggererLogGroup"}


def _nested(case: Case) -> dict[str, dict[str, Any]]:
    resources = case.parsed[ROOT]["Resources"]
    return {title: resource["Properties"] for title, resource in resources.items()}


def test_every_parameter_of_a_nested_stack_gets_an_existing_output(case: Case) -> None:
    """Each parameter of a nested stack is passed, nothing else is, and the output behind it exists."""
    for title, properties in _nested(case).items():
        wanted = case.parsed[f"{title.lower()}.yaml"].get("Parameters", {})
        given = properties.get("Parameters", {})
        assert list(given) == list(wanted), title
        for value in given.values():
            if "Fn::GetAtt" in value:
                source, _, output = value["Fn::GetAtt"].partition(".Outputs.")
                assert output in case.parsed[f"{source.lower()}.yaml"]["Outputs"]


def test_every_output_of_a_stack_is_used(case: Case) -> None:
    """Another stack takes it, or the root outputs it too."""
    text = case.templates.files[ROOT]
    for name in case.templates.nested:
        for output in case.parsed[f"{name}.yaml"].get("Outputs", {}):
            assert f"{name.capitalize()}.Outputs.{output}" in text, output


def test_counts_above_one_stand_in_the_root(smallest: Case, largest: Case) -> None:
    """So a reviewer sees them; a deploy passes the parameter in any case."""
    asked = {"WebserverCount": 3, "SchedulerCount": 2, "DagProcessorCount": 2, "TriggererCount": 2}
    assert asked_counts(largest.parsed[ROOT]) == asked
    assert asked_counts(smallest.parsed[ROOT]) == {}
    assert "Default" not in smallest.parsed[ROOT]["Parameters"]["WebserverCount"]


def test_an_input_that_no_stack_outputs_is_refused(smallest: Case) -> None:
    """The error names the stack, the missing value and the place where it belongs."""
    builder = StackBuilder(name="database", template=Template())
    builder.parameter(values.DATABASE_SUBNET_A)
    with pytest.raises(CompileError) as caught:
        root_template(smallest.env, {"database": builder})
    assert caught.value.what == "database takes DatabaseSubnetA, which no stack outputs"
    assert "Output DatabaseSubnetA" in caught.value.next_step


def test_outputs_are_what_a_deployment_reads(smallest: Case, largest: Case) -> None:
    """The outputs of the root bear the agreed names, those of processes only where the process runs."""
    assert set(smallest.parsed[ROOT]["Outputs"]) == ALWAYS
    assert set(largest.parsed[ROOT]["Outputs"]) == ALWAYS | OF_THREE


def test_name_release_and_protection_are_outputs(largest: Case) -> None:
    """They stand there in the words of the YAML."""
    outputs = largest.parsed[ROOT]["Outputs"]
    facts = [outputs[name]["Value"] for name in ("Name", "AirflowVersion", "Protect")]
    assert facts == [largest.env.name, "3.3.2", "true"]


def test_parameters_are_what_a_deployment_sets(smallest: Case) -> None:
    """Where templates are, which image runs, and how many of each process: all that is not in the templates."""
    parameters = smallest.parsed[ROOT]["Parameters"]
    templates = [f"{name.capitalize()}Template" for name in smallest.templates.nested]
    assert list(parameters) == [
        "TemplatesUrl",
        *templates,
        "ImageDigest",
        "ImageTag",
        "BaseImage",
        "WebserverCount",
        "SchedulerCount",
    ]
    assert {parameter["Type"] for name, parameter in parameters.items() if name.endswith("Count")} == {"Number"}


def test_nested_templates_are_found_by_parameters(case: Case) -> None:
    """A template's address is put together from parameters, so the root stays the same wherever it is published."""
    for title, properties in _nested(case).items():
        assert properties["TemplateURL"] == {"Fn::Sub": f"${{TemplatesUrl}}/${{{title}Template}}"}
        assert 15 <= properties["TimeoutInMinutes"] <= 60


def test_a_database_instance_waits_for_network_and_secrets_alone(instance: Case) -> None:
    """The slowest resource starts early."""
    values = _nested(instance)["Database"]["Parameters"].values()
    assert {value["Fn::GetAtt"].partition(".")[0] for value in values} == {"Network", "Secrets"}


def test_images_of_other_registries_are_parameters(container: Case) -> None:
    """Their defaults are the tags of the YAML, which a deploy resolves to digests; what nothing runs is none."""
    parameters, database = container.parsed[ROOT]["Parameters"], container.env.database
    tags = {name: parameters[name]["Default"] for name in FOREIGN_IMAGES if name in parameters}
    release = container.env.airflow.release
    assert tags == {
        "BaseImage": release.base_image(container.env.airflow.python),
        "DatabaseImage": database.facts.reference(database.version),
    }
    assert _nested(container)["Database"]["Parameters"]["DatabaseImage"] == {"Ref": "DatabaseImage"}


def test_the_image_is_named_by_digest(case: Case) -> None:
    """What runs is what was pushed: repository and digest, not a tag that may move."""
    image = {"Fn::Sub": "${Registry.Outputs.RepositoryUri}@${ImageDigest}"}
    for title in ("Platform", "Services"):
        assert _nested(case)[title]["Parameters"]["ImageUri"] == image


def test_no_nested_template_selects_from_a_list_of_a_sibling(case: Case) -> None:
    """A nested change set knows no sibling's value yet: Select of one with an index above 0 fails its creation."""
    for name in case.templates.nested:
        template = case.parsed[f"{name}.yaml"]
        parameters = frozenset(template.get("Parameters", {}))
        for function in ("Fn::Select", "Fn::Split"):
            for argument in _every(function, template):
                assert not any(ref in parameters for ref in _every("Ref", argument)), (name, function, argument)


def _every(key: str, node: Any) -> list[Any]:
    """Return what stands under a key, however deep."""
    if isinstance(node, dict):
        return [value for name, value in node.items() if name == key] + _every(key, list(node.values()))
    if isinstance(node, list):
        return [found for part in node for found in _every(key, part)]
    return []
