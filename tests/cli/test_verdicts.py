"""A verdict is believed only while everything it depends on is as it was."""

from pathlib import Path

from cli.verdicts import key_of, remember, remembered, verdict_of

FILES = {"root.yaml": "a\n", "network.yaml": "b\n"}


def test_round_trip(tmp_path: Path) -> None:
    """What is remembered is found again."""
    verdict = verdict_of("demo", FILES, ["old"])
    remember(tmp_path, "key", verdict)
    assert remembered(tmp_path, "key") == verdict


def test_holds_only_for_the_same_bytes(tmp_path: Path) -> None:
    """A template that was changed, is missing or is new makes the verdict worthless."""
    verdict = verdict_of("demo", FILES, [])
    assert not verdict.holds(tmp_path / "nowhere")
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    assert verdict.holds(tmp_path)
    (tmp_path / "more.yaml").write_text("")
    assert not verdict.holds(tmp_path)
    (tmp_path / "more.yaml").unlink()
    (tmp_path / "root.yaml").write_text("c\n")
    assert not verdict.holds(tmp_path)


def test_damaged_cache_is_no_cache(tmp_path: Path) -> None:
    """Rubbish in the cache, or a cache that cannot be written, is as good as none."""
    for rubbish in ("", "[]", "{}", '{"name": 1}', "\x00"):
        (tmp_path / "key.json").write_text(rubbish)
        assert remembered(tmp_path, "key") is None
    remember(tmp_path / "key.json", "key", verdict_of("demo", FILES, []))


def test_key(tmp_path: Path) -> None:
    """The key changes with the file and with whether lint had its say; an unreadable file has none."""
    path = tmp_path / "env.yaml"
    path.write_text("a")
    first = key_of(path, linted=True)
    assert first == key_of(path, linted=True)
    assert first != key_of(path, linted=False)
    path.write_text("b")
    assert first != key_of(path, linted=True)
    assert key_of(tmp_path / "none.yaml", linted=True) is None
    assert key_of(Path("a\0b"), linted=True) is None
