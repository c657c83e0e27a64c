"""Options that another release dropped or renamed are found in the YAML."""

from cli.upgrading.option_changes import option_findings
from spec.reading.load import parse
from spec.reading.positioned_yaml import read
from tests.deployer.fakes.environment import DATABASE, YAML

OLD = YAML.replace('python: "3.10"', 'python: "3.10", %s') + DATABASE


def _found(more: str, target: str = "3.3.2") -> list[tuple[int, str, bool]]:
    text = OLD % more
    found = option_findings(parse(text, "env.yaml"), read(text, "env.yaml"), target)
    return [(finding.line, finding.message, finding.must) for finding in found]


def test_an_option_that_is_gone_fails() -> None:
    """With its line."""
    assert _found("config: {core: {max_db_retries: 3, parallelism: 4, dag_concurrency: 3}}", "2.11.2") == []
    assert _found("config: {scheduler: {dag_dir_list_interval: 30}}") == [
        (4, "Airflow 3.3.2 calls scheduler.dag_dir_list_interval dag_processor.refresh_interval", False)
    ]


def test_an_option_that_no_release_knew_was_not_lost() -> None:
    """`windsock compile` doubts it anyway."""
    assert _found("config: {core: {no_such_thing: 3}}") == []


def test_an_option_without_a_successor_fails() -> None:
    """The release has nothing in its place."""
    ((_, message, must),) = _found("config: {core: {dag_run_conf_overrides_params: true, enable_xcom_pickling: true}}")
    assert (message, must) == ("Airflow 3.3.2 has no core.enable_xcom_pickling", True)
