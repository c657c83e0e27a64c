"""The names of an environment's resources are known before they exist."""

from compiler.compile import compile_environment
from deployer.permissions.resource_names import named_arns, resource_types, role_arns, stack_names
from spec.reading.load import parse
from tests.deployer.fakes.environment import YAML, environment
from tests.deployer.permissions.subjects import subject_of

HERE = "us-west-2:123456789012"


def test_stacks_are_named_one_by_one() -> None:
    """Those of `demo-two` begin like those of `demo`, and are another's."""
    env = environment()
    names = stack_names(subject_of(env))
    assert {"demo", "demo-Network-*", "windsock-toolkit"} <= set(names)
    assert "demo-*" not in names


def test_names_begin_with_the_environments() -> None:
    """CloudFormation makes them from the stack's."""
    env = environment()
    arns = named_arns(subject_of(env))
    assert arns["ecs:cluster"] == (f"arn:aws:ecs:{HERE}:cluster/demo-*",)
    assert arns["s3:bucket"] == ("arn:aws:s3:::demo-*", "arn:aws:s3:::windsock-toolkit-*")
    assert arns["scheduler:schedule"] == (f"arn:aws:scheduler:{HERE}:schedule/default/windsock-demo-*",)


def test_a_long_name_is_cut_where_aws_may_cut_it() -> None:
    """Names of roles, buckets and databases are short; how CloudFormation shortens is nowhere said."""
    env = environment(**{"name: demo": "name: an-environment-of-32-characters1"})
    assert role_arns(subject_of(env))[0] == "arn:aws:iam::123456789012:role/an-environment-of-32*"
    assert named_arns(subject_of(env))["s3:bucket"][0] == "arn:aws:s3:::an-environment-of-32*"


def test_roles_have_the_path_and_the_prefix_of_the_yaml() -> None:
    """Both stand in their ARNs."""
    text = YAML.replace("tags:", "role_path: /team/, role_name_prefix: airflow-, tags:")
    own, toolkit = role_arns(subject_of(parse(text, "env.yaml")))
    assert own == "arn:aws:iam::123456789012:role/team/airflow-demo-*"
    assert toolkit == "arn:aws:iam::123456789012:role/team/airflow-windsock-toolkit-*"


def test_a_secret_is_known_by_its_logical_id() -> None:
    """CloudFormation names it after that, and not after its stack."""
    env = environment()
    assert f"arn:aws:secretsmanager:{HERE}:secret:*FernetSeed*" in named_arns(subject_of(env))["secretsmanager:Secret"]


def test_types_are_those_of_all_templates() -> None:
    """The bootstrap stack's too."""
    assert {"AWS::CloudFormation::Stack", "AWS::IAM::Role", "AWS::RDS::DBInstance"} <= resource_types(
        compile_environment(environment())
    )
