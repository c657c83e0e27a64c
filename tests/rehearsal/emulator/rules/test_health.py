"""The promises of rehearsal/emulator/rules/health.py."""

from rehearsal.emulator.rules.health import Health, Rules, State, overall

RULES = Rules(interval=10, timeout=2, successes=2, failures=3, start_period=30)


def _after(*looks: tuple[bool, float]) -> Health:
    health = Health()
    for passed, age in looks:
        health = health.after(passed=passed, age=age, rules=RULES)
    return health


def test_healthy_after_enough_successes() -> None:
    """Successes in a row make healthy, however early they come; a failure between starts the row again."""
    assert _after((True, 1)).state is State.UNKNOWN
    assert _after((True, 1), (True, 2)).state is State.HEALTHY
    assert _after((True, 1), (False, 2), (True, 3)).state is State.UNKNOWN


def test_failures_in_the_start_period_do_not_count() -> None:
    """Failures within the start period do not count."""
    assert _after(*((False, age) for age in (5, 15, 25, 29))).state is State.UNKNOWN


def test_eager_failures_count_once_per_interval() -> None:
    """More frequent checks notice a failure no earlier than AWS would."""
    often = [(False, 30 + age) for age in range(15)]
    assert _after(*often).bad == 2
    assert _after(*often, (False, 51)).state is State.UNHEALTHY


def test_healthy_becomes_unhealthy() -> None:
    """A healthy thing is unhealthy after the failures the rules ask for."""
    sick = _after((True, 1), (True, 2), (False, 40), (False, 50))
    assert sick.state is State.HEALTHY
    assert sick.after(passed=False, age=60, rules=RULES).state is State.UNHEALTHY


def test_checks_are_eager_until_first_healthy() -> None:
    """Looks are eager until the first verdict and then keep the interval."""
    assert Health().pause(rules=RULES, eager=2) == 2
    assert _after((True, 1), (True, 2)).pause(rules=RULES, eager=2) == 10


def test_a_task_is_healthy_when_all_its_checks_are() -> None:
    """A task is as sick as its sickest container, and healthy only when all are."""
    assert overall([State.HEALTHY, State.UNHEALTHY]) is State.UNHEALTHY
    assert overall([State.HEALTHY, State.UNKNOWN]) is State.UNKNOWN
    assert overall([State.HEALTHY]) is State.HEALTHY
    assert overall([]) is State.UNKNOWN
