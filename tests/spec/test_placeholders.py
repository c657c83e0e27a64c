"""Values of examples are found, and those of a user are not."""

from spec.placeholders import placeholders
from spec.reading.load import parse
from tests.spec.minimal import TEXT

OWN = TEXT.replace("123456789012", "210987654321").replace("203.0.113.0/24", "9.9.9.0/24")


def test_values_of_an_example_are_named_with_their_field() -> None:
    """Account, networks for documentation, and domains that nobody can have."""
    assert list(placeholders(parse(TEXT, "env.yaml"))) == [
        "aws.account: 123456789012",
        "network.allowed_cidrs: 203.0.113.0/24",
    ]
    domain = "web: {domain: airflow.example.com, hosted_zone: Z0123456789ABC}\n"
    assert list(placeholders(parse(OWN + domain, "env.yaml"))) == ["web.domain: airflow.example.com"]


def test_values_of_a_user_are_none() -> None:
    """A network around one for documentation is a network."""
    assert list(placeholders(parse(OWN, "env.yaml"))) == []
    assert list(placeholders(parse(OWN.replace("9.9.9.0/24", "203.0.0.0/16"), "env.yaml"))) == []
