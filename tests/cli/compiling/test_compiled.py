"""From YAML to templates, and no further when they are not what was reviewed."""

import json
from pathlib import Path

import pytest

from cli.compiling.compiled import compile_reviewed, compile_yaml, compile_yamls, refuse_stale
from compiler.templates_out import write
from spec.errors import Refusal, SpecRefusal
from tests.spec.minimal import GOOGLE, PYTHON, TEXT


def test_mistakes_of_all_files_are_reported_together(checkout: Path) -> None:
    """The refusal lists the mistakes of several files."""
    (checkout / "a.yaml").write_text("name: A\n")
    (checkout / "b.yaml").write_text("")
    with pytest.raises(SpecRefusal) as caught:
        compile_yamls([Path("a.yaml"), Path("env.yaml"), Path("b.yaml")])
    assert {fault.file for fault in caught.value.faults} == {"a.yaml", "b.yaml"}
    assert caught.value.what == "2 files have 5 mistakes"


def test_end_of_life_is_noticed(checkout: Path) -> None:
    """A release without fixes is named, with the newest that has them."""
    assert checkout.is_dir()
    notice, _of_example = compile_yaml(Path("env.yaml")).notices
    assert "2.5.3 reached its end of life on 2026-04-22" in notice
    assert "3.3.2" in notice


@pytest.mark.usefixtures("own_releases")
def test_a_python_that_no_rehearsal_has_run_is_noticed(checkout: Path) -> None:
    """Its pins were resolved, and that is all that is known of them."""
    facts = {"version": "2.5.3", "released": "2023-04-01", "pythons": {"3.9": False}, "databases": {}}
    (checkout / "releases").mkdir()
    (checkout / "releases" / "airflow-2.5.3.json").write_text(json.dumps(facts))
    (checkout / "env.yaml").write_text((checkout / "env.yaml").read_text().replace('"3.10"', '"3.9"'))
    _ended, notice, _of_example = compile_yaml(Path("env.yaml")).notices
    assert "no rehearsal has run Airflow 2.5.3 with Python 3.9" in notice


def test_faults_of_the_code_are_noticed(checkout: Path) -> None:
    """A missing folder, syntax that the Python of the cluster does not know, a missing folder of the image."""
    assert "There is no folder airflow_home/dags." in compile_yaml(Path("env.yaml")).code_notices[0]
    (checkout / "airflow_home" / "dags").mkdir(parents=True)
    (checkout / "airflow_home" / "dags" / "new.py").write_text("try:\n    pass\nexcept* ValueError:\n    pass\n")
    (code, image) = compile_yaml(Path("env.yaml")).code_notices
    assert "new.py:4:9: Exception groups are only supported in Python 3.11" in code
    assert "There is no folder docker." in image


def test_a_public_mail_domain_is_noticed(checkout: Path) -> None:
    """Such a domain admits everybody; the notice names the role that they get."""
    (checkout / "google.yaml").write_text(TEXT + GOOGLE.replace("[example.com]", "[example.com, gmail.com]"))
    notices = compile_yaml(Path("google.yaml")).notices
    assert "google.yaml: everybody can have an address of gmail.com; whoever wants is let in, as Viewer." in notices
    (checkout / "google.yaml").write_text(TEXT + GOOGLE)
    assert not any("everybody" in notice for notice in compile_yaml(Path("google.yaml")).notices)


def test_too_few_connections_are_noticed_at_their_line(checkout: Path) -> None:
    """At the count that is more than one, or where the database has its class, or at its section."""
    several = "services:\n  scheduler: {cpu: 1024, memory: 2048, count: 2}\n"
    (checkout / "several.yaml").write_text(TEXT + several)
    (found,) = [one for one in compile_yaml(Path("several.yaml")).notices if "connections" in one]
    assert found.startswith("several.yaml:6:40: services.scheduler.count: Airflow may open ")
    assert "\n    write database.instance: db.t4g.small, or lower a count" in found
    tasks = TEXT.replace(PYTHON, f"{PYTHON}, config: {{core: {{parallelism: 99}}}}")
    (checkout / "tasks.yaml").write_text(tasks)
    (found,) = [one for one in compile_yaml(Path("tasks.yaml")).notices if "connections" in one]
    assert found.startswith("tasks.yaml: Airflow may open ")


def test_stale_templates_are_refused(checkout: Path) -> None:
    """Templates that are not what the YAML says are named, and the command that renews them."""
    compiled = compile_yaml(Path("env.yaml"))
    with pytest.raises(Refusal, match="windsock compile"):
        refuse_stale(compiled)
    write(compiled.templates, checkout / "templates_out" / "demo")
    refuse_stale(compiled)
    (checkout / "templates_out" / "demo" / "network.yaml").write_text("edited\n")
    with pytest.raises(Refusal, match=r"stale: templates_out/demo/network\.yaml"):
        refuse_stale(compiled)


def test_settings_that_the_login_replaces_are_noticed(checkout: Path) -> None:
    """With single sign-on, what webserver_config.py says of the login is named."""
    settings = checkout / "airflow_home" / "webserver_config.py"
    settings.parent.mkdir()
    settings.write_text("AUTH_TYPE = 1\n")
    assert not any("replaces" in notice for notice in compile_yaml(Path("env.yaml")).notices)

    (checkout / "google.yaml").write_text(TEXT + GOOGLE)
    (notice,) = (notice for notice in compile_yaml(Path("google.yaml")).notices if "replaces" in notice)
    assert notice == "airflow_home/webserver_config.py: `auth:` of google.yaml replaces what it sets as AUTH_TYPE."
    settings.write_text("APP_THEME = 'simplex.css'\n")
    assert not any("replaces" in notice for notice in compile_yaml(Path("google.yaml")).notices)


def test_a_logging_configuration_of_ones_own_is_told_what_it_gives_up(checkout: Path) -> None:
    """It wins over Windsock's, without a word only where there is none."""
    own = f"{PYTHON}, config: {{logging: {{logging_config_class: my_logs.CONFIG}}}}"
    (checkout / "own.yaml").write_text(TEXT.replace(PYTHON, own))
    (notice,) = (notice for notice in compile_yaml(Path("own.yaml")).notices if "my_logs.CONFIG" in notice)
    assert "may be no JSON" in notice
    assert not any("logging_config_class" in notice for notice in compile_yaml(Path("env.yaml")).notices)


def test_a_branch_is_reviewed_by_the_yamls_own_templates(checkout: Path) -> None:
    """A branch compiles under its own name once the YAML's own templates are up to date."""
    with pytest.raises(Refusal, match="windsock compile"):
        compile_reviewed(Path("env.yaml"), "feature/x")
    write(compile_yaml(Path("env.yaml")).templates, checkout / "templates_out" / "demo")
    compiled = compile_reviewed(Path("env.yaml"), "feature/x")
    assert compiled.env.name == compiled.templates.name == "demo-feature-x-72935a2"
    assert "demo-feature-x-72935a2" in compiled.templates.files["root.yaml"]
    assert compile_reviewed(Path("env.yaml"), None).env.name == "demo"
