"""The kinds of projects that `windsock init --from` takes over, the most particular first."""

from collections.abc import Sequence

from cli.starting.sources import airflow_cfg, airflow_home, astro, compose, helm, mwaa
from cli.starting.sources.kind import Source

SOURCES: Sequence[Source] = (airflow_cfg, helm, astro, compose, mwaa, airflow_home)
