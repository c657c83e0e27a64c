"""A container has its release before Airflow starts."""

from compiler.deliveries.start import start_with_release
from tests.spec.minimal import minimal


def test_airflow_2_loads_dags_with_windsocks_help() -> None:
    """Airflow 3 has bundles for that; what loads no DAGs needs none."""
    two, fetch = minimal(), "python -m windsock_runtime.fetch_release && exec"
    assert start_with_release(two, "airflow scheduler", loads_dags=True) == (
        f"{fetch} python -m windsock_runtime.releases.run scheduler"
    )
    assert start_with_release(two, "airflow webserver", loads_dags=False) == f"{fetch} airflow webserver"
