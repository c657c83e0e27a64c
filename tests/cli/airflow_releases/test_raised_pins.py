"""Some packages are newer than the release that they belong to."""

from cli.airflow_releases.raised_pins import RAISED, newer_packages
from tests.docker.test_image import DOCKER


def test_the_amazon_provider_is_newer_where_its_own_has_no_executor() -> None:
    """Airflow 2.8 and older; others have what their day had."""
    amazon = "apache-airflow-providers-amazon"
    assert amazon in newer_packages("2.8.4")
    assert amazon not in newer_packages("2.9.3")
    assert set(newer_packages("3.4.0b2")) == set(RAISED)


def test_no_pin_of_a_release_has_a_known_fault() -> None:
    """Every lock that comes with Windsock has at least these versions."""
    locks = [file.read_text().splitlines() for file in (DOCKER / "constraints").iterdir()]
    found = {line for lines in locks for line in lines if line.partition("==")[0] in RAISED}
    assert found
    for line in found:
        name, _, version = line.partition("==")
        assert [int(one) for one in version.split(".")] >= [int(one) for one in RAISED[name].split(".")], line
