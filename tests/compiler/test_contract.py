"""Promises of the contract: names in three spellings, the addresses of a login, the first user."""

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
from tests.spec.minimal import GOOGLE, PYTHON, SITE, minimal

PROCESSES = {name for release in RELEASES.values() for name in release.processes}


def test_a_process_has_one_name_in_three_spellings() -> None:
    """Each place has its own way to write a name."""
    assert (title("dag_processor"), kebab("dag_processor"), words("dag_processor")) == (
        "DagProcessor",
        "dag-processor",
        "DAG processor",
    )
    assert (title("webserver"), kebab("webserver"), words("webserver")) == ("Webserver", "webserver", "webserver")


def test_a_missing_port_is_refused() -> None:
    """A process that others connect to needs one; the refusal names the release table."""
    silent = NEWEST.processes["webserver"]._replace(port=None)
    with pytest.raises(CompileError, match=r"spec/releases/table\.py"):
        port(silent)


def test_the_redirect_uri_is_that_of_the_release() -> None:
    """Airflow 3 has the pages of Flask-AppBuilder below a prefix."""
    assert redirect_uris(google()) == ("https://airflow.example.com/oauth-authorized/google",)
    later = google(version="3.3.2", python="3.12")
    assert redirect_uris(later) == ("https://airflow.example.com/auth/oauth-authorized/google",)
    config = "config: {webserver: {base_url: 'https://airflow.example.com/a'}}"
    below = minimal(PYTHON, f"{PYTHON}, {config}", more=GOOGLE)
    assert redirect_uris(below) == ("https://airflow.example.com/a/oauth-authorized/google",)
    with_login = SITE.replace("}", ", load_balancer_auth: true}")
    assert redirect_uris(minimal(more=f"{with_login}{AUTH}}}\n"))[1] == "https://airflow.example.com/oauth2/idpresponse"


def test_alb_auth_has_the_providers_authorization_endpoint() -> None:
    """Only where the load balancer has a login."""
    with_login = SITE.replace("}", ", load_balancer_auth: true}")
    assert alb_auth_address(minimal(more=f"{with_login}{AUTH}}}\n")) == "https://accounts.google.com/o/oauth2/v2/auth"
    assert (alb_auth_address(google()), alb_auth_address(minimal())) == ("", "")


def test_the_password_goes_in_by_stdin() -> None:
    """Once for each prompt, after no flag."""
    typed, _, command = create_admin(Admin()).partition(" | ")
    assert typed.count('"$ADMIN_PASSWORD"') == 2
    assert command.startswith("airflow users create ")
    assert "PASSWORD" not in command.upper()


def test_names_are_quoted_for_the_shell() -> None:
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


def test_the_user_for_programs_has_its_own_role() -> None:
    """The role may not exist yet on a fresh database, so the roles are made first."""
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
