"""The promises of rehearsal/emulator/patches/shapes.py."""

import pytest

from rehearsal.emulator.patches import shapes


def test_properties_become_a_request() -> None:
    """Names get the API's spelling, at every depth, and words become numbers and truths where the API has those."""
    properties = {
        "Family": "web",
        "Cpu": 256,
        "ContainerDefinitions": [
            {"Name": "web", "Image": "x", "Essential": "true", "StopTimeout": "30", "DockerLabels": {"Key": "v"}}
        ],
        "Volumes": [{"Name": "v", "EFSVolumeConfiguration": {"FilesystemId": "fs-1"}}],
    }
    assert shapes.request("ecs", "RegisterTaskDefinition", properties) == {
        "family": "web",
        "cpu": "256",
        "containerDefinitions": [
            {"name": "web", "image": "x", "essential": True, "stopTimeout": 30, "dockerLabels": {"Key": "v"}}
        ],
        "volumes": [{"name": "v", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}}],
    }


def test_an_unknown_property_is_refused_by_name() -> None:
    """A property AWS does not have is refused by name."""
    with pytest.raises(ValueError, match=r"unsupported property Nam \(ContainerDefinition\)"):
        shapes.request("ecs", "RegisterTaskDefinition", {"Family": "web", "ContainerDefinitions": [{"Nam": "web"}]})


def test_a_missing_property_is_refused() -> None:
    """A request AWS would refuse is refused."""
    with pytest.raises(ValueError, match="serviceName"):
        shapes.request("ecs", "CreateService", {"Cluster": "c"})
