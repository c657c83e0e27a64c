"""An option of Windsock's is known under every name by which a release would read it."""

import pytest

from spec.releases.owned_options import is_sensitive, owned_option


@pytest.mark.parametrize(
    ("section", "key", "owned"),
    [
        ("core", "fernet_key", "core.fernet_key"),
        ("core", "fernet_key_cmd", "core.fernet_key"),
        ("core", "fernet_key_secret", "core.fernet_key"),
        ("core", "sql_alchemy_conn", "database.sql_alchemy_conn"),
        ("core", "sql_alchemy_conn_cmd", "database.sql_alchemy_conn"),
        ("core", "remote_logging", "logging.remote_logging"),
        ("webserver", "web_server_port", "webserver.web_server_port"),
        ("core", "parallelism", ""),
        ("smtp", "smtp_password_cmd", ""),
    ],
)
def test_an_option_of_windsocks_is_known_by_each_of_its_names(section: str, key: str, owned: str) -> None:
    """By older names, and by those from which Airflow reads a secret indirectly."""
    assert owned_option(section, key) == owned


@pytest.mark.parametrize(
    ("section", "key", "sensitive"),
    [
        ("smtp", "smtp_password", True),
        ("sentry", "sentry_dsn", True),
        ("secrets", "backend_kwargs", True),
        ("smtp", "smtp_password_cmd", False),
        ("smtp", "smtp_host", False),
    ],
)
def test_a_secret_option_is_one_that_any_release_calls_so(section: str, key: str, *, sensitive: bool) -> None:
    """A command that prints the secret is none itself."""
    assert is_sensitive(section, key) is sensitive
