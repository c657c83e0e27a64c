"""`windsock deploy`: nothing but what was reviewed, and not without a yes."""

from pathlib import Path

from tests.cli.shell import Windsock


def test_stale_templates_are_refused_before_any_call(windsock: Windsock, aws: list[str], checkout: Path) -> None:
    """An edited YAML must be compiled again first."""
    windsock("compile", "--no-lint", "env.yaml")
    path = checkout / "env.yaml"
    path.write_text(path.read_text().replace("storage_gb: 20", "storage_gb: 30"))
    ran = windsock("deploy", "env.yaml", "--yes")
    assert ran.code == 1
    assert "stale: templates_out/demo/database.yaml" in ran.err
    assert aws == []


def test_a_deploy_without_a_yes_is_refused(windsock: Windsock, aws: list[str]) -> None:
    """Without a terminal and without --yes it does not even call AWS."""
    windsock("compile", "--no-lint", "env.yaml")
    ran = windsock("deploy", "env.yaml")
    assert ran.code == 2
    assert ran.out == ""
    assert aws == []


def test_a_site_without_tls_is_said(windsock: Windsock, aws: list[str], checkout: Path) -> None:
    """Passwords cross the network in clear; a site that only a tunnel reaches has no such way."""
    windsock("compile", "--no-lint", "env.yaml")
    assert "passwords and pages cross the network in clear" in windsock("deploy", "env.yaml").err
    path = checkout / "env.yaml"
    path.write_text(path.read_text() + "web: {load_balancer: none}\n")
    windsock("compile", "--no-lint", "env.yaml")
    assert "in clear" not in windsock("deploy", "env.yaml").err
    assert aws == []


def test_values_of_an_example_are_refused_on_aws(windsock: Windsock, checkout: Path) -> None:
    """Before AWS is asked anything; compile warns of them."""
    assert "still the values of an example" in windsock("compile", "env.yaml", "--no-lint").err
    ran = windsock("deploy", "env.yaml", "--yes")
    assert ran.code == 1
    assert "network.allowed_cidrs: 203.0.113.0/24" in ran.err
    assert "Account" not in ran.err
    assert checkout.is_dir()


def test_an_image_that_cannot_be_built_is_refused_before_anything_is_made(
    windsock: Windsock, aws: list[str], checkout: Path
) -> None:
    """Nothing is created that would wait for it."""
    (checkout / "docker" / "constraints").mkdir(parents=True)
    (checkout / "docker" / "constraints" / "airflow-2.5.3-python3.10.txt").write_text("six==1.16.0\n")
    (checkout / "docker" / "requirements.txt").write_text("six>=1.17\n")
    windsock("compile", "--no-lint", "env.yaml")
    ran = windsock("deploy", "env.yaml", "--yes")
    assert ran.code == 1
    assert "asks for six>=1.17, and Airflow 2.5.3 is pinned to six 1.16.0" in ran.err
    assert not any("Action=Create" in body for body in aws)


def test_what_is_over_its_budget_is_refused(windsock: Windsock, aws: list[str], checkout: Path) -> None:
    """`compile` warns of it, and `deploy` calls nobody without --over-budget."""
    path = checkout / "env.yaml"
    path.write_text(path.read_text() + "cost: {monthly_limit: 50}\n")
    assert "cost.monthly_limit is 50." in windsock("compile", "--no-lint", "env.yaml").err
    ran = windsock("deploy", "env.yaml", "--yes")
    assert (ran.code, aws) == (1, [])
    assert "demo is over its budget" in ran.err
    assert "over its budget" not in windsock("deploy", "env.yaml", "--yes", "--over-budget").err
