"""The rules of the house that no tool checks."""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

ROOT = Path(__file__).parents[1]
PRODUCT = (
    "spec",
    "pricing",
    "compiler",
    "deployer",
    "rehearsal",
    "acceptance",
    "cli",
    "runtime",
    "airflow_home",
    "benchmarks",
)
LONGEST_FILE = 300
LONGEST_FUNCTION = 30
MOST_COMPLEX = 10
MOST_POSITIONAL_FIELDS = 3
LARGEST_FOLDER = 15
NO_NAMES = frozenset({"utils", "util", "helpers", "helper", "common", "misc", "base"})

THEIRS = frozenset({"fixtures", "foreign"})
"""Folders of the tests with code as users have it."""

LARGE_FOLDERS: Mapping[str, str] = MappingProxyType(
    {
        "benchmarks": "one module per measurement",
        "cli/verbs": "one module per verb",
        "deployer/aws": "one module per AWS service",
        "rehearsal/emulator/patches": "one module per correction of the emulator",
        "rehearsal/emulator/rules": "one module per rule of AWS that the emulator keeps",
        "spec/sections": "one module per section of the YAML",
    }
)
"""Folders of like modules that may grow, each with its reason."""

WAIVER = re.compile(r"#\s(?:noqa|type: ignore)\b.*")
REASONED = re.compile(r"#\s(?:noqa: [A-Z]+[0-9]+(?:, [A-Z]+[0-9]+)*|type: ignore\[[a-z, -]+\])\W+\w.*")


def _files(*folders: str) -> list[str]:
    """Return the Python files of these folders, without those that stand for the code of users."""
    paths = (path.relative_to(ROOT) for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(str(path) for path in paths if not THEIRS & {*path.parts})


def _text(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


def _tree(file: str) -> ast.Module:
    return ast.parse(_text(file))


def _functions(file: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(_tree(file)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


EVERY_FILE = pytest.mark.parametrize("file", _files(*PRODUCT))
EVERY_FILE_AND_TEST = pytest.mark.parametrize("file", _files(*PRODUCT, "tests"))
EVERY_TEST = pytest.mark.parametrize("file", [file for file in _files("tests") if Path(file).name.startswith("test_")])


@EVERY_FILE
def test_a_file_says_in_one_sentence_what_it_is_for(file: str) -> None:
    """The first paragraph of its docstring; longer explanations follow below."""
    first, *_ = (ast.get_docstring(_tree(file)) or "").partition("\n\n")
    sentence = " ".join(first.split())
    assert sentence.endswith((".", "?"))
    assert ". " not in sentence


@EVERY_FILE
def test_a_file_fits_on_a_few_screens(file: str) -> None:
    """A longer one becomes two modules."""
    assert len(_text(file).splitlines()) <= LONGEST_FILE


@EVERY_FILE
def test_a_function_fits_on_one_screen(file: str) -> None:
    """Its body counts, without its docstring; a class inside it has functions of its own."""
    lengths = {function.name: _length(function) for function in _functions(file)}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    classes = sum(_lines(node) for node in body if isinstance(node, ast.ClassDef))
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 - classes if body else 0


def _lines(node: ast.stmt) -> int:
    return (node.end_lineno or 0) - node.lineno + 1


def test_complexity_is_bounded() -> None:
    """By ruff, whose rule is on and is waived nowhere."""
    lint = tomllib.loads(_text("pyproject.toml"))["tool"]["ruff"]["lint"]
    assert "ALL" in lint["select"]
    assert lint["mccabe"]["max-complexity"] == MOST_COMPLEX
    assert "C901" not in lint["ignore"] + [rule for rules in lint["per-file-ignores"].values() for rule in rules]
    assert [file for file in _files(*PRODUCT) if re.search(r"#\snoqa:.*\bC901\b", _text(file))] == []


@EVERY_FILE_AND_TEST
def test_every_waived_check_has_a_reason(file: str) -> None:
    """It stands behind the waiver, on the same line."""
    waivers = [line[match.start() :] for line in _text(file).splitlines() if (match := WAIVER.search(line))]
    assert [waiver for waiver in waivers if not REASONED.match(waiver)] == []


@EVERY_FILE_AND_TEST
def test_a_value_with_many_fields_is_made_by_name(file: str) -> None:
    """From four fields on a dataclass is `kw_only`: nobody mixes up five strings."""
    assert [node.name for node in _large(file) if _is_positional(node)] == []


def test_a_named_tuple_with_many_fields_is_made_by_name() -> None:
    """As a dataclass is: a tuple cannot insist on it."""
    files = _files(*PRODUCT, "tests")
    names = {node.name for file in files for node in _large(file) if "NamedTuple" in map(ast.unparse, node.bases)}
    calls = (node for file in files for node in ast.walk(_tree(file)) if isinstance(node, ast.Call))
    assert [call for call in map(ast.unparse, filter(_is_long, calls)) if call.partition("(")[0] in names] == []


def _large(file: str) -> Iterator[ast.ClassDef]:
    classes = (node for node in ast.walk(_tree(file)) if isinstance(node, ast.ClassDef))
    return (node for node in classes if _fields(node) > MOST_POSITIONAL_FIELDS)


def _is_long(call: ast.Call) -> bool:
    return len(call.args) > MOST_POSITIONAL_FIELDS


def _is_positional(node: ast.ClassDef) -> bool:
    decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
    return any(text.startswith("dataclass") and "kw_only=True" not in text for text in decorators)


def _fields(node: ast.ClassDef) -> int:
    assigned = [each for each in node.body if isinstance(each, ast.AnnAssign)]
    return sum(
        "ClassVar" not in ast.unparse(each.annotation) and "init=False" not in ast.unparse(each) for each in assigned
    )


@EVERY_FILE_AND_TEST
def test_a_file_is_named_after_what_it_is_for(file: str) -> None:
    """A module for everything explains nothing, and neither does such a folder."""
    assert not NO_NAMES & {part.removesuffix(".py") for part in Path(file).parts}


def test_a_folder_can_be_read_at_a_glance() -> None:
    """Folders of like modules may grow, each with a reason."""
    counts: dict[str, int] = {}
    for file in _files(*PRODUCT):
        if Path(file).name != "__init__.py":
            counts[str(Path(file).parent)] = counts.get(str(Path(file).parent), 0) + 1
    assert {folder for folder, count in counts.items() if count > LARGEST_FOLDER} <= set(LARGE_FOLDERS)


@EVERY_TEST
def test_every_test_states_its_promise(file: str) -> None:
    """In its docstring, so that a failure says what no longer holds."""
    tests = [function for function in _functions(file) if function.name.startswith("test_")]
    assert [function.name for function in tests if not ast.get_docstring(function)] == []


@pytest.mark.parametrize(
    "lock",
    sorted(
        path.relative_to(ROOT).as_posix() for path in ROOT.glob("**/*.lock") if not {".git", ".venv"} & {*path.parts}
    ),
)
def test_every_pin_of_a_lock_has_a_hash_and_no_index(lock: str) -> None:
    """What is installed is what was locked, whichever index gives it."""
    pins = re.split(r"\n(?=[a-z0-9])", (ROOT / lock).read_text(encoding="utf-8"))
    assert [pin.partition(" ")[0] for pin in pins if "==" in pin and "--hash=sha256:" not in pin] == []
    assert "://" not in "".join(line for pin in pins for line in pin.splitlines() if not line.startswith("#"))
