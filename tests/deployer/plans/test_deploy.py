"""What a deploy decides, case by case, without AWS."""

from dataclasses import replace
from typing import Any

import pytest

from compiler.model.template_set import TemplateSet
from deployer.access.secrets import Listed, MissingSecretsRefusal, versions_of
from deployer.account.keys import KeyRefusal
from deployer.account.networks import NetworkRefusal
from deployer.account.quotas import QuotaRefusal, Shortage
from deployer.account.service_linked_roles import ROLES
from deployer.aws.ecs import Service
from deployer.differences.difference import Danger
from deployer.plans.delivery_changes import DeliveryRefusal
from deployer.plans.deploy import plan_deploy
from deployer.plans.observed import Observed, ObservedClient
from deployer.plans.plan import Plan, ServiceChange
from deployer.plans.upgrade import DeployChoices
from deployer.record.owned_resources import OwnedResources
from deployer.release.airflow_home import Code, CodeFile
from deployer.releases.store import NO_POINTER
from deployer.stacks.preflight import PreflightRefusal
from deployer.stacks.replacement_guard import StateRefusal
from deployer.stacks.rollout import RolloutFailure
from deployer.stacks.statuses import STATES, Action
from deployer.stacks.template_diff import Loss
from deployer.steps.code.image import BuildImage
from deployer.steps.code.imports import TryImports
from deployer.steps.code.one_off_tasks import RunOneOffTasks
from deployer.steps.code.release import PublishRelease
from deployer.steps.services.restart import Restart, restart_version
from deployer.steps.services.wake import Wake
from deployer.steps.stacks.bootstrap import EnsureBootstrap
from deployer.steps.stacks.root_stack import Provision, RollServices
from deployer.steps.stacks.templates import UploadTemplates
from deployer.steps.step import Need
from spec.environment import Environment
from tests.deployer.fakes.environment import STORAGE, environment, template_set
from tests.deployer.fakes.observed import CODE, IMAGE, absent, deployed, step_of, steps_of, with_stack
from tests.spec.minimal import GOOGLE, minimal

EPHEMERAL = 'database: {kind: container, version: "15", storage: ephemeral}\nname: demo\n'
BACK = DeployChoices(allow_downgrade=True)
TTL = environment(name="ttl: 3d\nname")
NEWEST = {'version: 2.5.3, python: "3.10"': 'version: 3.3.2, python: "3.12"'}
THREE = environment(**NEWEST)
RELEASES = environment(**NEWEST, network="code: {delivery: release}\nnetwork")
FILES = environment(**NEWEST, network="code: {delivery: efs}\nnetwork")
OTHER_SERVICES = "Resources: {New: {Type: AWS::SNS::Topic}}\n"


def _plan(
    observed: Observed, *, env: Environment | None = None, templates: TemplateSet | None = None, **more: Any
) -> Plan:
    return plan_deploy(env or environment(), templates or template_set(), more.pop("code", CODE), observed, **more)


def _needs(plan: Plan) -> dict[str, str]:
    return dict(steps_of(plan))


def _changes(plan: Plan) -> list[tuple[str, Danger]]:
    return sorted((resource.path, resource.danger) for resource in plan.difference.resources)


def _with_services(text: str) -> TemplateSet:
    templates = template_set()
    return replace(templates, files={**templates.files, "services.yaml": text})


def test_a_new_account_gets_its_roles_first() -> None:
    """They have until the cluster to arrive everywhere; an account that has them does not hear of it."""
    plan = _plan(replace(absent(), missing_roles=(ROLES["AWS::ECS::Cluster"],)))
    assert steps_of(plan)[1:3] == [("CreateServiceLinkedRoles", "to do"), ("PinForeignImages", "to do")]


def test_a_shortage_is_refused_before_anything_is_created() -> None:
    """One sentence per quota: its name, its value, what is in use and needed, and where to ask for more."""
    shortage = Shortage(name="VPCs per Region", value=5, used=5, needed=1, link="https://here")
    with pytest.raises(QuotaRefusal) as caught:
        _plan(replace(absent(), shortages=(shortage,)))
    said = "VPCs per Region: the quota is 5, 5 in use, 1 more needed: https://here"
    assert said in str(caught.value)


def test_a_network_that_does_not_fit_is_refused_before_anything_is_created() -> None:
    """One sentence per fault; of an environment that makes its own network nothing is asked."""
    keys = (
        "mode: existing, vpc: vpc-0a1b2c3d, public_addresses: true, task_subnets: [subnet-0000000a, subnet-0000000b], "
    )
    env = minimal("network: {", f"network: {{{keys}")
    with pytest.raises(NetworkRefusal, match=r"cannot stand in vpc-0a1b2c3d; nothing was created\."):
        _plan(replace(absent(), network_faults=("one.",)), env=env)


def test_a_key_that_cannot_encrypt_is_refused_before_anything_is_created() -> None:
    """One sentence per fault."""
    with pytest.raises(KeyRefusal, match="cannot use what is below encryption"):
        _plan(replace(absent(), key_faults=("one.",)))


def test_a_secret_that_nobody_has_filled_is_refused_before_anything_is_created() -> None:
    """A task that needs it would never start; a secret that we may not look at is none of ours to judge."""
    secret = Listed(name="demo/token", kind="secret", variables=("TOKEN",), version="")
    with pytest.raises(MissingSecretsRefusal, match="demo/token, for TOKEN"):
        _plan(replace(absent(), secrets=(secret,)))
    assert _plan(replace(absent(), secrets=(replace(secret, version=None),))).steps


def test_a_new_value_of_a_secret_restarts_the_services() -> None:
    """They have read the older one; the same value is no reason."""
    secret = Listed(name="demo/token", kind="secret", variables=("TOKEN",), version="v1")
    version = restart_version(CODE.restart_version, versions_of([secret]))
    observed = replace(deployed(), secrets=(secret,))
    assert _needs(_plan(observed))["Restart"] == "to do"
    read = replace(observed, state=replace(observed.state, restart=version))
    assert _needs(_plan(read))["Restart"] == "nothing to do"


def test_a_first_deploy_does_every_step_in_order() -> None:
    """Services are switched on last, when image, code and database are there."""
    plan = _plan(absent())
    assert steps_of(plan) == [
        ("TryImports", "if needed"),
        ("PinForeignImages", "to do"),
        ("EnsureBootstrap", "to do"),
        ("UploadTemplates", "to do"),
        ("Provision", "to do"),
        ("BuildImage", "if needed"),
        ("PublishRelease", "to do"),
        ("RunOneOffTasks", "to do"),
        ("RollServices", "to do"),
        ("Restart", "nothing to do"),
        ("Verify", "to do"),
        ("AwaitParsed", "to do"),
        ("RecordRestart", "to do"),
        ("CleanUp", "if needed"),
    ]
    assert plan.final
    assert plan.services == (ServiceChange("webserver", 0, 1), ServiceChange("scheduler", 0, 1))
    assert _changes(plan) == [("Storage/CodeBucket", Danger.ADDED), ("windsock-toolkit/TemplatesBucket", Danger.ADDED)]
    assert plan.code_version == CODE.version


def test_what_stands_for_the_image_is_built_before_something_is_at_stake() -> None:
    """The first resource, or the standstill of an upgrade; services that run stay as they are whatever the code is."""

    def builds(plan: Plan) -> list[bool]:
        return [step.build for step in plan.steps if isinstance(step, TryImports)]

    older = deployed()
    older = replace(older, state=replace(older.state, airflow_version="2.10.5"))
    assert builds(_plan(absent())) == [True]
    assert builds(_plan(older, choices=BACK)) == [True]
    assert builds(_plan(deployed())) == [False]


def test_a_first_deploy_initialises_the_database_and_makes_the_admin() -> None:
    """Every command is in the plan, and nothing about them is in doubt."""
    tasks = _plan(absent()).tasks
    assert [(task.task, task.need) for task in tasks] == [
        ("sync", Need.YES),
        ("database", Need.YES),
        ("database", Need.YES),
    ]
    assert "airflow db init" in tasks[1].command
    assert "users create" in tasks[2].command


def test_a_deploy_of_what_is_deployed_has_only_doubts() -> None:
    """The image may be new until it was looked for; everything else is known to be as it should be."""
    plan = _plan(deployed())
    assert _needs(plan) == {
        "TryImports": "if needed",
        "PinForeignImages": "nothing to do",
        "EnsureBootstrap": "nothing to do",
        "UploadTemplates": "nothing to do",
        "BuildImage": "if needed",
        "PublishRelease": "nothing to do",
        "RunOneOffTasks": "if needed",
        "RollServices": "if needed",
        "Restart": "nothing to do",
        "Verify": "to do",
        "AwaitParsed": "nothing to do",
        "RecordRestart": "nothing to do",
        "CleanUp": "if needed",
    }
    assert (_changes(plan), plan.services, plan.losses) == ([], (), ())
    assert [(task.command, task.need) for task in plan.tasks] == [("airflow db upgrade", Need.UNKNOWN)]
    assert [step.name for step in plan.steps_to_do] == ["imports", "image", "sync", "services", "verify", "clear"]


def test_roles_that_are_replaced_are_told_before_the_first_step() -> None:
    """Nothing is lost, but every service starts anew with the new roles."""
    role = "Resources: {{Task: {{Type: 'AWS::IAM::Role', Properties: {{Path: {}}}}}}}\n"
    observed = replace(deployed(), nested_templates={"Services": role.format("/old/")})
    plan = _plan(observed, templates=_with_services(role.format("/new/")))
    assert plan.notes == ("Services/Task: another path or name replaces these roles, and their tasks start anew.",)
    assert _plan(deployed()).notes == ()


def test_a_plan_is_a_value() -> None:
    """Equal observations give equal plans, which can be compared and printed; no text of a template is in the print."""
    assert _plan(deployed()) == _plan(deployed())
    assert _plan(deployed()) != _plan(absent())
    assert "Provision(reason='it is not deployed yet'" in repr(_plan(absent()))
    assert "Resources:" not in repr(_plan(absent()))


def test_a_delivery_that_the_yaml_does_not_name_changes_nothing() -> None:
    """A default that is new takes no file system away."""
    with pytest.raises(DeliveryRefusal, match="efs"):
        _plan(_on_3(), env=THREE)


def test_services_stop_while_a_file_system_takes_the_place_of_releases() -> None:
    """Or of files there. They would start with empty folders; a bucket has the code before they start."""
    without = {"SyncTaskDefinition": "", "CodeAccessPoint": ""}
    for former in (without, {"CodeAccessPoint": ""}):
        provision = step_of(_plan(_on_3(**former), env=FILES), Provision)
        assert provision.reason == "the file system is to have the code in releases"
    to_releases = _plan(replace(_on_3(), pointer=NO_POINTER), env=RELEASES)
    assert not [step for step in to_releases.steps if isinstance(step, Provision)]
    assert step_of(to_releases, PublishRelease).need is Need.YES


def _on_3(**outputs: str) -> Observed:
    observed = deployed()
    assert observed.stack is not None
    seen = with_stack(observed, outputs={**observed.stack.outputs, "AirflowVersion": "3.3.2", **outputs})
    return replace(seen, state=replace(seen.state, airflow_version="3.3.2"))


def test_every_step_says_why_it_is_there() -> None:
    """Also why it has nothing to do."""
    for observed in (absent(), deployed()):
        assert all(step.reason for step in _plan(observed).steps)


def test_a_changed_template_rolls_the_services() -> None:
    """Only the changed nested stack is in the plan, resource by resource; nothing stops before the change set."""
    templates = _with_services(OTHER_SERVICES)
    observed = replace(deployed(), nested_templates={"Services": "Resources: {}\n"})
    plan = _plan(observed, templates=templates)
    assert _changes(plan) == [("Services/New", Danger.ADDED)]
    rolling = step_of(plan, RollServices)
    assert (rolling.need, rolling.reason) == (Need.YES, "the templates are new")
    (missing,) = next(step.missing for step in plan.steps if isinstance(step, UploadTemplates))
    assert missing.startswith("demo/")
    assert "Provision" not in _needs(plan)


def test_a_deploy_names_the_image_that_runs_now() -> None:
    """Whether there is a new one, only the repository says."""
    assert step_of(_plan(deployed()), BuildImage) == BuildImage(
        reason="the repository may hold it already", deployed=IMAGE
    )


def test_a_changed_dag_is_uploaded_and_synced() -> None:
    """No service restarts for it."""
    code = Code((CodeFile("dags/one.py", b"x = 2\n"), CODE.files[1]))
    plan = _plan(deployed(), code=code)
    assert step_of(plan, PublishRelease).need is Need.YES
    assert [task.task for task in plan.tasks if task.need is Need.YES] == ["sync"]
    assert _needs(plan)["Restart"] == "nothing to do"


def test_a_changed_plugin_restarts_the_services() -> None:
    """Airflow reads plugins only when it starts."""
    code = Code((CODE.files[0], CodeFile("plugins/hello.py", b"x = 2\n")))
    plan = _plan(deployed(), code=code)
    assert step_of(plan, Restart).need is Need.YES
    assert _needs(plan)["RecordRestart"] == "to do"


def test_an_environment_that_sleeps_is_woken_first() -> None:
    """The plan names the services at zero and the counts to which they return."""
    services = tuple(replace(service, desired=0, running=0) for service in deployed().services)
    plan = _plan(replace(deployed(), services=services, database_asleep=True))
    wake = step_of(plan, Wake)
    assert isinstance(wake, Wake)
    assert sorted(wake.services) == ["Scheduler", "Webserver"]
    assert sorted(plan.services, key=str) == [ServiceChange("scheduler", 0, 1), ServiceChange("webserver", 0, 1)]
    assert "Provision" not in _needs(plan)


def test_a_page_that_says_that_it_sleeps_is_taken_away() -> None:
    """Also where everything runs: somebody has started it by hand, or a schedule failed."""
    wake = step_of(_plan(replace(deployed(), page_shown=True)), Wake)
    assert isinstance(wake, Wake)
    assert wake.services == ()


def test_services_at_zero_are_provisioned_again() -> None:
    """So an unfinished deploy is completed."""
    observed = deployed()
    assert observed.stack is not None
    plan = _plan(with_stack(observed, parameters={**observed.stack.parameters, "SchedulerCount": "0"}))
    assert step_of(plan, Provision).reason == "services are at zero, as an unfinished deploy left them"


def test_an_ephemeral_database_that_is_replaced_stops_the_services_first() -> None:
    """They wait at zero until the new, empty one is initialised."""
    env = environment(**{"name: demo\n": EPHEMERAL})
    observed = deployed(env)
    assert observed.stack is not None
    parameters = {**observed.stack.parameters, "DatabaseTemplate": "other.yaml"}
    plan = _plan(with_stack(observed, parameters=parameters), env=env)
    assert step_of(plan, Provision).reason == "another database takes the place of the deployed one"


def test_an_ephemeral_database_may_have_come_back_empty() -> None:
    """Only a look at its task says so: initialising, migrating and restarting are all in doubt."""
    env = environment(**{"name: demo\n": EPHEMERAL})
    observed = deployed(env)
    assert observed.stack is not None
    outputs = {**observed.stack.outputs, "DatabaseInstance": "", "DatabaseService": "Database"}
    plan = _plan(with_stack(observed, outputs=outputs), env=env)
    assert {task.need for task in plan.tasks} == {Need.UNKNOWN}
    assert len(plan.tasks) == 3
    assert step_of(plan, Restart).need is Need.UNKNOWN


def test_a_database_that_is_another_is_initialised_and_the_services_restart() -> None:
    """The deploy state names the database that was initialised."""
    observed = deployed()
    plan = _plan(replace(observed, state=replace(observed.state, database="db-0")))
    assert [(task.task, task.need) for task in plan.tasks] == [("database", Need.YES), ("database", Need.YES)]
    assert step_of(plan, Restart).need is Need.UNKNOWN


def test_another_admin_is_made_without_initialising() -> None:
    """Only the account is missing."""
    observed = deployed()
    plan = _plan(replace(observed, state=replace(observed.state, admin="somebody")))
    assert [task.need for task in plan.tasks if "users create" in task.command] == [Need.YES]
    assert not any("airflow db init" in task.command for task in plan.tasks)


@pytest.mark.parametrize(
    ("client", "steps"),
    [
        (ObservedClient(), ["MakeClientSecret", "RequireClient"]),
        (ObservedClient(secret=True), ["RequireClient"]),
    ],
)
def test_a_login_switched_without_a_client_stops_before_the_image(client: ObservedClient, steps: list[str]) -> None:
    """The empty secret is made so that it can be filled; nothing else happens before that."""
    env = minimal(more=GOOGLE)
    plan = _plan(replace(deployed(env), client=client), env=env)
    kinds = [kind for kind, _ in steps_of(plan)]
    assert kinds[4 : kinds.index("BuildImage")] == steps
    assert _needs(plan)["RequireClient"] == "to do"


def test_a_stored_client_needs_no_step() -> None:
    """The step is there and has nothing to do."""
    env = minimal(more=GOOGLE)
    plan = _plan(replace(deployed(env), client=ObservedClient(secret=True, filled=True)), env=env)
    assert _needs(plan)["RequireClient"] == "nothing to do"


def test_code_of_an_environment_that_deletes_itself_goes_up_only_for_a_sync() -> None:
    """Its bucket is empty but for the time of a sync, so an empty bucket is no reason."""
    observed = replace(deployed(TTL), pointer=NO_POINTER)
    assert step_of(_plan(observed, env=TTL), PublishRelease).need is Need.NO
    behind = replace(observed, state=replace(observed.state, code="older"))
    assert step_of(_plan(behind, env=TTL), PublishRelease).need is Need.YES


UNSETTLED = [status for status, row in STATES.items() if row.action in {Action.WAIT, Action.RECREATE, Action.CONTINUE}]


@pytest.mark.parametrize("status", UNSETTLED)
def test_a_stack_that_is_not_at_rest_is_settled_before_anything_is_planned(status: str) -> None:
    """What comes after depends on how that ends, and the plan says so."""
    plan = _plan(with_stack(deployed(), status=status))
    assert steps_of(plan) == [("Settle", "to do")]
    assert not plan.final
    assert status in plan.steps[0].reason


def test_a_pending_teardown_is_waited_for() -> None:
    """Even where the stack still looks whole."""
    plan = _plan(replace(deployed(), teardown_note=OwnedResources()))
    assert (steps_of(plan), plan.final) == ([("Settle", "to do")], False)
    assert plan.steps[0].reason == "a teardown has not come to its end"


def test_an_environment_that_is_being_deleted_may_be_made_anew_with_another_release() -> None:
    """The version of what is going away forbids nothing."""
    observed = with_stack(deployed(), status="DELETE_IN_PROGRESS", outputs={"AirflowVersion": "3.3.2"})
    assert not _plan(observed).final


@pytest.mark.parametrize("status", [status for status, row in STATES.items() if row.action is Action.REFUSE])
def test_a_stack_that_only_the_user_can_repair_is_refused(status: str) -> None:
    """By looking, before anything is written."""
    with pytest.raises(RolloutFailure, match=status):
        _plan(with_stack(deployed(), status=status))


def test_another_account_is_refused() -> None:
    """Before its stacks are looked at."""
    with pytest.raises(PreflightRefusal, match=r"999999999999.*123456789012"):
        _plan(replace(absent(), account="999999999999"))


def test_a_stack_of_somebody_else_is_refused() -> None:
    """An equal name is no licence."""
    with pytest.raises(PreflightRefusal, match="did not make it"):
        _plan(with_stack(deployed(), tags={}))


def test_another_release_has_its_image_and_its_snapshot_before_anything_is_changed() -> None:
    """Services stop when all is ready that can fail cheaply; the database is migrated when the code is there."""
    observed = deployed()
    plan = _plan(replace(observed, state=replace(observed.state, airflow_version="2.10.5")), choices=BACK)
    names = [name for name, _ in steps_of(plan)]
    assert names[4:12] == [
        *("BuildImage", "Drain", "TakeSnapshot", "Provision", "PublishRelease", "SyncCode", "Migrate"),
        "RunOneOffTasks",
    ]
    assert plan.notes == ("Airflow 2.10.5 -> 2.5.3.",)
    assert [task.command for task in plan.tasks] == ["airflow db upgrade"]
    assert vars(step_of(plan, RollServices))["running"] is False


def test_state_at_risk_is_refused_and_is_in_the_plan_once_allowed() -> None:
    """Logical path, type and what would happen."""
    templates = template_set(STORAGE.replace("CodeBucket", "Renamed"))
    observed = replace(deployed(), nested_templates={"Storage": STORAGE})
    with pytest.raises(StateRefusal, match="Storage/CodeBucket"):
        _plan(observed, templates=templates)
    plan = _plan(observed, templates=templates, allowed=frozenset({"Storage/CodeBucket"}))
    assert plan.losses == (Loss("Storage/CodeBucket", "AWS::S3::Bucket", "would be removed"),)
    assert [danger for _, danger in _changes(plan)] == [Danger.STATE, Danger.ADDED]


@pytest.mark.parametrize(
    ("status", "template", "bucket", "need"),
    [
        ("CREATE_COMPLETE", "", "templates", Need.YES),
        ("UPDATE_IN_PROGRESS", None, "templates", Need.YES),
        ("DELETE_FAILED", None, "templates", Need.NO),
        ("DELETE_FAILED", None, "", Need.YES),
    ],
)
def test_the_bootstrap_stack_is_changed_unless_it_is_as_it_should_be(
    status: str, template: str | None, bucket: str, need: Need
) -> None:
    """One that a teardown could not delete is used as long as its bucket is there."""
    observed = deployed()
    assert observed.bootstrap.stack is not None
    bootstrap = replace(
        observed.bootstrap,
        stack=replace(observed.bootstrap.stack, status=status),
        template=observed.bootstrap.template if template is None else template,
        bucket=bucket,
    )
    assert step_of(_plan(replace(observed, bootstrap=bootstrap)), EnsureBootstrap).need is need


def test_more_tasks_than_one_stay_as_many() -> None:
    """Somebody may have wanted two web servers."""
    observed = deployed()
    assert observed.stack is not None
    observed = with_stack(observed, parameters={**observed.stack.parameters, "WebserverCount": "2"})
    services = (
        Service(name="Webserver", status="ACTIVE", desired=0, running=0, pending=0, rollout="COMPLETED", older=0),
        observed.services[0],
    )
    assert _plan(replace(observed, services=services)).services == (ServiceChange("webserver", 0, 2),)


def test_a_number_of_tasks_set_by_hand_reaches_the_stack() -> None:
    """The plan names it, and CloudFormation never sets it back."""
    observed = deployed()
    scheduler, webserver = observed.services
    plan = _plan(replace(observed, services=(replace(scheduler, desired=2), webserver)))
    step = step_of(plan, RollServices)
    assert isinstance(step, RollServices)
    assert step.counts == {"webserver": 1, "scheduler": 2}
    assert (plan.kept_counts, plan.services) == ({"scheduler": 2}, ())


def test_the_one_off_tasks_carry_their_commands() -> None:
    """So that a plan can be shown without AWS."""
    step = step_of(_plan(absent()), RunOneOffTasks)
    assert isinstance(step, RunOneOffTasks)
    assert step.tasks == _plan(absent()).tasks
    assert "airflow db init: to do" in step.reason
