"""A template answers what prices ask: its resources, references and numbers."""

import pytest

from compiler.model.yaml_reader import read_template
from pricing.template import StackTemplate, stack_template

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
    return stack_template("services", read_template(TEXT), {"SchedulerCount": "3"})


def test_a_reference_leads_to_its_resource(stack: StackTemplate) -> None:
    """Within the stack; a resource of another stack is unknown."""
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
def test_a_number_comes_from_the_template_or_a_parameter(stack: StackTemplate, value: object, number: float) -> None:
    """The template has it, or a parameter has it, or it is unknown."""
    assert stack.number(value, 1) == number
