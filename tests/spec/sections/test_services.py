"""Every size is one that Fargate sells."""

import pytest

from spec.aws_facts.fargate_sizes import MEMORY_BY_CPU
from tests.spec.minimal import minimal, refused

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


def test_a_process_that_the_release_does_not_have_is_refused() -> None:
    """A process of another release is refused with those of this one."""
    fault = refused(more="services:\n  dag_processor: {cpu: 512, memory: 1024}\n")
    assert fault.path == "services.dag_processor"
    assert fault.hint == "valid: webserver, scheduler, triggerer"
