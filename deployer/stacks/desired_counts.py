"""How many of each process run, and which image: the parameters of the root stack that switch services on."""

from collections.abc import Iterable, Mapping

from compiler.resources.processes import title
from deployer.aws.stacks import Stack
from spec.releases.processes import Process

IMAGE = "ImageDigest"
"""The root's parameter that says which image the services run."""

NO_IMAGE = f"sha256:{'0' * 64}"
"""Stands for the image until there is one: nothing starts while services are at zero."""

_SUFFIX = "Count"


def is_running(stack: Stack) -> bool:
    """Whether the services of an environment are switched on."""
    counts = {value for key, value in stack.parameters.items() if key.endswith(_SUFFIX)}
    return bool(counts) and "0" not in counts


def wanted_counts(processes: Iterable[Process], stack: Stack) -> dict[str, int]:
    """Return how many of each process are to run: as many as did, and one at least."""
    return {
        process.name: max(int(stack.parameters.get(f"{title(process.name)}{_SUFFIX}", 0)), 1) for process in processes
    }


def count_parameters(counts: Mapping[str, int]) -> dict[str, str]:
    """Return the root's parameters with these counts."""
    return {f"{title(process)}{_SUFFIX}": str(count) for process, count in counts.items()}


def no_services(processes: Iterable[Process]) -> dict[str, str]:
    """Return the root's parameters with every service at zero."""
    return count_parameters({process.name: 0 for process in processes})
