"""Promises of the stack: what is taken becomes a parameter once, what is given an output, and one value per subnet."""

from troposphere import Template
from troposphere.ecr import Repository

from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder, state


def test_a_need_becomes_one_parameter() -> None:
    """However often a value is used, it is one parameter with its description."""
    stack = StackBuilder(name="edge", template=Template())
    assert stack.parameter(values.VPC).to_dict() == {"Ref": "Vpc"}
    stack.parameter(values.VPC)
    assert stack.template.to_dict()["Parameters"] == {"Vpc": {"Type": "String", "Description": values.VPC.description}}


def test_each_value_of_a_group_is_a_parameter_of_its_own() -> None:
    """Nested stacks take strings, and a nested change set cannot look into a joined one."""
    stack = StackBuilder(name="edge", template=Template())
    assert [ref.to_dict() for ref in stack.parameters(values.PUBLIC_SUBNETS[:2])] == [
        {"Ref": "PublicSubnetA"},
        {"Ref": "PublicSubnetB"},
    ]
    assert list(stack.template.to_dict()["Parameters"]) == ["PublicSubnetA", "PublicSubnetB"]


def test_a_drawn_resource_is_described() -> None:
    """Drawing puts a resource on the stack together with the words that people see while it is created."""
    stack = StackBuilder(name="registry", template=Template())
    stack.add(Repository("Repository"), "Holds the images")
    assert stack.template.to_dict()["Resources"]["Repository"]["Metadata"] == {"Description": "Holds the images"}


def test_protected_state_survives_but_not_a_failed_start() -> None:
    """Protected state is kept, except when its stack never came up; unprotected state is dropped explicitly."""
    assert state(protect=True) == {"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}
    assert state(protect=False) == {"DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete"}
