"""Promises of the delivery `release`: no file system, and each role may read releases and overwrite none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from compiler import contract
from compiler.compile import compile_environment
from compiler.model.yaml_reader import read_template
from deployer.stacks.replacement_guard import StateRefusal, refuse_losses, template_losses
from tests.spec.minimal import PYTHON, minimal

if TYPE_CHECKING:
    from spec.environment import Environment

THREE = 'version: 3.3.2, python: "3.12"'
RELEASE = "code: {delivery: release}\n"


def _environment(more: str = "") -> Environment:
    return minimal(f"version: 2.5.3, {PYTHON}", THREE + more, more=RELEASE)


def _resources(env: Environment) -> dict[str, dict[str, Any]]:
    files = compile_environment(env).files
    parsed = {name: read_template(text) for name, text in files.items() if name != "toolkit.yaml"}
    return {title: one for template in parsed.values() for title, one in template["Resources"].items()}


def _containers(resources: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    definitions = {title: one for title, one in resources.items() if one["Type"] == "AWS::ECS::TaskDefinition"}
    return {title: one["Properties"]["ContainerDefinitions"][0] for title, one in definitions.items()}


def test_nothing_of_a_file_system_is_left() -> None:
    """Neither the file system itself, nor what mounts it, nor the task that copied to it."""
    resources = _resources(_environment())
    kinds = {resource["Type"] for resource in resources.values()}
    assert not {kind for kind in kinds if kind.startswith("AWS::EFS")}
    assert "SyncTaskDefinition" not in resources
    assert not {title for title in resources if "FileSystem" in title}
    assert not any("MountPoints" in container for container in _containers(resources).values())


def test_a_database_on_the_file_system_keeps_its_own() -> None:
    """Its data must outlive its task, however code is delivered."""
    database = 'database: {kind: container, engine: postgres, version: "16", storage: efs}\n'
    resources = _resources(minimal(f"version: 2.5.3, {PYTHON}", THREE, more=RELEASE + database))
    points = [title for title, one in resources.items() if one["Type"] == "AWS::EFS::AccessPoint"]
    assert points == ["DatabaseAccessPoint"]


def test_every_container_fetches_the_release_first() -> None:
    """Plugins and configuration must be there when Airflow starts."""
    for title, container in _containers(_resources(_environment())).items():
        assert container["Command"][-1].startswith("python -m windsock_runtime.fetch_release && exec airflow "), title
        variables = {one["Name"]: one["Value"] for one in container["Environment"]}
        assert variables["WINDSOCK_CODE_BUCKET"] == {"Ref": "CodeBucket"}
        assert (
            "windsock_runtime.release_bundle.ReleaseBundle"
            in (variables["AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST"])
        )


def test_what_loads_dags_on_airflow_2_follows_releases() -> None:
    """Scheduler and triggerer start beside what follows; other containers have the release of their start."""
    more = RELEASE + "services: {triggerer: {cpu: 256, memory: 1024}}\n"
    containers = _containers(_resources(minimal(more=more)))
    commands = {title: container["Command"][-1].partition(" && ")[2] for title, container in containers.items()}
    assert commands == {
        "SchedulerTaskDefinition": "exec python -m windsock_runtime.releases.run scheduler",
        "TriggererTaskDefinition": "exec python -m windsock_runtime.releases.run triggerer",
        "WebserverTaskDefinition": "exec airflow webserver",
        "CommandTaskDefinition": "exec airflow version",
    }


def test_roles_read_releases_and_write_a_report_alone() -> None:
    """What runs DAGs can change no code; a worker cannot even say what was parsed."""
    resources = _resources(_environment(", executor: ecs"))
    actions: dict[str, dict[str, set[str]]] = {}
    for title, role in resources.items():
        if role["Type"] == "AWS::IAM::Role":
            for statement in role["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]:
                for action in statement["Action"]:
                    places = {one["Fn::Sub"] for one in statement["Resource"] if "Fn::Sub" in one}
                    actions.setdefault(title, {}).setdefault(action, set()).update(places)
    bucket = "arn:${AWS::Partition}:s3:::${CodeBucket}"
    for name in ("TaskRole", "ReaderRole", "SchedulerRole", "WorkerRole"):
        assert actions[name]["s3:GetObject"] == {f"{bucket}/releases/*", f"{bucket}/current.json"}
    writers = {name: may["s3:PutObject"] for name, may in actions.items() if "s3:PutObject" in may}
    assert set(writers) == {"TaskRole"}  # that of the DAG processor, which alone parses
    assert all(objects == {f"{bucket}/report.json"} for objects in writers.values())


def test_on_airflow_2_the_scheduler_reports() -> None:
    """It parses there itself."""
    env = minimal(f"version: 2.5.3, {PYTHON}", THREE.replace("3.3.2", "2.11.2") + ", executor: ecs", more=RELEASE)
    (policy,) = _resources(env)["SchedulerRole"]["Properties"]["Policies"]
    assert "ReportRelease" in {one["Sid"] for one in policy["PolicyDocument"]["Statement"]}


def test_nobody_overwrites_a_release() -> None:
    """S3 refuses a write that does not ask whether there is such an object, and one of the pointer that saw none."""
    statements = _resources(_environment())["CodeBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    bucket = "arn:${AWS::Partition}:s3:::${CodeBucket}"
    refused = {
        one["Resource"][0]["Fn::Sub"]: one["Condition"]["Null"]
        for one in statements
        if one["Action"] == ["s3:PutObject"] and one["Effect"] == "Deny"
    }
    assert refused == {
        f"{bucket}/releases/*": {"s3:if-none-match": "true"},
        f"{bucket}/current.json": {"s3:if-match": "true", "s3:if-none-match": "true"},
    }


def test_no_role_of_the_environment_changes_code() -> None:
    """Whatever somebody grants a DAG: the tag that CloudFormation gives its role is enough to refuse."""
    statements = _resources(_environment())["CodeBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    (refusal,) = (one for one in statements if one["Sid"] == "EnvironmentChangesNoCode")
    assert refusal["Effect"] == "Deny"
    assert set(refusal["Action"]) == {"s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion"}
    assert refusal["Condition"] == {"StringEquals": {"aws:PrincipalTag/windsock:environment": _environment().name}}


def test_the_file_system_that_goes_is_named_as_state() -> None:
    """Going over to releases removes it; a deploy refuses that until somebody allows it by its path."""
    before = compile_environment(minimal(f"version: 2.5.3, {PYTHON}", THREE, more="code: {delivery: efs}\n"))
    deployed = {contract.title(name): before.files[f"{name}.yaml"] for name in before.nested}
    lost = {loss.path: loss.what for loss in template_losses(deployed, compile_environment(_environment()))}
    assert lost["Storage/FileSystem"] == "would be removed"
    with pytest.raises(StateRefusal, match="lose state") as caught:
        refuse_losses("demo", tuple(template_losses(deployed, compile_environment(_environment()))), frozenset())
    assert "--allow-replace Storage/FileSystem" in str(caught.value.next_step)
