"""The promises of benchmarks/many.py."""

from pathlib import Path

from benchmarks.many import MANY, environments
from spec.reading.load import load

ROOT = Path(__file__).parents[2]


def test_each_environment_is_another(tmp_path: Path) -> None:
    """With a name of its own, and templates that no cache knows from another."""
    files = environments((ROOT / "env.example.yaml").read_text(encoding="utf-8"), tmp_path)
    assert len({path.read_text(encoding="utf-8") for path in files}) == MANY
    assert [load(path).name for path in files[:2]] == ["demo00", "demo01"]
