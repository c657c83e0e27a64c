"""The models of services are those of botocore, less what they tell people."""

import json
from pathlib import Path

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel

from deployer.aws.service_models import ModelFiles, service_models

SERVICES = ("cloudformation", "ec2", "ecs", "s3")


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_and_shape_is_there(service: str) -> None:
    """With its members, as botocore reads them itself."""
    ours = ServiceModel(service_models(None).load_service_model(service, "service-2"), service)
    theirs = ServiceModel(Loader().load_service_model(service, "service-2"), service)
    assert ours.operation_names == theirs.operation_names
    assert list(ours.shape_names) == list(theirs.shape_names)
    for name in theirs.shape_names:
        assert _plain(ours.shape_for(name)) == _plain(theirs.shape_for(name))


def test_a_model_has_no_documentation() -> None:
    """It is a third of the memory that models take."""
    model = service_models(None).load_service_model("s3", "service-2")
    assert "<p>" not in json.dumps(model)
    assert ServiceModel(model, "s3").client_context_parameters


def test_a_member_named_documentation_stays(tmp_path: Path) -> None:
    """A service may have one: then it is a shape."""
    members = {"documentation": {"shape": "Text", "documentation": "What it is for."}}
    (tmp_path / "service-2.json").write_text(json.dumps({"members": members}), encoding="utf-8")
    assert ModelFiles().load_file(str(tmp_path / "service-2")) == {
        "members": {"documentation": {"shape": "Text", "documentation": ""}}
    }
    assert ModelFiles().load_file(str(tmp_path / "paginators-1")) is None


def _plain(shape: object) -> dict[str, object]:
    """Return what describes a shape, but for its documentation."""
    kept = {name: value for name, value in vars(shape).items() if isinstance(value, dict | str | list)}
    without: dict[str, object] = json.loads(json.dumps(kept), object_hook=_undocumented)
    return without


def _undocumented(part: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in part.items() if name != "documentation" or isinstance(value, dict)}
