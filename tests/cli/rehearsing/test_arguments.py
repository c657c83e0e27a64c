"""A command line says where a rehearsal answers, and its files are those beside the YAML."""

import io
from argparse import Namespace
from pathlib import Path

from acceptance.emulated_aws import Ports
from acceptance.steps import Steps
from cli.command_line.parser import Parser
from cli.command_line.verb import Call
from cli.compiling.compiled import compile_yaml
from cli.rehearsing.arguments import EMPTY, add_ports, rehearsal_of
from cli.terminal.screen import Screen
from tests.spec.minimal import TEXT


def _screen() -> Screen:
    return Screen(out=io.StringIO(), err=io.StringIO(), answers=None, colour=False, live=False)


def test_a_rehearsal_has_the_files_beside_its_yaml(checkout: Path) -> None:
    """By absolute paths, whatever folder the command was typed in."""
    compiled = compile_yaml(Path("env.yaml"))
    call = Call(_screen(), Namespace(port=0, endpoint_port=4567), {"WINDSOCK_CACHE": str(checkout / "cache")})
    options = rehearsal_of(call, compiled, Steps(say=lambda _: None), ("orders",)).options
    assert (options.checkout, options.home) == (checkout, checkout / "airflow_home")
    assert (options.cache, options.dags) == (checkout / "cache", ("orders",))
    assert options.ports == Ports(web=0, endpoint=4567)


def test_ports_have_defaults() -> None:
    """Those that developers expect of a web page and of an AWS on their machine."""
    parser = Parser("dev", "")
    add_ports(parser)
    options = parser.read([])
    assert (options.port, options.endpoint_port) == (8080, 4566)


def test_a_rehearsal_leaves_the_snapshot_out_and_says_so(checkout: Path) -> None:
    """The templates are those of an empty database then."""
    secret = "arn:aws:secretsmanager:us-west-2:123456789012:secret:One-AbCdEf"
    yaml = checkout / "env.yaml"
    section = f"\ndatabase: {{restore_from: {{snapshot: one, fernet_seed: {secret}}}}}\n"
    yaml.write_text(TEXT + section)
    compiled, steps = compile_yaml(yaml), Steps(say=lambda _: None)
    call = Call(_screen(), Namespace(port=0, endpoint_port=0), {"WINDSOCK_CACHE": str(checkout / "cache")})
    rehearsal = rehearsal_of(call, compiled, steps)
    assert "DBSnapshotIdentifier" in compiled.templates.files["database.yaml"]
    assert "DBSnapshotIdentifier" not in rehearsal.templates.files["database.yaml"]
    assert steps.remarks == [EMPTY]


def test_a_rehearsal_reads_the_dump_that_is_there(checkout: Path) -> None:
    """And leaves it out where it is not."""
    yaml = checkout / "env.yaml"
    yaml.write_text(f'{TEXT}database: {{version: "15", restore_from: {{dump: airflow.sql}}}}\n')
    call = Call(_screen(), Namespace(port=0, endpoint_port=0), {"WINDSOCK_CACHE": str(checkout / "cache")})
    steps = Steps(say=lambda _: None)
    assert rehearsal_of(call, compile_yaml(yaml), steps).env.database.dump is None
    assert steps.remarks == [EMPTY]
    (checkout / "airflow.sql").touch()
    assert rehearsal_of(call, compile_yaml(yaml), steps).env.database.dump is not None
