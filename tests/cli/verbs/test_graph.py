"""`windsock graph`: the picture of an environment, without asking AWS."""

from pathlib import Path

from tests.cli.shell import Windsock


def test_the_picture_is_printed_or_written(windsock: Windsock, checkout: Path) -> None:
    """As SVG; a file says where it is."""
    assert windsock("graph", "env.yaml").out.startswith("<svg ")
    ran = windsock("graph", "env.yaml", "--output", "demo.svg")
    assert (ran.out, ran.err) == ("", "The picture is in demo.svg.\n")
    assert (checkout / "demo.svg").read_text().endswith("</svg>\n")


def test_mermaid_is_for_comments(windsock: Windsock) -> None:
    """It begins with its kind."""
    assert windsock("graph", "env.yaml", "--mermaid").out.startswith("flowchart LR\n")


def test_a_change_is_marked(windsock: Windsock, checkout: Path) -> None:
    """Against another YAML or a revision, as `diff` compares."""
    text = (checkout / "env.yaml").read_text()
    (checkout / "new.yaml").write_text(text.replace("executor: local", "executor: ecs"))
    assert "added</text>" in windsock("graph", "new.yaml", "--against", "env.yaml").out
    assert "added</text>" not in windsock("graph", "env.yaml", "--against", "env.yaml").out


def test_an_unknown_revision_is_refused(windsock: Windsock) -> None:
    """As by `diff`."""
    ran = windsock("graph", "env.yaml", "--against", "nowhere")
    assert (ran.code, ran.out) == (2, "")


def test_what_is_reached_outside_of_the_vpc_is_a_table(windsock: Windsock, checkout: Path) -> None:
    """It fails where something has no way; a compile warns of it."""
    ran = windsock("graph", "env.yaml", "--reach")
    assert (ran.code, ran.out.splitlines()[0].split()) == (0, ["WHO", "REACHES", "BY", "FOR"])
    grant = 'airflow:\n  statements: [{actions: ["sqs:SendMessage"], resources: ["*"]}]'
    text = (checkout / "env.yaml").read_text().replace("airflow:", grant, 1)
    closed = text.replace("  mode: public\n", "").replace("network:", "network:\n  mode: endpoints")
    (checkout / "closed.yaml").write_text(closed)
    ran = windsock("graph", "closed.yaml", "--reach")
    assert (ran.code, "sqs             no way" in ran.out) == (1, True)
    said = "closed.yaml: DAGs may call sqs, and no endpoint leads there; add it to network.services."
    assert said in windsock("compile", "closed.yaml", "--no-lint").err
