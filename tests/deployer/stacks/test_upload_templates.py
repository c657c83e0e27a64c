"""Templates are uploaded once, under the hash of their content."""

import hashlib

import pytest

from deployer.stacks.upload_templates import upload_templates
from spec.errors import Refusal
from tests.deployer.fakes.environment import STORAGE, template_set
from tests.deployer.fakes.session import FakeSession


def _session() -> FakeSession:
    """Return a session with an empty bucket for templates."""
    session = FakeSession()
    session.s3.buckets["templates"] = {}
    return session


def test_templates_lie_under_their_hashes() -> None:
    """The root's parameters lead to the nested ones; the URL is spelled by path."""
    session = _session()
    published = upload_templates(session.as_session, "templates", template_set())
    key = f"{hashlib.sha256(STORAGE.encode()).hexdigest()}.yaml"
    assert published.parameters["StorageTemplate"] == key
    assert published.parameters["TemplatesUrl"] == "https://s3.us-west-2.amazonaws.com/templates/demo"
    assert session.s3.get("templates", f"demo/{key}") == STORAGE.encode()
    assert published.root_url.startswith("https://s3.us-west-2.amazonaws.com/templates/demo/")


def test_the_bootstrap_template_is_not_uploaded() -> None:
    """Its stack makes the bucket."""
    session = _session()
    upload_templates(session.as_session, "templates", template_set())
    assert all(b"TemplatesBucket" not in body for body in session.s3.buckets["templates"].values())


def test_nothing_is_overwritten() -> None:
    """A second time uploads only what is new."""
    session = _session()
    upload_templates(session.as_session, "templates", template_set())
    count = len(session.s3.replaced)
    upload_templates(session.as_session, "templates", template_set())
    assert len(session.s3.replaced) == count
    upload_templates(session.as_session, "templates", template_set(STORAGE + "# changed\n"))
    assert len(session.s3.replaced) == count + 1


def test_a_template_that_somebody_replaced_is_refused() -> None:
    """CloudFormation reads templates by name: whoever may write to the bucket would decide what is created."""
    session = _session()
    upload_templates(session.as_session, "templates", template_set())
    key = f"demo/{hashlib.sha256(STORAGE.encode()).hexdigest()}.yaml"
    session.s3.put("templates", key, b"Resources: {Theirs: {Type: AWS::IAM::User}}")
    with pytest.raises(Refusal, match="something else than Windsock uploaded") as refused:
        upload_templates(session.as_session, "templates", template_set())
    assert key in refused.value.what


def test_a_template_of_somebody_who_was_quicker_is_looked_at() -> None:
    """It lay there when ours arrived, under the name of ours."""
    session = _session()
    key = f"demo/{hashlib.sha256(STORAGE.encode()).hexdigest()}.yaml"
    foreign = {key: b"Resources: {Theirs: {Type: AWS::IAM::User}}"}
    session.s3.before_replace = lambda _key: session.s3.buckets["templates"].update(foreign)
    with pytest.raises(Refusal, match="something else than Windsock uploaded"):
        upload_templates(session.as_session, "templates", template_set())
