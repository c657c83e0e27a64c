"""Templates lie beside their YAML, and those without a YAML are found."""

from pathlib import Path

from cli.compiling.templates_folder import templates_folder, without_yaml

HEAD = "AWSTemplateFormatVersion: '2010-09-09'\nDescription: '{name}: Airflow'\n"


def _templates(project: Path, name: str) -> Path:
    folder = templates_folder(project / "env.yaml", name)
    folder.mkdir(parents=True)
    (folder / "root.yaml").write_text(HEAD.format(name=name))
    return folder


def test_templates_lie_beside_the_yaml_unless_another_folder_is_named() -> None:
    """The folder of the user's choice is relative to where the user is."""
    assert templates_folder(Path("../env.yaml"), "demo") == Path("../templates_out/demo")
    assert templates_folder(Path("../env.yaml"), "demo", Path("out")) == Path("out/demo")


def test_templates_without_a_yaml_are_found(tmp_path: Path) -> None:
    """Those of a YAML and of its branches belong to it; what Windsock did not write is not its business."""
    (tmp_path / "env.yaml").write_text('aws: {}\nname: "demo"\n')
    (tmp_path / "latin.yml").write_bytes(b"name: \xff")
    for name in ("demo", "demo-feature"):
        _templates(tmp_path, name)
    (tmp_path / "templates_out" / "notes").mkdir()
    assert list(without_yaml(tmp_path)) == []
    old = _templates(tmp_path, "old")
    assert list(without_yaml(tmp_path)) == [old]
