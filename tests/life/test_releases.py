"""A run keeps the release that it began with, across a push and across a rollback, with either executor."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from tests.life.kept import Kept
from tests.life.releases import Site, hammer, hold, kept_site

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]

PUSHERS = "releases-local.yaml"
DENIED = "explicit deny in a resource-based policy"


@pytest.fixture(scope="module", params=["releases-local", "releases-ecs"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Keep an environment; take it down at the end, with nothing left."""
    yield from kept_site(request.param, tmp_path_factory.mktemp("checkout"))


def test_a_release_holds_across_a_push(site: Site) -> None:
    """Every task of a run executes what the run began with; the next run executes what was pushed meanwhile."""
    site.push("old")
    old = site.start()
    hold(site.client, old)
    site.push("new")
    new = site.start()
    site.says(old, "old")
    site.says(new, "new")


def test_a_release_holds_across_a_rollback(site: Site) -> None:
    """Going back changes what the next run executes, and nothing of a run that has begun."""
    site.push("before")
    site.push("after")
    after = site.start()
    hold(site.client, after)
    site.rollback()
    before = site.start()
    site.says(after, "after")
    site.says(before, "before")


def test_a_broken_file_is_named_and_the_release_before_stays(site: Site) -> None:
    """With its line; `--rollback-on-error` is all that it takes."""
    site.refuses_a_broken_file()


def test_who_is_no_pusher_reaches_no_code(site: Site) -> None:
    """Not even an administrator: verbs say why. The role that the YAML names has deployed it, and containers read."""
    if site.kept.environment.name != PUSHERS:
        pytest.skip("the YAML names no pushers")
    site.push("mine")
    stranger, options = _administrator(site.kept), {"checkout": site.checkout}
    for verb in ("push", "rollback"):
        refused = stranger.run(verb, "env.yaml", **options)
        assert (refused.returncode, "code.pushers does not name it" in refused.stderr) == (1, True), refused.stderr
    listed = stranger.run("releases", "env.yaml", **options)
    assert "The deployed code.pushers does not name this caller" in listed.stderr
    s3 = stranger.client("s3")
    (bucket,) = (one["Name"] for one in s3.list_buckets()["Buckets"] if "codebucket" in one["Name"])
    (archive,) = s3.list_objects_v2(Bucket=bucket, Prefix="releases/", MaxKeys=1)["Contents"]
    for key in ("current.json", archive["Key"]):
        with pytest.raises(ClientError, match=DENIED):
            s3.get_object(Bucket=bucket, Key=key)
    with pytest.raises(ClientError, match=DENIED):
        s3.put_object(Bucket=bucket, Key="releases/0/code.tar.gz", Body=b"", IfNoneMatch="*")


def _administrator(kept: Kept) -> Kept:
    """Return the rehearsal as another user of the account sees it, who has every right in IAM."""
    iam = kept.client("iam")
    iam.create_user(UserName="stranger")
    every = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [every]})
    iam.put_user_policy(UserName="stranger", PolicyName="Everything", PolicyDocument=document)
    keys = iam.create_access_key(UserName="stranger")["AccessKey"]
    own = {"AWS_ACCESS_KEY_ID": keys["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"]}
    return replace(kept, variables={**kept.variables, **own})


def test_pushes_in_quick_succession_mix_nothing(site: Site) -> None:
    """For five minutes, while DAGs run: no import error, and no task that executes two releases."""
    if site.kept.environment.name != "releases-local.yaml":
        pytest.skip("thirty workers at once are another test's subject")
    hammer(site)
