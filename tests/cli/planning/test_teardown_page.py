"""The plan of a teardown as people read it."""

from dataclasses import replace

from cli.planning.teardown_page import teardown_data, teardown_page
from deployer.losses.fates import Fate
from deployer.plans.plan import Plan
from deployer.steps.step import Step
from deployer.steps.teardown.delete import DeleteStack

STEPS: tuple[Step, ...] = (DeleteStack(reason="CloudFormation deletes what it made"),)
BUCKET = Fate(path="Storage/CodeBucket", type="AWS::S3::Bucket", name="demo-code", state=True)
ROLE = Fate(path="Platform/TaskRole", type="AWS::IAM::Role", name="demo-role")
SECRET = Fate(path="Secrets/FernetSeed", type="AWS::SecretsManager::Secret", name="arn", kept="kept", monthly=0.4)


def test_lost_and_kept_are_told_apart() -> None:
    """What is lost for good comes first; what stays is named with its price; the rest is counted."""
    page = teardown_page(Plan(name="demo", steps=STEPS, fates=(ROLE, BUCKET, SECRET)))
    assert page == (
        "Plan for demo\n  delete  CloudFormation deletes what it made\n\n"
        "State that is lost for good\n  Storage/CodeBucket  AWS::S3::Bucket  demo-code\n\n"
        "Kept\n  Secrets/FernetSeed  arn  kept, at most USD 0.40 a month\n\n"
        "1 resource without state is deleted."
    )


def test_that_nothing_stays_is_said() -> None:
    """Where there is something to delete; of an environment that does not exist nobody asks."""
    assert "Nothing is kept." in teardown_page(Plan(name="demo", steps=STEPS, fates=(ROLE,)))
    assert "kept" not in teardown_page(Plan(name="demo", steps=STEPS))


def test_the_same_is_plain_data() -> None:
    """For a script."""
    data = teardown_data(Plan(name="demo", steps=STEPS, fates=(ROLE, BUCKET, SECRET)))
    assert [fate["name"] for fate in data["lost"]] == ["demo-code"]
    assert [fate["name"] for fate in data["kept"]] == ["arn"]
    assert (data["deleted"], [step["step"] for step in data["steps"]]) == (2, ["delete"])


def test_the_minutes_are_those_of_earlier_runs_or_of_the_model() -> None:
    """Earlier runs of the environment know better."""
    plan = Plan(name="demo", steps=STEPS, fates=(ROLE,), seconds={"delete": 400.0})
    assert "CloudFormation takes about 6m40s; a final snapshot takes longer." in teardown_page(plan)
    known = teardown_page(replace(plan, known={"delete": 300.0}))
    assert "about 5m00s in all, by earlier runs" in known
    assert "6m40s" not in known
