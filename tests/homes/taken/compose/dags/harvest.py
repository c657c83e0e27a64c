"""Plans a year."""

import datetime

import humanize
from airflow.decorators import dag, task
from seasons import SEASONS


@dag(start_date=datetime.datetime(2024, 1, 1), schedule=None, catchup=False)
def harvest():
    @task
    def plan(season):
        return humanize.ordinal(SEASONS.index(season) + 1)

    plan.expand(season=list(SEASONS))


harvest()
