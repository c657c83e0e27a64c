"""Airflow 3 takes its DAGs from Windsock's bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spec.sections.deliveries.bundle import BUNDLE, REFRESH_SECONDS, bundle_options

if TYPE_CHECKING:
    from pydantic import JsonValue


def test_a_version_leads_to_its_commit() -> None:
    """It begins with the hash of the commit; without an address there is no link."""
    plain = bundle_options(None)["dag_processor"]["dag_bundle_config_list"]
    linked = bundle_options("https://example.org/{commit}")["dag_processor"]["dag_bundle_config_list"]
    kwargs: dict[str, JsonValue] = {"refresh_interval": REFRESH_SECONDS}
    bundle = {"name": BUNDLE, "classpath": "windsock_runtime.release_bundle.ReleaseBundle"}
    assert plain == [{**bundle, "kwargs": kwargs}]
    assert linked == [{**bundle, "kwargs": {**kwargs, "view_url_template": "https://example.org/{version:.40}"}}]
