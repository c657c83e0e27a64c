"""The options with which Airflow 3 takes its DAGs from Windsock's bundle over releases."""

from pydantic import JsonValue  # noqa: TC002  # pydantic is imported anyway

from spec.releases.airflow_options import Config

BUNDLE = "dags-folder"
"""The name of Airflow's own default bundle: DAGs keep their history when the delivery changes."""

REFRESH_SECONDS = 4
CHECK_SECONDS = 2
"""How often the DAG processor asks for the current release, and how often it looks whether it is time."""

COMMIT = "{commit}"
_COMMIT_PART = "{version:.40}"
"""A version begins with the 40 digits of its commit, where there is one."""


def bundle_options(commit_url: str | None) -> Config:
    """Return the options; with the address of a commit, versions of the bundle lead there."""
    link: dict[str, JsonValue] = {"view_url_template": commit_url.replace(COMMIT, _COMMIT_PART)} if commit_url else {}
    bundle: dict[str, JsonValue] = {
        "name": BUNDLE,
        "classpath": "windsock_runtime.release_bundle.ReleaseBundle",
        "kwargs": {"refresh_interval": REFRESH_SECONDS, **link},
    }
    return {"dag_processor": {"dag_bundle_config_list": [bundle], "bundle_refresh_check_interval": CHECK_SECONDS}}
