"""Lets Airflow look for changed DAG files all the time, as only one developer's machine can afford."""

from spec.environment import Environment
from spec.releases.airflow_options import merge


def for_development(env: Environment) -> Environment:
    """Return the same environment with the options of its release that let a saved file show at once.

    What the YAML itself sets is left alone, but for releases of the code: a release never changes, and files do here.
    Task logs stay where they are, also in an environment that is kept.
    """
    airflow = env.airflow
    merged = merge(airflow.release.development, airflow.config)
    config = {section: dict(keys) for section, keys in merged.items()}
    mounted = env.code.model_copy(update={"delivery": "efs"})
    logs = env.logs.model_copy(update={"remote": env.remote_logs})
    changed = {"airflow": airflow.model_copy(update={"config": config}), "code": mounted, "logs": logs}
    return env.model_copy(update=changed)
