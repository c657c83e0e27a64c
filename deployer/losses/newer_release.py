"""Names what only the newer of two Airflow releases has, so that a downgrade which is allowed takes it away unasked."""

from collections.abc import Sequence

from compiler.contract import PerProcess, title
from spec.environment import Environment
from spec.releases.table import RELEASES, Release
from spec.releases.upgrades import Hop


def only_of_newer(env: Environment, hops: Sequence[Hop]) -> frozenset[str]:
    """Return the logical paths that a downgrade to `env` removes: log groups and keys of what it does not run.

    They hold nothing that the older release reads; none where the hops lead up.
    """
    if not hops or not hops[0].is_downgrade:
        return frozenset()
    older, newer = env.airflow.release, RELEASES[hops[0].before]
    always = {name for name, process in newer.processes.items() if not process.optional}
    left_out = always - {process.name for process in env.processes}
    logs = (f"Storage/{PerProcess.LOG_GROUP.of(name)}" for name in left_out)
    return frozenset((*logs, *(f"Secrets/{title(kind)}Secret" for kind in _kinds(newer) - _kinds(older))))


def _kinds(release: Release) -> frozenset[str]:
    return frozenset(release.secret_keys.values())
