"""Office hours are read from the schedules that keep them."""

import pytest

from compiler.model.yaml_reader import read_template
from pricing.schedule import hours_of
from pricing.template import StackTemplate, stack_template

SERVICES = """
Resources: {}
Outputs:
  SchedulerService: {Value: !GetAtt SchedulerService.Name}
  WebserverService: {Value: !GetAtt WebserverService.Name}
"""
DATABASE = """
Resources: {}
Outputs:
  DatabaseInstance: {Value: !Ref Instance}
"""


def _schedule(name: str, call: str, said: str, when: str) -> str:
    return f"""
  {name}:
    Type: AWS::Scheduler::Schedule
    Properties:
      ScheduleExpression: {when}
      ScheduleExpressionTimezone: Europe/Berlin
      Target:
        Arn: !Sub arn:${{AWS::Partition}}:scheduler:::aws-sdk:{call}
        Input: !Sub '{said}'
"""


def _service(state: str, when: str) -> str:
    count = {"On": "${SchedulerCount}", "Off": "0"}[state]
    said = f'{{"Cluster":"${{ClusterName}}","Service":"${{SchedulerService}}","DesiredCount":{count}}}'
    return _schedule(f"Scheduler{state}{abs(hash(when))}", "ecs:updateService", said, when)


def _hours(*schedules: str) -> dict[str, float]:
    office = "Resources:" + "".join(schedules)
    texts = {"database": DATABASE, "services": SERVICES, "office_hours": office}
    return dict(hours_of([stack_template(name, read_template(text)) for name, text in texts.items()]))


def test_five_days_of_ten_hours_are_fifty_hours_a_week() -> None:
    """50 hours of the 168 of a week are 217 of the 730 of a month; a resource without a schedule is not listed."""
    days = "MON,TUE,WED,THU,FRI"
    hours = _hours(_service("On", f"cron(0 8 ? * {days} *)"), _service("Off", f"cron(0 18 ? * {days} *)"))
    assert hours == {"services/SchedulerService": pytest.approx(50 / 168 * 730)}


def test_a_span_over_the_end_of_the_week_is_counted() -> None:
    """A span from Friday evening to Monday morning counts as one."""
    hours = _hours(_service("On", "cron(30 17 ? * FRI *)"), _service("Off", "cron(0 6 ? * MON *)"))
    assert hours["services/SchedulerService"] == pytest.approx(60.5 / 168 * 730)


def test_several_ranges_add_up() -> None:
    """Mornings and evenings add up."""
    hours = _hours(
        _service("On", "cron(0 8 ? * MON *)"),
        _service("Off", "cron(0 10 ? * MON *)"),
        _service("On", "cron(0 18 ? * MON,TUE *)"),
        _service("Off", "cron(0 19 ? * MON,TUE *)"),
    )
    assert hours["services/SchedulerService"] == pytest.approx(4 / 168 * 730)


def test_a_scheduled_database_has_hours_too() -> None:
    """It starts before and stops after the services, and the outputs of its stack name it."""
    said = '{"DbInstanceIdentifier":"${DatabaseInstance}"}'
    hours = _hours(
        _schedule("Starts", "rds:startDBInstance", said, "cron(45 7 ? * MON *)"),
        _schedule("Stops", "rds:stopDBInstance", said, "cron(10 18 ? * MON *)"),
    )
    assert hours == {"database/Instance": pytest.approx((10 + 25 / 60) / 168 * 730)}


def test_schedules_that_are_not_weekly_are_ignored() -> None:
    """One that deletes the stack, or names something else."""
    assert _hours(_schedule("Expires", "cloudformation:deleteStack", '{"StackName":"${X}"}', "rate(1 hour)")) == {}
    elsewhere = '{"Service":"${OtherService}","DesiredCount":0}'
    assert _hours(_schedule("Other", "ecs:updateService", elsewhere, "cron(0 8 ? * MON *)")) == {}


def test_without_schedules_nothing_has_hours() -> None:
    """Everything runs all month."""
    assert hours_of([StackTemplate(name="services", resources={})]) == {}
