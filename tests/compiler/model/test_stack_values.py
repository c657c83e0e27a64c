"""Promises of the wires: one name and one description each, found by name and by kind."""

from compiler.model.stack_values import Wire
from spec.releases.table import RELEASES

PROCESSES = ("Webserver", "Scheduler", "DagProcessor", "Triggerer")


def test_names_are_unique_and_fit_cloudformation() -> None:
    """No two values share a name, and each name is letters and digits."""
    titles = [wire.title for wire in Wire]
    assert len(titles) == len(set(titles))
    assert all(title.isalnum() and title.isascii() for title in titles)
    assert all(wire.description for wire in Wire)


def test_a_wire_is_found_by_its_name() -> None:
    """Values of processes are found by names that are put together."""
    assert Wire.named("DagProcessorLogGroup") is Wire.DAG_PROCESSOR_LOG_GROUP


def test_every_process_of_every_release_has_its_wires() -> None:
    """A process that a release names has a count, a service, a log group and a security group."""
    for release in RELEASES.values():
        for name in release.processes:
            for kind in ("COUNT", "SERVICE", "LOG_GROUP", "SECURITY_GROUP"):
                assert f"{name.upper()}_{kind}" in Wire.__members__


def test_kinds_are_told_apart() -> None:
    """Wires of one kind are all those with that ending; those of processes leave out the others."""
    assert {wire.title for wire in Wire.of_processes("LogGroup")} == {f"{name}LogGroup" for name in PROCESSES}
    once = {Wire.COMMAND_LOG_GROUP, Wire.SYNC_LOG_GROUP}
    others = {Wire.WORKER_LOG_GROUP, Wire.TASK_LOG_GROUP, Wire.DATABASE_LOG_GROUP, *once}
    assert Wire.every("LogGroup") - Wire.of_processes("LogGroup") == others
