"""A command line says where a rehearsal answers, and its files are those beside the YAML."""

import io
from argparse import Namespace
from pathlib import Path

from acceptance.emulated_aws import Ports
from acceptance.steps import Steps
from cli.command_line.parser import Parser
from cli.command_line.verb import Call
from cli.compiling.compiled import compile_yaml
from cli.rehearsing.arguments import add_ports, rehearsal_of
from cli.terminal.screen import Screen


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
