"""Airflow 3 takes its DAGs from Windsock's bundle."""

from spec.sections.deliveries.bundle import BUNDLE, bundle_options


def test_a_version_leads_to_its_commit() -> None:
    """It begins with the hash of the commit; without an address there is no link."""
    (plain,) = bundle_options(None)["dag_processor"]["dag_bundle_config_list"]
    (linked,) = bundle_options("https://example.org/{commit}")["dag_processor"]["dag_bundle_config_list"]
    assert plain["name"] == BUNDLE
    assert "view_url_template" not in plain["kwargs"]
    assert linked["kwargs"]["view_url_template"] == "https://example.org/{version:.40}"
