"""Templates are read as they are written, in YAML with short intrinsics or in JSON."""

import json

from compiler.model.yaml_reader import read_template

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


def test_short_intrinsics_become_long() -> None:
    """So that templates read back from AWS in JSON look the same."""
    definition = read_template(TEXT)["Resources"]["Definition"]["Properties"]
    assert definition["Image"] == {"Fn::Sub": "${Uri}@x"}
    assert definition["Subnets"] == {"Fn::Split": [",", {"Ref": "Subnets"}]}


def test_json_is_read_too() -> None:
    """A template that was deployed in JSON reads the same as in YAML."""
    parsed = read_template(TEXT)
    assert read_template(json.dumps(parsed)) == parsed


def test_mappings_and_empty_values_may_have_a_tag() -> None:
    """Transforms take a mapping; a tag without a value is no reason to fail."""
    assert read_template("a: !Transform {Name: x}\nb: !Ref")["a"] == {"Fn::Transform": {"Name": "x"}}
