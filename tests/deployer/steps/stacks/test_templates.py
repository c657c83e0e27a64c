"""Templates are uploaded when the bucket lacks some, and found where they are otherwise."""

from deployer.steps.stacks.templates import UploadTemplates
from deployer.steps.step import Need
from tests.deployer.fakes.environment import environment, template_set
from tests.deployer.fakes.running import Running


def test_missing_templates_are_uploaded() -> None:
    """The facts say where."""
    running = Running()
    step = UploadTemplates(need=Need.YES, reason="the bucket lacks 3", templates=template_set())
    facts = step.execute(running.context, running.facts())
    assert len(running.world.session.s3.buckets["templates"]) == 3
    assert facts.templates.parameters["TemplatesUrl"].endswith("/templates/demo")


def test_templates_that_are_there_are_only_located() -> None:
    """With the same parameters as after an upload."""
    running = Running()
    step = UploadTemplates(need=Need.NO, reason="the bucket holds them", templates=template_set())
    located = step.execute(running.context, running.facts()).templates
    assert running.world.session.s3.puts == []
    step = UploadTemplates(need=Need.YES, reason="the bucket lacks 3", templates=template_set())
    assert step.execute(running.context, running.facts()).templates == located


def test_the_root_of_an_environment_with_a_ttl_gets_its_expiry() -> None:
    """The first time it counts from the deploy's own beginning."""
    running = Running(env=environment(name="ttl: 3d\nname"))
    step = UploadTemplates(need=Need.YES, reason="the bucket lacks 4", templates=template_set(lifetime="{}"))
    bootstrap = {"TemplatesBucket": "templates", "DeletionRole": "arn:deletion"}
    facts = step.execute(running.context, running.facts(bootstrap=bootstrap))
    assert facts.templates.parameters["DeletionRole"] == "arn:deletion"
    assert "ExpiresAt" in facts.templates.parameters
