"""Every size is one that Fargate sells."""

import pytest

from spec.aws_facts.fargate_sizes import MEMORY_BY_CPU
from spec.environment import Environment
from tests.spec.minimal import PYTHON, minimal, refused

PAIRS = [(cpu, memory) for cpu, memories in MEMORY_BY_CPU.items() for memory in (memories[0], memories[-1])]


@pytest.mark.parametrize(("cpu", "memory"), PAIRS)
def test_every_pair_that_fargate_offers_is_taken(cpu: int, memory: int) -> None:
    """The smallest and largest memory of each CPU size are taken."""
    assert (
        minimal(more=f"services: {{scheduler: {{cpu: {cpu}, memory: {memory}}}}}\n").services.scheduler.memory == memory
    )


@pytest.mark.parametrize(("cpu", "memory"), [(256, 4096), (512, 512), (1024, 9216), (8192, 17408), (16384, 32769)])
def test_other_pairs_are_refused(cpu: int, memory: int) -> None:
    """Memory that does not go with the CPU is answered with what does."""
    fault = refused(more=f"services: {{scheduler: {{cpu: {cpu}, memory: {memory}}}}}\n")
    assert fault.path == "services.scheduler.memory"
    assert str(MEMORY_BY_CPU[cpu][0]) in fault.hint


def test_another_cpu_is_refused() -> None:
    """A CPU size that Fargate does not offer is the only fault, whatever its memory."""
    assert refused(more="services: {scheduler: {cpu: 300, memory: 1}}\n").path == "services.scheduler.cpu"


def _two_schedulers(old: str = "", new: str = "", more: str = "") -> Environment:
    return minimal(old, new, more=f"services: {{scheduler: {{cpu: 1024, memory: 2048, count: 2}}}}\n{more}")


def test_a_process_runs_once_unless_the_yaml_says_more() -> None:
    """A count that is not there leaves open how many somebody has set by hand."""
    env = _two_schedulers()
    webserver, scheduler = env.processes
    assert (env.count(webserver), env.count(scheduler)) == (1, 2)
    assert env.size(webserver).count is None


@pytest.mark.parametrize("count", [0, 101])
def test_no_task_and_too_many_are_refused(count: int) -> None:
    """With the bounds."""
    fault = refused(more=f"services: {{webserver: {{cpu: 512, memory: 1024, count: {count}}}}}\n")
    assert fault.path == "services.webserver.count"


def test_only_a_database_that_skips_locked_rows_has_two_schedulers() -> None:
    """MySQL has learned it with 8.0; one scheduler needs it not."""
    database = 'database: {kind: container, engine: mysql, version: "%s"}\n'
    services = "services: {scheduler: {cpu: 1024, memory: 2048, count: 2}}\n"
    fault = refused(more=services + database % "5.7")
    assert (fault.path, "MySQL 5.7" in fault.message, "8.0" in fault.hint) == ("services.scheduler.count", True, True)
    assert _two_schedulers(more=database % "8.0").services.scheduler.count == 2
    assert minimal(more=database % "5.7").database.version == "5.7"


@pytest.mark.parametrize("word", ["false", '"no"', '"False"'])
def test_two_schedulers_lock_the_rows_that_they_work_on(word: str) -> None:
    """Without that, both would start the same tasks."""
    config = f"{PYTHON}, config: {{scheduler: {{use_row_level_locking: {word}}}}}"
    services = "services: {scheduler: {cpu: 1024, memory: 2048, count: 2}}\n"
    assert refused(PYTHON, config, more=services).path == "services.scheduler.count"
    assert minimal(PYTHON, config).services.scheduler.count is None
    assert _two_schedulers(PYTHON, config.replace(word, "true")).services.scheduler.count == 2


def test_a_process_that_the_release_does_not_have_is_refused() -> None:
    """A process of another release is refused with those of this one."""
    fault = refused(more="services:\n  dag_processor: {cpu: 512, memory: 1024}\n")
    assert fault.path == "services.dag_processor"
    assert fault.hint == "valid: webserver, scheduler, triggerer"
