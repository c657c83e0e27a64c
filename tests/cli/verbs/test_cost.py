"""`windsock cost`: what it will be, before anything is there."""

import json
from pathlib import Path

import pytest

from tests.cli.shell import Windsock
from tests.cli.test_main import imported

EXAMPLE = (Path(__file__).parents[3] / "env.example.yaml").read_text()


def test_the_table_lists_every_resource_with_its_price(windsock: Windsock, checkout: Path) -> None:
    """By hour and month, with the sum, the date, and MWAA; nothing is written."""
    ran = windsock("cost", "env.yaml")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("demo in us-west-2: list prices in USD as of 20")
    for words in ("services/SchedulerService", "RDS db.t4g.micro", "secrets (4)", "\ntotal ", "MWAA mw1.small: 357.70"):
        assert words in ran.out
    assert not (checkout / "templates_out").exists()


def test_the_json_adds_up_as_the_table_does(windsock: Windsock) -> None:
    """Its lines add up to its sums, and the ratio is that of the sums."""
    read = json.loads(windsock("cost", "env.yaml", "--json").out)
    assert sum(line["monthly"] for line in read["lines"]) == pytest.approx(read["monthly"])
    assert sum(line["hourly"] for line in read["lines"]) == pytest.approx(read["hourly"])
    assert read["daily"] == pytest.approx(read["monthly"] * 12 / 365)
    assert read["mwaa_small"]["ratio"] == pytest.approx(read["monthly"] / 357.70)
    assert read["prices"]["hold_in_region"] is True
    assert read["savings"]["monthly"] < read["monthly"]
    assert {"change", "saves"} == set(read["savings"]["each"][0])
    assert read["assumptions"]
    assert read["not_included"]


def test_larger_sizes_cost_more(windsock: Windsock, checkout: Path) -> None:
    """A larger scheduler costs more, by its CPU and memory."""
    before = json.loads(windsock("cost", "env.yaml", "--json").out)["monthly"]
    (checkout / "env.yaml").write_text(EXAMPLE.replace("cpu: 1024, memory: 2048", "cpu: 2048, memory: 4096"))
    after = json.loads(windsock("cost", "env.yaml", "--json").out)["monthly"]
    assert after - before == pytest.approx((0.04048 + 2 * 0.004445) * 730)


def test_a_few_days_of_office_hours(windsock: Windsock, checkout: Path) -> None:
    """Services and database are paid for while they are awake, and the whole for as long as it lives."""
    hours = 'schedule: {on: "08:00-18:00 Mon-Fri", timezone: Europe/Berlin}'
    (checkout / "env.yaml").write_text(f"{EXAMPLE}\nttl: 3d\n{hours}\n")
    read = json.loads(windsock("cost", "env.yaml", "--json").out)
    lasts = {
        line["path"]: line["hours"] for line in read["lines"] if "Fargate" in line["item"] or "RDS" in line["item"]
    }
    assert lasts["services/SchedulerService"] == pytest.approx(50 / 168 * 730)
    assert lasts["services/SchedulerService"] < lasts["database/Instance"] < 240
    assert read["until_expiry"] == pytest.approx(3 * read["daily"])


def test_an_environment_that_sleeps_costs_by_its_dags(windsock: Windsock, checkout: Path) -> None:
    """Before and after, with what it is awake for, and what no file says."""
    dags = checkout / "airflow_home/dags"
    dags.mkdir(parents=True)
    (dags / "orders.py").write_text("DAG('orders', schedule='0 2 * * *')")
    always = json.loads(windsock("cost", "env.yaml", "--json").out)
    assert "schedule.when: due" in {saving["change"] for saving in always["savings"]["each"]}
    assert always["sleep"] is None
    (dags / "invoices.py").write_text("DAG('invoices', schedule=NIGHTLY)")
    (checkout / "env.yaml").write_text(f"{EXAMPLE}\nschedule: {{when: due}}\n")
    read = json.loads(windsock("cost", "env.yaml", "--json").out)
    assert read["sleep"]["always_on"] == pytest.approx(always["monthly"])
    assert read["sleep"]["unread"] == ["invoices: its schedule is NIGHTLY"]
    running = {line["hours"] for line in read["lines"] if "Fargate" in line["item"] or "RDS" in line["item"]}
    assert running == {read["sleep"]["awake_hours"]}
    assert read["monthly"] < always["monthly"]
    page = windsock("cost", "env.yaml").out
    assert f"always awake it would cost {always['monthly']:.2f}" in page
    assert "What it is awake for: orders (30 runs)." in page
    assert "Not known, and not in it: invoices: its schedule is NIGHTLY" in page


def test_compile_says_when_to_sleep_hardly_pays(windsock: Windsock, checkout: Path) -> None:
    """The DAG is named; a nightly one is no reason."""
    dags = checkout / "airflow_home/dags"
    dags.mkdir(parents=True)
    (checkout / "env.yaml").write_text(f"{EXAMPLE}\nschedule: {{when: due}}\n")
    for schedule, said in (("@daily", False), ("*/10 * * * *", True)):
        (dags / "orders.py").write_text(f"DAG('orders', schedule='{schedule}')")
        assert ("to sleep hardly pays with these DAGs: orders" in windsock("compile", "env.yaml").err) is said


def test_a_region_without_prices_is_estimated_and_named(windsock: Windsock, checkout: Path) -> None:
    """With the prices of another region, and the page says so."""
    (checkout / "env.yaml").write_text(EXAMPLE.replace("us-west-2", "eu-central-1"))
    assert "Those of eu-central-1 are not known here." in windsock("cost", "env.yaml").out
    assert json.loads(windsock("cost", "env.yaml", "--json").out)["prices"]["hold_in_region"] is False


def test_a_refused_yaml_has_no_bill(windsock: Windsock, checkout: Path) -> None:
    """The mistakes are listed, and nothing is priced."""
    (checkout / "env.yaml").write_text(EXAMPLE.replace("storage_gb: 20", "storage_gb: 10"))
    ran = windsock("cost", "env.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert "database.storage_gb" in ran.err


def test_pricing_imports_no_aws_client(checkout: Path) -> None:
    """Neither AWS's library nor lint nor Rich is imported: the answer comes at once."""
    assert checkout.is_dir()
    assert imported("cost", "env.yaml").isdisjoint({"boto3", "botocore", "cfnlint", "rich", "jinja2", "requests"})
