"""Values of the official Helm chart: release, options and sizes."""

from pathlib import Path

from cli.starting.sources import helm

VALUES = """
executor: KubernetesExecutor
images: {airflow: {tag: 2.11.2-python3.12}}
config: {core: {parallelism: 16}}
webserver: {resources: {requests: {cpu: 250m, memory: 1Gi}, limits: {memory: 2Gi}}}
scheduler: {resources: {limits: {cpu: "2", memory: 3Gi}}}
triggerer: {replicas: 2}
dags: {gitSync: {enabled: true}}
postgresql: {enabled: false}
nodeSelector: {}
"""


def test_its_values_are_read(tmp_path: Path) -> None:
    """A size is the smallest of Fargate with that much processor and memory."""
    file = tmp_path / "values.yaml"
    file.write_text(VALUES)
    assert helm.recognises(file)
    found = helm.read(file)
    assert (found.version, found.executor, found.home) == ("2.11.2", "KubernetesExecutor", None)
    assert found.options == {("core", "parallelism"): "16"}
    assert found.sizes == {"webserver": (256, 2048), "scheduler": (2048, 4096)}
    assert [each.what for each in found.left_out] == ["dags", "postgresql", "nodeSelector"]


def test_dags_beside_the_values_are_used_where_they_are(tmp_path: Path) -> None:
    """The values themselves hold none."""
    (tmp_path / "dags").mkdir()
    file = tmp_path / "values.yaml"
    file.write_text(VALUES)
    assert helm.read(file).home == tmp_path


def test_the_release_of_the_chart_counts(tmp_path: Path) -> None:
    """Without an image of one's own; a value that is no size is none."""
    file = tmp_path / "values.yaml"
    file.write_text("defaultAirflowTag: 3.0.2\nwebserver: {resources: {limits: {cpu: much, memory: 2Gi}}}\n")
    found = helm.read(file)
    assert (found.version, found.sizes) == ("3.0.2", {})


def test_other_files_are_none(tmp_path: Path) -> None:
    """Neither an environment YAML nor a Compose file."""
    file = tmp_path / "env.yaml"
    file.write_text("name: demo\naws: {}\nservice: {}\n")
    assert not helm.recognises(file)
    assert not helm.recognises(tmp_path)
