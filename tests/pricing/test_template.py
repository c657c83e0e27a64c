"""Templates are read as they are written, in YAML with short intrinsics or in JSON."""

import json

import pytest

from pricing.template import StackTemplate, read_template

TEXT = """
Parameters:
  SchedulerCount: {Type: Number}
Resources:
  Definition:
    Type: AWS::ECS::TaskDefinition
    Properties: {Cpu: '256', Subnets: !Split [',', !Ref Subnets], Image: !Sub '${Uri}@x'}
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !Ref Definition
      DesiredCount: !Ref SchedulerCount
Outputs:
  SchedulerService: {Value: !GetAtt Service.Name}
"""


@pytest.fixture
def stack() -> StackTemplate:
    """Return the template with a parameter of the running stack."""
    return read_template("services", TEXT, {"SchedulerCount": "3"})


def test_short_intrinsics_become_long(stack: StackTemplate) -> None:
    """So that templates read back from AWS in JSON look the same."""
    _, definition = next(stack.of_type("AWS::ECS::TaskDefinition"))
    assert definition["Image"] == {"Fn::Sub": "${Uri}@x"}
    assert definition["Subnets"] == {"Fn::Split": [",", {"Ref": "Subnets"}]}


def test_json_is_read_too(stack: StackTemplate) -> None:
    """Whoever deployed in JSON is priced as well."""
    again = read_template(
        "services", json.dumps({"Resources": stack.resources, "Outputs": stack.outputs}), stack.parameters
    )
    assert again == stack


def test_a_reference_leads_to_its_resource(stack: StackTemplate) -> None:
    """Within the stack; what another stack has is not known."""
    _, service = next(stack.of_type("AWS::ECS::Service"))
    definition = stack.properties(service["TaskDefinition"])
    assert definition is not None
    assert definition["Cpu"] == "256"
    assert stack.properties({"Ref": "Elsewhere"}) is None
    assert stack.properties("arn:aws:ecs:::task-definition/x") is None


@pytest.mark.parametrize(
    ("value", "number"),
    [(2, 2), ("2", 2), ({"Ref": "SchedulerCount"}, 3), ({"Ref": "WebserverCount"}, 1), (None, 1), ({}, 1)],
)
def test_numbers(stack: StackTemplate, value: object, number: float) -> None:
    """They stand there, or come by a parameter, or nobody said."""
    assert stack.number(value, 1) == number
