"""The promises of rehearsal/emulator/rules/fault_injection.py."""

from pathlib import Path

from rehearsal.emulator.rules.fault_injection import Fault, FaultInjection, put_faults, trail


def test_faults_are_used_up(tmp_path: Path) -> None:
    """A rule holds as often as it says, for its action alone; the next rule follows."""
    throttled, full = (
        Fault(action="RunTask", times=2, error="ThrottlingException"),
        Fault(action="RunTask", failure="no capacity"),
    )
    put_faults(tmp_path, (throttled, full))
    faults = FaultInjection(tmp_path)
    assert faults.take("DescribeTasks") is None
    taken = [faults.take("RunTask") for _ in range(4)]
    assert [fault and (fault.error, fault.failure) for fault in taken] == [
        ("ThrottlingException", ""),
        ("ThrottlingException", ""),
        ("", "no capacity"),
        None,
    ]


def test_without_rules_nothing_fails(tmp_path: Path) -> None:
    """An emulator in which nobody put rules has none."""
    assert FaultInjection(tmp_path).take("RunTask") is None


def test_the_trail_keeps_the_order(tmp_path: Path) -> None:
    """Every call is in the trail, oldest first."""
    for action in ("StopTask", "RunTask", "DescribeTasks"):
        FaultInjection(tmp_path).log_call(action)
    assert [action for _, action in trail(tmp_path)] == ["StopTask", "RunTask", "DescribeTasks"]
