"""Promises of what all containers share: parts of secrets, log groups, access points."""

from troposphere import Ref, Template

from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.resources.containers import NON_BLOCKING, log_configuration, mount_point, secret_part, volume


def _stack() -> StackBuilder:
    return StackBuilder(name="services", template=Template())


def test_a_part_of_a_secret_is_named_by_its_key() -> None:
    """ECS takes one value out of the JSON of a secret."""
    stack = _stack()
    part = secret_part(stack, values.DATABASE_CREDENTIALS, "username")
    assert part.to_dict() == {"Fn::Sub": "${DatabaseCredentials}:username::"}
    assert set(stack.inputs) == {values.DATABASE_CREDENTIALS}


def test_log_lines_go_to_the_group_of_their_process() -> None:
    """The stream prefix has hyphens, the logical id has capitals."""
    options = log_configuration(_stack(), "dag_processor", NON_BLOCKING).to_dict()["Options"]
    assert (options["awslogs-group"], options["awslogs-stream-prefix"]) == (
        {"Ref": "DagProcessorLogGroup"},
        "dag-processor",
    )
    assert options["mode"] == "non-blocking"


def test_a_volume_is_one_access_point() -> None:
    """It is mounted over TLS, with the role of the task."""
    efs = volume(_stack(), "dags", Ref("DagsAccessPoint")).to_dict()["EFSVolumeConfiguration"]
    assert efs["AuthorizationConfig"] == {"AccessPointId": {"Ref": "DagsAccessPoint"}, "IAM": "ENABLED"}
    assert efs["TransitEncryption"] == "ENABLED"
    assert mount_point("dags", "/opt/airflow", read_only=True).to_dict()["ContainerPath"] == "/opt/airflow/dags"
