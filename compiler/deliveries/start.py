"""The command of a container that runs the code of a release, however that comes to it."""

from compiler.contract import FETCH_RELEASE, FOLLOW_RELEASES
from spec.environment import Environment


def start_with_release(env: Environment, command: str, *, loads_dags: bool, beside: str = "") -> str:
    """Return the command after what links the release; Airflow 2 needs help to load DAGs from one release alone.

    What is to run `beside` it begins after that too.
    """
    if loads_dags and not env.airflow.release.dag_bundles:
        command = f"{FOLLOW_RELEASES} {command.removeprefix('airflow ')}"
    background = f"{{ {{ {beside}; }} & }} && " if beside else ""
    return f"{FETCH_RELEASE} && {background}exec {command}"
