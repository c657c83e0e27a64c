"""Parameters through the real client, answered by hand."""

from deployer.aws.parameters import Parameters
from tests.deployer.aws.stub import stubbed


def test_the_value_is_returned() -> None:
    """As it was written."""
    client, stub = stubbed("ssm")
    stub.add_response("get_parameter", {"Parameter": {"Name": "m", "Value": "{}"}}, {"Name": "m"})
    assert Parameters(client).read("m") == "{}"


def test_a_missing_parameter_is_none() -> None:
    """The stack that owned it may be gone."""
    client, stub = stubbed("ssm")
    stub.add_client_error("get_parameter", "ParameterNotFound")
    assert Parameters(client).read("m") is None


def test_an_existing_parameter_is_overwritten() -> None:
    """In place: its stack still owns it."""
    client, stub = stubbed("ssm")
    stub.add_response("get_parameter", {"Parameter": {"Name": "m", "Value": "{}"}}, {"Name": "m"})
    stub.add_response("put_parameter", {"Version": 2}, {"Name": "m", "Value": "x", "Overwrite": True})
    Parameters(client).write("m", "x")
    stub.assert_no_pending_responses()


def test_a_missing_parameter_is_not_created() -> None:
    """A parameter that no stack owns would outlive everything."""
    client, stub = stubbed("ssm")
    stub.add_client_error("get_parameter", "ParameterNotFound")
    Parameters(client).write("m", "x")
    stub.assert_no_pending_responses()


def test_parameters_are_found_without_their_values() -> None:
    """By their names, fifty in a call."""
    client, stub = stubbed("ssm")
    names = [f"p{number}" for number in range(51)]
    for wanted in (names[:50], names[50:]):
        filters = {"ParameterFilters": [{"Key": "Name", "Option": "Equals", "Values": wanted}]}
        stub.add_response("describe_parameters", {"Parameters": [{"Name": wanted[0], "Version": 2}]}, filters)
    assert Parameters(client).versions(names) == {"p0": 2, "p50": 2}
