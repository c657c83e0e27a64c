"""The loader reports every mistake at its line, with the correction, and never a traceback."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from spec.errors import SpecRefusal
from spec.reading.load import load, parse

ROOT = Path(__file__).parents[3]
REFUSED = ROOT / "tests" / "golden" / "refused"
EXAMPLES = [ROOT / "env.example.yaml", *sorted((ROOT / "examples").glob("*.yaml"))]


def refusal(path: Path) -> SpecRefusal:
    """Return how `path` is refused."""
    with pytest.raises(SpecRefusal) as caught:
        load(path)
    return caught.value


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_load(path: Path) -> None:
    """Every example in the repository is a valid environment."""
    assert load(path).name


@pytest.mark.parametrize("path", sorted(REFUSED.glob("*.yaml")), ids=lambda path: path.stem)
def test_each_mistake_is_refused_as_its_golden_says(
    path: Path, golden: Callable[[Path, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message for each of these mistakes equals its golden."""
    monkeypatch.chdir(REFUSED)
    golden(path.with_suffix(".txt"), f"{refusal(Path(path.name))}\n")


@pytest.mark.usefixtures("own_releases")
def test_a_release_of_the_project_may_be_named(tmp_path: Path) -> None:
    """`releases/` beside the YAML describes it."""
    text = (ROOT / "env.example.yaml").read_text().replace("2.5.3", "2.5.1")
    (tmp_path / "env.yaml").write_text(text)
    assert "does not know Airflow '2.5.1'" in refusal(tmp_path / "env.yaml").why
    (tmp_path / "releases").mkdir()
    known = ROOT / "spec" / "releases" / "known"
    for name in ("airflow-2.5.3.json", "options-2.5.3.json"):
        described = (known / name).read_text().replace('"2.5.3"', '"2.5.1"')
        (tmp_path / "releases" / name.replace("2.5.3", "2.5.1")).write_text(described)
    assert load(tmp_path / "env.yaml").airflow.release.version == "2.5.1"


def test_five_mistakes_are_five_faults() -> None:
    """A file with five mistakes shows five, in the order of the file, each with its place, its text and a cure."""
    faults = refusal(REFUSED / "five_mistakes.yaml").faults
    assert [(fault.line, fault.path) for fault in faults] == [
        (4, "aws.region"),
        (7, "airflow.python"),
        (9, "network.allowed_cidrs[0]"),
        (11, "database.storage_gb"),
        (13, "services.scheduler.memory"),
    ]
    assert [fault.text for fault in faults] == ["us-west-9", "3.10", "0.0.0.0/0", "10", "1024"]
    assert all(fault.hint for fault in faults)


def test_missing_file_names_its_neighbour(tmp_path: Path) -> None:
    """The refusal of a misspelt file name names the nearest file."""
    (tmp_path / "env.yaml").write_text("name: x\n")
    assert "did you mean" in str(refusal(tmp_path / "envi.yaml"))


def test_missing_file_alone_names_init(tmp_path: Path) -> None:
    """Without a similar file, the refusal names the verb that writes one."""
    assert "windsock init" in str(refusal(tmp_path / "env.yaml"))


def test_folder_is_refused(tmp_path: Path) -> None:
    """A folder in the place of a file is called a folder."""
    assert "folder" in str(refusal(tmp_path))


def test_pipe_is_refused(tmp_path: Path) -> None:
    """A named pipe is refused instead of waited for."""
    os.mkfifo(tmp_path / "pipe")
    assert "not a regular file" in str(refusal(tmp_path / "pipe"))


def test_an_impossible_file_name_is_refused() -> None:
    """A name that the operating system cannot even look up is refused like any other."""
    assert "cannot be read" in str(refusal(Path("a\0b")))
    assert "cannot be read" in str(refusal(Path("x" * 5000)))


@pytest.mark.parametrize(
    ("content", "words", "place"),
    [
        ("name: demo\n".encode("utf-16"), "UTF-16", (0, 0)),
        ("name: demo\naws: é\n".encode("latin-1"), "0xE9 is not UTF-8", (2, 6)),
        (b"name: demo\nx: \x00\n", "U+0000", (2, 4)),
        (b"x" * 2_000_000, "more than 256 Ki characters", (0, 0)),
        (b"", "empty", (0, 0)),
    ],
)
def test_bytes_that_are_not_utf_8_are_refused(
    tmp_path: Path, content: bytes, words: str, place: tuple[int, int]
) -> None:
    """Content that is no UTF-8 text is refused with the place of the first wrong byte."""
    path = tmp_path / "env.yaml"
    path.write_bytes(content)
    fault = refusal(path).faults[0]
    assert words in fault.message
    assert (fault.line, fault.column) == place


def test_a_byte_order_mark_is_skipped(tmp_path: Path) -> None:
    """A UTF-8 byte order mark, as some editors write it, changes nothing."""
    path = tmp_path / "env.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + EXAMPLES[0].read_bytes())
    assert load(path) == load(EXAMPLES[0])


def test_anchors_and_aliases_are_resolved() -> None:
    """A value may be named once and used again."""
    text = EXAMPLES[0].read_text()
    shared = text.replace("webserver: {cpu: 512, memory: 1024}", "webserver: &size {cpu: 1024, memory: 2048}").replace(
        "scheduler: {cpu: 1024, memory: 2048}", "scheduler: *size"
    )
    services = parse(shared, "env.yaml").services
    assert services.webserver == services.scheduler


@pytest.mark.parametrize(
    "bomb",
    [
        "a: &a [x, x, x, x, x, x, x, x, x]\n"
        + "".join(
            f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
        ),
        "a: &a [*a]\n",
        "a: &a {b: *a}\n",
        "[" * 100_000,
        "{a: " * 5_000,
        "- " * 10_000,
    ],
    ids=["billion_laughs", "self_in_list", "self_in_mapping", "brackets", "braces", "dashes"],
)
def test_nested_aliases_are_refused_at_a_bound(bomb: str) -> None:
    """YAML made to exhaust memory or stack is refused at a bound."""
    with pytest.raises(SpecRefusal):
        parse(bomb, "bomb.yaml")
