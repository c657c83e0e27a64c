"""Whole lives: deployed, looked at in a browser and through the AWS API, taken down."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, expect

from spec.reading.load import load
from tests.conftest import Golden
from tests.life import web_checks
from tests.life.conftest import Take
from tests.life.developing import DAG, developing, make_project
from tests.life.kept import ROOT, Kept, keep, windsock
from tests.life.web_acls import web_acl
from tests.life.web_checks import Visitor

pytestmark = pytest.mark.airflow

ENVIRONMENTS = {
    "2.5.3": ("env.example.yaml", ()),
    "2.11.2": ("tests/life/airflow-2.11.yaml", ("--dag", "tutorial_taskflow_api", "--dag", "needs")),
    "3.3.2": ("examples/airflow-3.yaml", ()),
}
OLDEST, DEVELOPED, CHECKED = "2.5.3", "3.3.2", "2.11.2"
"""The release whose upgrade is planned, that on which `dev` runs, and that on which `push` parses the DAG files."""
LOGIN_PATHS = {"2.5.3": "/login/", "2.11.2": "/login/", "3.3.2": "/auth/login/"}
HELLO_PATHS = {"2.5.3": "/hello/", "2.11.2": "/hello/", "3.3.2": "/pluginsv2/hello/"}


@pytest.fixture(scope="module", params=list(ENVIRONMENTS))
def release(request: pytest.FixtureRequest) -> str:
    """One Airflow release after the other."""
    return str(request.param)


@pytest.fixture(scope="module")
def kept(release: str) -> Iterator[Kept]:
    """Its environment, rehearsed with every check and left running; the end takes it down and reads the report."""
    environment, options = ENVIRONMENTS[release]
    kept = keep(environment, *options)
    yield kept
    name = Path(kept.environment).stem
    done = kept.run("teardown", str(kept.environment), "--yes", *_unprotect(kept))
    assert done.returncode == 0, f"{name}: {done.stderr}"
    left = [line for line in done.stdout.splitlines() if line.startswith("kept")]
    # What was protected leaves a snapshot, and the two secrets and the key without which it would be of no use.
    assert len(left) == (4 if _unprotect(kept) else 0), done.stdout
    assert all("database.restore_from" in line for line in left), done.stdout


def test_the_pages_open_in_a_browser(kept: Kept, release: str, page: Page, take: Take) -> None:
    """A person logs in with the generated password, sees the DAGs and the plugin's greeting."""
    page.goto(kept.site_url + LOGIN_PATHS[release])
    take(page, f"{release}-login")
    page.fill("input[name=username]", "airflow")
    page.fill("input[name=password]", kept.admin_password())
    page.locator("input[type=submit], button[type=submit]").first.click()
    page.wait_for_load_state("networkidle")

    page.goto(kept.site_url + ("/dags" if release.startswith("3") else "/home"))
    expect(page.get_by_text("tutorial_taskflow_api").first).to_be_visible(timeout=20_000)
    take(page, f"{release}-dags")

    page.goto(kept.site_url + HELLO_PATHS[release])
    expect(page.get_by_text("Hello, world!").first).to_be_visible()
    take(page, f"{release}-plugin")


def test_a_secret_is_set_listed_and_removed(kept: Kept) -> None:
    """By the same verbs as on AWS; the value is in nothing that is printed."""
    if not load(kept.environment).airflow.secret_sources:
        pytest.skip("the YAML of another release names secrets")
    path, name = str(kept.environment), f"{_name(kept)}/token"
    done = kept.run("secrets", "set", path, "token", typed="very-secret\n")
    assert done.returncode == 0, done.stderr
    assert "very-secret" not in done.stdout + done.stderr
    stored = kept.client("secretsmanager").get_secret_value(SecretId=name)
    assert stored["SecretString"] == "very-secret"
    assert (_listed(kept)[name], _listed(kept)["/team/token"]) == (True, True)
    assert kept.run("secrets", "rm", path, "token", "--yes").returncode == 0
    assert name not in _listed(kept)


def _listed(kept: Kept) -> dict[str, bool]:
    listed = json.loads(kept.run("secrets", "list", str(kept.environment), "--json").stdout)
    return {entry["name"]: entry["filled"] for entry in listed}


def test_the_aws_api_lists_stacks_services_and_logs(kept: Kept) -> None:
    """The printed endpoint answers any AWS tool: nested stacks, running services and JSON log events are there."""
    cloudformation: Any = kept.client("cloudformation")
    stacks = cloudformation.describe_stacks()["Stacks"]
    nested = [stack for stack in stacks if stack["StackName"] not in {_name(kept), "windsock-toolkit"}]

    assert len(nested) == (9 if load(kept.environment).encryption.creates else 8)
    assert {stack["StackStatus"] for stack in stacks} <= {"CREATE_COMPLETE", "UPDATE_COMPLETE"}

    ecs: Any = kept.client("ecs")
    cluster = next(
        output["OutputValue"]
        for stack in stacks
        if stack["StackName"] == _name(kept)
        for output in stack["Outputs"]
        if output["OutputKey"] == "ClusterName"
    )
    services = ecs.describe_services(cluster=cluster, services=ecs.list_services(cluster=cluster)["serviceArns"])

    assert services["services"]
    assert all(service["runningCount"] == service["desiredCount"] == 1 for service in services["services"])

    logs: Any = kept.client("logs")
    lines = [
        event["message"]
        for group in logs.describe_log_groups()["logGroups"]
        for event in logs.filter_log_events(logGroupName=group["logGroupName"])["events"]
    ]

    assert sum(line.startswith("{") and isinstance(json.loads(line), dict) for line in lines) > len(lines) / 2


def test_only_the_authority_of_the_database_lets_airflow_in(kept: Kept) -> None:
    """Every driver of the release connects with the authorities of the image, and refuses a server that others know."""
    script = (Path(__file__).parent / "database_clients.py").read_text(encoding="utf-8")
    kept.command(shlex.join(["python", "-c", script]))


def test_the_image_names_its_packages(kept: Kept, release: str) -> None:
    """Those of Python that are installed in it, by the versions that are pinned."""
    if release != OLDEST:
        pytest.skip("one release is enough: the program asks no Airflow")
    listed = kept.run("sbom", str(kept.environment))
    assert listed.returncode == 0, listed.stderr
    found = {one["name"]: one["version"] for one in json.loads(listed.stdout)["components"]}
    assert found["apache-airflow"] == release
    assert found["psycopg2-binary"]


def test_a_name_that_somebody_points_at_the_site_is_not_served(kept: Kept) -> None:
    """Neither names of strangers nor addresses reach the web server; the load balancer's own name does."""
    elbv2: Any = kept.client("elbv2")
    own = elbv2.describe_load_balancers()["LoadBalancers"][0]["DNSName"]
    path = load(kept.environment).airflow.base_path
    for name, served in ((own, True), ("rebound.example.com", False), ("192.0.2.7", False)):
        asked: Any = {"proxies": {"http": kept.web_url}, "headers": {"Host": name}, "allow_redirects": False}
        answer = requests.get(f"http://{own}{path}/", timeout=30, **asked)
        assert (answer.status_code != 404) is served, (name, answer.status_code)


def test_the_password_is_in_no_stack_and_no_log(kept: Kept) -> None:
    """The generated password is in no stack, template, event, task description or log line."""
    password = kept.admin_password()
    cloudformation: Any = kept.client("cloudformation")
    seen = []
    for stack in cloudformation.describe_stacks()["Stacks"]:
        template = cloudformation.get_template(StackName=stack["StackId"])
        events = cloudformation.describe_stack_events(StackName=stack["StackId"])
        seen += [json.dumps(what, default=str) for what in (stack, template, events)]
    logs: Any = kept.client("logs")
    seen += [
        json.dumps(logs.filter_log_events(logGroupName=group["logGroupName"])["events"])
        for group in logs.describe_log_groups()["logGroups"]
    ]

    assert len(password) >= 24
    assert not [text[:200] for text in seen if password in text]


def test_status_logs_and_push_work_on_a_kept_rehearsal(kept: Kept, release: str) -> None:
    """`status` and `logs` answer for a kept rehearsal as they do for AWS, and `push` finds nothing to do or to mend."""
    status = kept.run("status", str(kept.environment), "--follow")
    assert status.returncode == 0, status.stderr
    assert "healthy" in status.stdout
    assert "Nothing changes" in status.stderr

    logs = kept.run("logs", str(kept.environment), "scheduler")
    assert logs.returncode == 0, logs.stderr
    assert logs.stdout.count("\n") > 10
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [A-Z]+ ", logs.stdout)

    check = ("--check",) if release == CHECKED else ()
    push = kept.run("push", str(kept.environment), "--events", *check)
    assert push.returncode == 0, push.stderr
    assert [json.loads(line)["event"] for line in push.stdout.splitlines()][-1] == "result"
    assert ("Parsing every DAG file" in push.stderr) == (release == CHECKED)
    if release == CHECKED:
        plan = kept.run("teardown", str(kept.environment), "--plan", *_unprotect(kept))
        assert (plan.returncode, "State that is lost for good" in plan.stdout) == (0, True), plan.stderr


def test_what_is_deployed_is_what_the_yaml_says(kept: Kept, release: str) -> None:
    """`diff` reads the deployed templates and finds no change; the plan of a deploy has none either."""
    diff = kept.run("diff", str(kept.environment), "--detailed-exitcode")
    assert (diff.returncode, "no change in" in diff.stdout) == (0, True), diff.stdout + diff.stderr
    if not (kept.environment.parent / "templates_out" / _name(kept)).is_dir():
        return  # a YAML of the tests has no reviewed templates, which a deploy wants to see
    if release == OLDEST:
        _tells_what_somebody_changes_by_hand(kept)
        upgrade = kept.run("upgrade", str(kept.environment), "--plan", "--to", "2.11.2")
        assert (upgrade.returncode, "Nothing runs for about" in upgrade.stdout) == (0, True), upgrade.stderr
    plan = kept.run("deploy", str(kept.environment), "--plan")
    assert "by hand" not in diff.stdout + plan.stdout
    assert (plan.returncode, "No resource of its templates changes" in plan.stdout) == (0, True), plan.stderr


def _tells_what_somebody_changes_by_hand(kept: Kept) -> None:
    """Let `diff` find another retention of a log group, in a nested stack; then set it back."""
    logs = kept.client("logs")
    group = next(one for one in logs.describe_log_groups()["logGroups"] if "retentionInDays" in one)
    name, days = group["logGroupName"], group["retentionInDays"]
    logs.put_retention_policy(logGroupName=name, retentionInDays=1)
    diff = kept.run("diff", str(kept.environment), "--detailed-exitcode")
    logs.put_retention_policy(logGroupName=name, retentionInDays=days)
    assert diff.returncode == 2, diff.stderr
    assert (
        f"RetentionInDays (AWS::Logs::LogGroup): {days} was deployed, 1 is there; a deploy leaves it so" in diff.stdout
    )


def test_a_project_is_developed_in_what_is_kept(kept: Kept, release: str, tmp_path: Path) -> None:
    """A saved DAG file shows, a broken one names its line, a mended one runs; Ctrl-C leaves what was kept."""
    if release != DEVELOPED:
        pytest.skip("tests/life/test_development.py develops on the other releases")
    with developing(make_project(tmp_path, str(kept.environment.relative_to(ROOT)))) as dev:
        dev.write("airflow_home/dags/mine.py", DAG.format(name="mine"))
        dev.expect("dags/mine.py  ")
        dev.write("airflow_home/dags/mine.py", DAG.format(name="mine") + "import humanize_nothing\n")
        assert "dags/mine.py:8" in dev.expect("docker/requirements.txt: humanize_nothing")
        dev.write("airflow_home/dags/mine.py", DAG.format(name="mended"))
        dev.expect("mended")
        ran = windsock("run", "env.yaml", "mended", checkout=dev.project)
        assert ran.returncode == 0, ran.stderr
        assert ran.stderr.startswith(f"Rehearsal of {_name(kept)} on this machine")
        assert windsock("open", "env.yaml", checkout=dev.project).stdout.strip() == kept.web_url
        assert "It goes on" in dev.interrupt()
    assert kept.run("status", str(kept.environment)).returncode == 0


def test_what_stands_before_the_web_server_keeps_access_logs(kept: Kept) -> None:
    """The load balancer has tried the bucket of its logs."""
    if not load(kept.environment).logs.access:
        pytest.skip("the YAML of another release asks for access logs")
    s3: Any = kept.client("s3")
    buckets = [one["Name"] for one in s3.list_buckets()["Buckets"]]
    (logs,) = (name for name in buckets if "accesslog" in name)
    (tried,) = s3.list_objects_v2(Bucket=logs)["Contents"]
    assert tried["Key"] == "load-balancer/AWSLogs/123456789012/ELBAccessLogTestFile"


def test_the_web_server_keeps_visitors_out(kept: Kept, release: str, golden: Golden) -> None:
    """The page says what happened to each attempt; it comes last, since a limiter knows the address afterwards."""
    env = load(kept.environment)
    user, password = env.auth.first_user.username, kept.admin_password()
    with web_acl(kept) as put:
        visitor = Visitor(
            site=kept.site_url, release=env.airflow.release, user=user, password=password, put_web_acl=put
        )
        page = web_checks.render(visitor, ENVIRONMENTS[release][0])
    golden(ROOT / "docs" / "security" / f"visitors-{release}.md", page)


def test_the_example_leaves_nothing_behind() -> None:
    """The README's first command ends with nothing left."""
    done = windsock("rehearse", "env.example.yaml", "--port", "0", "--endpoint-port", "0", "--json")

    assert done.returncode == 0, done.stderr
    proof = json.loads(done.stdout)
    assert proof["left"] == []
    assert [step["name"] for step in proof["acts"]][-1] == "left-overs"


def _name(kept: Kept) -> str:
    return next(
        line.split(":")[1].strip() for line in kept.environment.read_text().splitlines() if line.startswith("name:")
    )


def _unprotect(kept: Kept) -> tuple[str, ...]:
    return ("--unprotect", _name(kept)) if "protect: true" in kept.environment.read_text() else ()
