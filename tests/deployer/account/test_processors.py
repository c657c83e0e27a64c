"""The promises of deployer/account/processors.py."""

from compiler.model.yaml_reader import read_template
from deployer.account.processors import needed_processors
from deployer.stacks.template_diff import Resources
from tests.deployer.account.templates import WEB

DEPLOY = "Resources: {SyncTaskDefinition: {Type: AWS::ECS::TaskDefinition, Properties: {Cpu: '2048'}}}"


def _stack(text: str) -> Resources:
    found: Resources = read_template(text)["Resources"]
    return found


def _web(provider: str, maximum: int) -> Resources:
    return _stack(WEB.replace("PROVIDER", provider).replace("MAXIMUM", str(maximum)))


def test_a_rolling_deploy_needs_the_old_and_the_new_task() -> None:
    """ECS starts as many beside the old ones as the service lets it."""
    assert needed_processors([_web("FARGATE", 200)], {}, spot=False) == 8


def test_a_service_that_stops_its_task_first_needs_one() -> None:
    """Its maximum is 100 percent."""
    assert needed_processors([_web("FARGATE", 100)], {}, spot=False) == 4


def test_on_demand_and_spot_are_counted_apart() -> None:
    """Each has a quota of its own."""
    stacks = [_web("FARGATE_SPOT", 200)]
    assert needed_processors(stacks, {}, spot=True) == 8
    assert needed_processors(stacks, {}, spot=False) == 0


def test_the_tasks_of_a_deploy_run_side_by_side() -> None:
    """One brings code to the file system, the other migrates the database meanwhile."""
    both = [_stack(DEPLOY), _stack(DEPLOY.replace("Sync", "Command"))]
    assert needed_processors(both, {}, spot=False) == 4


def test_a_task_of_a_deploy_runs_beside_the_services() -> None:
    """It has no service, and is on demand although all services are on Spot."""
    assert needed_processors([_web("FARGATE", 100), _stack(DEPLOY)], {}, spot=False) == 6
    assert needed_processors([_web("FARGATE_SPOT", 100), _stack(DEPLOY)], {}, spot=False) == 2
    assert needed_processors([_web("FARGATE_SPOT", 100), _stack(DEPLOY)], {}, spot=True) == 4


def test_a_task_of_a_deploy_has_ended_when_services_are_replaced() -> None:
    """So the larger of the two counts."""
    assert needed_processors([_web("FARGATE", 200), _stack(DEPLOY)], {}, spot=False) == 8


def test_workers_are_not_counted() -> None:
    """How many run, and on which capacity, is the affair of the scheduler."""
    assert needed_processors([_stack(DEPLOY.replace("Sync", "Worker"))], {}, spot=False) == 0


def test_every_task_of_a_service_is_counted() -> None:
    """Three of four vCPUs each, and while half of them more may run, one more."""
    counted = "TaskDefinition: !Ref Definition\n      DesiredCount: !Ref WebserverCount"
    stack = _stack(WEB.replace("MAXIMUM", "150").replace("TaskDefinition: !Ref Definition", counted))
    assert needed_processors([stack], {"WebserverCount": 3}, spot=False) == 16
    assert needed_processors([stack], {}, spot=False) == 4


def test_a_service_says_itself_how_many_tasks_it_has() -> None:
    """As that of a database does, which is never two."""
    counted = "TaskDefinition: !Ref Definition\n      DesiredCount: 1"
    text = WEB.replace("PROVIDER", "FARGATE").replace("MAXIMUM", "100")
    database = _stack(text.replace("TaskDefinition: !Ref Definition", counted))
    assert needed_processors([database], {}, spot=False) == 4
