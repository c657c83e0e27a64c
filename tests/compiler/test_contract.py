"""Promises of the contract: names in three spellings, the addresses of a login, the first user."""

import dataclasses
import shlex

import pytest

from compiler.contract import (
    alb_auth_address,
    create_admin,
    kebab,
    port,
    redirect_uris,
    snake,
    title,
    words,
)
from compiler.errors import CompileError
from spec.releases.table import NEWEST, RELEASES
from spec.sections.auth import Admin, Machine
from tests.compiler.airflow.test_site import AUTH, google
from tests.spec.minimal import SITE, minimal

PROCESSES = {name for release in RELEASES.values() for name in release.processes}


def test_one_name_in_three_manners() -> None:
    """Each place has its own way to write a name."""
    assert (title("dag_processor"), kebab("dag_processor"), words("dag_processor")) == (
        "DagProcessor",
        "dag-processor",
        "DAG processor",
    )
    assert (title("webserver"), kebab("webserver"), words("webserver")) == ("Webserver", "webserver", "webserver")


def test_a_port_that_is_missing_is_asked_for() -> None:
    """A process that others connect to must say where; the release table is named as the place."""
    silent = dataclasses.replace(NEWEST.processes["webserver"], port=None)
    with pytest.raises(CompileError, match=r"spec/releases/table\.py"):
        port(silent)


def test_the_redirect_uri_is_that_of_the_release() -> None:
    """Airflow 3 has the pages of Flask-AppBuilder below a prefix."""
    assert redirect_uris(google()) == ("https://airflow.example.com/oauth-authorized/google",)
    later = google(version="3.3.2", python="3.12")
    assert redirect_uris(later) == ("https://airflow.example.com/auth/oauth-authorized/google",)
    gated = SITE.replace("}", ", load_balancer_auth: true}")
    assert redirect_uris(minimal(more=f"{gated}{AUTH}}}\n"))[1] == "https://airflow.example.com/oauth2/idpresponse"


def test_the_gate_sends_people_to_the_provider() -> None:
    """Where there is a gate, and nowhere else."""
    gated = SITE.replace("}", ", load_balancer_auth: true}")
    assert alb_auth_address(minimal(more=f"{gated}{AUTH}}}\n")) == "https://accounts.google.com/o/oauth2/v2/auth"
    assert (alb_auth_address(google()), alb_auth_address(minimal())) == ("", "")


def test_the_password_is_typed_not_passed() -> None:
    """The password is named once for each time it is asked for, and goes in by stdin, after no flag."""
    typed, _, command = create_admin(Admin()).partition(" | ")
    assert typed.count('"$ADMIN_PASSWORD"') == 2
    assert command.startswith("airflow users create ")
    assert "PASSWORD" not in command.upper()


def test_names_survive_the_shell() -> None:
    """Whatever a name contains, it stays one word and runs nothing."""
    admin = Admin(first_name="Zoë $(id)", last_name="O'Neill; true")
    words = shlex.split(create_admin(admin).partition(" | ")[2])
    fields = dict(zip(words[3::2], words[4::2], strict=True))
    assert fields == {
        "--role": "Admin",
        "--username": admin.username,
        "--email": admin.email,
        "--firstname": admin.first_name,
        "--lastname": admin.last_name,
    }


def test_a_program_is_no_admin() -> None:
    """Its role may not exist yet on a fresh database, so the roles are made first."""
    roles, _, rest = create_admin(Machine()).partition(" && ")
    assert roles == "airflow sync-perm"
    assert "--role Op --username machine" in rest


@pytest.mark.parametrize("process", sorted(PROCESSES | {"command", "sync"}))
def test_spellings_are_each_other_s_inverse(process: str) -> None:
    """Every process of every release finds its way back."""
    assert snake(title(process)) == process


def test_words_become_capitals() -> None:
    """As the root template spells it."""
    assert title("dag_processor") == "DagProcessor"
