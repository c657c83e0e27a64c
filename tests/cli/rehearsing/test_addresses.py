"""What runs on this machine says where it is, and how to log in."""

import io
from argparse import Namespace

from cli.command_line.verb import Call
from cli.rehearsing.addresses import tell_addresses
from cli.terminal.screen import Screen
from spec.environment import Environment
from spec.sections.web import Web
from tests.acceptance.emulator import NOWHERE
from tests.deployer.fakes.environment import environment


def _told(env: Environment) -> list[str]:
    err = io.StringIO()
    screen = Screen(out=io.StringIO(), err=err, answers=None, colour=False, live=False)
    tell_addresses(Call(screen, Namespace(env="env.yaml", branch=None), {}), env, NOWHERE, (("next", "push"),))
    return err.getvalue().splitlines()


def test_page_user_and_password_are_told() -> None:
    """The password itself is not."""
    assert _told(environment()) == [
        "airflow   http://127.0.0.1:8080",
        "user      airflow",
        "password  windsock open env.yaml --password",
        "aws       http://127.0.0.1:4566",
        "next      push",
    ]


def test_a_site_with_a_domain_needs_a_proxy() -> None:
    """And the browser meets it under its own name."""
    env = environment().model_copy(update={"web": Web(domain="airflow.example.com", hosted_zone="Z0123456789ABC")})
    assert "proxy is http://127.0.0.1:8080 meets https://airflow.example.com" in _told(env)[0]
