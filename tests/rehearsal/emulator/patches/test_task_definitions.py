"""The promises of rehearsal/emulator/patches/task_definitions.py, in an emulator."""

from typing import Any

import pytest

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal
OUTPUTS = {"Definition": {"Ref": "Definition"}}


def _definition(**properties: Any) -> dict[str, Any]:
    container = {"Name": "idle", "Image": "example.org/idle:1"}
    return {
        "Definition": {
            "Type": "AWS::ECS::TaskDefinition",
            "Properties": {"Family": "revised", "ContainerDefinitions": [container], **properties},
        }
    }


def test_a_definition_keeps_what_the_template_says(yard: Yard) -> None:
    """Secrets, volumes, mounts and the init process; MiniStack's own handler drops them."""
    described = yard.client("ecs").describe_task_definition(taskDefinition=yard.outputs["Once"])["taskDefinition"]
    (container,) = described["containerDefinitions"]
    assert [secret["name"] for secret in container["secrets"]] == ["DB_USER", "DB_PASSWORD"]
    assert container["linuxParameters"] == {"initProcessEnabled": True}
    assert container["mountPoints"] == [{"sourceVolume": "shelf", "containerPath": "/opt/shelf"}]
    assert described["volumes"][0]["efsVolumeConfiguration"]["authorizationConfig"]["iam"] == "ENABLED"


def test_a_change_makes_a_revision_and_new_tags_do_not(yard: Yard) -> None:
    """In a nested stack too, whose deletion deregisters every revision that it has made."""
    outputs = {"Definition": {"Fn::GetAtt": ["Child", "Outputs.Definition"]}}

    def child(file: str, **properties: Any) -> dict[str, Any]:
        return {"Child": yard.nested(file, _definition(**properties), OUTPUTS)}

    stack = yard.create("revised", child("first-revision.json"), outputs=outputs)
    first = yard.output(stack, "Definition")
    assert first.endswith(":1")
    yard.update(stack, child("tags.json", Tags=[{"Key": "team", "Value": "data"}]), outputs=outputs)
    assert yard.output(stack, "Definition") == first
    platform = {"CpuArchitecture": "ARM64", "OperatingSystemFamily": "LINUX"}
    yard.update(stack, child("platform.json", RuntimePlatform=platform), outputs=outputs)
    second = yard.output(stack, "Definition")
    assert second.endswith(":2")
    described = yard.client("ecs").describe_task_definition(taskDefinition=second)["taskDefinition"]
    assert described["runtimePlatform"] == {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"}
    assert yard.delete(stack) == "DELETE_COMPLETE"
    left = yard.client("ecs").list_task_definitions(familyPrefix="revised", status="ACTIVE")["taskDefinitionArns"]
    assert left == []
