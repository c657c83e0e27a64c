"""Promises of the records of an emulator: whole lines in their order, and none where nothing happened."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rehearsal.emulator.rules import json_lines


def test_entries_come_back_in_their_order(tmp_path: Path) -> None:
    """As they were, line breaks and letters beyond ASCII included."""
    file = tmp_path / "record.jsonl"
    assert json_lines.entries(file) == ()
    written = ({"what": "one\ntwo"}, {"what": "Überfluß"})
    for entry in written:
        json_lines.append(file, entry)
    assert json_lines.entries(file) == written
    assert len(json_lines.lines(file)) == 2


def test_threads_mix_no_lines(tmp_path: Path) -> None:
    """Each entry is a line of its own, however long."""
    file = tmp_path / "record.jsonl"
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: json_lines.append(file, {"what": str(number) * 20_000}), range(10, 50)))
    assert sorted(entry["what"][:2] for entry in json_lines.entries(file)) == [str(number) for number in range(10, 50)]
