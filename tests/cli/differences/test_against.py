"""What an environment is compared with."""

from pathlib import Path

from cli.compiling.compiled import compile_yaml
from cli.differences.against import deployed, other
from compiler.model.template_set import BOOTSTRAP, ROOT
from compiler.templates_out import write
from deployer.aws.stacks import STACK_TYPE, Resource
from tests.cli.differences.repository import commit
from tests.deployer.fakes.cloudformation import arn
from tests.deployer.fakes.environment import environment
from tests.deployer.fakes.session import FakeSession


def test_a_file_of_that_name_is_another_yaml(checkout: Path) -> None:
    """Whatever git says; its templates are compiled."""
    (checkout / "main").write_text("name: other\n")
    against = other(compile_yaml(Path("env.yaml")), "main")
    assert (against.yaml, against.reviewed) == ("name: other\n", None)


def test_a_revision_is_its_yaml_and_its_reviewed_templates(checkout: Path) -> None:
    """Both as they were committed."""
    compiled = compile_yaml(Path("env.yaml"))
    write(compiled.templates, checkout / "templates_out" / "demo", "0.0.1")
    made = commit(checkout)
    against = other(compiled, "HEAD")
    assert against.words == f"HEAD ({made[:7]})"
    assert against.file == "HEAD:env.yaml"
    assert against.reviewed is not None
    assert against.reviewed.files == compiled.templates.files
    assert sorted(against.reviewed.nested) == sorted(compiled.templates.nested)


def test_a_revision_without_templates_is_its_yaml_alone(checkout: Path) -> None:
    """It was committed before its first compile."""
    commit(checkout)
    assert other(compile_yaml(Path("env.yaml")), "HEAD").reviewed is None


def test_a_revision_without_the_yaml_is_nothing(checkout: Path) -> None:
    """Everything is new in the pull request that brings it."""
    text = (checkout / "env.yaml").read_text()
    (checkout / "env.yaml").unlink()
    commit(checkout)
    (checkout / "env.yaml").write_text(text)
    against = other(compile_yaml(Path("env.yaml")), "HEAD")
    assert (against.yaml, against.reviewed) == (None, None)
    assert against.words.endswith("which has no env.yaml")


def test_what_is_deployed_is_read_stack_by_stack() -> None:
    """Also the bootstrap stack, which all environments share."""
    session = FakeSession()
    fake = session.cloudformation
    fake.put("windsock-toolkit", "CREATE_COMPLETE", template="Resources: {A: {Type: T}}")
    fake.put("demo", "CREATE_COMPLETE", template="Resources: {}")
    fake.members["demo"] = (
        Resource(logical_id="DagStorage", physical_id=arn("storage"), type=STACK_TYPE, status="CREATE_COMPLETE"),
        Resource(logical_id="Lost", physical_id="", type=STACK_TYPE, status="CREATE_FAILED"),
    )
    fake.templates["storage"] = "Resources: {B: {Type: T}}"
    against = deployed(environment(), session.as_session)
    assert against.yaml is None
    assert against.reviewed is not None
    assert set(against.reviewed.files) == {ROOT, BOOTSTRAP, "dag_storage.yaml"}
    assert against.reviewed.nested == ("dag_storage",)


def test_nothing_is_deployed_yet() -> None:
    """Said in words; everything will be new."""
    against = deployed(environment(), FakeSession().as_session)
    assert "not deployed" in against.words
    assert against.reviewed is not None
    assert not against.reviewed.files
