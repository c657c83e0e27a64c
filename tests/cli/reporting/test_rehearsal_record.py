"""A report reads what a rehearsal has printed, and refuses any other file."""

import json
from pathlib import Path

import pytest

from cli.command_line.parser import UsageRefusal
from cli.reporting.rehearsal_record import read_record, read_screenshots

PNG = b"\x89PNG\r\n"


def test_steps_have_their_share_of_the_longest(tmp_path: Path) -> None:
    """In the order in which they were taken."""
    file = tmp_path / "rehearsal.json"
    acts = [{"name": "compile", "seconds": 1.0, "saw": "10 templates"}, {"name": "deploy", "seconds": 4.0, "saw": ""}]
    file.write_text(json.dumps({"environment": "demo", "seconds": 5.0, "acts": acts}))
    record = read_record(file)
    assert [(act.name, act.share) for act in record.acts] == [("compile", 25.0), ("deploy", 100.0)]


@pytest.mark.parametrize(
    "text", ["", "[]", '{"environment": "demo"}', '{"environment": "x", "seconds": 1, "acts": [1]}']
)
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    """And so is one that is not there."""
    file = tmp_path / "other.json"
    file.write_text(text)
    for path in (file, tmp_path / "missing.json"):
        with pytest.raises(UsageRefusal, match="no record of a rehearsal"):
            read_record(path)


def test_a_picture_is_contained_and_named(tmp_path: Path) -> None:
    """Its name is what a screen reader says."""
    (tmp_path / "airflow-3-dags.png").write_bytes(PNG)
    (picture,) = read_screenshots([tmp_path / "airflow-3-dags.png"])
    assert (picture.words, picture.address) == ("airflow 3 dags", "data:image/png;base64,iVBORw0K")


@pytest.mark.parametrize("name", ["page.svg", "missing.png"])
def test_what_is_no_picture_is_refused(tmp_path: Path, name: str) -> None:
    """An SVG could run a program on the page."""
    (tmp_path / "page.svg").write_text("<svg/>")
    with pytest.raises(UsageRefusal, match="is no picture"):
        read_screenshots([tmp_path / name])
