"""How many of each process run, and which image: the parameters of the root stack that switch services on."""

from collections.abc import Iterable, Mapping

from compiler.contract import PerProcess
from deployer.aws.stacks import Stack
from spec.environment import Environment
from spec.releases.processes import Process

NO_IMAGE = f"sha256:{'0' * 64}"
"""Stands for the image until there is one: nothing starts while services are at zero."""


def is_running(stack: Stack) -> bool:
    """Whether the services of an environment are switched on."""
    counts = set(PerProcess.COUNT.among(stack.parameters).values())
    return bool(counts) and "0" not in counts


def wanted_counts(env: Environment, stack: Stack) -> dict[str, int]:
    """Return how many of each process are to run: as many as the YAML says, or else as many as did."""
    return {**deployed_counts(env.processes, stack), **named_counts(env)}


def named_counts(env: Environment) -> dict[str, int]:
    """Return how many of each process are to run, where the YAML names a number."""
    named = {process.name: env.size(process).count for process in env.processes}
    return {process: count for process, count in named.items() if count is not None}


def deployed_counts(processes: Iterable[Process], stack: Stack) -> dict[str, int]:
    """Return how many of each process a stack has while it is switched on: one at least."""
    present = PerProcess.COUNT.among(stack.parameters)
    return {process.name: max(int(present.get(process.name, 0)), 1) for process in processes}


def counts_set_by_hand(counts: Mapping[str, int], desired: Mapping[str, int]) -> dict[str, int]:
    """Return the processes of which somebody wants another number than the stack.

    `counts` are those of the stack, `desired` those of ECS; a service at zero sleeps, or is not switched on.
    """
    return {name: desired[name] for name, count in counts.items() if desired.get(name) and desired[name] != count}


def count_parameters(counts: Mapping[str, int]) -> dict[str, str]:
    """Return the root's parameters with these counts."""
    return {PerProcess.COUNT.of(process): str(count) for process, count in counts.items()}


def no_services(processes: Iterable[Process]) -> dict[str, str]:
    """Return the root's parameters with every service at zero."""
    return count_parameters({process.name: 0 for process in processes})
