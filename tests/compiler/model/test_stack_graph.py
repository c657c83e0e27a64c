"""References are followed from stack to stack."""

from compiler.model.stack_graph import Reference, StackGraph
from tests.deployer.differences.sets import example, small


def test_a_resource_has_its_logical_path() -> None:
    """Nested stacks count by what is in them; the bootstrap stack has its own name."""
    paths = StackGraph.of(example()).resources
    assert {"Database/Instance", "windsock-toolkit/TemplatesBucket"} <= paths.keys()
    assert "Database" not in paths


def test_a_value_is_followed_through_parameter_root_and_output() -> None:
    """The service gets the cluster of another stack."""
    references = set(StackGraph.of(example()).references("Services/WebserverService"))
    assert Reference("Cluster", "Platform/Cluster") in references
    assert Reference("TaskDefinition", "Services/WebserverTaskDefinition") in references
    assert Reference("NetworkConfiguration.AwsvpcConfiguration.Subnets", "Network/PublicSubnetA") in references


def test_a_reference_in_a_text_counts() -> None:
    """Both forms of Fn::Sub and both of Fn::GetAtt; a name that the text itself defines is none."""
    graph = StackGraph.of(
        small(
            A={"Type": "T", "Properties": {}},
            B={
                "Type": "T",
                "Properties": {
                    "X": {"Fn::Sub": "${A.Arn}/${AWS::Region}"},
                    "Y": {"Fn::Sub": ["${Own}", {"Own": {"Fn::GetAtt": ["A", "Arn"]}}]},
                    "Z": [{"Inner": {"Ref": "A"}}, {"Fn::Join": [",", [{"Ref": "Nothing"}]]}],
                },
            },
        )
    )
    assert [*graph.references("Things/B")] == [Reference(name, "Things/A") for name in ("X", "Y", "Z.Inner")]
