"""The promises of rehearsal/host/processes.py."""

import os
import subprocess
import sys
from pathlib import Path

from rehearsal.host import processes


def test_a_start_time_identifies_a_process() -> None:
    """A process that has ended has none."""
    assert processes.born(os.getpid()) == processes.born(os.getpid())
    ended = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
    assert processes.born(ended.pid) is None
    ended.wait()
    assert processes.born(ended.pid) is None


def test_kill_waits_for_the_end() -> None:
    """After kill the process runs no more."""
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    processes.kill(sleeper.pid, timeout=10)
    assert processes.born(sleeper.pid) is None
    assert sleeper.wait() == -9


def test_processes_started_for_a_directory_are_found(tmp_path: Path) -> None:
    """A process started as a directory's emulator is found by its command line, others are not."""
    command = [sys.executable, "-c", "import time; print(flush=True); time.sleep(60)"]
    with subprocess.Popen([*command, "-m", "rehearsal.emulator", str(tmp_path)], stdout=subprocess.PIPE) as emulator:
        assert emulator.stdout
        emulator.stdout.readline()
        assert [pid for pid, _ in processes.touching(tmp_path)] == [emulator.pid]
        assert processes.touching(tmp_path / "other") == ()
        emulator.kill()
